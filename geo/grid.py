"""A grid: where the pixels of an image lie on the ground."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import rasterio.crs
import shapely
from affine import Affine
from pyproj import CRS
from shapely import Polygon

SPARE = 1.125
"""How much larger than asked for a side of even tiles may be, before there is one tile more."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The reference system, placement and size of an image: one value, checked once."""

    crs: CRS
    """Reference system of the ground coordinates, always x (east) before y (north)."""

    transform: Affine
    """From (column, row), counted from the outer corner of the first pixel, to (x, y)."""

    rows: int
    columns: int

    def __post_init__(self) -> None:
        """Refuse a grid that no image can have."""
        if self.rows < 1 or self.columns < 1:
            raise ValueError(f"a grid needs pixels, not {self.rows} x {self.columns}")
        if not math.isfinite(self.transform.determinant) or self.transform.is_degenerate:
            raise ValueError(f"transform cannot be inverted: {tuple(self.transform)[:6]}")

    @classmethod
    def of_pixels(cls, rows: int, columns: int, *, crs: CRS) -> Self:
        """Plane of a picture's own pixels, one unit each: it says nothing of where they lie."""
        return cls(crs=crs, transform=Affine(1, 0, 0, 0, -1, rows), rows=rows, columns=columns)

    @classmethod
    def over(cls, bounds: tuple[float, float, float, float], *, crs: CRS, pixel: float) -> Self:
        """Grid north up over left, bottom, right and top, from the upper left corner on."""
        left, bottom, right, top = bounds
        return cls(
            crs=crs,
            transform=Affine(pixel, 0, left, 0, -pixel, top),
            rows=math.ceil((top - bottom) / pixel),
            columns=math.ceil((right - left) / pixel),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, as arrays have them."""
        return self.rows, self.columns

    @property
    def is_north_up(self) -> bool:
        """Whether rows run east and columns run south, without rotation or shear."""
        t = self.transform
        return t.b == 0 and t.d == 0 and t.a > 0 and t.e < 0

    @property
    def pixel_size(self) -> float:
        """Side of a square of one pixel's area, in units of the reference system."""
        return math.sqrt(abs(self.transform.determinant))

    @cached_property
    def footprint(self) -> Polygon:
        """Outline of the whole image in the reference system, exact for rotated grids too."""
        corners = [(0, 0), (self.columns, 0), (self.columns, self.rows), (0, self.rows)]
        return Polygon([self.transform @ corner for corner in corners])

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of the footprint."""
        left, bottom, right, top = self.footprint.bounds
        return left, bottom, right, top

    @cached_property
    def rasterio_crs(self) -> rasterio.crs.CRS:
        """Give the reference system to rasterio, whose PROJ is not pyproj's."""
        return rasterio.crs.CRS.from_wkt(self.crs.to_wkt())

    def window(self, *, row: int, column: int, rows: int, columns: int) -> "Grid":
        """Grid of a part of this image, or of its neighbourhood when the numbers say so."""
        return Grid(
            crs=self.crs,
            transform=self.transform @ Affine.translation(column, row),
            rows=rows,
            columns=columns,
        )

    def coarser(self, factor: int) -> "Grid":
        """Grid of the same ground with pixels `factor` times as long; the rim is kept whole."""
        return Grid(
            crs=self.crs,
            transform=self.transform @ Affine.scale(factor),
            rows=math.ceil(self.rows / factor),
            columns=math.ceil(self.columns / factor),
        )

    def covering(self, shape: shapely.Geometry, *, margin: float = 0.0) -> "Grid":
        """Smallest block of whole pixels of this grid over a shape and so much around it."""
        west, south, east, north = shapely.bounds(shape)
        left, bottom, right, top = west - margin, south - margin, east + margin, north + margin
        corners = [(left, bottom), (left, top), (right, bottom), (right, top)]
        pixels = [~self.transform @ corner for corner in corners]
        column, row = (math.floor(round(min(p[i] for p in pixels), 6)) for i in (0, 1))
        end_column, end_row = (math.ceil(round(max(p[i] for p in pixels), 6)) for i in (0, 1))
        return self.window(row=row, column=column, rows=end_row - row, columns=end_column - column)

    def common(self, other: "Grid") -> "Tile | None":
        """Part of this grid that an aligned `other` covers too; None where they do not meet."""
        column, row = (round(v) for v in ~self.transform @ (other.transform.c, other.transform.f))
        top, left = max(row, 0), max(column, 0)
        bottom = min(row + other.rows, self.rows)
        right = min(column + other.columns, self.columns)
        if bottom <= top or right <= left:
            return None
        return Tile(row=top, column=left, rows=bottom - top, columns=right - left)

    def tiles(self, size: int) -> Iterator["Tile"]:
        """Cut the grid into square tiles of `size` pixels, row by row; the last are smaller."""
        for row in range(0, self.rows, size):
            for column in range(0, self.columns, size):
                yield Tile(
                    row=row,
                    column=column,
                    rows=min(size, self.rows - row),
                    columns=min(size, self.columns - column),
                )

    def even_tiles(self, size: int) -> Iterator["Tile"]:
        """
        Cut the grid into tiles alike, row by row: hardly larger than `size`, and none a sliver.

        What is looked at around each tile is the less, the fewer of them there are.
        """
        rows, columns = (
            math.ceil(side / math.ceil(side / (SPARE * size))) for side in (self.rows, self.columns)
        )
        for row in range(0, self.rows, rows):
            for column in range(0, self.columns, columns):
                yield Tile(
                    row=row,
                    column=column,
                    rows=min(rows, self.rows - row),
                    columns=min(columns, self.columns - column),
                )


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A rectangle of a grid, in pixels."""

    row: int
    column: int
    rows: int
    columns: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """The rectangle as array indices."""
        return (
            slice(self.row, self.row + self.rows),
            slice(self.column, self.column + self.columns),
        )

    def of(self, grid: Grid, *, margin: int = 0) -> Grid:
        """Grid of this tile of `grid`, widened by `margin` pixels on each side."""
        return grid.window(
            row=self.row - margin,
            column=self.column - margin,
            rows=self.rows + 2 * margin,
            columns=self.columns + 2 * margin,
        )
