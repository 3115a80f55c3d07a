"""An office's calendar, as its administrator states it: its week, and the days that differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import RefusedError
from inspection.records.audit import Deed, record
from inspection.records.calendar import Hours, hours_from, zone_named
from inspection.records.columns import now
from inspection.records.deadlines import note_deadlines, permits_waiting
from inspection.records.tables.offices import Calendar, CalendarDay


@dataclass(frozen=True, kw_only=True)
class DayStated:
    """A day that differs from its week."""

    day: date
    name: str
    source: str
    """The decree or the officer that says so."""

    hours: Hours | None
    """None where the office is closed."""


@dataclass(frozen=True, kw_only=True)
class CalendarStated:
    """When an office works."""

    name: str
    time_zone: str
    week: Mapping[int, Hours]
    """By day of the week, 1 for Monday; a day that is absent is free."""

    days: Sequence[DayStated]


def set_calendar(session: Session, stated: CalendarStated, *, by: UUID) -> Calendar:
    """
    State a calendar whole; clocks that use it read it from now on.

    Raises
    ------
    RefusedError
        ``time_zone_unknown``, ``calendar_hours``, ``calendar_day_twice``.
    """
    zone_named(stated.time_zone)
    for hours in (*stated.week.values(), *(one.hours for one in stated.days if one.hours)):
        hours_from(list(hours))
    if len({one.day for one in stated.days}) < len(stated.days):
        raise RefusedError("calendar_day_twice")
    row = session.scalars(select(Calendar).where(Calendar.name == stated.name)).one_or_none()
    if row is None:
        row = Calendar(name=stated.name, time_zone=stated.time_zone, hours={})
        session.add(row)
    row.time_zone = stated.time_zone
    row.hours = {str(day): list(hours) for day, hours in sorted(stated.week.items())}
    session.flush()
    for old in days_of(session, row):
        session.delete(old)
    session.flush()
    for one in stated.days:
        free = None if one.hours is None else list(one.hours)
        session.add(
            CalendarDay(
                calendar_id=row.id, day=one.day, name=one.name, source=one.source, hours=free
            )
        )
    note_deadlines(session, permits_waiting(session, calendar_id=row.id), now=now())
    deed = Deed(
        action="calendar.stated",
        subject_kind="calendar",
        subject_id=str(row.id),
        facts={"name": row.name, "days": len(stated.days)},
    )
    record(session, deed, actor=str(by))
    return row


def days_of(session: Session, calendar: Calendar) -> Sequence[CalendarDay]:
    """The days of a calendar that differ, in their order."""
    asked = select(CalendarDay).where(CalendarDay.calendar_id == calendar.id)
    return session.scalars(asked.order_by(CalendarDay.day)).all()
