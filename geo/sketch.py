"""A sketch: shapes with as few vertices as a map needs, and how far off they then are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, LineString, Point, Polygon

AREAL = 2
"""Dimension of what has an area."""

FIRST_M = 0.1
"""Tolerance that is tried first; each next one is twice as large."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sketch:
    """Shapes to draw, in the system of what they were made from."""

    polygons: tuple[Polygon, ...]
    lines: tuple[LineString, ...]
    points: tuple[Point, ...]
    within_m: float
    """No outline lies farther than this from what it draws; 0 where nothing was left out."""

    @property
    def vertices(self) -> int:
        """How many positions are to be drawn."""
        shapes = (*self.polygons, *self.lines, *self.points)
        return int(shapely.get_num_coordinates(shapes).sum())


def sketch(shapes: Sequence[Geometry], *, most_vertices: int) -> Sketch:
    """
    Shapes thinned just so far that they have no more vertices than asked for.

    Outlines are simplified; what is smaller than the tolerance becomes a point, and points
    closer than it become one: nothing vanishes without a sign.

    Parameters
    ----------
    shapes
        Points, lines and polygons, in a system of metres.
    most_vertices
        At least 4.
    """
    flat = shapely.get_parts(shapely.get_parts(shapes))
    drawn, within_m = _sorted(flat, within_m=0.0), FIRST_M
    while drawn.vertices > most_vertices:
        drawn = _sorted(_thinned(flat, within_m), within_m=within_m)
        within_m *= 2
    return drawn


def _thinned(flat: NDArray[Any], within_m: float) -> list[Geometry]:
    # Two pieces of one cell are then never farther apart than the tolerance.
    side = within_m / 4
    bounds = shapely.bounds(flat)
    small = (bounds[:, 2:] - bounds[:, :2]).max(axis=1) <= side
    cells = np.floor(bounds[small, :2] / side)
    first = np.sort(np.unique(cells, axis=0, return_index=True)[1])
    large = flat[~small]
    areal = shapely.get_dimensions(large) == AREAL
    return [
        *shapely.simplify(large[areal], within_m),
        # A line that crosses itself stays one; to look for crossings would only take long.
        *shapely.simplify(large[~areal], within_m, preserve_topology=False),
        *shapely.point_on_surface(flat[small][first]),
    ]


def _sorted(flat: Iterable[Geometry], *, within_m: float) -> Sketch:
    drawn = np.array([*flat], dtype=object)
    drawn = drawn[~shapely.is_empty(drawn)]
    return Sketch(
        polygons=tuple(one for one in drawn if isinstance(one, Polygon)),
        lines=tuple(one for one in drawn if isinstance(one, LineString)),
        points=tuple(one for one in drawn if isinstance(one, Point)),
        within_m=within_m,
    )
