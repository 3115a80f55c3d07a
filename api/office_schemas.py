"""What is asked and answered of an office: its calendars, its clocks, and what moves them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas import Answer, Asked, Title
from inspection.records.clock import ClockState
from inspection.records.tables.clocks import Effect, Unit

Minute = Annotated[int, Field(ge=0, le=24 * 60)]
Hours = Annotated[list[Minute], Field(min_length=2, max_length=24)]
Weekday = Annotated[str, StringConstraints(pattern=r"^[1-7]$")]
ZoneName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")]
Days = Annotated[float, Field(gt=0, le=3650, allow_inf_nan=False)]


class OfficeShown(Answer):
    """An office, and what its installation is set to for it."""

    id: UUID
    code: str
    name: str
    time_zone: str
    language: str
    profile: str
    """Name of the rules by which its flights are inspected."""

    record_system: bool
    """Whether the installation tells a record system of decided reports."""


class LaptopShown(Answer):
    """A key by which parcels of a laptop are known to be somebody's of the office."""

    id: UUID
    user_id: UUID
    name: str
    fingerprint: str
    created_at: datetime
    ended_at: datetime | None


class LaptopPage(Answer):
    """Some of the laptops of the office."""

    items: list[LaptopShown]
    after: str | None


class CalendarDayAsked(Asked):
    """A day that differs from its week."""

    day: Annotated[date, Field(strict=False)]
    name: Title
    source: Title
    """The decree or the officer that says so."""

    hours: Hours | None = None
    """As those of the week; without them the office is closed."""


class CalendarAsked(Asked):
    """When the office works."""

    name: Title
    time_zone: ZoneName
    week: dict[Weekday, Hours]
    """
    By day of the week, 1 for Monday; a day that is absent is free. Opens and closes, and again
    after each break, in minutes of the local day.
    """

    days: Annotated[list[CalendarDayAsked], Field(max_length=1000, default_factory=list)]


class CalendarDayShown(Answer):
    """A day that differs from its week."""

    day: date
    name: str
    source: str
    hours: list[int] | None


class CalendarShown(Answer):
    """When the office works."""

    id: UUID
    name: str
    time_zone: str
    week: dict[str, list[int]]
    days: list[CalendarDayShown]


class ClockAsked(Asked):
    """A clock: a step of the office's own, and how many working days it may take."""

    step: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]
    calendar: Title
    days: Days
    unit: Annotated[Unit, Field(strict=False)] | None = None
    """What these are counted in; without it, the office's rules say it by how many they are."""


class ClockBegun(ClockAsked):
    """A clock of one permit, which nothing that was imported need begin."""

    begins_at: Annotated[datetime, Field(strict=False)] | None = None
    """From when it counts; without a zone by the clock on the wall of the calendar's office."""


class UsualClock(Asked):
    """The clock that a permit gets with its first import of steps; null for none."""

    clock: ClockAsked | None


class TermAsked(Asked):
    """Working days by one of the office's calendars."""

    calendar: Title
    days: Days


class ObjectionTerm(Asked):
    """How long the office takes at most to answer an objection; null for no term."""

    term: TermAsked | None


class ClockEventShown(Answer):
    """Something that moved a clock."""

    at: datetime
    status: str
    effect: Effect | None
    source: str


class ClockShown(Answer):
    """A clock, and what it shows now."""

    id: UUID
    step: str
    calendar: str
    unit: Unit
    """Whether days are counted, whatever their length, or hours of work."""

    allowed_days: float
    state: ClockState
    taken_days: float
    left_days: float
    """Below zero where more than allowed were taken."""

    allowed_minutes: int | None
    """What is allowed, as working time; null where it is counted in days."""

    taken_minutes: int
    """Working time that it counted."""

    left_minutes: int | None
    """Working time until it is used up, below zero since then; null where that cannot be told: the
    days of a clock that stands still may be of any length."""

    due_at: datetime | None
    """When it is used up, as long as it runs on."""

    is_overdue: bool
    events: list[ClockEventShown]


class StepShown(Answer):
    """One step of the application, as its source tells it."""

    source: str
    code: str | None
    name: str | None
    status: str | None
    state: str | None
    meaning: str | None
    began: str | None
    ended: str | None
    counts: bool
    where: str
    import_id: UUID
