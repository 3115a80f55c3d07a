"""Scores of all ground of a pair, computed once in windows that lie fixed on the grid."""

import math
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.detector import CHANGE_STEP, COVER_STEP, COVERS, MULTIPLE, Covers, Detector
from geo.grid import Grid, Tile
from geo.radiometry import Picture, Relighting
from geo.raster import Mask, Raster, Read

CORE_PX: Final = 896
MARGIN_PX: Final = 64
"""A window keeps the scores of its core; what lies around it is only looked at."""

NOWHERE: Final = -30.0
"""Score of ground that was not scored: as surely unchanged as no score is."""

FILL_PX: Final = 65
"""Side of the neighbourhood whose mean colour is laid where neither date saw anything."""

IN_MEMORY_BYTES: Final = 64 << 20
"""Arrays larger than this lie in a file."""

PROBABILITY: Final = 255
"""What full probability is kept as."""


class ScoreMap:
    """
    Scores by pixel of the grid, kept in files without a name where the site is large.

    Parameters
    ----------
    grid
        The analysis grid.
    covers
        Whether the covers of both dates are kept too.
    folder
        Where such files lie; the system's own place for passing files where None.
    """

    def __init__(self, grid: Grid, *, covers: bool, folder: Path | None) -> None:
        half = tuple(math.ceil(side / CHANGE_STEP) for side in grid.shape)
        quarter = tuple(math.ceil(side / COVER_STEP) for side in grid.shape)
        self.change: NDArray[np.float16] = _kept(half, np.float16, folder)
        self.change[:] = NOWHERE
        self._covers: NDArray[np.uint8] | None = None
        if covers:
            self._covers = _kept((2, len(COVERS), *quarter), np.uint8, folder)

    @property
    def names_covers(self) -> bool:
        """Whether covers are kept."""
        return self._covers is not None

    def put(self, core: Tile, change: NDArray[np.float32], covers: list[Covers]) -> None:
        """Keep the scores of a core; its first pixel lies on a multiple of the steps."""
        row, column = core.row // CHANGE_STEP, core.column // CHANGE_STEP
        into = self.change[row : row + change.shape[0], column : column + change.shape[1]]
        into[:] = change[: into.shape[0], : into.shape[1]]
        if self._covers is None:
            return
        row, column = core.row // COVER_STEP, core.column // COVER_STEP
        for kept, said in zip(self._covers, covers, strict=True):
            part = kept[:, row : row + said.shape[1], column : column + said.shape[2]]
            part[:] = np.rint(said[:, : part.shape[1], : part.shape[2]] * PROBABILITY)

    def read(self, tile: Tile) -> tuple[NDArray[np.float32], tuple[Covers, Covers] | None]:
        """Change and covers of each pixel, interpolated; beyond the grid as at its rim."""
        change = _finer(self.change, tile, step=CHANGE_STEP)
        if self._covers is None:
            return change, None
        one, two = (
            np.stack([_finer(layer, tile, step=COVER_STEP) for layer in date]) / PROBABILITY
            for date in self._covers
        )
        return change, (one.astype(np.float32), two.astype(np.float32))


def _kept(shape: tuple[int, ...], kind: type[np.generic], folder: Path | None) -> NDArray[Any]:
    """Room for an array: in memory where it is small, else in a file that ends with it."""
    size = math.prod(shape) * np.dtype(kind).itemsize
    if size <= IN_MEMORY_BYTES:
        return np.zeros(shape, kind)
    with tempfile.TemporaryFile(dir=folder) as file:
        # Taken now: a disk that is found full later would end the process without a word.
        os.posix_fallocate(file.fileno(), 0, size)
        return np.memmap(file, dtype=kind, mode="r+", shape=shape)


def _finer(layer: NDArray[np.generic], tile: Tile, *, step: int) -> NDArray[np.float32]:
    """Interpolate linearly, each pixel by its place on the grid, whatever the tile."""
    axes = []
    for first, count, size in (
        (tile.row, tile.rows, layer.shape[0]),
        (tile.column, tile.columns, layer.shape[1]),
    ):
        place = (np.arange(first, first + count) + 0.5) / step - 0.5
        low = int(np.clip(math.floor(place[0]), 0, size - 1))
        high = int(np.clip(math.ceil(place[-1]) + 1, low + 1, size))
        axes.append((slice(low, high), np.clip(place - low, 0, high - low - 1)))
    (rows, y), (columns, x) = axes
    part = layer[rows, columns].astype(np.float32)
    y0, x0 = y.astype(int), x.astype(int)
    y1, x1 = np.minimum(y0 + 1, part.shape[0] - 1), np.minimum(x0 + 1, part.shape[1] - 1)
    down = (y - y0).astype(np.float32)[:, None]
    right = (x - x0).astype(np.float32)[None, :]
    lines = part[y0] * (1 - down) + part[y1] * down
    finer: NDArray[np.float32] = lines[:, x0] * (1 - right) + lines[:, x1] * right
    return finer


def scored(  # noqa: PLR0913 - two flights and how they meet
    detector: Detector,
    before: Read,
    after: Read,
    grid: Grid,
    *,
    light: Relighting | None,
    folder: Path | None = None,
    advance: Callable[[float], None] | None = None,
) -> ScoreMap:
    """
    Score all ground that both dates saw, the first in the light of the second.

    The windows lie fixed on the grid, so that no cut into tiles and no number of threads shows.
    """
    kept: ScoreMap | None = None
    cores = list(grid.tiles(CORE_PX))
    for done, core in enumerate(cores, start=1):
        window = Tile(
            row=core.row - MARGIN_PX,
            column=core.column - MARGIN_PX,
            rows=_padded(core.rows) + 2 * MARGIN_PX,
            columns=_padded(core.columns) + 2 * MARGIN_PX,
        ).of(grid)
        first, second = before(window), after(window)
        if (first.valid & second.valid).any():
            lit = light.applied(first) if light else first.values[:3].astype(np.float32)
            said = detector.scores(*filled(lit, first.valid, second))
            if kept is None:
                kept = ScoreMap(grid, covers=said.covers is not None, folder=folder)
            inner = [_core(layer, COVER_STEP) for layer in said.covers or ()]
            kept.put(core, _core(said.change, CHANGE_STEP), inner)
        if advance is not None:
            advance(done / len(cores))
    return kept or ScoreMap(grid, covers=False, folder=folder)


def filled(before: Picture, seen: Mask, after: Raster) -> tuple[Picture, Picture]:
    """
    Lay what the other date shows where one saw nothing, and one plain colour where neither did.

    Both pictures are then alike there, and nothing ends with an edge.
    """
    later = after.values[:3].astype(np.float32)
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


def _padded(length: int) -> int:
    return math.ceil(length / MULTIPLE) * MULTIPLE


def _core(layer: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    margin = MARGIN_PX // step
    return layer[..., margin:-margin, margin:-margin]
