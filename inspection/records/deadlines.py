"""
Until when what waits for review should be decided, as the clocks of its permit say.

It is kept beside each inspection that waits, and noted anew whenever a clock moves, so that the
queue is read in its order and no clock is read for it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.clock import ClockState, Reading
from inspection.records.service import clock_readings
from inspection.records.tables.clocks import ServiceClock
from inspection.records.tables.inspections import NEVER, InspectionRun, ReviewState

WAITING: Final = (ReviewState.OPEN, ReviewState.RETURNED)
_IN_ONE_QUESTION: Final = 400


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """The clock of a permit that is used up first, and what it shows."""

    clock: ServiceClock
    reading: Reading

    @property
    def at(self) -> datetime | None:
        """When its time is used up, or was; None where it counts no more, or stands still."""
        return None if self.reading.state is ClockState.ENDED else self.reading.used_up_at


def deadlines(
    session: Session, permit_ids: Collection[UUID], *, now: datetime
) -> dict[UUID, Deadline]:
    """Of each permit that has clocks, the one that is used up first."""
    asked = (
        select(ServiceClock)
        .where(ServiceClock.permit_id.in_(permit_ids))
        .order_by(ServiceClock.created_at, ServiceClock.id)
    )
    clocks = session.scalars(asked).all()
    shown = clock_readings(session, clocks, now=now)
    first: dict[UUID, Deadline] = {}
    for clock in clocks:
        one = Deadline(clock=clock, reading=shown[clock.id])
        known = first.get(clock.permit_id)
        if known is None or (one.at is not None and (known.at is None or one.at < known.at)):
            first[clock.permit_id] = one
    return first


def note_deadlines(session: Session, permit_ids: Iterable[UUID], *, now: datetime) -> None:
    """Note of all that waits for review of these permits when it is due."""
    for some in batched(permit_ids, _IN_ONE_QUESTION):
        asked = select(InspectionRun).where(
            InspectionRun.permit_id.in_(some), InspectionRun.review.in_(WAITING)
        )
        runs = session.scalars(asked).all()
        if not runs:
            continue
        due = deadlines(session, {one.permit_id for one in runs}, now=now)
        for run in runs:
            one = due.get(run.permit_id)
            run.due_at = None if one is None else one.at
            run.due_by = run.due_at or NEVER


def permits_waiting(session: Session, *, calendar_id: UUID | None = None) -> list[UUID]:
    """The permits of which something waits for review: all, or those whose clocks go by this."""
    asked = select(InspectionRun.permit_id).where(InspectionRun.review.in_(WAITING)).distinct()
    if calendar_id is not None:
        clocks = select(ServiceClock.permit_id).where(ServiceClock.calendar_id == calendar_id)
        asked = asked.where(InspectionRun.permit_id.in_(clocks))
    return list(session.scalars(asked))
