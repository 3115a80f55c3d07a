"""Flights over drawn ground: what another day and another place do to a picture is known."""

import math

import cv2
import numpy as np
from affine import Affine
from pyproj import CRS

from geo.grid import Grid
from geo.raster import Raster
from geo.registration import Registration, estimate_registration
from geo.warp import source_positions

UTM = CRS.from_epsg(32750)
PIXEL_M = 0.25


def grid(rows, columns, *, pixel_m=PIXEL_M):
    return Grid(
        crs=UTM,
        transform=Affine(pixel_m, 0, 300_000, 0, -pixel_m, 9_630_000),
        rows=rows,
        columns=columns,
    )


def ground(*, seed=7, pixels=1120):
    """Bushes, slopes and fields: noise of three sizes and a few dozen polygons."""
    random = np.random.default_rng(seed)
    picture = np.full((pixels, pixels, 3), 120, np.float32)
    for _ in range(60):
        corner = random.uniform(0, pixels, 2)
        shape = (corner + random.uniform(-80, 80, (5, 2))).astype(np.int32)
        cv2.fillPoly(picture, [shape], tuple(random.uniform(60, 190, 3)))
    for size, contrast in ((1.5, 18), (5, 14), (20, 14)):
        noise = cv2.GaussianBlur(random.normal(size=(pixels, pixels)), (0, 0), size)
        picture += (contrast * noise / noise.std()).astype(np.float32)[..., None]
    return picture.transpose(2, 0, 1)


def rendered(picture, target, *, truth=None, valid=None):
    """What a flight shows of ground painted at half a pixel of `target`, moved by `truth`."""
    inset = (picture.shape[1] - 2 * target.rows) // 2
    home = Grid(
        crs=UTM,
        transform=target.transform @ Affine.scale(0.5) @ Affine.translation(-inset, -inset),
        rows=picture.shape[1],
        columns=picture.shape[2],
    )
    fine = Grid(
        crs=UTM,
        transform=~(truth or Affine.identity()) @ target.transform @ Affine.scale(0.5),
        rows=2 * target.rows,
        columns=2 * target.columns,
    )
    x, y = (source_positions(home, fine) - 0.5).astype(np.float32)
    bands = [cv2.remap(band, x, y, cv2.INTER_LINEAR) for band in picture]
    size = target.shape[::-1]
    values = np.stack([cv2.resize(band, size, interpolation=cv2.INTER_AREA) for band in bands])
    valid = np.ones(target.shape, bool) if valid is None else valid
    return Raster(
        values=np.clip(np.rint(values), 1, 255).astype(np.uint8) * valid, valid=valid, grid=target
    )


def another_day(raster, *, changed=0.0, seed=3):
    """Other light and colour, noise, and ground that was remade over a share of the picture."""
    random = np.random.default_rng(seed)
    rows, columns = raster.grid.shape
    remade = np.zeros((rows, columns), np.uint8)
    while remade.mean() < changed:
        centre = random.uniform(0, 1, 2) * (columns, rows)
        outline = (centre + random.uniform(-0.2, 0.2, (5, 2)) * rows).astype(np.int32)
        cv2.fillPoly(remade, [outline], 1)
    new = rendered(ground(seed=seed + 90), raster.grid).values
    values = np.where(remade, new, raster.values).astype(np.float32)
    light = np.linspace(0.75, 1.2, columns)[None, None, :]
    values = 20 + values * light * np.array([0.9, 0.8, 0.7])[:, None, None]
    values += random.normal(0, 4, values.shape)
    return Raster(
        values=np.clip(values, 1, 255).astype(np.uint8) * raster.valid,
        valid=raster.valid,
        grid=raster.grid,
    )


def reading(raster):
    """A Read of pixels in memory, interpolated linearly and averaged where asked for coarser."""
    home = raster.grid

    def read(target):
        x, y = source_positions(home, target)
        step = max(round(target.pixel_size / home.pixel_size), 1)
        size = (step, step)
        x, y = (x - 0.5).astype(np.float32), (y - 0.5).astype(np.float32)
        seen = cv2.blur(raster.valid.astype(np.float32), size, borderType=cv2.BORDER_CONSTANT)
        valid = cv2.remap(seen, x, y, cv2.INTER_LINEAR) > 0.99
        bands = [cv2.remap(cv2.blur(b, size), x, y, cv2.INTER_LINEAR) for b in raster.values]
        return Raster(values=np.stack(bands) * valid, valid=valid, grid=target)

    return read


def error_px(movement, truth, where):
    """Root mean square distance of two movements over a lattice of 9 x 9 points, pixels."""
    lattice = [
        ~truth @ (where.transform @ (column, row))
        for row in np.linspace(0, where.rows, 9)
        for column in np.linspace(0, where.columns, 9)
    ]
    misses = [math.dist(movement @ point, truth @ point) for point in lattice]
    return math.sqrt(np.mean(np.square(misses))) / where.pixel_size


def about_centre(where, linear):
    x, y = where.transform @ (where.columns / 2, where.rows / 2)
    return Affine.translation(x, y) @ linear @ Affine.translation(-x, -y)


def registered(before, after, where, *, search_m=3.0):
    result = estimate_registration(reading(before), reading(after), where, search_m=search_m)
    assert isinstance(result, Registration), result
    return result


FIELD = grid(448, 448)
MOVEMENTS = {
    "none": Affine.identity(),
    "shift": Affine.translation(0.65, -0.40),
    "far": Affine.translation(-2.1, 1.9),
    "turned": about_centre(FIELD, Affine(1, 0, 0.8, 0, 1, 0.3) @ Affine.rotation(0.8)),
    "scaled": about_centre(FIELD, Affine(1, 0, -0.5, 0, 1, 1.2) @ Affine.scale(1.008)),
    "sheared": about_centre(FIELD, Affine(1.004, 0.005, 0.9, -0.003, 0.997, -0.7)),
}
