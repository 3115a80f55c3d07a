"""Surface heights, read onto any grid."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import MaskFlags, Resampling
from rasterio.vrt import WarpedVRT

from geo.grid import Grid
from geo.raster import Mask

WARP_TOLERANCE_PX = 0.02
"""Error allowed to the approximate change of reference system; on a slope it turns into height."""


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
    Read a surface model onto any grid, interpolated linearly.

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
        Not valid outside the file, and where the file has no height or none that is finite.
    """
    with rasterio.open(path, driver="GTiff") as dataset:
        if MaskFlags.per_dataset in dataset.mask_flag_enums[0]:
            raise ValueError("unknown heights are told by a nodata value here, not by a mask")
        home = dataset.transform if moved is None else moved @ dataset.transform
        with WarpedVRT(
            dataset,
            src_transform=home,
            crs=grid.rasterio_crs,
            transform=grid.transform,
            height=grid.rows,
            width=grid.columns,
            resampling=Resampling.bilinear,
            tolerance=WARP_TOLERANCE_PX,
            dtype="float32",
            src_nodata=math.nan if dataset.nodata is None else dataset.nodata,
            nodata=math.nan,
        ) as laid:
            values: NDArray[np.float32] = laid.read(1)
    valid: Mask = np.isfinite(values)
    return Heights(values=np.where(valid, values, np.float32(0)), valid=valid, grid=grid)


def places(grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the coordinates of the centres of all cells, each (rows, columns)."""
    columns, rows = np.meshgrid(np.arange(grid.columns) + 0.5, np.arange(grid.rows) + 0.5)
    t = grid.transform
    return t.c + t.a * columns + t.b * rows, t.f + t.d * columns + t.e * rows
