"""Steps of an application as other systems tell them, and what they do to its service clocks."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import ConflictError, RefusedError
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.brought import BroughtStep
from inspection.records.calendar import zone_named
from inspection.records.clock import Reading
from inspection.records.columns import now as present
from inspection.records.counting import unit_of
from inspection.records.deadlines import note_deadlines
from inspection.records.moving import moves_of
from inspection.records.service import HUNDRED, clock_reading
from inspection.records.tables.clocks import ClockEvent, Effect, ProcessStep, ServiceClock, Unit
from inspection.records.tables.offices import Calendar, Office
from inspection.records.tables.permits import Permit

SERVICE: Final = "service"
"""Where an office's settings say which clock its permits have."""

BY_HAND: Final = "office"
"""Source of a beginning that an officer stated, as no system told of it."""

_LONGEST_STATUS: Final = 32


@dataclass(frozen=True, kw_only=True)
class ClockStated:
    """A clock that a permit has: a step of the office's own, and how long it may take."""

    step: str
    calendar: str
    """Name of the office's calendar."""

    days: float
    unit: Unit | None = None
    """What it is counted in; None where the office's rules say it by its length."""


@dataclass(frozen=True, kw_only=True)
class ClockRead:
    """A clock, what moved it, and what it shows now."""

    clock: ServiceClock
    calendar: str
    events: Sequence[ClockEvent]
    reading: Reading


def step_rows(
    steps: Iterable[BroughtStep], *, permit_id: UUID, import_id: UUID
) -> Iterator[ProcessStep]:
    """The rows of what an import tells of a permit's steps."""
    for one in steps:
        yield ProcessStep(permit_id=permit_id, import_id=import_id, **one.told)


def steps_of(session: Session, permit_id: UUID) -> Sequence[ProcessStep]:
    """All that was told of a permit's steps, in the order in which they came."""
    asked = select(ProcessStep).where(ProcessStep.permit_id == permit_id)
    return session.scalars(asked.order_by(ProcessStep.created_at, ProcessStep.id)).all()


def drive_clocks(session: Session, permit_ids: Collection[UUID], office: Office) -> None:
    """Let the steps that were told move the permits' clocks; an office's usual clock is begun."""
    usual = office.settings.get(SERVICE)
    stated = _stated(usual) if isinstance(usual, dict) else None
    for permit_id in permit_ids:
        asked = select(ServiceClock).where(ServiceClock.permit_id == permit_id)
        clocks = list(session.scalars(asked))
        if stated is not None and stated.step not in {one.step for one in clocks}:
            clocks.append(_added(session, permit_id, stated, office))
        for clock in clocks:
            _drive(session, clock)
    note_deadlines(session, permit_ids, now=present())


def begin_clock(
    session: Session,
    permit: Permit,
    stated: ClockStated,
    *,
    by: UUID,
    begins_at: datetime | None = None,
) -> ServiceClock:
    """
    Give a permit a clock, which reads what was told of its steps before.

    An officer may say from when it counts, where no import tells of that.

    Raises
    ------
    RefusedError
        ``calendar_unknown``, or ``clock_begins_later`` than now.
    ConflictError
        ``clock_known`` where it has one for this step.
    """
    asked = select(ServiceClock.id).where(
        ServiceClock.permit_id == permit.id, ServiceClock.step == stated.step
    )
    if session.scalars(asked).first() is not None:
        raise ConflictError("clock_known")
    office = session.get_one(Office, permit.office_id)
    clock = _added(session, permit.id, stated, office)
    session.flush()
    if begins_at is not None:
        session.add(_begun_by_hand(session, clock, begins_at))
    _drive(session, clock)
    note_deadlines(session, [permit.id], now=present())
    facts: dict[str, Json] = {
        "clock": str(clock.id),
        "step": clock.step,
        "allowed_hundredths": clock.allowed_hundredths,
        "unit": str(clock.unit),
    }
    if begins_at is not None:
        facts["begins_at"] = begins_at.isoformat()
    deed = Deed(action="clock.begun", subject_kind="permit", subject_id=str(permit.id), facts=facts)
    record(session, deed, actor=str(by))
    return clock


