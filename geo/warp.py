"""Reading a placed image onto any grid: one window read, one resampling, no whole image."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.windows import Window

from geo.coinciding import aligned, alike, copied
from geo.datum import passage
from geo.grid import Grid, Tile
from geo.lattice import by_lattice
from geo.raster import Raster, Read
from geo.resampling import resampled

CACHE_BYTES = 64 << 20
"""Decoded blocks that are kept; by itself GDAL would take a share of all the memory there is."""

LATTICE_PX = 32
"""Spacing at which a change of reference system is computed exactly; between, it is linear."""

MARGIN_PX = 2
"""Source pixels read around a window, so that interpolation at its rim sees its neighbours."""

NOWHERE_PX = -1e6
"""Outside every image."""


@contextmanager
def opened(
    path: Path, *, placed: Grid | None = None, moved: Affine | None = None
) -> Iterator[Read]:
    """
    Open one of our own images for reading onto any grid.

    Parameters
    ----------
    path
        A file this product wrote itself; it must carry a validity mask of its own.
    placed
        Where the image truly lies, when that is known better than the file knows.
    moved
        A last correction on the ground, in the reference system of the grids asked for: what
        the image shows at p is read at ``moved @ p``.

    Yields
    ------
    Read
        Reads the pixels under a grid. Coarser grids are averaged, finer ones interpolated
        linearly; outside the image nothing is valid. Threads take turns; one that still asks
        when the image is being closed, because others were cut off, gets ValueError.
    """
    turn = threading.Lock()
    with rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES), rasterio.open(path, driver="GTiff") as dataset:
        home = placed or dataset_grid(dataset)
        met = home.crs
        back = None if moved is None else ~moved

        def read(grid: Grid) -> Raster:
            nonlocal met
            transform = grid.transform if back is None else back @ grid.transform
            if grid.crs is met or grid.crs == home.crs:
                met = grid.crs  # two systems are compared once, not at every window
                asked = replace(grid, transform=transform, crs=home.crs)
            else:
                asked = replace(grid, transform=transform)
            with turn:
                if dataset.closed:  # GDAL would read from where the image was
                    raise ValueError("the image is closed")
                raster = _read_onto(dataset, home, asked)
            return replace(raster, grid=grid)

        try:
            yield read
        finally:
            with turn:
                dataset.close()


def dataset_grid(dataset: rasterio.DatasetReader) -> Grid:
    """Grid of an open file as the file itself states it."""
    return Grid(
        crs=CRS.from_wkt(dataset.crs.to_wkt()),
        transform=dataset.transform,
        rows=dataset.height,
        columns=dataset.width,
    )


def source_positions(home: Grid, grid: Grid) -> NDArray[np.float64]:
    """
    Positions in an image of the pixel centres of another grid.

    Parameters
    ----------
    home
        Grid of the image.
    grid
        The pixels asked for.

    Returns
    -------
    numpy.ndarray
        (2, rows, columns): column and row in the image, counted from the outer corner of
        its first pixel. Exact where both grids share one reference system; else exact on
        a lattice of `LATTICE_PX` pixels and linear between.
    """

    def there(columns: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
        ground = _applied(grid.transform, columns, rows)
        middle = grid.transform @ (grid.columns / 2, grid.rows / 2)
        ground = passage(grid.crs, home.crs, near=middle)(*ground)
        return np.stack(_applied(~home.transform, *ground))

    if alike(home, grid):
        return _moved_straight(~home.transform @ grid.transform, grid)
    return by_lattice(there, grid, spacing=LATTICE_PX)


def _moved_straight(there: Affine, grid: Grid) -> NDArray[np.float64]:
    """Positions where straight lines stay straight: what a column and what a row contribute."""
    columns, rows = np.arange(grid.columns) + 0.5, np.arange(grid.rows) + 0.5
    at = np.empty((2, *grid.shape))
    np.add(there.a * columns[None], (there.b * rows + there.c)[:, None], out=at[0])
    np.add(there.d * columns[None], (there.e * rows + there.f)[:, None], out=at[1])
    return at


def _applied(
    transform: Affine, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    t = transform
    return t.a * x + t.b * y + t.c, t.d * x + t.e * y + t.f


def _read_onto(dataset: rasterio.DatasetReader, home: Grid, grid: Grid) -> Raster:
    start = aligned(home, grid)
    if start is not None:
        return copied(dataset, home, grid, start)
    return sampled(dataset, source_positions(home, grid), grid)


def sampled(dataset: rasterio.DatasetReader, positions: NDArray[np.float64], grid: Grid) -> Raster:
    """
    Pixels of a grid, each read at its own position in an image of ours.

    Parameters
    ----------
    dataset
        The image, with a validity mask.
    positions
        (2, rows, columns): column and row in the image; NaN where it shows nothing.
    grid
        Where the pixels lie.
    """
    factor = _decimation(positions)
    window = _window(positions, dataset.shape, factor)
    bands = dataset.count
    if window is None:
        return Raster(
            values=np.zeros((bands, *grid.shape), np.uint8),
            valid=np.zeros(grid.shape, np.bool_),
            grid=grid,
        )
    rows, columns = math.ceil(window.rows / factor), math.ceil(window.columns / factor)
    asked = Window(window.column, window.row, window.columns, window.rows)
    values = dataset.read(
        window=asked, out_shape=(bands, rows, columns), resampling=Resampling.average
    )
    seen = dataset.dataset_mask(
        window=asked, out_shape=(rows, columns), resampling=Resampling.average
    )
    x = _centres(positions[0], start=window.column, scale=columns / window.columns)
    y = _centres(positions[1], start=window.row, scale=rows / window.rows)
    return resampled(values, seen, (x, y), grid)


def _centres(positions: NDArray[np.float64], *, start: int, scale: float) -> NDArray[np.float32]:
    """Positions within a window as OpenCV counts: pixel centres at whole numbers, not at halves."""
    at = positions - start
    at *= scale
    at -= 0.5
    short = at.astype(np.float32)
    if np.isfinite(short.sum()):
        return short
    return np.nan_to_num(short, copy=False, nan=NOWHERE_PX)


def _decimation(positions: NDArray[np.float64]) -> int:
    """Largest power of two by which the image may be read coarser without losing detail."""
    _, rows, columns = positions.shape
    steps = [
        np.hypot(*(positions[:, 0, -1] - positions[:, 0, 0])) / max(columns - 1, 1),
        np.hypot(*(positions[:, -1, 0] - positions[:, 0, 0])) / max(rows - 1, 1),
    ]
    scale = max(min((step for step in steps if step > 0), default=1.0), 1.0)
    return 1 << math.floor(math.log2(scale * 1.01))


def _window(positions: NDArray[np.float64], shape: tuple[int, int], factor: int) -> Tile | None:
    """Whole decimated pixels of the image that the positions need; None where none."""
    reach = positions.min(axis=(1, 2)), positions.max(axis=(1, 2))
    if not np.isfinite(reach).all():
        somewhere = positions[:, np.isfinite(positions).all(axis=0)]
        if somewhere.size == 0:
            return None
        reach = somewhere.min(axis=1), somewhere.max(axis=1)
    ends = []
    for axis, size in ((1, shape[0]), (0, shape[1])):
        low = math.floor(reach[0][axis] / factor) - MARGIN_PX
        high = math.ceil(reach[1][axis] / factor) + MARGIN_PX
        ends.append((max(low * factor, 0), min(high * factor, size)))
    (top, bottom), (left, right) = ends
    if bottom <= top or right <= left:
        return None
    return Tile(row=top, column=left, rows=bottom - top, columns=right - left)
