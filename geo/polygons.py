"""Polygons: from pixels to outlines along their edges, and back without losing one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio import features
from shapely import MultiPolygon, Polygon
from shapely.affinity import affine_transform

from geo.grid import Grid
from geo.raster import Mask

type Codes = NDArray[np.uint8]
"""(rows, columns)."""


def outlines(
    codes: Codes, *, grid: Grid, where: Mask | None = None, start: tuple[int, int] = (0, 0)
) -> list[tuple[int, Polygon]]:
    """
    Outline each connected part of equal code, exactly along the pixel edges.

    Pixels that meet only at a corner are not connected, so that every outline is a valid
    polygon; holes are kept. Two outlines share an edge or nothing.

    Parameters
    ----------
    codes
        (rows, columns) on `grid`, or on a window of it; zero is no part.
    where
        True where codes count at all.
    start
        Row and column of the grid at which such a window begins.
    """
    counted = codes if where is None else codes * where
    return _on_ground(_parts(counted, mask=counted, start=start), grid)


def ground(mask: Mask, *, grid: Grid) -> MultiPolygon:
    """Outline a mask as one shape; empty where nothing is marked."""
    if not mask.any():
        return MultiPolygon()
    parts = [outline for _, outline in outlines(mask.view(np.uint8), grid=grid)]
    return MultiPolygon(parts)


def grounds(codes: Codes, *, grid: Grid) -> dict[int, MultiPolygon]:
    """Outline the ground of each code as one shape; zero is one too."""
    shapes: dict[int, list[Polygon]] = {}
    for code, outline in _on_ground(_parts(codes, mask=None, start=(0, 0)), grid):
        shapes.setdefault(code, []).append(outline)
    return {code: MultiPolygon(parts) for code, parts in shapes.items()}


def _parts(
    codes: Codes, *, mask: Codes | None, start: tuple[int, int]
) -> list[tuple[int, Polygon]]:
    """Outlines in pixels, of a window that starts there."""
    lattice = Affine.translation(start[1], start[0])  # whole numbers, whatever the window
    parts = features.shapes(codes, mask=mask, connectivity=4, transform=lattice)
    return [(int(code), Polygon(*_rings(outline))) for outline, code in parts]


def _rings(outline: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Shell and holes of an outline as GDAL gives it."""
    shell, *holes = outline["coordinates"]
    return shell, holes


def _on_ground(parts: list[tuple[int, Polygon]], grid: Grid) -> list[tuple[int, Polygon]]:
    """Lay outlines on the ground: the same corner of a pixel always at the same place."""
    a, b, c, d, e, f = grid.transform[:6]

    def there(corners: NDArray[np.float64]) -> NDArray[np.float64]:
        column, row = corners.T
        return np.column_stack([c + a * column + b * row, f + d * column + e * row])

    laid = shapely.transform([outline for _, outline in parts], there)
    return [(code, outline) for (code, _), outline in zip(parts, laid, strict=True)]


def numbered(shapes: Sequence[shapely.Geometry], *, grid: Grid) -> NDArray[np.int32]:
    """
    Draw shapes with their position in the sequence, counted from one; zero is none.

    A pixel belongs to the shape that covers its centre, so an outline made by `outlines`
    on the same grid gives back its own pixels.
    """
    drawable = [
        (outline, number)
        for number, outline in enumerate(shapes, start=1)
        if not shapely.is_empty(outline)
    ]
    if not drawable:
        return np.zeros(grid.shape, np.int32)
    drawn: NDArray[np.int32] = features.rasterize(
        drawable,
        out_shape=grid.shape,
        transform=grid.transform,
        fill=0,
        dtype=np.int32,
    )
    return drawn


def touched_blocks(shape: shapely.Geometry, *, grid: Grid, side: int, margin: int) -> Mask:
    """
    Mark blocks of a grid's pixels that a shape may need.

    Parameters
    ----------
    shape
        In the grid's reference system.
    grid
        May be rotated.
    side
        Of a block, in pixels; the first begins with the grid.
    margin
        Pixels around the shape that are needed too.

    Returns
    -------
    numpy.ndarray
        (rows of blocks, columns of blocks), True where the shape or its margin touches a block.
    """
    t = ~grid.transform
    pixels = shapely.buffer(affine_transform(shape, [t.a, t.b, t.d, t.e, t.c, t.f]), margin)
    marked: NDArray[np.uint8] = features.rasterize(
        [pixels],
        out_shape=(-(-grid.rows // side), -(-grid.columns // side)),
        transform=Affine.scale(side),
        all_touched=True,
        dtype="uint8",
    )
    return marked > 0


def absorbed(codes: Codes, *, least_px: int, where: Mask | None = None) -> Codes:
    """Give each part smaller than `least_px` the code of its largest neighbour; holes too."""
    if least_px <= 1:
        return codes
    settled: Codes = features.sieve(codes, size=least_px, mask=where, connectivity=4)
    return settled
