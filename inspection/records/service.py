"""Service clocks on the record: a permit's clock with its office's calendar, read and moved."""

from collections.abc import Collection
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.calendar import WorkingDays, hours_from, zone_named
from inspection.records.clock import Moved, Reading, StatusMapping, reading
from inspection.records.counting import Term
from inspection.records.tables.clocks import ClockEvent, ServiceClock
from inspection.records.tables.offices import Calendar, CalendarDay

HUNDRED = 100


def working_days(session: Session, calendar: Calendar) -> WorkingDays:
    """
    A calendar as the record keeps it.

    Raises
    ------
    RefusedError
        ``time_zone_unknown``, ``calendar_hours``.
    """
    days = session.scalars(select(CalendarDay).where(CalendarDay.calendar_id == calendar.id))
    return WorkingDays(
        zone=zone_named(calendar.time_zone),
        week={int(day): hours_from(hours) for day, hours in calendar.hours.items()},
        days={one.day: None if one.hours is None else hours_from(one.hours) for one in days},
    )


def take_status(
    session: Session,
    clock: ServiceClock,
    mapping: StatusMapping,
    *,
    status: str,
    at: datetime,
    source: str,
) -> ClockEvent:
    """Put a status of another system on a clock's record; the same one again changes nothing."""
    asked = select(ClockEvent).where(
        ClockEvent.clock_id == clock.id, ClockEvent.at == at, ClockEvent.status == status
    )
    known = session.scalars(asked).one_or_none()
    if known is not None:
        return known
    event = ClockEvent(
        clock_id=clock.id, at=at, status=status, effect=mapping.effect(status), source=source
    )
    session.add(event)
    return event


def clock_reading(session: Session, clock_id: UUID, *, now: datetime) -> Reading | None:
    """What a clock shows; None where there is no such clock."""
    clock = session.get(ServiceClock, clock_id)
    return None if clock is None else clock_readings(session, [clock], now=now)[clock.id]


def clock_readings(
    session: Session, clocks: Collection[ServiceClock], *, now: datetime
) -> dict[UUID, Reading]:
    """What some clocks show, by their ids; their moves are read together."""
    moves, terms = clock_moves(session, clocks), clock_terms(session, clocks)
    return {one.id: reading(moves[one.id], terms[one.id], now=now) for one in clocks}


def clock_moves(session: Session, clocks: Collection[ServiceClock]) -> dict[UUID, list[Moved]]:
    """What moved some clocks, by their ids, in the order in which it happened."""
    moves: dict[UUID, list[Moved]] = {one.id: [] for one in clocks}
    asked = select(ClockEvent).where(ClockEvent.clock_id.in_(moves), ClockEvent.effect.is_not(None))
    for one in session.scalars(asked.order_by(ClockEvent.at, ClockEvent.id)):
        if one.effect is not None:
            moves[one.clock_id].append(Moved(at=one.at, effect=one.effect))
    return moves


def clock_terms(session: Session, clocks: Collection[ServiceClock]) -> dict[UUID, Term]:
    """How long some clocks allow, by their ids, and by which calendars they count."""
    used = select(Calendar).where(Calendar.id.in_({one.calendar_id for one in clocks}))
    calendars = {one.id: working_days(session, one) for one in session.scalars(used).all()}
    return {
        one.id: Term(
            allowed=Fraction(one.allowed_hundredths, HUNDRED),
            unit=one.unit,
            calendar=calendars[one.calendar_id],
        )
        for one in clocks
    }
