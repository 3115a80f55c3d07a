"""Kinds of columns that both databases keep alike: instants, outlines, closed lists, hashes."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import DateTime, Dialect, Enum, LargeBinary, String
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

LONGITUDE_LATITUDE: Final = 4326
"""EPSG code of what outlines are kept in: WGS 84, longitude first."""

SHA256_DIGITS: Final = 64
_INSTANT_LENGTH: Final = len("2026-01-01T00:00:00.000000Z")


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


class Instant(TypeDecorator[datetime]):
    """
    A point in time. One without zone is refused, for it could be any of several.

    SQLite keeps it as text of one length in UTC, so that it sorts by time.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Kind of the column in one database."""
        kind: TypeEngine[Any] = (
            String(_INSTANT_LENGTH) if dialect.name == "sqlite" else DateTime(timezone=True)
        )
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - text or an instant
        """What the database is given."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without zone: {value}")
        in_utc = value.astimezone(UTC)
        return text_of(in_utc) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """What the database gives, in UTC."""
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant.astimezone(UTC)


def text_of(instant: datetime) -> str:
    """An instant as text of one length, in UTC: its order is that of time."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def instant_from(text: str) -> datetime:
    """
    The instant that a text of `text_of` says.

    Raises
    ------
    ValueError
        If it is no such text: another form, no zone, or a time that UTC cannot say.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo != UTC:
        raise ValueError(text)
    return instant


class PostgisGeometry(UserDefinedType[str]):
    """A column of PostGIS; what goes in and out is EWKB in hexadecimal digits."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:  # noqa: ANN401 - as declared above it
        """Name of the kind in SQL."""
        return f"geometry(Geometry,{LONGITUDE_LATITUDE})"


class Outline(TypeDecorator[BaseGeometry]):
    """
    A shape in longitude and latitude.

    SQLite keeps WKB. PostgreSQL is given EWKB as digits, which a column of PostGIS takes and
    gives, and a column of text too where the extension is not there (see the migrations).
    """

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Kind of the column in one database."""
        kind: TypeEngine[Any] = LargeBinary() if dialect.name == "sqlite" else PostgisGeometry()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:  # noqa: ANN401 - bytes or digits
        """What the database is given."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return shapely.to_wkb(value, byte_order=1)
        placed = shapely.set_srid(value, LONGITUDE_LATITUDE)
        return shapely.to_wkb(placed, hex=True, byte_order=1, include_srid=True)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> BaseGeometry | None:  # noqa: ANN401, ARG002
        """What the database gives."""
        return None if value is None else shapely.set_srid(shapely.from_wkb(value), 0)


def choice(kind: type[StrEnum]) -> Enum:
    """A column for one of a closed list, kept as its value; the database refuses any other."""
    return Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [str(one) for one in members],
    )
