"""Where a boundary should lie, and the readings of its numbers that would bring it there."""

import re
from collections.abc import Iterator
from typing import Final

import shapely
from shapely import MultiPolygon, Polygon

from geo.boundary import Boundary
from geo.crs_detective import distance_m
from geo.misplaced import better
from geo.sanity import Box, jurisdiction_finding
from inspection.errors import UsageError
from inspection.problem import Level, Problem, note, warning

AWAY_M: Final = 5_000.0
"""A boundary further than this from where it should lie is told of, whether or not we know why."""

_AROUND_DEG: Final = 0.0005
"""Half the side of the square that a place stands for: about 55 m."""

_PLACE: Final = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*,\s*([+-]?\d+(?:\.\d+)?)\s*")
_HALF_TURN, _POLE = 180.0, 90.0


def place_named(text: str) -> Polygon:
    """
    Square around a place that a caller names as ``LON,LAT`` in degrees, such as 115.5,-3.5.

    Raises
    ------
    UsageError
        ``near_impossible``.
    """
    found = _PLACE.fullmatch(text)
    if found is None:
        raise UsageError("near_impossible", where="--near")
    longitude, latitude = (float(number) for number in found.groups())
    if abs(longitude) > _HALF_TURN or abs(latitude) > _POLE:
        raise UsageError("near_impossible", where="--near")
    return shapely.Point(longitude, latitude).buffer(_AROUND_DEG, cap_style="square")


def outside_region(boundary: Boundary, region: Box | None) -> Problem | None:
    """Warn of a boundary that lies where the profile's authority does not decide."""
    found = next(jurisdiction_finding(boundary.shape, boundary.crs, region), None)
    return Problem(level=Level.WARNING, code=found.code, facts=found.facts) if found else None


def away_from(boundary: Boundary, target: Polygon | MultiPolygon) -> Iterator[Problem]:
    """Tell how far a boundary lies from where it should, and the readings that would mend it."""
    found = list(readings(boundary, target))
    away_m = distance_m(boundary.shape, boundary.crs, target)
    if found or away_m > AWAY_M:
        yield warning("boundary_away", value=round(away_m / 1000, 3), limit=AWAY_M / 1000)
    yield from found


def readings(boundary: Boundary, target: Polygon | MultiPolygon) -> Iterator[Problem]:
    """
    Offer each reading of a boundary's numbers that would put it where it should lie.

    One note a reading, ``reading_`` and what is changed: its system, how far the boundary
    would lie then, and how far it lies now, in kilometres. None is applied.
    """
    away_m = distance_m(boundary.shape, boundary.crs, target)
    for one in better(boundary.shape, boundary.crs, target) if away_m > 0 else ():
        yield note(
            f"reading_{one.change}",
            value=round(one.distance_m / 1000, 3),
            before=round(away_m / 1000, 3),
            system=one.code,
        )
