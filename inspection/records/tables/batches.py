"""Inspections that were asked for together."""

from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.tables.base import OfficeOwned, Record, refers_to


class Batch(OfficeOwned, Record):
    """Several inspections asked for in one call; each is one like any other."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("office_id", "id"), refers_to("users", "submitted_by"))

    submitted_by: Mapped[UUID]


class BatchItem(OfficeOwned, Record):
    """One of a batch: the inspection that was put in line, or why none was."""

    __tablename__ = "batch_items"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        refers_to("batches", "batch_id"),
        refers_to("inspections", "inspection_id"),
        CheckConstraint("(inspection_id IS NULL) <> (problem IS NULL)", name="one_of_both"),
    )

    batch_id: Mapped[UUID]
    position: Mapped[int]
    inspection_id: Mapped[UUID | None] = mapped_column(index=True)
    problem: Mapped[dict[str, Json] | None]
