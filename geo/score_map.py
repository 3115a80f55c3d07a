"""Scores of all ground of a pair, computed once in windows that lie fixed on the grid."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.detector import CHANGE_STEP, COVER_STEP, COVERS, MULTIPLE, Covers, Detector
from geo.grid import Grid, Tile
from geo.memory import room
from geo.radiometry import Picture, Relighting
from geo.raster import Mask, Raster, Read

CORE_PX: Final = 896
MARGIN_PX: Final = 64
"""A window keeps the scores of its core; what lies around it is only looked at."""

NOWHERE: Final = -30.0
"""Score of ground that was not scored: as surely unchanged as no score is."""

FILL_PX: Final = 65
"""Side of the neighbourhood whose mean colour is laid where neither date saw anything."""

PROBABILITY: Final = 255
"""What full probability is kept as."""

type ReadCovers = Callable[[Mask], tuple[Covers, Covers]]
"""Covers of both dates, (`COVERS`, pixels), of the pixels that a mask of the tile marks."""


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
        self.change: NDArray[np.float16] = room(half, np.float16, folder=folder)
        self.change[:] = NOWHERE
        self._covers: NDArray[np.uint8] | None = None
        if covers:
            self._covers = room((2, len(COVERS), *quarter), np.uint8, folder=folder)

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

    def read(self, tile: Tile) -> tuple[NDArray[np.float32], ReadCovers | None]:
        """
        Change of each pixel, interpolated, and what gives covers of those that are asked for.

        Beyond the grid both are as at its rim.
        """
        change = _finer(self.change, tile, step=CHANGE_STEP)
        kept = self._covers
        if kept is None:
            return change, None

        def covers(where: Mask) -> tuple[Covers, Covers]:
            at = np.nonzero(where)
            one, two = (_among(date, tile, at, step=COVER_STEP) / PROBABILITY for date in kept)
            return one.astype(np.float32), two.astype(np.float32)

        return change, covers


def _finer(layer: NDArray[np.generic], tile: Tile, *, step: int) -> NDArray[np.float32]:
    """Interpolate linearly, each pixel by its place on the grid, whatever the tile."""
    rows = _places(tile.row, tile.rows, layer.shape[0], step=step)
    columns = _places(tile.column, tile.columns, layer.shape[1], step=step)
    part = layer[rows.kept, columns.kept].astype(np.float32)
    down, right = rows.past[:, None], columns.past[None, :]
    lines = part[rows.low] * (1 - down) + part[rows.high] * down
    finer: NDArray[np.float32] = np.take(lines, columns.low, axis=1)
    finer *= 1 - right
    finer += np.take(lines, columns.high, axis=1) * right
    return finer


def _among(
    layers: NDArray[np.generic], tile: Tile, at: tuple[NDArray[np.intp], ...], *, step: int
) -> NDArray[np.float32]:
    """Give the same of many layers, (layers, pixels), at some pixels of the tile alone."""
    rows = _places(tile.row, tile.rows, layers.shape[1], step=step)
    columns = _places(tile.column, tile.columns, layers.shape[2], step=step)
    part = layers[:, rows.kept, columns.kept].astype(np.float32)
    row, column = at
    low, high, down = rows.low[row], rows.high[row], rows.past[row]
    left, right = (
        part[:, low, one] * (1 - down) + part[:, high, one] * down
        for one in (columns.low[column], columns.high[column])
    )
    past = columns.past[column]
    return np.asarray(left * (1 - past) + right * past, np.float32)


class _Places(NamedTuple):
    """Where the pixels along one side of a tile lie between the values of a coarser layer."""

    kept: slice
    """The part of the layer that they lie in; the rest counts from its start."""

    low: NDArray[np.intp]
    high: NDArray[np.intp]
    past: NDArray[np.float32]
    """How far beyond the lower value, in steps."""


def _places(first: int, count: int, size: int, *, step: int) -> _Places:
    place = (np.arange(first, first + count) + 0.5) / step - 0.5
    low = int(np.clip(math.floor(place[0]), 0, size - 1))
    high = int(np.clip(math.ceil(place[-1]) + 1, low + 1, size))
    within = np.clip(place - low, 0, high - low - 1)
    lower = within.astype(np.intp)
    return _Places(
        kept=slice(low, high),
        low=lower,
        high=np.minimum(lower + 1, high - low - 1),
        past=(within - lower).astype(np.float32),
    )


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
    for done, whole in enumerate(cores, start=1):
        core = _shown(whole, after(whole.of(grid)).valid)
        if core is not None:
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


def _padded(length: int) -> int:
    return math.ceil(length / MULTIPLE) * MULTIPLE


def _core(layer: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    margin = MARGIN_PX // step
    return layer[..., margin:-margin, margin:-margin]
