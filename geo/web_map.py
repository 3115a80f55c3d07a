"""The plane of web maps, and how it is cut: WebMercatorQuad, tiles of 256 pixels a side."""

import math
from dataclasses import dataclass
from typing import Final, Self

from affine import Affine
from pyproj import CRS

from geo.grid import Grid

PLANE: Final = CRS.from_epsg(3857)
HALF_M: Final = math.pi * 6_378_137
"""From the middle of the plane to each of its sides."""

SIDE_PX: Final = 256
DEEPEST: Final = 26
"""Level at which a pixel is a few millimetres: no drone sees more."""


@dataclass(frozen=True, kw_only=True)
class MapTile:
    """Which tile: level, column, row from the north."""

    z: int
    x: int
    y: int

    @classmethod
    def at(cls, x_m: float, y_m: float, z: int) -> Self:
        """Give the tile that shows a place of the plane."""
        side = 2 * HALF_M / 2**z
        return cls(z=z, x=math.floor((x_m + HALF_M) / side), y=math.floor((HALF_M - y_m) / side))

    @property
    def exists(self) -> bool:
        """Whether there is such a tile on the earth, and on a level that anybody needs."""
        return (
            0 <= self.z <= DEEPEST and 0 <= min(self.x, self.y) <= max(self.x, self.y) < 2**self.z
        )

    @property
    def grid(self) -> Grid:
        """Where its pixels lie."""
        pixel = pixel_m(self.z)
        left, top = self.x * SIDE_PX * pixel - HALF_M, HALF_M - self.y * SIDE_PX * pixel
        place = Affine(pixel, 0, left, 0, -pixel, top)
        return Grid(crs=PLANE, transform=place, rows=SIDE_PX, columns=SIDE_PX)


def level_of(pixel: float) -> int:
    """Give the first level on which nothing of such pixels, in metres of the plane, is lost."""
    return min(max(math.ceil(math.log2(pixel_m(0) / pixel) - 0.01), 0), DEEPEST)


def degrees(x_m: float, y_m: float) -> tuple[float, float]:
    """Longitude and latitude of a place of the plane."""
    radius = HALF_M / math.pi
    return math.degrees(x_m / radius), math.degrees(math.atan(math.sinh(y_m / radius)))


def pixel_m(z: int) -> float:
    """Side of a pixel of a level, in metres of the plane."""
    return 2 * HALF_M / (SIDE_PX << z)
