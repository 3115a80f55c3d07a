"""Scores of all ground of a pair, by pixel of the grid."""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.detector import CHANGE_STEP, COVER_STEP, COVERS, Covers, Scores
from geo.grid import Grid, Tile
from geo.memory import room
from geo.raster import Mask

NOWHERE: Final = -30.0
"""Score of ground that was not scored: as surely unchanged as no score is."""

PROBABILITY: Final = 255
"""What full probability is kept as."""

type ReadCover = Callable[[Mask], Covers]
"""Covers of one date, (`COVERS`, pixels), of the pixels that a mask of the tile marks."""


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

    def put(self, core: Tile, said: Scores) -> None:
        """Keep the scores of a core; its first pixel lies on a multiple of the steps."""
        change = said.change
        row, column = core.row // CHANGE_STEP, core.column // CHANGE_STEP
        into = self.change[row : row + change.shape[0], column : column + change.shape[1]]
        into[:] = change[: into.shape[0], : into.shape[1]]
        if self._covers is None or said.covers is None:
            return
        row, column = core.row // COVER_STEP, core.column // COVER_STEP
        for kept, cover in zip(self._covers, said.covers, strict=True):
            part = kept[:, row : row + cover.shape[1], column : column + cover.shape[2]]
            part[:] = np.rint(cover[:, : part.shape[1], : part.shape[2]] * PROBABILITY)

    def read(self, tile: Tile) -> tuple[NDArray[np.float32], tuple[ReadCover, ReadCover] | None]:
        """
        Change of each pixel, interpolated, and for each date what gives the covers asked for.

        Beyond the grid both are as at its rim.
        """
        change = _finer(self.change, tile, step=CHANGE_STEP)
        kept = self._covers
        if kept is None:
            return change, None

        def covers(date: int, where: Mask) -> Covers:
            found = _among(kept[date], tile, np.nonzero(where), step=COVER_STEP)
            found /= PROBABILITY
            return found

        return change, (partial(covers, 0), partial(covers, 1))


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
    # What is asked of a place lies side by side there: each is fetched once.
    kept = np.moveaxis(layers[:, rows.kept, columns.kept], 0, -1)
    places = np.ascontiguousarray(kept, np.float32).reshape(-1, len(layers))
    row, column = at
    low, high = rows.low[row] * kept.shape[1], rows.high[row] * kept.shape[1]
    down, past = rows.past[row][:, None], columns.past[column][:, None]
    left, right = (
        _between(places.take(low + one, axis=0), places.take(high + one, axis=0), down)
        for one in (columns.low[column], columns.high[column])
    )
    return _between(left, right, past).T


def _between(
    one: NDArray[np.float32], other: NDArray[np.float32], past: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Weigh two values, in the room that they take."""
    one *= 1 - past
    other *= past
    one += other
    return one


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
