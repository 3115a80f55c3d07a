"""Permits found: by words, by where they lie, and the nearest first."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import shapely
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from geo.errors import RefusedError
from inspection.records.tables.permits import BoundaryVersion, Permit

METRES_A_DEGREE: Final = 111_195.0
"""Of a great circle on the mean sphere; who looks for the nearest does not survey."""

_LATITUDES, _LONGITUDES = 90.0, 180.0
_MOST_WORDS: Final = 8

type Box = tuple[float, float, float, float]
"""West, south, east, north."""


@dataclass(frozen=True, kw_only=True)
class Near:
    """A permit with its boundary in force, and how far that is."""

    permit: Permit
    boundary: BoundaryVersion
    distance_m: float
    """To the outline; 0 inside."""


@dataclass(frozen=True, kw_only=True)
class NearPage:
    """Some permits, in the order of how far the boxes around them are."""

    found: Sequence[Near]
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody is, and how far around they look."""

    longitude: float
    latitude: float
    reach_m: float


def saying(asked: Select[Permit], words: str) -> Select[Permit]:
    """Narrow to permits whose names and places have all these words, in any order."""
    for word in words.casefold().split()[:_MOST_WORDS]:
        asked = asked.where(Permit.words.contains(word, autoescape=True))
    return asked


def lying_in(asked: Select[Permit], box: Box) -> Select[Permit]:
    """Narrow to permits whose boundary in force meets a box, as far as the box around it tells."""
    west, south, east, north = box
    meets = BoundaryVersion.meets(west=west, south=south, east=east, north=north)
    # As a list: asked of each permit in turn, a small box would cost as much as the whole office.
    lying = select(BoundaryVersion.permit_id).where(meets, _in_force())
    return asked.where(Permit.id.in_(lying))


def box_of(text: str) -> Box:
    """
    A box as addresses have it: west,south,east,north in degrees.

    Raises
    ------
    RefusedError
        ``box_impossible``.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise RefusedError("box_impossible", where="bbox") from error
    is_box = (
        -_LONGITUDES <= west <= east <= _LONGITUDES and -_LATITUDES <= south <= north <= _LATITUDES
    )
    if not is_box:
        raise RefusedError("box_impossible", where="bbox")
    return west, south, east, north


def nearest(session: Session, place: Place, *, size: int, after: str | None = None) -> NearPage:
    """
    The permits within reach, the nearest first.

    Raises
    ------
    RefusedError
        ``page_unknown``.
    """
    degrees = place.reach_m / METRES_A_DEGREE
    stretch = max(0.01, math.cos(math.radians(place.latitude)))
    reach = BoundaryVersion.meets(
        west=place.longitude - degrees / stretch,
        south=place.latitude - degrees,
        east=place.longitude + degrees / stretch,
        north=place.latitude + degrees,
    )
    squared = _squared(place, stretch)
    asked = (
        select(BoundaryVersion, Permit, squared.label("squared"))
        .join(Permit, Permit.id == BoundaryVersion.permit_id)
        .where(reach, _in_force(), squared <= degrees * degrees)
    )
    if after is not None:
        far, name = _place(after)
        asked = asked.where(
            or_(squared > far, and_(squared == far, BoundaryVersion.permit_id > name))
        )
    rows = session.execute(asked.order_by(squared, BoundaryVersion.permit_id).limit(size + 1)).all()
    shown = rows[:size]
    found = [
        Near(permit=permit, boundary=boundary, distance_m=_distance(place, boundary, stretch))
        for boundary, permit, _ in shown
    ]
    mark = _mark(shown[-1][2], shown[-1][1].id) if len(rows) > size else None
    return NearPage(found=found, after=mark)


def _in_force() -> ColumnElement[bool]:
    later = aliased(BoundaryVersion)
    return ~exists().where(
        later.permit_id == BoundaryVersion.permit_id,
        later.sequence > BoundaryVersion.sequence,
    )


def _squared(place: Place, stretch: float) -> ColumnElement[float]:
    """Square of how far the box around a boundary is, in degrees of latitude."""
    here, there = literal(place.longitude), literal(place.latitude)
    east = case(
        (BoundaryVersion.west > here, BoundaryVersion.west - here),
        (BoundaryVersion.east < here, here - BoundaryVersion.east),
        else_=0.0,
    )
    north = case(
        (BoundaryVersion.south > there, BoundaryVersion.south - there),
        (BoundaryVersion.north < there, there - BoundaryVersion.north),
        else_=0.0,
    )
    squeezed = east * stretch
    return squeezed * squeezed + north * north


def _distance(place: Place, boundary: BoundaryVersion, stretch: float) -> float:
    flat = shapely.transform(boundary.outline, lambda xy: xy * (stretch, 1.0))
    here = shapely.Point(place.longitude * stretch, place.latitude)
    return round(float(shapely.distance(flat, here)) * METRES_A_DEGREE, 1)


def _mark(squared: float, permit_id: UUID) -> str:
    return base64.urlsafe_b64encode(f"{float(squared)!r} {permit_id}".encode()).decode()


def _place(mark: str) -> tuple[float, UUID]:
    try:
        squared, name = base64.urlsafe_b64decode(mark.encode()).decode().split(" ")
        far, permit_id = float(squared), UUID(name)
    except ValueError as error:
        raise RefusedError("page_unknown") from error
    if not math.isfinite(far):
        raise RefusedError("page_unknown")
    return far, permit_id
