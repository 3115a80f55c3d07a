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
    c, r = columns.astype(np.intp), rows.astype(np.intp)
    past_c, past_r = (columns - c)[None, None, :], (rows - r)[None, :, None]
    along = _taken(lattice, r, axis=1) * (1 - past_r) + _taken(lattice, r + 1, axis=1) * past_r
    value: Floats = _taken(along, c, axis=2) * (1 - past_c)
    value += _taken(along, c + 1, axis=2) * past_c
    return value


def _taken(values: Floats, at: NDArray[np.intp], *, axis: int) -> Floats:
    """Take places along an axis; indexing would give them in an order slow to go through."""
    taken: Floats = np.take(values, at, axis=axis)
    return taken
