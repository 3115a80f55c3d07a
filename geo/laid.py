"""Laid pixels: a flight laid on a grid once, and read from there however often it is asked for."""

import math
import threading
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.grid import Grid, Tile
from geo.memory import let_go, room
from geo.raster import Raster, Read

BLOCK_PX: Final = 1024
"""Side of the blocks that are laid at a time; they lie fixed on the grid."""

MARGIN_PX: Final = 128
"""Pixels beyond the grid that are laid too: windows at its rim look that far."""

ROUNDING_PX: Final = 1e-4
"""What rounding may leave between the pixels of a grid and those of its part."""


class Laid:
    """
    `geo.raster.Read` that asks another one for each block of a grid once.

    A pixel is the same in whatever window it is read: positions are rounded from the start of
    what is asked for, and so the other reader's pixels are not, by a digital number in places.

    Parameters
    ----------
    read
        Gives the pixels.
    grid
        What they are laid on. Windows that are no part of it, as coarser ones, are read directly.
    folder
        Where the file lies; the system's own place for passing files where None.
    """

    def __init__(self, read: Read, grid: Grid, *, folder: Path | None) -> None:
        self._read = read
        whole = Tile(row=0, column=0, rows=grid.rows, columns=grid.columns)
        self._grid = whole.of(grid, margin=MARGIN_PX)
        blocks = tuple(math.ceil(side / BLOCK_PX) for side in self._grid.shape)
        self._is_there = np.zeros(blocks, np.bool_)
        self._folder = folder
        self._laying = threading.Lock()
        self._pixels: NDArray[np.uint8] | None = None

    def __call__(self, window: Grid) -> Raster:
        """Read a window."""
        tile = self._place(window)
        if tile is None:
            return self._read(window)
        rows, columns = (
            range(first // BLOCK_PX, math.ceil((first + length) / BLOCK_PX))
            for first, length in ((tile.row, tile.rows), (tile.column, tile.columns))
        )
        with self._laying:
            for row in rows:
                for column in columns:
                    if not self._is_there[row, column]:
                        self._lay(row, column)
        if self._pixels is None:
            raise AssertionError
        part = np.array(self._pixels[:, *tile.slices])
        let_go(self._pixels)  # where it is in a file, memory is for others
        return Raster(values=part[:-1], valid=part[-1].view(np.bool_), grid=window)

    def _place(self, window: Grid) -> Tile | None:
        """Where a window lies on the grid; None where it is no part of it."""
        there = ~self._grid.transform @ window.transform
        row, column = round(there.f), round(there.c)
        turned = abs(there.a - 1) + abs(there.b) + abs(there.d) + abs(there.e - 1)
        off = max(abs(there.f - row), abs(there.c - column), turned * max(window.shape))
        inside = (
            row >= 0
            and column >= 0
            and row + window.rows <= self._grid.rows
            and column + window.columns <= self._grid.columns
        )
        if window.crs != self._grid.crs or off > ROUNDING_PX or not inside:
            return None
        return Tile(row=row, column=column, rows=window.rows, columns=window.columns)

    def _lay(self, row: int, column: int) -> None:
        top, left = row * BLOCK_PX, column * BLOCK_PX
        block = Tile(
            row=top,
            column=left,
            rows=min(BLOCK_PX, self._grid.rows - top),
            columns=min(BLOCK_PX, self._grid.columns - left),
        )
        raster = self._read(block.of(self._grid))
        if self._pixels is None:
            layers = len(raster.values) + 1
            self._pixels = room((layers, *self._grid.shape), np.uint8, folder=self._folder)
        self._pixels[:-1, *block.slices] = raster.values
        self._pixels[-1][block.slices] = raster.valid
        self._is_there[row, column] = True
