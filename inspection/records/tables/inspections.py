"""Inspections, what they found, and what people made of it."""

from datetime import UTC, datetime
from enum import IntFlag, StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.columns import SHA256_DIGITS, choice
from inspection.records.tables.base import Located, OfficeOwned, Record, refers_to


class InspectionState(StrEnum):
    """Where an inspection is."""

    SUBMITTED = "submitted"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"


class ReviewState(StrEnum):
    """What people made of a finished inspection so far."""

    OPEN = "open"
    RETURNED = "returned"
    APPROVED = "approved"
    DECLINED = "declined"


class Concern(IntFlag):
    """What a result gives to look at: the heavier outweighs all lighter ones together."""

    UNSEEN = 1
    NOT_COMPARABLE = 2
    UNCERTAIN = 4
    LIMITS = 8
    OUTSIDE = 16
    UNRATED = 32
    """Of results that were kept before concerns were, until a worker has read them."""


class ReviewOutcome(StrEnum):
    """What a person made of a finding."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EDITED = "edited"


class DecisionOutcome(StrEnum):
    """What a second person made of the inspection."""

    APPROVED = "approved"
    RETURNED = "returned"
    DECLINED = "declined"


NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""When that is due which is never due, so that it comes last."""

_IS_FINAL = text("outcome <> 'returned'")


class InspectionRun(OfficeOwned, Record):
    """One inspection that was asked for, and how far it is."""

    __tablename__ = "inspections"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("office_id", "id", "submitted_by"),
        Index("ix_inspections_office_id_created_at_id", "office_id", "created_at", "id"),
        Index("ix_inspections_permit_id_created_at_id", "permit_id", "created_at", "id"),
        Index("ix_inspections_finished_at_state", "finished_at", "state"),
        Index("ix_inspections_review", "office_id", "review", "created_at", "id"),
        Index(
            "ix_inspections_submitted_by", "office_id", "submitted_by", "created_at", "id", "review"
        ),
        Index("ix_inspections_queue", "office_id", "review", "due_by", "rank", "created_at", "id"),
        refers_to("permits", "permit_id"),
        refers_to("boundary_versions", "boundary_id"),
        refers_to("flights", "current_id"),
        refers_to("flights", "baseline_id"),
        refers_to("users", "submitted_by"),
        refers_to("inspections", "retry_of_id"),
        UniqueConstraint("retry_of_id"),
    )

    permit_id: Mapped[UUID]
    boundary_id: Mapped[UUID]
    current_id: Mapped[UUID]
    baseline_id: Mapped[UUID | None]
    submitted_by: Mapped[UUID]
    request: Mapped[dict[str, Json]]
    """All else that was asked: profile, language, layers, control points."""

    state: Mapped[InspectionState] = mapped_column(
        choice(InspectionState), default=InspectionState.SUBMITTED, index=True
    )
    step: Mapped[str | None] = mapped_column(String(32))
    share: Mapped[float] = mapped_column(default=0.0)
    """Of the present step, from 0 to 1."""

    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Json] | None]
    document_id: Mapped[str | None] = mapped_column(String(64))
    """The inspection's own name, TJ-…, which follows from its inputs."""

    document_sha256: Mapped[str | None] = mapped_column(String(SHA256_DIGITS))
    is_comparable: Mapped[bool | None]
    ledger_ha: Mapped[dict[str, Json] | None]
    """As the document states it; None until it is read, of what was kept before this was."""

    counted_ha: Mapped[dict[str, Json] | None]
    """The same by what people let count; None until somebody approved it and a worker counted."""

    held_by: Mapped[str | None] = mapped_column(String(128))
    """The worker that does it: one that it was taken from can write nothing more of it."""

    retry_of_id: Mapped[UUID | None]
    """The inspection that could not be finished, and that this one tries anew."""

    review: Mapped[ReviewState | None] = mapped_column(choice(ReviewState))
    """None until there is something to review; else the decision that stands, or none yet."""

    rank: Mapped[int] = mapped_column(default=0)
    """Minus its `Concern`s: of what is due at one time, the lowest is looked at first."""

    due_at: Mapped[datetime | None]
    """While it waits: when the time of its permit's clocks is used up, or was (`deadlines`)."""

    due_by: Mapped[datetime] = mapped_column(default=NEVER)
    """The same to sort by."""


class Finding(Located, OfficeOwned, Record):
    """One finding as the inspection stated it; it is never changed."""

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("inspection_id", "code"),
        Index("ix_findings_box", "office_id", "west", "east", "south", "north"),
        Index("ix_findings_inspection_id_created_at_id", "inspection_id", "created_at", "id"),
        refers_to("inspections", "inspection_id"),
        refers_to("users", "added_by"),
    )

    inspection_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(32))
    """Its name in the document."""

    ground_class: Mapped[str] = mapped_column(String(32))
    epoch: Mapped[str] = mapped_column(String(16))
    location: Mapped[str] = mapped_column(String(16))
    area_m2: Mapped[float]
    document: Mapped[dict[str, Json]]
    added_by: Mapped[UUID | None]
    """The person who added it by hand; None for what the inspection itself found."""


class Review(OfficeOwned, Record):
    """One person's word on a finding; the latest counts, the ones before stay."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("finding_id", "sequence"),
        refers_to("findings", "finding_id"),
        refers_to("users", "reviewed_by"),
        CheckConstraint("outcome <> 'rejected' OR reason_code IS NOT NULL", name="reason_given"),
        CheckConstraint("outcome <> 'edited' OR edit IS NOT NULL", name="edit_given"),
    )

    finding_id: Mapped[UUID]
    sequence: Mapped[int]
    """Counts the words on the finding from 1."""

    reviewed_by: Mapped[UUID]
    outcome: Mapped[ReviewOutcome] = mapped_column(choice(ReviewOutcome))
    reason_code: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str]
    edit: Mapped[dict[str, Json] | None]
    """What the person states in place of the finding's own values."""


class Decision(OfficeOwned, Record):
    """The decision on an inspection, never by who submitted it: the database holds to that."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        refers_to("inspections", "inspection_id", "submitted_by"),
        refers_to("users", "decided_by"),
        CheckConstraint("decided_by <> submitted_by", name="four_eyes"),
        Index(
            "uq_decisions_final",
            "inspection_id",
            unique=True,
            sqlite_where=_IS_FINAL,
            postgresql_where=_IS_FINAL,
        ),
    )

    inspection_id: Mapped[UUID] = mapped_column(index=True)
    submitted_by: Mapped[UUID]
    decided_by: Mapped[UUID]
    outcome: Mapped[DecisionOutcome] = mapped_column(choice(DecisionOutcome))
    note: Mapped[str]
    reviews_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    """Of the reviews that were looked at (`inspection.review.standing`)."""
