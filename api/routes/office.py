"""The office itself: when it works, and the clock that its permits get."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, may
from api.described import BODY, IN, problems
from api.office_schemas import (
    CalendarAsked,
    CalendarDayShown,
    CalendarShown,
    ClockAsked,
    UsualClock,
)
from inspection.access.rights import Action, Actor
from inspection.records.office_calendar import CalendarStated, DayStated, days_of, set_calendar
from inspection.records.stepping import ClockStated, set_usual_clock, usual_clock
from inspection.records.tables.offices import Calendar, Office

router = APIRouter(prefix="/office", tags=["office"])
Reader = Annotated[Actor, Depends(may(Action.OFFICE_READ))]
Admin = Annotated[Actor, Depends(may(Action.OFFICE_CHANGE))]


@router.get("/calendars", responses=problems(*IN))
def list_calendars(actor: Reader, records: GivenRecords) -> list[CalendarShown]:
    """The calendars of one's office."""
    with records.reading(actor.office_id) as session:
        in_order = session.scalars(select(Calendar).order_by(Calendar.name))
        return [_shown(session, one) for one in in_order]


@router.put("/calendars", responses=problems(*IN, *BODY))
def state_calendar(asked: CalendarAsked, actor: Admin, records: GivenRecords) -> CalendarShown:
    """State a calendar whole, by its name; every clock that uses it reads it from now on."""
    stated = CalendarStated(
        name=asked.name,
        time_zone=asked.time_zone,
        week={int(day): _pair(hours) for day, hours in asked.week.items()},
        days=[
            DayStated(
                day=one.day,
                name=one.name,
                source=one.source,
                hours=None if one.hours is None else _pair(one.hours),
            )
            for one in asked.days
        ],
    )
    with records.writing(actor.office_id) as session:
        row = set_calendar(session, stated, by=actor.user_id)
        session.flush()
        return _shown(session, row)


@router.get("/service", responses=problems(*IN))
def show_service(actor: Reader, records: GivenRecords) -> UsualClock:
    """The clock that permits of the office get with their first import of steps."""
    with records.reading(actor.office_id) as session:
        told = usual_clock(session.get_one(Office, actor.office_id))
    if told is None:
        return UsualClock(clock=None)
    return UsualClock(clock=ClockAsked(step=told.step, calendar=told.calendar, days=told.days))


@router.put("/service", responses=problems(*IN, *BODY))
def state_service(asked: UsualClock, actor: Admin, records: GivenRecords) -> UsualClock:
    """Say which clock permits of the office get from now on; those that have one keep it."""
    clock = asked.clock
    stated = None
    if clock is not None:
        stated = ClockStated(step=clock.step, calendar=clock.calendar, days=clock.days)
    with records.writing(actor.office_id) as session:
        office = session.get_one(Office, actor.office_id)
        set_usual_clock(session, office, stated, by=actor.user_id)
    return asked


def _pair(hours: list[int]) -> tuple[int, int]:
    opens, closes = hours
    return opens, closes


def _shown(session: Session, row: Calendar) -> CalendarShown:
    return CalendarShown.model_validate(
        {
            "id": row.id,
            "name": row.name,
            "time_zone": row.time_zone,
            "week": row.hours,
            "days": [CalendarDayShown.model_validate(one) for one in days_of(session, row)],
        }
    )
