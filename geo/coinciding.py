"""Grids whose pixels are those of an image, or of its overviews: nothing has to be resampled."""

import math

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.windows import Window

from geo.grid import Grid
from geo.raster import Raster
from geo.resampling import SEEN_SHARE

ALIGNED_PX = 0.005
"""Grids whose corners differ by less than this share their pixels: it is below rounding."""


def alike(home: Grid, grid: Grid) -> bool:
    """Whether two grids lie in one reference system."""
    return home.crs is grid.crs or home.crs == grid.crs


def aligned(home: Grid, grid: Grid) -> tuple[int, int, int] | None:
    """
    Find the pixels of an image that are those of a grid.

    Parameters
    ----------
    home
        Grid of the image.
    grid
        The pixels asked for.

    Returns
    -------
    tuple or None
        How many pixels of the image are one of the grid along a side, a power of two; and the row
        and column at which the grid starts, counted in its own pixels. None where no pixels of
        the image, and none of an overview that ends with it, coincide with the grid's.
    """
    if not alike(home, grid):
        return None
    a, b, c, d, e, f = (~home.transform @ grid.transform)[:6]
    factor, row, column = max(round(a), 1), round(f), round(c)
    if factor & (factor - 1) or any(px % factor for px in (row, column, *home.shape)):
        return None
    for x, y in ((0, 0), (grid.columns, 0), (0, grid.rows)):
        there = a * x + b * y + c, d * x + e * y + f
        if math.dist(there, (x * factor + column, y * factor + row)) > ALIGNED_PX:
            return None
    return factor, row // factor, column // factor


def copied(
    dataset: rasterio.DatasetReader, home: Grid, grid: Grid, start: tuple[int, int, int]
) -> Raster:
    """
    Pixels as they are: what coincides is never resampled.

    Parameters
    ----------
    dataset
        The image, with a validity mask.
    home
        Its grid.
    grid
        The pixels asked for; those beyond the image are not seen.
    start
        From `aligned`.
    """
    values = np.zeros((dataset.count, *grid.shape), np.uint8)
    valid = np.zeros(grid.shape, np.bool_)
    factor, row, column = start
    top, left = max(row, 0), max(column, 0)
    bottom = min(row + grid.rows, home.rows // factor)
    right = min(column + grid.columns, home.columns // factor)
    if bottom > top and right > left:
        shape = bottom - top, right - left
        window = Window(*(factor * px for px in (left, top, *shape[::-1])))
        here = (slice(top - row, bottom - row), slice(left - column, right - column))
        how = Resampling.average
        mask = dataset.dataset_mask(window=window, out_shape=shape, resampling=how)
        valid[here] = mask > (0 if factor == 1 else SEEN_SHARE * np.iinfo(mask.dtype).max)
        read = dataset.read(window=window, out_shape=(dataset.count, *shape), resampling=how)
        np.multiply(read, valid[here], out=values[:, *here])
    return Raster(values=values, valid=valid, grid=grid)
