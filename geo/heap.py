"""Heap: earth that stands over all of its rim, as the later surface alone shows it."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np
import shapely
from shapely import Polygon

from geo.evidence import ReadHeights
from geo.grid import Grid
from geo.polygons import numbered

type RiseInward = Callable[[Polygon], float | None]
"""Gives how steeply what lies within an outline stands over its rim, in metres a metre."""

FLANK_M, FLANK_CELLS = 8.0, 6
"""From the rim to where what lies further within is all alike: a heap may be flat on top."""

MOST_CELLS: Final = 512
"""Cells along the longer side of what is read for one outline; larger ones are read coarser."""

LEAST_CELLS: Final = 50
"""Cells with a height that it takes to tell."""


def wholes(outlines: Sequence[Polygon]) -> list[Polygon]:
    """
    Give for each outline all that it lies together with, edge to edge.

    A heap may lie on cleared ground and on bare ground, in the sun and in its own shade: a picture
    parts it by these. No part of it stands over its own rim, the whole does.
    """
    parts = shapely.get_parts(shapely.union_all(outlines))
    tree = shapely.STRtree(parts)
    inside = (outline.representative_point() for outline in outlines)
    return [parts[tree.query(point, predicate="within")[0]] for point in inside]


def rise_inward(surface: ReadHeights, grid: Grid) -> RiseInward:
    """
    Tell heaps by the later surface: what stood there before has no say.

    Heights are fitted by the distance from the rim, as far as the flank of a heap goes, and by a
    plane, so that ground that leans as a whole is none. A building is flat to its edge; crowns
    along a clearing make it a bowl.

    Parameters
    ----------
    surface
        Gives the later heights on a window, in metres above any level.
    grid
        The analysis grid, in metres.

    Returns
    -------
    RiseInward
        None of ground without known heights.
    """

    def of(outline: Polygon) -> float | None:
        window = grid.covering(outline)
        window = window.coarser(math.ceil(max(window.shape) / MOST_CELLS))
        within = np.pad(numbered([outline], grid=window) > 0, 1).view(np.uint8)
        cell = window.pixel_size
        far = cv2.distanceTransform(within, cv2.DIST_L2, cv2.DIST_MASK_5)[1:-1, 1:-1] * cell
        heights = surface(window)
        known = (far > 0) & np.isfinite(heights)
        rows, columns = np.nonzero(known)
        if rows.size < LEAST_CELLS:
            return None
        inward = np.minimum(far[known].astype(np.float64), max(FLANK_M, FLANK_CELLS * cell))
        plane = (np.ones(rows.size), rows - rows.mean(), columns - columns.mean())
        above = heights[known].astype(np.float64)
        terms = np.stack([inward, *plane], axis=1)
        return float(np.linalg.lstsq(terms, above - above.mean(), rcond=None)[0][0])

    return of
