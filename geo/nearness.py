"""Nearness: how far ground lies from outlines that may have a hundred thousand corners."""

from collections.abc import Iterable
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, LineString, STRtree

CORNERS = 64
"""Corners of a piece of outline: few enough that its distance costs little, once it is found."""


class Outlines:
    """Outlines cut to short pieces, of which only the nearest is ever measured."""

    def __init__(self, pieces: list[LineString]) -> None:
        self._tree = STRtree(pieces)

    @classmethod
    def of(cls, shapes: Iterable[Geometry]) -> Self:
        """Take the outlines, holes' too, of polygons of any kind."""
        rings = shapely.get_rings(list(shapes))
        return cls([piece for ring in rings for piece in _cut(shapely.get_coordinates(ring))])

    def distance_m(self, shape: Geometry) -> float | None:
        """
        Distance from ground that lies beyond all outlines to the nearest; None of none.

        Parameters
        ----------
        shape
            In the metric reference system of the outlines; 0 where it touches one.
        """
        if not len(self._tree):
            return None
        _, distances = self._tree.query_nearest(shape, return_distance=True, all_matches=False)
        return float(distances[0])


def _cut(corners: NDArray[np.float64]) -> Iterable[LineString]:
    for start in range(0, len(corners) - 1, CORNERS):
        yield LineString(corners[start : start + CORNERS + 1])
