"""Errors about a place, with the readings of the same numbers that would mend it."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from geo.boundary import Boundary
from geo.crs import LONLAT, moved_shape
from geo.crs_detective import (
    MOST_OFFERED,
    NOTHING,
    OFFERED,
    SAME_M,
    Candidate,
    candidates,
)
from geo.crs_readings import STATED, Change
from geo.errors import RefusedError
from geo.grid import Grid

SIDES = ("left", "bottom", "right", "top")
"""Facts of an error that name the box of the numbers that nobody could place."""

_PIECES = 16


def better(
    shape: Polygon | MultiPolygon, stated: CRS | None, target: Polygon | MultiPolygon
) -> tuple[Candidate, ...]:
    """
    Give the best of the `candidates`, each at most half as far away as the stated.

    The three nearest and any as near as the first, eight at most. Where a slip alone puts it
    there, the same slip in other systems is left out: nothing speaks for two mistakes at once.
    """
    found = candidates(shape, stated, target)
    now_m = next((one.distance_m for one in found if one.change is Change.NONE), math.inf)
    mending = [one for one in found if one.change is not Change.NONE and 2 * one.distance_m < now_m]
    least = {one.change: one.distance_m for one in mending if one.is_stated}
    mending = [
        one
        for one in mending
        if one.is_stated or one.distance_m + SAME_M < least.get(one.change, math.inf)
    ]
    tied = sum(one.distance_m <= mending[0].distance_m + SAME_M for one in mending)
    return tuple(mending[: max(OFFERED, min(tied, MOST_OFFERED))])


def offers(
    shape: Polygon | MultiPolygon, stated: CRS | None, target: Polygon | MultiPolygon
) -> str:
    """
    Tell the best readings that would mend a misplaced footprint, for a person to choose from.

    Parameters
    ----------
    shape, stated, target
        As for `geo.crs_detective.candidates`.

    Returns
    -------
    str
        As ``EPSG:32750 = EPSG:9490 (0 m); EPSG:4326 axes_swapped (1200 m)``: systems that give
        one place stand together; ``-`` where there is none.
    """
    return "; ".join(_told(one) for one in better(shape, stated, target)) or NOTHING


def _told(one: Candidate) -> str:
    slip = "" if one.change is Change.CRS else f" {one.change}"
    codes = (one.code,) if one.is_stated else (one.code, *one.alike)
    # Whole metres: the text is a fact, and no language may read its digits otherwise.
    return f"{' = '.join(codes)}{slip} ({one.distance_m:.0f} m)"


def shown_by(grid: Grid) -> Polygon | None:
    """Give the outline of an image in degrees on WGS 84; None where it has no place there."""
    outline = shapely.segmentize(grid.footprint, grid.pixel_size * max(grid.shape) / _PIECES)
    degrees = moved_shape(outline, source=grid.crs, target=LONLAT)
    return degrees if np.isfinite(degrees.bounds).all() else None


@contextmanager
def expected_at(place: Callable[[], Polygon | MultiPolygon | None]) -> Iterator[None]:
    """
    Let an error about numbers without a place name the readings that would put them at one.

    Parameters
    ----------
    place
        Gives where they should lie, in degrees on WGS 84, or None where that is not known;
        asked only when there is such an error.

    Raises
    ------
    RefusedError
        What was raised, with the fact ``candidates`` as `offers` tells it where the error has
        the box of the numbers; nothing is ever applied.
    """
    try:
        yield
    except RefusedError as error:
        waits = error.facts.get("candidates") == NOTHING and error.facts.keys() >= {*SIDES}
        if waits and (target := place()) is not None:
            left, bottom, right, top = (float(error.facts[side]) for side in SIDES)
            numbers = shapely.box(left, bottom, right, top)
            error.facts["candidates"] = offers(numbers, _stated(error), target)
        raise


def _stated(error: RefusedError) -> CRS | None:
    code = str(error.facts.get("system", STATED))
    return None if code == STATED else CRS.from_user_input(code)


@contextmanager
def offering(boundary: Boundary | None) -> Iterator[None]:
    """Let an error about an image name the systems that would put it on a permit, if given."""
    with expected_at(lambda: boundary.on(LONLAT) if boundary else None):
        yield
