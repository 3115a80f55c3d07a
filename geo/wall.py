"""Wall: what stands straight up from all that lies around it, as no loose earth does."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from geo.evidence import ReadHeights
from geo.grid import Grid
from geo.polygons import numbered

type StepUp = Callable[[Polygon], float | None]
"""Gives how much higher ground lies just within an outline than just beyond it, in metres."""

NEAR_M, FAR_M = 1.0, 2.5
"""From an outline to what counts as just within or beyond it: a surface model blurs walls."""

NEAR_CELLS, FAR_CELLS = 1.5, 4.0
"""The same where cells are large."""

MOST_CELLS: Final = 2048
"""Cells along the longer side of a window that is read: no building is larger."""

LEAST_CELLS: Final = 20
"""Cells with a height that it takes on either side."""


def step_up(surface: ReadHeights, grid: Grid) -> StepUp:
    """
    Tell walls by the later surface: what stood there before has no say.

    Loose earth rises from its edge at a slope, so that two metres within it has risen by little
    more than one. A building has all of its height there. Water lies below its banks.

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
    near, far = max(NEAR_M, NEAR_CELLS * grid.pixel_size), max(FAR_M, FAR_CELLS * grid.pixel_size)

    def of(outline: Polygon) -> float | None:
        shared = grid.common(grid.covering(outline.buffer(far)))
        if shared is None or max(shared.rows, shared.columns) > MOST_CELLS:
            return None
        window = shared.of(grid)
        within = numbered([outline], grid=window) > 0
        heights = surface(window)
        sides = []
        for side in (within, ~within):
            away = _away(side) * grid.pixel_size
            known = heights[(away > near) & (away <= far) & np.isfinite(heights)]
            if known.size < LEAST_CELLS:
                return None
            sides.append(float(np.median(known)))
        return sides[0] - sides[1]

    return of


def _away(side: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distance of each cell of one side from the other, in cells."""
    away = cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.asarray(away, np.float32)
