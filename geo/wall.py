"""Wall: what stands straight up from all that lies around it, as no loose earth does."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from geo.evidence import Heights, ReadHeights
from geo.grid import Grid
from geo.polygons import numbered

type StepUp = Callable[[Polygon], float | None]
"""Gives how high ground stands straight up from what lies beyond an outline, in metres."""

NEAR_M, FAR_M = 1.0, 2.5
"""From an outline to what counts as just within or beyond it: a surface model blurs walls."""

RIM_M: Final = 1.0
"""A wall has all of its height within so much of the outline, on either side."""

COARSEST_M: Final = 0.5
"""Larger cells do not tell a wall from a slope of loose earth."""

MOST_CELLS: Final = 2048
"""Cells along the longer side of a window that is read: no building is larger."""

LEAST_CELLS: Final = 20
"""Cells with a height that it takes at the outline and on either side."""


def step_up(surface: ReadHeights, grid: Grid) -> StepUp:
    """
    Tell walls by the later surface: what stood there before has no say.

    It is the lesser of two heights: how much higher ground lies just within than just beyond, and
    how much heights differ across the outline. Loose earth rises by little over a metre there; a
    part of a heap may lie high above what is beyond it, and has no step. Water lies below its
    banks, and ground among trees below their crowns.

    Parameters
    ----------
    surface
        Gives the later heights on a window, in metres above any level.
    grid
        The analysis grid, in metres.

    Returns
    -------
    StepUp
        None of ground without known heights on both sides, and of what no building is as large as.
    """
    cell = grid.pixel_size

    def of(outline: Polygon) -> float | None:
        shared = grid.common(grid.covering(outline, margin=FAR_M))
        if shared is None or max(shared.rows, shared.columns) > MOST_CELLS or cell > COARSEST_M:
            return None
        window = shared.of(grid)
        within = numbered([outline], grid=window) > 0
        heights = surface(window)
        away = np.where(within, _away(within), -_away(~within)) * cell
        higher = _median(heights, (away > NEAR_M) & (away <= FAR_M))
        lower = _median(heights, (away < -NEAR_M) & (away >= -FAR_M))
        across = _median(_range(heights, round(RIM_M / cell)), np.abs(away) <= cell)
        if higher is None or lower is None or across is None:
            return None
        return min(higher - lower, across)

    return of


def _away(side: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distance of each cell of one side from the other, in cells."""
    away = cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.asarray(away, np.float32)


def _range(heights: Heights, radius: int) -> Heights:
    """How much known heights differ within some cells of each cell."""
    size = (2 * radius + 1, 2 * radius + 1)
    around = np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size), np.uint8)
    known = np.isfinite(heights)
    most = cv2.dilate(np.where(known, heights, -np.inf).astype(np.float32), around)
    least = cv2.erode(np.where(known, heights, np.inf).astype(np.float32), around)
    return np.subtract(most, least, out=np.full_like(most, np.nan), where=known)


def _median(heights: Heights, where: NDArray[np.bool_]) -> float | None:
    """Middle of the known heights of some cells; None where these are too few."""
    known = heights[where & np.isfinite(heights)]
    return float(np.median(known)) if known.size >= LEAST_CELLS else None
