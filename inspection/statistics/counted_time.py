"""
Working time as the clocks of permits count it, of spans that are over.

By the calendar of a permit's clock, less what the clock stood still; a permit without a clock goes
by the office's usual one, and where there is none, nothing says how to count.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.clock import Stood, standing_still
from inspection.records.counting import Term, unit_of
from inspection.records.service import clock_moves, clock_terms, working_days
from inspection.records.stepping import usual_clock
from inspection.records.tables.clocks import ServiceClock
from inspection.records.tables.offices import Calendar, Office

_IN_ONE_QUESTION: Final = 400


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How much of a span was counted."""

    days: Fraction
    """Working days, as the unit of the clock has them."""

    time: timedelta
    """Working time."""


class Clocks:
    """By what the time of some permits is counted."""

    def __init__(self, session: Session, permit_ids: Collection[UUID]) -> None:
        self._usual = _usual_term(session)
        self._own: dict[UUID, tuple[Term, Sequence[Stood]]] = {}
        for some in batched(permit_ids, _IN_ONE_QUESTION):
            asked = select(ServiceClock).where(ServiceClock.permit_id.in_(some))
            in_order = asked.order_by(ServiceClock.created_at, ServiceClock.id)
            clocks = session.scalars(in_order).all()
            moves, terms = clock_moves(session, clocks), clock_terms(session, clocks)
            for one in clocks:
                # Of several the first: it counts the step that the office counts by.
                self._own.setdefault(one.permit_id, (terms[one.id], standing_still(moves[one.id])))

    def counted(self, permit: UUID, begin: datetime, end: datetime) -> Counted | None:
        """How much of a span was counted; None where nothing says how to count it."""
        term, stood = self._own.get(permit, (self._usual, ()))
        if term is None:
            return None
        days, time = Fraction(0), timedelta(0)
        for since, until in _less(begin, end, stood):
            days += term.taken(since, until)
            time += term.calendar.time_between(since, until)
        return Counted(days=days, time=time)


def _less(
    begin: datetime, end: datetime, stood: Sequence[Stood]
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of a span in which a clock did not stand still."""
    at = begin
    for since, until in stood:
        if at < since:
            yield at, min(since, end)
        at = max(at, end if until is None else until)
        if at >= end:
            return
    yield at, end


def _usual_term(session: Session) -> Term | None:
    office = session.scalars(select(Office)).one()
    usual = usual_clock(office)
    if usual is None:
        return None
    asked = select(Calendar).where(Calendar.name == usual.calendar)
    calendar = session.scalars(asked).one_or_none()
    if calendar is None:
        return None
    days = Fraction(str(usual.days))
    unit = usual.unit or unit_of(days, office.profile)
    return Term(allowed=days, unit=unit, calendar=working_days(session, calendar))
