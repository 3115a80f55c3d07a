"""Service clocks on the record: a permit's clock with its office's calendar, read and moved."""

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.calendar import WorkingDays, hours_from, zone_named
from inspection.records.clock import Moved, Reading, StatusMapping, reading
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
    if clock is None:
        return None
    asked = select(ClockEvent).where(
        ClockEvent.clock_id == clock.id, ClockEvent.effect.is_not(None)
    )
    moves = [
        Moved(at=one.at, effect=one.effect)
        for one in session.scalars(asked.order_by(ClockEvent.at, ClockEvent.id))
        if one.effect is not None
    ]
    calendar = session.get_one(Calendar, clock.calendar_id)
    allowed = Fraction(clock.allowed_hundredths, HUNDRED)
    return reading(moves, working_days(session, calendar), allowed=allowed, now=now)
