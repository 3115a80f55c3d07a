"""An outline that a person drew: taken as it stands, or refused with the place that is wrong."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from shapely import MultiPolygon

from geo.errors import RefusedError
from geo.fault import Fault, Faulty, unsound
from geo.outline import polygon_of

MOST_VERTICES: Final = 10_000
DEGREES: Final = (180.0, 90.0)

type Ring = Sequence[Sequence[float]]
"""Positions in degrees, longitude first, the last of them the first again."""

_CROSSES: Final = (Fault.SELF_CROSSES, Fault.HOLE_OUTSIDE, Fault.PARTS_OVERLAP)


def outline_of(polygons: Sequence[Sequence[Ring]]) -> MultiPolygon:
    """
    The outline that rings make; nothing is closed, turned or repaired.

    Raises
    ------
    RefusedError
        ``outline_unusable``, ``outline_crosses`` or ``outline_too_detailed``.
    """
    if sum(len(ring) for polygon in polygons for ring in polygon) > MOST_VERTICES:
        raise RefusedError("outline_too_detailed", limit=MOST_VERTICES)
    try:
        return _sound(polygons)
    except Faulty as faulty:
        if faulty.fault in _CROSSES:
            raise RefusedError("outline_crosses", where=faulty.where) from faulty
        raise RefusedError("outline_unusable", where=faulty.where) from faulty


def _sound(polygons: Sequence[Sequence[Ring]]) -> MultiPolygon:
    shape = MultiPolygon([polygon_of([_positions(ring) for ring in one]) for one in polygons])
    if shape.is_empty:
        raise Faulty(Fault.EMPTY)
    if faulty := unsound(shape):
        raise faulty
    return shape


def _positions(ring: Ring) -> np.ndarray:
    if any(len(position) != len(DEGREES) for position in ring):
        raise Faulty(Fault.WRONG_KIND)
    positions = np.array(ring, dtype=np.float64).reshape(-1, len(DEGREES))
    if not np.all(np.abs(positions) <= DEGREES):
        raise Faulty(Fault.NOT_DEGREES)
    return positions
