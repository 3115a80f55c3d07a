"""A stencil: which pixels of a grid lie in a shape, drawn only where its outline runs."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio import features
from shapely.affinity import affine_transform

from geo.grid import Grid, Tile
from geo.raster import Mask

_OUTLINE_PX = 1.0
"""Pixels around the outline within which nothing is taken for granted."""

OUTSIDE, INSIDE, CROSSED = 0, 1, 2
"""What a tile is: all of it beyond the shape, all of it in the shape, or neither is sure."""


class Stencil:
    """
    A shape on a grid, tile by tile; a pixel lies in it when its centre does.

    Parameters
    ----------
    shape
        In the grid's reference system.
    grid
        Of the whole picture.
    side
        Of a tile in pixels; the last of a row or column may be smaller.
    """

    def __init__(self, shape: shapely.Geometry, grid: Grid, *, side: int) -> None:
        self.grid, self.side = grid, side
        self._shape = shape

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """(tiles down, tiles across): `OUTSIDE`, `INSIDE` or `CROSSED`."""
        t = ~self.grid.transform
        pixels = affine_transform(self._shape, [t.a, t.b, t.d, t.e, t.c, t.f])
        near = shapely.buffer(shapely.boundary(pixels), _OUTLINE_PX)
        down, across = (-(-length // self.side) for length in self.grid.shape)
        drawn: NDArray[np.uint8] = features.rasterize(
            [(pixels, INSIDE)],
            out_shape=(down, across),
            transform=Affine.scale(self.side),
            fill=OUTSIDE,
            dtype="uint8",
        )
        crossed = features.rasterize(
            [near],
            out_shape=(down, across),
            transform=Affine.scale(self.side),
            all_touched=True,
            dtype="uint8",
        )
        drawn[crossed > 0] = CROSSED
        return drawn

    def tiles(self) -> Iterator[Tile]:
        """Those that show some of the shape, or may do so, row by row."""
        for tile, kind in zip(self.grid.tiles(self.side), self.kinds.flat, strict=True):
            if kind != OUTSIDE:
                yield tile

    def crossed(self) -> Iterator[Tile]:
        """Those that have to be drawn, row by row."""
        for tile, kind in zip(self.grid.tiles(self.side), self.kinds.flat, strict=True):
            if kind == CROSSED:
                yield tile

    def mask(self, tile: Tile) -> Mask:
        """(rows, columns) of one tile of `grid.tiles(side)`: True where the shape is."""
        kind = self.kinds[tile.row // self.side, tile.column // self.side]
        if kind != CROSSED:
            return np.full((tile.rows, tile.columns), kind == INSIDE)
        part = tile.of(self.grid)
        drawn: Mask = features.geometry_mask(
            [self._shape], out_shape=part.shape, transform=part.transform, invert=True
        )
        return drawn
