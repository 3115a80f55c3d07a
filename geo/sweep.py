"""The sweep: a detector looks at all ground of a pair once, in windows fixed on the grid."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from geo.ahead import ahead
from geo.detector import MULTIPLE, Detector
from geo.glimpse import CELL_PX, MARGIN_PX, core_scores
from geo.grid import Grid, Tile
from geo.radiometry import Relighting
from geo.raster import Mask, Read
from geo.score_map import ScoreMap
from geo.shown import Shown

CORE_PX: Final = 896
"""Side of the windows, without the margin around them that is only looked at."""


def scored(  # noqa: PLR0913 - two flights and how they meet
    detector: Detector,
    before: Read,
    after: Read,
    grid: Grid,
    *,
    light: Relighting | None,
    glimpse: float | None = None,
    folder: Path | None = None,
    advance: Callable[[float], None] | None = None,
) -> ScoreMap:
    """
    Score all ground that both dates saw, the first in the light of the second.

    The windows lie fixed on the grid, so that no cut into tiles and no number of threads shows.
    Where there is a `glimpse`, most ground is scored at half the detail (`geo.glimpse`).
    """
    step = MULTIPLE if glimpse is None else CELL_PX
    kept: ScoreMap | None = None
    cores = list(grid.tiles(CORE_PX))

    def looked_at(whole: Tile) -> tuple[Tile, Shown] | None:
        core = _seen_part(whole, after(whole.of(grid)).valid)
        if core is None:
            return None
        window = Tile(
            row=core.row - MARGIN_PX,
            column=core.column - MARGIN_PX,
            rows=_padded(core.rows, step) + 2 * MARGIN_PX,
            columns=_padded(core.columns, step) + 2 * MARGIN_PX,
        ).of(grid)
        first, second = before(window), after(window)
        if not (first.valid & second.valid).any():
            return None
        return core, Shown(before=first, after=second, light=light)

    # The next window is read while the detector looks at one.
    for done, window in enumerate(ahead(map(looked_at, cores), most=1), start=1):
        if window is not None:
            core, shown = window
            said = core_scores(detector, shown, glimpse=glimpse)
            if kept is None:
                kept = ScoreMap(grid, covers=said.covers is not None, folder=folder)
            kept.put(core, said)
        if advance is not None:
            advance(done / len(cores))
    return kept or ScoreMap(grid, covers=False, folder=folder)


def _seen_part(core: Tile, seen: Mask) -> Tile | None:
    """Part of a core that shows ground, which still begins on a multiple; None where none does."""
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        return None
    top, left = (int(marked[0]) // MULTIPLE * MULTIPLE for marked in (rows, columns))
    return Tile(
        row=core.row + top,
        column=core.column + left,
        rows=int(rows[-1]) + 1 - top,
        columns=int(columns[-1]) + 1 - left,
    )


def _padded(length: int, step: int) -> int:
    return math.ceil(length / step) * step
