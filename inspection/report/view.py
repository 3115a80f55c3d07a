"""A view: which ground a drawing shows, and how large it is printed."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from affine import Affine
from pyproj import CRS
from shapely import Geometry

from geo.crs import LONLAT, moved_shape
from geo.grid import Grid

UNITS_PER_MM = 10
"""Drawings count in tenths of a millimetre on paper."""

OVERHANG_MM = 4.0
"""Shapes are cut this far beyond the frame, where the cut is not seen."""

FRAME_STEPS = 20
"""Pieces in which a side of the frame is followed: in degrees it is bent."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A rectangle of ground, north up on its grid, and its width on paper."""

    crs: CRS
    """In metres."""

    left: float
    bottom: float
    right: float
    top: float
    width_mm: float
    coarseness: float = 1.0
    """How far a drawn line may be from the true one, in units of the drawing."""

    @classmethod
    def around(
        cls, shape: Geometry, crs: CRS, *, width_mm: float, height_mm: float, least_m: float = 0.0
    ) -> Self:
        """View of a shape with some air around it, filling a rectangle on paper."""
        left, bottom, right, top = shapely.bounds(shape)
        across = max((right - left) * 1.06, least_m)
        along = max((top - bottom) * 1.06, least_m * height_mm / width_mm)
        metres_per_mm = max(across / width_mm, along / height_mm)
        half_x, half_y = metres_per_mm * width_mm / 2, metres_per_mm * height_mm / 2
        x, y = (left + right) / 2, (bottom + top) / 2
        return cls(
            crs=crs,
            left=x - half_x,
            bottom=y - half_y,
            right=x + half_x,
            top=y + half_y,
            width_mm=width_mm,
        )

    @property
    def metres_per_mm(self) -> float:
        """Ground under one millimetre of paper; a thousandth of the scale's denominator."""
        return (self.right - self.left) / self.width_mm

    @property
    def height_mm(self) -> float:
        """Height on paper."""
        return (self.top - self.bottom) / self.metres_per_mm

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in units of the drawing."""
        return round(self.width_mm * UNITS_PER_MM), round(self.height_mm * UNITS_PER_MM)

    def grid(self, pixels_per_mm: float, *, finest_m: float = 0.0) -> Grid:
        """Pixels for printing at a density, never finer than `finest_m` on the ground."""
        size = max(self.metres_per_mm / pixels_per_mm, finest_m)
        columns = max(1, math.ceil((self.right - self.left) / size))
        rows = max(1, math.ceil((self.top - self.bottom) / size))
        return Grid(
            crs=self.crs,
            transform=Affine(
                (self.right - self.left) / columns,
                0,
                self.left,
                0,
                (self.bottom - self.top) / rows,
                self.top,
            ),
            rows=rows,
            columns=columns,
        )

    def drawn(self, shape: Geometry) -> Geometry:
        """Give what the view shows of a shape, in units of the drawing, as fine as paper is."""
        unit_m = self.metres_per_mm / UNITS_PER_MM
        air = OVERHANG_MM * self.metres_per_mm
        near = shapely.clip_by_rect(
            shape, self.left - air, self.bottom - air, self.right + air, self.top + air
        )
        placed = shapely.transform(
            near,
            lambda at: np.column_stack([at[:, 0] - self.left, self.top - at[:, 1]]) / unit_m,
        )
        return shapely.simplify(placed, self.coarseness, preserve_topology=True)

    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the view."""
        frame = shapely.box(self.left, self.bottom, self.right, self.top)
        followed = shapely.segmentize(frame, (self.right - self.left) / FRAME_STEPS)
        west, south, east, north = moved_shape(followed, source=self.crs, target=LONLAT).bounds
        return west, south, east, north
