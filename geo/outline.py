"""Outlines from positions: checked, never closed, turned or thinned on the way."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, LineString, MultiPolygon, Polygon

from geo.fault import Fault, Faulty, place

LEAST_OF_LINE, LEAST_OF_RING = 2, 4
"""Positions that a line and a closed ring are written with at least."""

MOST_DEGREES = (180.0, 90.0)


def polygon_of(rings: Sequence[NDArray[np.float64]]) -> Polygon:
    """
    Polygon of closed rings, the first of them its shell.

    Parameters
    ----------
    rings
        Positions (n, 2) of each ring, x before y, the last of them the first again.

    Raises
    ------
    Faulty
        ``empty``, ``not_finite``, ``ring_open`` or ``without_area``. Whether rings cross is
        told by `geo.fault.unsound`.
    """
    if not rings:
        raise Faulty(Fault.EMPTY)
    shell, *holes = [_ring(ring) for ring in rings]
    return Polygon(shell, holes)


def area_of(polygons: Sequence[Polygon]) -> Polygon | MultiPolygon:
    """One polygon as it is, several as one shape of parts."""
    return polygons[0] if len(polygons) == 1 else MultiPolygon(list(polygons))


def line_of(points: NDArray[np.float64]) -> LineString:
    """Line through positions (n, 2), of which it needs two."""
    if len(points) < LEAST_OF_LINE:
        raise Faulty(Fault.WITHOUT_LENGTH)
    return LineString(finite(points))


def finite(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The positions, where all of them are numbers."""
    if not np.isfinite(points).all():
        raise Faulty(Fault.NOT_FINITE)
    return points


def beyond_degrees(shape: Geometry) -> Faulty | None:
    """Why numbers cannot be longitude and latitude in degrees; None where they can."""
    west, south, east, north = shapely.bounds(shape)
    if max(-west, east) <= MOST_DEGREES[0] and max(-south, north) <= MOST_DEGREES[1]:
        return None
    points = shapely.get_coordinates(shape)
    beyond = (np.abs(points) > MOST_DEGREES).any(axis=1)
    return Faulty(Fault.NOT_DEGREES, where=place(points[beyond][0]))


def _ring(points: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(points):
        raise Faulty(Fault.EMPTY)
    finite(points)
    if (points[0] != points[-1]).any():
        raise Faulty(Fault.RING_OPEN, where=place(points[-1]))
    if len(points) < LEAST_OF_RING:
        raise Faulty(Fault.WITHOUT_AREA)
    return points
