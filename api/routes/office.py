"""The office itself: when it works, and the clock that its permits get."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, GivenSettings, may
from api.described import BODY, IN, problems
from api.office_schemas import (
    CalendarAsked,
    CalendarDayShown,
    CalendarShown,
    ClockAsked,
    LaptopPage,
    LaptopShown,
    ObjectionTerm,
    OfficeShown,
    TermAsked,
    UsualClock,
)
from api.schemas import PageAsked
from inspection.access.rights import Action, Actor
from inspection.objections.term import Term, set_term, term_of
from inspection.parcels.device_key import fingerprint
from inspection.records.office_calendar import CalendarStated, DayStated, days_of, set_calendar
from inspection.records.paging import page
from inspection.records.stepping import ClockStated, set_usual_clock, usual_clock
from inspection.records.tables.offices import Calendar, DeviceKey, Office

router = APIRouter(prefix="/office", tags=["office"])
Reader = Annotated[Actor, Depends(may(Action.OFFICE_READ))]
Overseer = Annotated[Actor, Depends(may(Action.USER_READ))]
Admin = Annotated[Actor, Depends(may(Action.OFFICE_CHANGE))]


@router.get("", responses=problems(*IN))
def show_office(actor: Reader, records: GivenRecords, settings: GivenSettings) -> OfficeShown:
    """One's office, and by which rules it inspects."""
    with records.reading(actor.office_id) as session:
        row = session.get_one(Office, actor.office_id)
    return OfficeShown(
        id=row.id,
        code=row.code,
        name=row.name,
        time_zone=row.time_zone,
        language=row.language,
        profile=row.profile,
        record_system=settings.webhook_url is not None,
    )


@router.get("/device-keys", responses=problems(*IN, 422))
def list_laptops(
    asked: Annotated[PageAsked, Query()], actor: Overseer, records: GivenRecords
) -> LaptopPage:
    """The laptops of one's office whose parcels it knows, the newest first."""
    with records.reading(actor.office_id) as session:
        found = page(session, select(DeviceKey), DeviceKey, size=asked.size, after=asked.after)
    items = [
        LaptopShown(
            id=one.id,
            user_id=one.user_id,
            name=one.name,
            fingerprint=fingerprint(one.public_key),
            created_at=one.created_at,
            ended_at=one.ended_at,
        )
        for one in found.rows
    ]
    return LaptopPage(items=items, after=found.after)


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
        week={int(day): tuple(hours) for day, hours in asked.week.items()},
        days=[
            DayStated(
                day=one.day,
                name=one.name,
                source=one.source,
                hours=None if one.hours is None else tuple(one.hours),
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
    clock = ClockAsked(step=told.step, calendar=told.calendar, days=told.days, unit=told.unit)
    return UsualClock(clock=clock)


@router.put("/service", responses=problems(*IN, *BODY))
def state_service(asked: UsualClock, actor: Admin, records: GivenRecords) -> UsualClock:
    """Say which clock permits of the office get from now on; those that have one keep it."""
    clock = asked.clock
    stated = None
    if clock is not None:
        stated = ClockStated(
            step=clock.step, calendar=clock.calendar, days=clock.days, unit=clock.unit
        )
    with records.writing(actor.office_id) as session:
        office = session.get_one(Office, actor.office_id)
        set_usual_clock(session, office, stated, by=actor.user_id)
    return asked


@router.get("/objections", responses=problems(*IN))
def show_term(actor: Reader, records: GivenRecords) -> ObjectionTerm:
    """How long the office takes at most to answer an objection."""
    with records.reading(actor.office_id) as session:
        told = term_of(session.get_one(Office, actor.office_id))
    if told is None:
        return ObjectionTerm(term=None)
    return ObjectionTerm(term=TermAsked(calendar=told.calendar, days=told.days))


@router.put("/objections", responses=problems(*IN, *BODY))
def state_term(asked: ObjectionTerm, actor: Admin, records: GivenRecords) -> ObjectionTerm:
    """State how long the office takes to answer an objection, those that wait among them."""
    term = asked.term
    stated = None if term is None else Term(calendar=term.calendar, days=term.days)
    with records.writing(actor.office_id) as session:
        set_term(session, session.get_one(Office, actor.office_id), stated, by=actor.user_id)
    return asked


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
