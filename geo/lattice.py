"""Positions computed exactly at some places of a grid, and linearly between."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geo.grid import Grid

type Floats = NDArray[np.float64]


def by_lattice(
    there: Callable[[Floats, Floats], Floats],
    grid: Grid,
    *,
    spacing: int,
) -> Floats:
    """
    Positions of the pixel centres of a grid, exact on a lattice and linear between.

    Parameters
    ----------
    there
        Takes columns and rows of the grid, gives (2, ...) columns and rows in an image.
    grid
        The pixels asked for.
    spacing
        Of the lattice, in pixels of the grid.

    Returns
    -------
    numpy.ndarray
        (2, rows, columns).
    """
    columns = np.arange(0, grid.columns + spacing, spacing, dtype=np.float64)
    rows = np.arange(0, grid.rows + spacing, spacing, dtype=np.float64)
    lattice = there(*np.meshgrid(columns, rows))
    at_columns = (np.arange(grid.columns) + 0.5) / spacing
    at_rows = (np.arange(grid.rows) + 0.5) / spacing
    return _between(lattice, at_columns, at_rows)


def _between(lattice: Floats, columns: Floats, rows: Floats) -> Floats:
    c, r = columns.astype(int), rows.astype(int)
    past_c, past_r = (columns - c)[None, None, :], (rows - r)[None, :, None]
    along = lattice[:, r] * (1 - past_r) + lattice[:, r + 1] * past_r
    value: Floats = along[:, :, c] * (1 - past_c) + along[:, :, c + 1] * past_c
    return value
