"""Rasters as inspections write them, of colours that are known."""

import math
from functools import cache

import numpy as np
from affine import Affine
from pyproj import CRS
from rasterio.io import MemoryFile
from shapely import Polygon, box

from geo.crs import LONLAT, moved_shape

UTM = CRS.from_epsg(32750)
SIDE, GSD = 512, 0.5
EAST, NORTH = 333_000.0, 9_613_000.0
GROUND: Polygon = moved_shape(
    box(EAST + 40, NORTH - 216, EAST + 216, NORTH - 40), source=UTM, target=LONLAT
)
"""The permit, in degrees; the picture reaches 40 m farther on each side."""

GREEN, BROWN = (40, 110, 50), (180, 120, 70)
SCORE = 80


def cog(bands: np.ndarray, **more) -> bytes:
    count, rows, columns = bands.shape
    with MemoryFile() as file:
        with file.open(
            driver="COG",
            width=columns,
            height=rows,
            count=count,
            dtype=bands.dtype,
            crs="EPSG:32750",
            transform=Affine(GSD, 0, EAST, 0, -GSD, NORTH),
            blocksize=256,
            **more,
        ) as target:
            target.write(bands)
        return file.read()


def plain(colour: tuple[int, int, int]) -> np.ndarray:
    return np.broadcast_to(np.array(colour, np.uint8)[:, None, None], (3, SIDE, SIDE)).copy()


@cache
def rasters() -> dict[str, bytes]:
    """Green before; now the eastern half is brown, and the change says so."""
    now = plain(GREEN)
    now[:, :, SIDE // 2 :] = np.array(BROWN, np.uint8)[:, None, None]
    score = np.zeros((1, SIDE, SIDE), np.uint8)
    score[:, :, SIDE // 2 :] = SCORE
    score[:, : SIDE // 4, :] = 255
    return {
        "current.tif": cog(now),
        "baseline.tif": cog(plain(GREEN)),
        "change.tif": cog(score, nodata=255),
    }


def at(longitude: float, latitude: float, level: int) -> tuple[int, int, float, float]:
    """Column and row of the tile that shows a place, and where in the tile, from 0 to 1."""
    x = (longitude + 180) / 360 * 2**level
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**level
    return int(x), int(y), x % 1, y % 1
