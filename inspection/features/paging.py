"""Some features of a collection in a fixed order, and how many there are of what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import shapely
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from inspection.errors import UsageError
from inspection.features.asked import (
    USUAL,
    Box,
    boxes_of,
    interval_of,
    place_of,
    size_of,
)
from inspection.features.collections import Collection
from inspection.features.kinds import Condition
from inspection.records.tables.base import Record

OWN: Final = ("limit", "after", "bbox", "bbox-crs", "datetime", "f")
"""What every collection may be asked, beside its own queryables."""

FORMS: Final = ("json", "geojson")
_LOOKED_AT: Final = 10_000
"""Outlines on the rim of a box that are held against it; beyond, the boxes around them decide."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an address asks of a collection."""

    conditions: tuple[Condition, ...]
    boxes: tuple[Box, ...]
    size: int
    after: UUID | None


@dataclass(frozen=True, kw_only=True)
class Found:
    """Some rows, how many there are in all, and after which one the next page begins."""

    rows: Sequence[Record]
    matched: int
    after: UUID | None


def asked_of(collection: Collection, query: Sequence[tuple[str, str]]) -> Asked:
    """
    Read what is asked, by names and values as an address has them.

    Raises
    ------
    UsageError
        ``query_unknown``, ``query_twice``, ``query_value``, ``query_form``, and what the
        functions of `inspection.features.asked` raise.
    """
    known = (*OWN, *collection.queryables)
    given: dict[str, str] = {}
    for name, value in query:
        if name not in known:
            raise UsageError("query_unknown", where=name[:64], known=", ".join(known))
        if name in given:
            raise UsageError("query_twice", where=name)
        given[name] = value
    if given.get("f", FORMS[0]) not in FORMS:
        raise UsageError("query_form", where="f", known=", ".join(FORMS))
    conditions = list(collection.always)
    for name, one in collection.queryables.items():
        if name in given and one.narrow is not None:
            conditions.append(one.narrow(name, given[name]))
    if "datetime" in given:
        conditions.append(collection.during(interval_of(given["datetime"])))
    has_box = "bbox" in given
    return Asked(
        conditions=tuple(conditions),
        boxes=boxes_of(given["bbox"], given.get("bbox-crs")) if has_box else (),
        size=size_of(given["limit"]) if "limit" in given else USUAL,
        after=place_of(given["after"]) if "after" in given else None,
    )


def found(session: Session, collection: Collection, asked: Asked) -> Found:
    """A page of what is asked, in the order in which it came on the record."""
    row = collection.row
    conditions = (*asked.conditions, *_lying_in(session, collection, asked))
    matched = session.scalar(select(func.count(row.id)).where(*conditions)) or 0
    which = select(row).where(*conditions)
    if asked.after is not None:
        which = which.where(row.id > asked.after)
    rows = session.scalars(which.order_by(row.id).limit(asked.size + 1)).all()
    shown = rows[: asked.size]
    return Found(
        rows=shown, matched=matched, after=shown[-1].id if len(rows) > len(shown) else None
    )


def one_of(session: Session, collection: Collection, name: str) -> Record | None:
    """The row of one feature; None where the office has none of that name."""
    try:
        key = UUID(name)
    except ValueError:
        return None
    which = select(collection.row).where(collection.row.id == key, *collection.always)
    return session.scalars(which).one_or_none()


def extent_of(session: Session, collection: Collection) -> Box | None:
    """The box around all features; None where there is none."""
    lies = collection.located
    corners = session.execute(
        select(
            func.min(lies.west), func.min(lies.south), func.max(lies.east), func.max(lies.north)
        ).where(*collection.in_force, *collection.always)
    ).one()
    west, south, east, north = corners
    return None if west is None else (west, south, east, north)


def _lying_in(session: Session, collection: Collection, asked: Asked) -> tuple[Condition, ...]:
    """Whether a row meets one of the boxes with its outline, not only with the box around it."""
    if not asked.boxes:
        return ()
    lies, key = collection.located, collection.key
    meets = or_(
        *(
            lies.meets(west=west, south=south, east=east, north=north)
            for west, south, east, north in asked.boxes
        )
    )
    is_within = or_(
        *(
            and_(lies.west >= west, lies.south >= south, lies.east <= east, lies.north <= north)
            for west, south, east, north in asked.boxes
        )
    )
    rim = select(key, lies.outline).where(meets, ~is_within, *collection.in_force)
    if collection.is_located:
        rim = rim.where(*asked.conditions)
    area = shapely.union_all([shapely.box(*one) for one in asked.boxes])
    shapely.prepare(area)
    missed = [
        name
        for name, outline in session.execute(rim.limit(_LOOKED_AT))
        if not shapely.intersects(area, outline)
    ]
    lying = select(key).where(meets, *collection.in_force)
    if collection.is_located:
        return (meets, key.not_in(missed)) if missed else (meets,)
    return (collection.row.id.in_(lying), *((collection.row.id.not_in(missed),) if missed else ()))
