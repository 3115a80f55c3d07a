"""How anybody may follow a permit by a code: the step and its day, and nothing of whose it is."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspection.records.audit import Deed, record
from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    InspectionRun,
    InspectionState,
)
from inspection.records.tables.offices import Office
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Objection, Receipt, Report, TrackingCode

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
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
    """The step, and since when; and how many objections there are."""

    step: PublicStep
    since: datetime
    time_zone: str = "UTC"
    """The office's, by which its days are told."""

    newer: "PublicStatus | None" = None
    """Where an inspection is that was asked for after the one that was decided last."""

    objections_open: int = 0
    objections_answered: int = 0


def issue_code(session: Session, permit: Permit, *, by: UUID) -> TrackingCode:
    """Give a permit a code that tells nothing and that nobody guesses."""
    code = TrackingCode(
        permit_id=permit.id, code="".join(secrets.choice(LETTERS) for _ in range(_LENGTH))
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
    asked = select(TrackingCode).where(
        TrackingCode.code == plain_code(code), TrackingCode.ended_at.is_(None)
    )
    found = session.scalars(asked).one_or_none()
    if found is None:
        return None
    status = _status(session, found.permit_id)
    waiting, answered = objection_counts(session, found.permit_id)
    return replace(
        status,
        time_zone=session.get_one(Office, found.office_id).time_zone,
        objections_open=waiting,
        objections_answered=answered,
    )


def plain_code(code: str) -> str:
    """A code as it is kept, however it was copied."""
    return "".join(code.split()).replace("-", "").upper()


def grouped_code(code: str) -> str:
    """A code as it is shown: in groups of four, which are copied more surely."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def objection_counts(session: Session, permit_id: UUID) -> tuple[int, int]:
    """How many objections to the permit's reports wait for their answer, and how many have it."""
    filed = (
        select(func.count(Objection.id), func.count(Objection.answered_at))
        .join(Report, Report.id == Objection.report_id)
        .where(Report.permit_id == permit_id)
    )
    every, answered = session.execute(filed).one()
    return every - answered, answered


def _status(session: Session, permit_id: UUID) -> PublicStatus:
    asked = (
        select(InspectionRun)
        .where(
            InspectionRun.permit_id == permit_id,
            InspectionRun.state != InspectionState.CANCELLED,
        )
        .order_by(InspectionRun.created_at.desc(), InspectionRun.id.desc())
    )
    runs = session.scalars(asked).all()
    if not runs:
        permit = session.get_one(Permit, permit_id)
        return PublicStatus(step=PublicStep.RECORDED, since=permit.created_at)
    final = Decision.outcome != DecisionOutcome.RETURNED
    decided = set(
        session.scalars(
            select(Decision.inspection_id).where(
                Decision.inspection_id.in_([one.id for one in runs]), final
            )
        )
    )
    newest = _step(session, runs[0])
    last = next((one for one in runs if one.id in decided), None)
    # What was decided stays told, however many flights came since.
    return (
        newest if last is None or last is runs[0] else replace(_step(session, last), newer=newest)
    )


def _step(session: Session, run: InspectionRun) -> PublicStatus:
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
