"""Service clocks: the working time that an office allows itself, and what moves them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.records.columns import choice
from inspection.records.tables.base import OfficeOwned, Record, refers_to


class Effect(StrEnum):
    """What an event does to a clock."""

    START = "start"
    STOP = "stop"
    RESUME = "resume"
    STOP_AND_RESET = "stop_and_reset"
    RESTART = "restart"
    END = "end"


class Unit(StrEnum):
    """What a term is counted in (`inspection.records.counting`)."""

    DAYS = "days"
    HOURS = "hours"


class ServiceClock(OfficeOwned, Record):
    """How long one step of a permit may take; its reading follows from its events."""

    __tablename__ = "service_clocks"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("permit_id", "step"),
        refers_to("permits", "permit_id"),
        refers_to("calendars", "calendar_id"),
    )

    permit_id: Mapped[UUID]
    calendar_id: Mapped[UUID]
    step: Mapped[str] = mapped_column(String(64))
    allowed_hundredths: Mapped[int]
    """Working days allowed, in hundredths of a day, so that no rounding decides."""

    unit: Mapped[Unit] = mapped_column(choice(Unit), default=Unit.DAYS)
    """Settled when the clock is given, so that other rules do not move it."""

    mapping: Mapped[str] = mapped_column(String(64))
    """Name of the list that says which status does what: oss."""


class ClockEvent(OfficeOwned, Record):
    """Something that moved a clock, or left it as it was."""

    __tablename__ = "clock_events"
    __table_args__ = (
        Index("ix_clock_events_clock_id_at", "clock_id", "at"),
        UniqueConstraint("clock_id", "at", "status"),
        refers_to("service_clocks", "clock_id"),
    )

    clock_id: Mapped[UUID]
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(32))
    """As the other system calls it: 41."""

    effect: Mapped[Effect | None] = mapped_column(choice(Effect))
    source: Mapped[str]


class ProcessStep(OfficeOwned, Record):
    """One step of an application as another system tells it; told anew, it is another row."""

    __tablename__ = "process_steps"
    __table_args__ = (
        Index("ix_process_steps_permit_id_created_at", "permit_id", "created_at"),
        refers_to("permits", "permit_id"),
        refers_to("import_files", "import_id"),
    )

    permit_id: Mapped[UUID]
    import_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(String(64))
    code: Mapped[str | None]
    name: Mapped[str | None]
    status: Mapped[str | None]
    """How far it is, as written."""

    state: Mapped[str | None] = mapped_column(String(16))
    """The same as we call it: waiting, active, done."""

    meaning: Mapped[str | None] = mapped_column(String(32))
    """What it means for the application, as the mapping says."""

    began: Mapped[str | None]
    """As the source states it: a day, or a moment by the clock on the office's wall."""

    ended: Mapped[str | None]
    counts: Mapped[bool]
    """Whether its time is the office's own."""

    where: Mapped[str]
