"""The smallest flights that make an inspection: forest, and ground laid bare between them."""

import json
from pathlib import Path

import cv2
import numpy as np
import rasterio
import shapely
from affine import Affine
from pyproj import CRS

from geo.crs import LONLAT, moved_shape

UTM = CRS.from_epsg(32750)
SIDE_PX, GSD_M = 256, 0.5
EAST, NORTH = 333_000.0, 9_613_000.0


def picture(*, bare: bool) -> np.ndarray:
    """Red, green, blue of a forest, with a clearing of 30 x 30 m or without."""
    random = np.random.default_rng(4)
    light = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    for cells, weight in ((8, 1.0), (32, 1.4), (128, 1.6)):
        noise = random.normal(0, 1, (cells, cells)).astype(np.float32)
        light += weight * cv2.resize(noise, light.shape, interpolation=cv2.INTER_CUBIC)
    bands = np.stack([52 + 11 * light, 84 + 13 * light, 44 + 8 * light])
    if bare:
        grain = random.normal(0, 8, (60, 60))
        bands[:, 90:150, 90:150] = np.array([172, 118, 74])[:, None, None] + grain
    return np.clip(np.rint(bands), 1, 255).astype(np.uint8)


def write_flight(path: Path, *, bare: bool, when: str) -> None:
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=SIDE_PX,
        height=SIDE_PX,
        count=3,
        dtype="uint8",
        crs="EPSG:32750",
        transform=Affine(GSD_M, 0, EAST, 0, -GSD_M, NORTH),
        photometric="RGB",
    ) as target:
        target.write(picture(bare=bare))
        target.update_tags(TIFFTAG_DATETIME=when)


def outline() -> shapely.Polygon:
    """The permit's ground, in degrees."""
    ground = shapely.box(EAST + 20, NORTH - 105, EAST + 110, NORTH - 20)
    return moved_shape(ground, source=UTM, target=LONLAT)


def write_all(folder: Path) -> None:
    write_flight(folder / "baseline.tif", bare=False, when="2025:08:12 09:10:00")
    write_flight(folder / "current.tif", bare=True, when="2026:10:03 13:40:00")
    (folder / "boundary.geojson").write_text(json.dumps(shapely.geometry.mapping(outline())))
    (folder / "permit.json").write_text(json.dumps({"id": "TEST/1", "holder": "PT Contoh"}))
