"""The sweep: a detector looks at all ground of a pair once, in windows fixed on the grid."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from geo.detector import MULTIPLE, Detector
from geo.glimpse import CELL_PX, MARGIN_PX, core_scores
from geo.grid import Grid, Tile
from geo.radiometry import Picture, Relighting
from geo.raster import Mask, Raster, Read
from geo.score_map import ScoreMap

CORE_PX: Final = 896
"""Side of the windows, without the margin around them that is only looked at."""

FILL_PX: Final = 65
"""Side of the neighbourhood whose mean colour is laid where neither date saw anything."""


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
    for done, whole in enumerate(cores, start=1):
        core = _shown(whole, after(whole.of(grid)).valid)
        if core is not None:
            window = Tile(
                row=core.row - MARGIN_PX,
                column=core.column - MARGIN_PX,
                rows=_padded(core.rows, step) + 2 * MARGIN_PX,
                columns=_padded(core.columns, step) + 2 * MARGIN_PX,
            ).of(grid)
            first, second = before(window), after(window)
            if (first.valid & second.valid).any():
                lit = light.applied(first) if light else first.values[:3].astype(np.float32)
                pictures = filled(lit, first.valid, second)
                said = core_scores(detector, *pictures, glimpse=glimpse)
                if kept is None:
                    kept = ScoreMap(grid, covers=said.covers is not None, folder=folder)
                kept.put(core, said)
        if advance is not None:
            advance(done / len(cores))
    return kept or ScoreMap(grid, covers=False, folder=folder)


def _shown(core: Tile, seen: Mask) -> Tile | None:
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


def filled(before: Picture, seen: Mask, after: Raster) -> tuple[Picture, Picture]:
    """
    Lay what the other date shows where one saw nothing, and one plain colour where neither did.

    Both pictures are then alike there, and nothing ends with an edge.
    """
    later = after.values[:3].astype(np.float32)
    if seen.all() and after.valid.all():
        return before, later
    either = (seen | after.valid).astype(np.float32)
    first = np.where(seen, before, later)
    second = np.where(after.valid, later, before)
    if either.all():
        return first, second
    size = (FILL_PX, FILL_PX)
    share = cv2.blur(either, size)
    for band, (one, two) in enumerate(zip(first, second, strict=True)):
        both = (one + two) / 2 * either
        mean = both.sum() / max(float(either.sum()), 1.0)
        near = np.where(share > 0, cv2.blur(both, size) / np.maximum(share, 1e-6), mean)
        first[band] = np.where(either > 0, one, near)
        second[band] = np.where(either > 0, two, near)
    return first, second


def _padded(length: int, step: int) -> int:
    return math.ceil(length / step) * step
