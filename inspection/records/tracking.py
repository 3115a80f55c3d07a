"""How anybody may follow a permit by a code: the step and its day, and nothing of whose it is."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.audit import Deed, record
from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    InspectionRun,
    InspectionState,
)
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Receipt, Report, TrackingCode

_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""None that is taken for another when it is read out or copied by hand."""

_LENGTH: Final = 16
LONGEST: Final = 32


class PublicStep(StrEnum):
    """Where a permit's inspection is, as far as anybody may know."""

    RECORDED = "recorded"
    INSPECTING = "inspecting"
    REVIEWING = "reviewing"
    RETURNED = "returned"
    DECIDED = "decided"
    REPORTED = "reported"


@dataclass(frozen=True, kw_only=True)
class PublicStatus:
    """The step, and since when."""

    step: PublicStep
    since: datetime


def issue_code(session: Session, permit: Permit, *, by: UUID) -> TrackingCode:
    """Give a permit a code that tells nothing and that nobody guesses."""
    code = TrackingCode(
        permit_id=permit.id, code="".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    )
    session.add(code)
    # The code itself is what opens the door: the log, which others read, names its row.
    deed = Deed(
        action="permit.tracked",
        subject_kind="permit",
        subject_id=str(permit.id),
        facts={"tracking_code_id": str(code.id)},
    )
    record(session, deed, actor=str(by))
    return code


def public_status(session: Session, code: str) -> PublicStatus | None:
    """The step of the permit that a code is for; None where there is no such code any more."""
    plain = "".join(code.split()).replace("-", "").upper()
    asked = select(TrackingCode).where(TrackingCode.code == plain, TrackingCode.ended_at.is_(None))
    found = session.scalars(asked).one_or_none()
    return None if found is None else _status(session, found.permit_id)


def _status(session: Session, permit_id: UUID) -> PublicStatus:
    runs = (
        select(InspectionRun)
        .where(InspectionRun.permit_id == permit_id)
        .order_by(InspectionRun.created_at.desc(), InspectionRun.id.desc())
        .limit(1)
    )
    run = session.scalars(runs).one_or_none()
    if run is None:
        permit = session.get_one(Permit, permit_id)
        return PublicStatus(step=PublicStep.RECORDED, since=permit.created_at)
    receipts = (
        select(Receipt)
        .join(Report, Report.id == Receipt.report_id)
        .where(Report.inspection_id == run.id)
        .order_by(Receipt.created_at.desc())
        .limit(1)
    )
    if (receipt := session.scalars(receipts).one_or_none()) is not None:
        return PublicStatus(step=PublicStep.REPORTED, since=receipt.created_at)
    decisions = (
        select(Decision)
        .where(Decision.inspection_id == run.id)
        .order_by(Decision.created_at.desc(), Decision.id.desc())
        .limit(1)
    )
    if (decision := session.scalars(decisions).one_or_none()) is not None:
        is_back = decision.outcome is DecisionOutcome.RETURNED
        step = PublicStep.RETURNED if is_back else PublicStep.DECIDED
        return PublicStatus(step=step, since=decision.created_at)
    if run.state is InspectionState.DONE:
        return PublicStatus(step=PublicStep.REVIEWING, since=run.finished_at or run.created_at)
    # What failed is the office's to do again: for the applicant it is under way.
    return PublicStatus(step=PublicStep.INSPECTING, since=run.created_at)