def clocks_read(session: Session, permit_id: UUID, *, now: datetime) -> list[ClockRead]:
    """What the clocks of a permit show."""
    read = []
    asked = select(ServiceClock).where(ServiceClock.permit_id == permit_id)
    for clock in session.scalars(asked.order_by(ServiceClock.created_at, ServiceClock.id)):
        events = select(ClockEvent).where(ClockEvent.clock_id == clock.id)
        reading = clock_reading(session, clock.id, now=now)
        if reading is not None:
            read.append(
                ClockRead(
                    clock=clock,
                    calendar=session.get_one(Calendar, clock.calendar_id).name,
                    events=session.scalars(events.order_by(ClockEvent.at, ClockEvent.id)).all(),
                    reading=reading,
                )
            )
    return read


def set_usual_clock(
    session: Session, office: Office, stated: ClockStated | None, *, by: UUID
) -> None:
    """
    Say which clock the office's permits get with their first import of steps; None for none.

    Raises
    ------
    RefusedError
        ``calendar_unknown``.
    """
    told: dict[str, Json] = {}
    if stated is not None:
        _calendar(session, stated.calendar)
        told = {"step": stated.step, "calendar": stated.calendar, "days": stated.days}
        told |= {} if stated.unit is None else {"unit": str(stated.unit)}
    office.settings = {**office.settings, SERVICE: told or None}
    deed = Deed(
        action="office.service", subject_kind="office", subject_id=str(office.id), facts=told
    )
    record(session, deed, actor=str(by))


def usual_clock(office: Office) -> ClockStated | None:
    """The clock that the office's permits get."""
    told = office.settings.get(SERVICE)
    return _stated(told) if isinstance(told, dict) else None


def _stated(told: Mapping[str, Json]) -> ClockStated:
    days, unit = told["days"], told.get("unit")
    return ClockStated(
        step=str(told["step"]),
        calendar=str(told["calendar"]),
        days=float(days) if isinstance(days, int | float) else 0.0,
        unit=None if unit is None else Unit(str(unit)),
    )


def _calendar(session: Session, name: str) -> Calendar:
    found = session.scalars(select(Calendar).where(Calendar.name == name)).one_or_none()
    if found is None:
        raise RefusedError("calendar_unknown", where=name)
    return found


def _added(session: Session, permit_id: UUID, stated: ClockStated, office: Office) -> ServiceClock:
    days = Fraction(str(stated.days))
    clock = ServiceClock(
        permit_id=permit_id,
        calendar_id=_calendar(session, stated.calendar).id,
        step=stated.step,
        allowed_hundredths=round(days * HUNDRED),
        unit=stated.unit or unit_of(days, office.profile),
        mapping="meanings",
    )
    session.add(clock)
    return clock


def _begun_by_hand(session: Session, clock: ServiceClock, at: datetime) -> ClockEvent:
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone_named(session.get_one(Calendar, clock.calendar_id).time_zone))
    if at > present():
        raise RefusedError("clock_begins_later")
    return ClockEvent(clock_id=clock.id, at=at, status=BY_HAND, effect=Effect.START, source=BY_HAND)


def _drive(session: Session, clock: ServiceClock) -> None:
    zone = zone_named(session.get_one(Calendar, clock.calendar_id).time_zone)
    session.flush()
    asked = select(ClockEvent).where(ClockEvent.clock_id == clock.id)
    known = {(one.at, one.status) for one in session.scalars(asked)}
    for step in steps_of(session, clock.permit_id):
        for at, effect in moves_of(step, zone):
            status = (step.code or step.name or step.status or "-")[:_LONGEST_STATUS]
            if (at, status) not in known:
                known.add((at, status))
                event = ClockEvent(
                    clock_id=clock.id, at=at, status=status, effect=effect, source=step.source
                )
                session.add(event)
