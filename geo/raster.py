"""Pixels in memory, for one window."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.grid import Grid, Tile

type Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Raster:
    """Pixels of one window."""

    values: NDArray[np.uint8]
    """(bands, rows, columns); red, green, blue of a picture. Zero where not valid."""

    valid: Mask
    """(rows, columns); True where the ground was seen."""

    grid: Grid

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit one another."""
        if self.values.shape[1:] != self.grid.shape or self.valid.shape != self.grid.shape:
            raise ValueError(
                f"values {self.values.shape} and valid {self.valid.shape} on grid {self.grid.shape}"
            )

    def part(self, part: tuple[slice, slice]) -> "Raster":
        """Give some rows and columns, as views."""
        rows, columns = part
        tile = Tile(
            row=rows.start,
            column=columns.start,
            rows=rows.stop - rows.start,
            columns=columns.stop - columns.start,
        )
        return Raster(
            values=self.values[:, rows, columns], valid=self.valid[part], grid=tile.of(self.grid)
        )


type Read = Callable[[Grid], Raster]
"""Gives the pixels of one flight on whatever window is asked for."""
