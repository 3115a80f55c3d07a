"""What the tables share: names, times, the office they belong to, and where they lie."""

import math
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Text,
    Uuid,
    and_,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, validates

from inspection.language import Json
from inspection.records.columns import Instant, Outline, now
from inspection.records.ids import uuid7


class Base(DeclarativeBase):
    """A table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        BaseGeometry: Outline,
        date: Date,
        datetime: Instant,
        dict[str, Json]: JSON(none_as_null=True),
        list[Json]: JSON(none_as_null=True),
        float: Double,
        int: BigInteger,
        str: Text,
        UUID: Uuid,
    }


class Record(Base):
    """A table of rows that have a name and the time they were made, both from the beginning."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(sort_order=-9)


@event.listens_for(Record, "init", propagate=True)
def _name_and_time(_target: Record, _args: tuple[Any, ...], given: dict[str, Any]) -> None:
    given.setdefault("id", uuid7())
    given.setdefault("created_at", now())


class OfficeOwned:
    """
    A row that belongs to one office, and that no other can see (`inspection.records.separation`).

    What it refers to belongs to the same office: the database holds it to that.
    """

    @declared_attr
    @classmethod
    def office_id(cls) -> Mapped[UUID]:
        """The office; the session fills it in."""
        return mapped_column(
            ForeignKey("offices.id", deferrable=True, initially="DEFERRED"), sort_order=-8
        )


def refers_to(table: str, column: str, *more: str) -> ForeignKeyConstraint:
    """
    A reference to a row of the same office (that has these more columns in common).

    It is looked at when the transaction ends, so that rows may be added in any order.
    """
    return ForeignKeyConstraint(
        ["office_id", column, *more],
        [f"{table}.{name}" for name in ("office_id", "id", *more)],
        deferrable=True,
        initially="DEFERRED",
    )


class Located:
    """A row with an outline, and the box around it by which either database finds it."""

    outline: Mapped[BaseGeometry] = mapped_column(sort_order=10)
    """In longitude and latitude."""

    west: Mapped[float] = mapped_column(sort_order=11)
    south: Mapped[float] = mapped_column(sort_order=12)
    east: Mapped[float] = mapped_column(sort_order=13)
    north: Mapped[float] = mapped_column(sort_order=14)

    @validates("outline")
    def _draw_the_box(self, _name: str, outline: BaseGeometry) -> BaseGeometry:
        west, south, east, north = outline.bounds
        if not all(math.isfinite(edge) for edge in outline.bounds):
            raise ValueError("an outline that lies nowhere")
        self.west, self.south, self.east, self.north = west, south, east, north
        return outline

    @classmethod
    def meets(cls, *, west: float, south: float, east: float, north: float) -> ColumnElement[bool]:
        """Whether a row's box and this one have a point in common."""
        return and_(cls.west <= east, cls.east >= west, cls.south <= north, cls.north >= south)
