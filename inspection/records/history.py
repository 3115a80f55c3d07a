"""All that is on record of one permit, in one picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.permits import BoundaryVersion, Permit, PermitKey, PermitLimit
from inspection.records.tables.reports import Report
from inspection.records.values import Resolved, resolved

NEWEST: Final = 100
"""Inspections and reports that are shown; of older ones there are lists."""


@dataclass(frozen=True, kw_only=True)
class History:
    """A permit and what lies around it; of inspections and reports the newest first."""

    permit: Permit
    names: Sequence[PermitKey]
    values: dict[str, Resolved]
    boundaries: Sequence[BoundaryVersion]
    limits: Sequence[PermitLimit]
    inspections: Sequence[InspectionRun]
    reports: Sequence[Report]


def history(session: Session, permit_id: UUID) -> History | None:
    """What is on record of a permit; None where the office has no such permit."""
    permit = session.get(Permit, permit_id)
    if permit is None:
        return None

    inspections = select(InspectionRun).where(InspectionRun.permit_id == permit_id)
    reports = select(Report).where(Report.permit_id == permit_id)
    return History(
        permit=permit,
        names=_in_order(session, PermitKey, permit_id),
        values=resolved(session, permit_id),
        boundaries=_in_order(session, BoundaryVersion, permit_id),
        limits=_in_order(session, PermitLimit, permit_id),
        inspections=session.scalars(
            inspections.order_by(InspectionRun.created_at.desc(), InspectionRun.id.desc()).limit(
                NEWEST
            )
        ).all(),
        reports=session.scalars(reports.order_by(Report.sequence.desc()).limit(NEWEST)).all(),
    )


def _in_order[Row: (PermitKey, BoundaryVersion, PermitLimit)](
    session: Session, kind: type[Row], permit_id: UUID
) -> Sequence[Row]:
    asked = select(kind).where(kind.permit_id == permit_id)
    return session.scalars(asked.order_by(kind.created_at, kind.id)).all()
