"""Surface heights, read onto any grid."""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.windows import Window

from geo.grid import Grid
from geo.raster import Mask
from geo.warp import NOWHERE_PX, dataset_grid, source_positions

KNOWN_SHARE = 0.5
"""Share of a cell that must have a height for the cell to have one."""

MOST_ALONG = 4
"""Places along a cell at the most: sixteen of a cell tell its mean well enough."""

SAME_STEP = 0.01
"""Share of a pixel by which a cell may be larger than it and still be read at one place."""

SIDE_AT_ONCE = 2048
"""Places, and pixels of the file, along the side of what is interpolated at once; OpenCV takes no
picture of 32,767 pixels or more."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Heights:
    """Heights, or differences of heights, of one window."""

    values: NDArray[np.float32]
    """(rows, columns), metres. Zero where not valid."""

    valid: Mask
    """(rows, columns); True where a height is known."""

    grid: Grid

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit one another."""
        if self.values.shape != self.grid.shape or self.valid.shape != self.grid.shape:
            raise ValueError(
                f"values {self.values.shape} and valid {self.valid.shape} on grid {self.grid.shape}"
            )


def read_heights(path: Path, grid: Grid, *, moved: Affine | None = None) -> Heights:
    """
    Read a surface model onto any grid: interpolated linearly, averaged over coarser cells.

    An even slope is told exactly wherever the cells lie, so that two dates on one grid differ by
    what changed. GDAL's warp would take its filter from the ratio of two windows in whole pixels:
    on a slope that lifts a window as a whole, by centimetres.

    Parameters
    ----------
    path
        A file this product wrote itself: one band of heights in metres, with a nodata value
        where some are unknown.
    grid
        The cells asked for.
    moved
        A last correction on the ground, in the reference system of the file: what it places at
        p is read at ``moved @ p``.

    Returns
    -------
    Heights
        Not valid outside the file, and where most of a cell has no height or none that is finite.
    """
    with rasterio.open(path, driver="GTiff") as dataset:
        if MaskFlags.per_dataset in dataset.mask_flag_enums[0]:
            raise ValueError("unknown heights are told by a nodata value here, not by a mask")
        home = dataset_grid(dataset)
        if moved is not None:
            home = replace(home, transform=moved @ home.transform)
        step = _step_px(home, grid)
        along = min(max(math.ceil(step - SAME_STEP), 1), MOST_ALONG)
        values = np.empty(grid.shape, np.float32)
        for tile in grid.tiles(max(SIDE_AT_ONCE // max(along, math.ceil(step)), 1)):
            values[tile.slices] = _averaged(dataset, home, tile.of(grid), along)
    valid: Mask = np.isfinite(values)
    return Heights(values=np.where(valid, values, np.float32(0)), valid=valid, grid=grid)


def _step_px(home: Grid, grid: Grid) -> float:
    """Pixels of a file from one cell of a grid to the next; zero where that is not known."""
    middle = grid.transform @ Affine.translation(grid.columns // 2, grid.rows // 2)
    at = source_positions(home, Grid(crs=grid.crs, transform=middle, rows=2, columns=2))
    across, down = at[:, 0, 1] - at[:, 0, 0], at[:, 1, 0] - at[:, 0, 0]
    step = max(math.hypot(*across), math.hypot(*down))
    return step if math.isfinite(step) else 0.0


def _averaged(
    dataset: rasterio.DatasetReader, home: Grid, grid: Grid, along: int
) -> NDArray[np.float32]:
    """Mean height of evenly spread places in every cell, NaN where not known."""
    finer = Grid(
        crs=grid.crs,
        transform=grid.transform @ Affine.scale(1 / along),
        rows=grid.rows * along,
        columns=grid.columns * along,
    )
    cells = (grid.rows, along, grid.columns, along)
    total, share = (
        one.reshape(cells).sum(axis=(1, 3))
        for one in _interpolated(dataset, source_positions(home, finer))
    )
    enough = share > KNOWN_SHARE * along**2
    mean = np.divide(total, share, out=np.full(grid.shape, np.nan), where=enough)
    told: NDArray[np.float32] = mean.astype(np.float32)
    return told


def _interpolated(
    dataset: rasterio.DatasetReader, positions: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Heights at positions times the share of them that is known, and that share."""
    nothing = np.zeros(positions.shape[1:])
    reach = positions.min(axis=(1, 2)), positions.max(axis=(1, 2))
    if not np.isfinite(reach).all():
        somewhere = positions[:, np.isfinite(positions).all(axis=0)]
        if somewhere.size == 0:
            return nothing, nothing
        reach = somewhere.min(axis=1), somewhere.max(axis=1)
    (left, top), (right, bottom) = (
        np.floor(reach[0]).astype(int) - 1,
        np.ceil(reach[1]).astype(int) + 1,
    )
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, dataset.width), min(bottom, dataset.height)
    if right <= left or bottom <= top:
        return nothing, nothing
    heights = dataset.read(1, window=Window(left, top, right - left, bottom - top)).astype(
        np.float32
    )
    known = np.isfinite(heights) & (heights != dataset.nodata)
    share = known.astype(np.float32)  # of two layers OpenCV rounds the positions, of three not
    layers = cv2.merge([np.where(known, heights, 0), share, share])
    column, row = np.nan_to_num(positions, nan=NOWHERE_PX)
    at = (column - left - 0.5).astype(np.float32), (row - top - 0.5).astype(np.float32)
    read = cv2.remap(layers, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT).astype(float)
    return read[..., 0], read[..., 1]


def places(grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the coordinates of the centres of all cells, each (rows, columns)."""
    columns, rows = np.meshgrid(np.arange(grid.columns) + 0.5, np.arange(grid.rows) + 0.5)
    t = grid.transform
    return t.c + t.a * columns + t.b * rows, t.f + t.d * columns + t.e * rows
