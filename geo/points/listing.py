"""What a list of control points says, before it is known whether that places a picture."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath

from pyproj import CRS

from geo.control_points import ControlPoint, ControlPointList, Role
from geo.errors import RefusedError

type Pair = tuple[float, float]

_NAMED_CHECK = re.compile(
    r"(?:icp|chk|check|check[ _-]?point|titik[ _-]?uji|uji)(?![a-z])", re.IGNORECASE
)
"""Names by which surveyors tell the points that only test: independent check points."""

_NAMED_LIMIT = 12
"""Names of pictures that an error lists."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list: a place on the ground, a place in a picture, or both."""

    line: int
    name: str
    ground: Pair | None
    """X and y, or longitude and latitude, in the system of the list."""

    pixel: Pair | None
    """Column and row, counted from the outer corner of the picture's first pixel."""

    image: str = ""
    """Picture in which the point was measured; empty where the list is about one picture."""

    role: Role | None = None
    """As the list says; None where it says nothing."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list as it was read."""

    crs: CRS | None
    rows: tuple[Row, ...]
    bare: bool = False
    """Whether no header says which number is which: in degrees they may be either way round."""


def joined(places: Listing, marks: Listing) -> Listing:
    """
    One list from two: places on the ground, and where pictures show them, by name.

    Raises
    ------
    RefusedError
        ``control_points_unmarked`` if no name stands in both.
    """
    # A name in two lists may be written large here and small there.
    known = {row.name.casefold(): row for row in places.rows if row.ground is not None}
    rows = [
        replace(there, pixel=mark.pixel, image=mark.image, role=there.role or mark.role)
        for mark in marks.rows
        if (there := known.get(mark.name.casefold())) and mark.pixel is not None
    ]
    if not rows:
        raise RefusedError("control_points_unmarked", count=len(places.rows))
    return replace(places, rows=tuple(rows))


def assembled(listing: Listing, *, image: str) -> ControlPointList:
    """
    The control points of one picture.

    Parameters
    ----------
    listing
        What was read.
    image
        Name of the picture that is placed; it chooses among the pictures of the list, in
        whatever letters and with whatever ending.

    Raises
    ------
    RefusedError
        ``control_points_empty``, ``control_points_without_ground``,
        ``control_points_without_pixels``, ``control_points_of_other_images`` (naming them),
        ``control_points_crs_missing``.
    """
    rows = listing.rows
    if not rows:
        raise RefusedError("control_points_empty")
    if not any(row.ground for row in rows):
        raise RefusedError("control_points_without_ground", count=len(rows))
    if not any(row.pixel for row in rows):
        raise RefusedError("control_points_without_pixels", count=len(rows))
    if any(row.image for row in rows):
        rows = _measured_in(rows, image)
    if listing.crs is None:
        raise RefusedError("control_points_crs_missing")
    points = [_point(row, row.ground, row.pixel) for row in rows if row.ground and row.pixel]
    if not points:
        raise RefusedError("control_points_without_pixels", count=len(rows))
    return ControlPointList(crs=listing.crs, points=tuple(points))


def _measured_in(rows: Iterable[Row], image: str) -> tuple[Row, ...]:
    named = {row.image for row in rows if row.image}
    asked = _stem(image)
    chosen = tuple(row for row in rows if row.image and _stem(row.image) == asked)
    if not chosen:
        some = sorted(named)[:_NAMED_LIMIT]
        more = " …" if len(named) > _NAMED_LIMIT else ""
        raise RefusedError(
            "control_points_of_other_images", count=len(named), images=", ".join(some) + more
        )
    return chosen


def _stem(name: str) -> str:
    return PurePosixPath(PureWindowsPath(name).as_posix()).stem.casefold()


def _point(row: Row, ground: Pair, pixel: Pair) -> ControlPoint:
    role = row.role or (Role.CHECK if _NAMED_CHECK.match(row.name) else Role.CONTROL)
    return ControlPoint(
        name=row.name or str(row.line),
        role=role,
        x=ground[0],
        y=ground[1],
        column=pixel[0],
        row=pixel[1],
    )
