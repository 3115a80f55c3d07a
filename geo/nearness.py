"""Nearness: how far ground lies from outlines that may have a hundred thousand corners."""

import math
from collections.abc import Iterable, Sequence
from typing import Self

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from shapely import Geometry, LineString, STRtree

from geo.elevation import places
from geo.grid import Grid
from geo.raster import Mask

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

    def reach(self, points: NDArray[np.object_], *, within_m: float) -> Mask:
        """Which points lie no farther from an outline than that."""
        reached = np.zeros(len(points), dtype=bool)
        reached[self._tree.query(points, predicate="dwithin", distance=within_m)[0]] = True
        return reached


def cells_near(shapes: Sequence[Geometry], *, grid: Grid, within_m: float) -> Mask:
    """
    Mark cells whose centres lie in shapes or near them.

    Only around outlines is a distance measured; to grow the shapes themselves takes ten times
    as long where they have the stairs of pixels.

    Parameters
    ----------
    shapes
        Polygons in the grid's metric reference system.
    within_m
        Distance from a shape up to which a centre is near, in metres.

    Returns
    -------
    numpy.ndarray
        (rows, columns), True where a centre is near.
    """
    drawable = [one for one in shapes if not shapely.is_empty(one)]
    if not drawable:
        return np.zeros(grid.shape, dtype=bool)
    drawn = (drawable, grid.shape, grid.transform)
    near: Mask = geometry_mask(*drawn, invert=True)
    touched = geometry_mask(*drawn, invert=True, all_touched=True)
    steps = math.ceil(within_m / grid.pixel_size) + 1
    grown = cv2.dilate(touched.view(np.uint8), np.ones((3, 3), np.uint8), iterations=steps)
    around = grown.view(np.bool_) & ~near
    x, y = (centres[around] for centres in places(grid))
    near[around] = Outlines.of(drawable).reach(np.array(shapely.points(x, y)), within_m=within_m)
    return near


def _cut(corners: NDArray[np.float64]) -> Iterable[LineString]:
    for start in range(0, len(corners) - 1, CORNERS):
        yield LineString(corners[start : start + CORNERS + 1])
