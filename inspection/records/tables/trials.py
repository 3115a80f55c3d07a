"""What-ifs: published results tried under other rules. They are no inspections and no reports."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.columns import SHA256_DIGITS, choice
from inspection.records.tables.base import OfficeOwned, Record, refers_to

WORDS_LENGTH = 200


class TrialState(StrEnum):
    """Where one result of a trial is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Trial(OfficeOwned, Record):
    """Rules that somebody wants to try on what is published, which stays as it is."""

    __tablename__ = "trials"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        refers_to("users", "submitted_by"),
        refers_to("batches", "batch_id"),
    )

    submitted_by: Mapped[UUID]
    profile: Mapped[str]
    """What the rules call themselves."""

    rules: Mapped[str | None]
    """Their file, where they are somebody's own; None for some that come along."""

    batch_id: Mapped[UUID | None]
    """The batch whose results are tried; None for the newest result of each permit."""

    words: Mapped[str | None] = mapped_column(String(WORDS_LENGTH))
    """Words that those permits have; None for all."""


class TrialItem(OfficeOwned, Record):
    """One published result, and what would be answered in its place."""

    __tablename__ = "trial_items"
    __table_args__ = (
        UniqueConstraint("trial_id", "position"),
        Index("ix_trial_items_state_position", "state", "position", "created_at"),
        refers_to("trials", "trial_id"),
        refers_to("inspections", "inspection_id"),
    )

    trial_id: Mapped[UUID]
    position: Mapped[int]
    inspection_id: Mapped[UUID]
    """The inspection whose result stands."""

    document_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    """Of that result, as it was when the trial was asked for."""

    request: Mapped[dict[str, Json]]
    """What that inspection was asked, but by the rules to try."""

    state: Mapped[TrialState] = mapped_column(choice(TrialState), default=TrialState.WAITING)
    before: Mapped[dict[str, Json] | None]
    after: Mapped[dict[str, Json] | None]
    """Answers and hectares under both rules (`inspection.jobs.trying`), once it is done."""

    changes: Mapped[int | None]
    """How many of the answers would be others."""

    problem: Mapped[dict[str, Json] | None]
    """Why it cannot be inspected under these rules."""
