"""Inspections that were asked for together."""

from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.tables.base import OfficeOwned, Record, refers_to

TABLE_NAME_LENGTH: Final = 200


class Batch(OfficeOwned, Record):
    """Several inspections asked for in one call; each is one like any other."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("office_id", "id"), refers_to("users", "submitted_by"))

    submitted_by: Mapped[UUID]
    table_name: Mapped[str | None] = mapped_column(String(TABLE_NAME_LENGTH))
    """Of the file whose rows these are; None where they were asked for without a table."""


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
    line: Mapped[int | None]
    """Number of its row, where it is from a table; then what that row names."""

    line_permit: Mapped[str | None]
    line_current: Mapped[str | None]
