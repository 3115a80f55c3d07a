"""Rectifying a picture: its pixels laid where a curved transformation says that they belong."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS

from geo.cog import EXACT_PICTURE, write_cog
from geo.control_points import Positions
from geo.errors import RefusedError
from geo.grid import Grid, Tile
from geo.lattice import by_lattice
from geo.raster import Mask
from geo.transformation import Transformation, outline, pixels_at, scales
from geo.warp import sampled

TILE_PX = 1024

_SPACINGS_PX = (32, 16, 8, 4)
"""Of the lattice on which positions are computed; between its nodes they are linear."""

_STRAIGHT_PX = 0.05
"""Largest error of a position between the nodes."""

_SAMPLES = 24
"""Places along each side at which that error is measured."""

_MOST_PIXELS = 4
"""Pixels that a rectified picture may have for each that it was made of."""


def rectified_grid(transformation: Transformation, *, rows: int, columns: int, crs: CRS) -> Grid:
    """
    Grid of a whole rectified picture: north up, as fine as the picture is on average.

    Parameters
    ----------
    transformation
        From the picture to the ground, in metres.
    rows, columns
        Size of the picture.
    crs
        Reference system of the ground.

    Raises
    ------
    RefusedError
        ``control_points_fit_absurd`` if the picture would be far larger than it was.
    """
    rim = transformation.ground(np.array(list(outline(rows=rows, columns=columns))))
    size = math.sqrt(float(np.median(np.abs(scales(transformation, rows=rows, columns=columns)))))
    if not (np.isfinite(rim).all() and size > 0):
        raise RefusedError("control_points_fit_absurd")
    (left, bottom), (right, top) = rim.min(axis=0), rim.max(axis=0)
    wide, high = math.ceil((right - left) / size), math.ceil((top - bottom) / size)
    if wide * high > _MOST_PIXELS * rows * columns:
        raise RefusedError("control_points_fit_absurd")
    transform = Affine(size, 0, float(left), 0, -size, float(top))
    return Grid(crs=crs, transform=transform, rows=high, columns=wide)


def rectify(
    path: Path,
    out: Path,
    grid: Grid,
    *,
    transformation: Transformation,
    advance: Callable[[float], None],
) -> None:
    """
    Write a picture of ours anew on a grid, tile by tile.

    Parameters
    ----------
    path
        A file that this product wrote itself, with a validity mask.
    out
        The file to be made.
    grid
        Where the pixels of the new file lie, in the system of the transformation.
    transformation
        From pixels of the file to the ground.
    advance
        Called with the share done.

    Raises
    ------
    UnfinishedError
        What `geo.cog.write_cog` raises.
    """
    with rasterio.open(path, driver="GTiff") as dataset:
        rows, columns = dataset.shape

        def back(transform: Affine) -> Callable[[Positions, Positions], Positions]:
            def positions(across: Positions, down: Positions) -> Positions:
                x, y = transform.a * across + transform.c, transform.e * down + transform.f
                ground = np.column_stack([x.ravel(), y.ravel()])
                found = pixels_at(transformation, ground, rows=rows, columns=columns)
                return found.T.reshape(2, *across.shape)

            return positions

        spacing = _spacing(back(grid.transform), grid)
        cut = list(grid.tiles(TILE_PX))

        def tiles() -> Iterator[tuple[Tile, NDArray[np.uint8], Mask]]:
            for number, tile in enumerate(cut):
                part = tile.of(grid)
                at = by_lattice(back(part.transform), part, spacing=spacing)
                raster = sampled(dataset, at, part)
                if raster.valid.any():
                    yield tile, raster.values, raster.valid
                advance((number + 1) / len(cut))

        write_cog(out, grid, tiles(), encoding=EXACT_PICTURE, bands=dataset.count)


def _spacing(back: Callable[[Positions, Positions], Positions], grid: Grid) -> int:
    """Widest lattice whose cells are as good as straight, by the middles of some of them."""
    across, down = np.meshgrid(
        np.linspace(0, grid.columns, _SAMPLES), np.linspace(0, grid.rows, _SAMPLES)
    )
    middle = back(across, down)
    for spacing in _SPACINGS_PX:
        half = spacing / 2
        corners = [back(across + dx, down + dy) for dx in (-half, half) for dy in (-half, half)]
        off = np.hypot(*(np.mean(corners, axis=0) - middle))
        if not (off > _STRAIGHT_PX).any():
            return spacing
    return _SPACINGS_PX[-1]
