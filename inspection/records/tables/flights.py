"""What inspectors bring: uploads, and the flights that are made of them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.columns import SHA256_DIGITS, choice
from inspection.records.tables.base import OfficeOwned, Record, refers_to


class UploadState(StrEnum):
    """How far an upload is."""

    RECEIVING = "receiving"
    COMPLETE = "complete"
    REFUSED = "refused"
    ENDED = "ended"
    EXPIRED = "expired"


class Upload(OfficeOwned, Record):
    """A file on its way; it becomes an object only when the whole of it has the claimed hash."""

    __tablename__ = "uploads"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        Index("ix_uploads_office_id_created_at_id", "office_id", "created_at", "id"),
        CheckConstraint("received <= size", name="within_size"),
        Index("ix_uploads_claimed_sha256", "claimed_sha256"),
        refers_to("users", "brought_by"),
        refers_to("users", "carried_by"),
        refers_to("device_keys", "signed_with"),
        refers_to("permits", "permit_id"),
    )

    brought_by: Mapped[UUID] = mapped_column(index=True)
    carried_by: Mapped[UUID | None]
    """Who goes on with it in place of its bringer, from a parcel that the latter signed."""

    signed_with: Mapped[UUID | None]
    """The key that signed the parcel it came in."""

    parcel_sha256: Mapped[str | None] = mapped_column(String(SHA256_DIGITS))
    """Of the parcel's manifest, which is an object too."""

    permit_id: Mapped[UUID | None]
    name: Mapped[str]
    """As its bringer called it; never part of a path."""

    kind: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    """Bytes that are safe on disk."""

    claimed_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    state: Mapped[UploadState] = mapped_column(choice(UploadState), default=UploadState.RECEIVING)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Json] | None]


class Flight(OfficeOwned, Record):
    """One flight over a permit: its picture and what lies beside it, each named by its hash."""

    __tablename__ = "flights"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        Index("ix_flights_permit_id_created_at_id", "permit_id", "created_at", "id"),
        refers_to("permits", "permit_id"),
        refers_to("users", "brought_by"),
    )

    permit_id: Mapped[UUID]
    brought_by: Mapped[UUID]
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    """Of the orthophoto as it came."""

    files: Mapped[dict[str, Json]] = mapped_column(default=dict)
    """Hashes of what else belongs to it, by role: heights, control points, the flight log."""

    claimed_at: Mapped[datetime | None]
    """When it was flown, as the file or the crew claims."""

    claims: Mapped[dict[str, Json]] = mapped_column(default=dict)
    withdrawn_at: Mapped[datetime | None]
