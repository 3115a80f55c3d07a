"""Pictures cut from an orthophoto, laid and lit anew, so that where they lie is known exactly."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS

from geo.grid import Grid
from geo.raster import Read
from geo.transformation import Transformation
from geo.warp import opened

type Points = NDArray[np.float64]
type Pixels = NDArray[np.uint8]

METRES = CRS.from_epsg(32750)
PIXEL_M = 0.1
CORNER = Affine(PIXEL_M, 0, 333_000, 0, -PIXEL_M, 9_613_000)
"""Where a reference lies: any place will do, as long as it is not the origin."""


@dataclass(frozen=True, kw_only=True)
class Bend:
    """How a picture lies on the reference: every part of it is exact."""

    centre: tuple[float, float]
    """Column and row of the reference under the middle of the picture."""

    size: tuple[int, int]
    """Columns and rows of the picture."""

    scale: float
    """Pixels of the reference to one of the picture."""

    turn: float
    """Degrees."""

    shear: float = 0.0
    tilt: tuple[float, float] = (0.0, 0.0)
    """Change of scale from the middle to either rim, as shares: a camera that looks aslant."""

    bumps: tuple[tuple[float, float, float, float], ...] = ()
    """Across and down (-1 to 1), and how far pixels are dragged there, in reference pixels."""

    @property
    def linear(self) -> NDArray[np.float64]:
        """(2, 2); from the picture's pixels to the reference's."""
        c, s = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        return self.scale * np.array([[c, -s], [s, c]]) @ np.array([[1, self.shear], [0, 1]])

    def there(self, pixels: Points) -> Points:
        """(n, 2) positions in the reference of (n, 2) positions in the picture."""
        half = np.array(self.size) / 2
        share = (pixels - half) / half
        laid = (pixels - half) @ self.linear.T / (1 + share @ self.tilt)[:, None]
        for across, down, east, south in self.bumps:
            near = np.exp(-((share - [across, down]) ** 2).sum(axis=1) / (2 * 0.4**2))
            laid = laid + near[:, None] * [east, south]
        return laid + self.centre

    def places(self, side: int = 21) -> Points:
        """(n, 2); a lattice over the whole picture, its rim too."""
        across, down = (np.linspace(0, length, side) for length in self.size)
        return np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)


def taken(scene: Pixels, bend: Bend) -> tuple[Pixels, NDArray[np.bool_]]:
    """(rows, columns, 3) and (rows, columns): what the picture shows, and where it shows ground."""
    columns, rows = bend.size
    at = np.stack(np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5), axis=-1)
    there = bend.there(at.reshape(-1, 2)).reshape(rows, columns, 2).astype(np.float32) - 0.5
    if bend.scale > 1:  # a coarser picture averages what it does not resolve
        scene = cv2.GaussianBlur(scene, (0, 0), 0.4 * bend.scale)
    pixels = cv2.remap(scene, there[..., 0], there[..., 1], cv2.INTER_CUBIC)
    inside = (there >= 0).all(axis=-1) & (there < np.array(scene.shape[1::-1]) - 1).all(axis=-1)
    return np.where(inside[..., None], pixels, 0).astype(np.uint8), inside


def lit(pixels: Pixels, random: np.random.Generator, *, strength: float = 1.0) -> Pixels:
    """The picture on another day: gain, gamma, colour cast, cloud shadows, noise and JPEG."""
    rows, columns = pixels.shape[:2]
    value = np.clip(pixels / 255.0, 1e-3, 1)
    value = value ** (2 ** (strength * random.uniform(-0.6, 0.6)))
    value = value * 2 ** (strength * random.uniform(-0.5, 0.4))
    value = value * 2 ** (strength * random.uniform(-0.3, 0.3, 3))
    blobs = cv2.resize(random.normal(size=(5, 5)), (columns, rows), interpolation=cv2.INTER_CUBIC)
    sharp = 1 / (1 + np.exp(-12 * (blobs - 0.7)))
    value = value * (1 - 0.5 * strength * sharp[..., None])
    value = 255 * value + random.normal(0, 3 * strength, value.shape)
    return jpeg(
        np.clip(value, 0, 255).astype(np.uint8), round(90 - strength * random.uniform(10, 40))
    )


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    """The picture after it was stored with loss."""
    done, stored = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RuntimeError("the picture could not be stored as JPEG")
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.uint8)


def dug(pixels: Pixels, random: np.random.Generator, *, share: float) -> Pixels:
    """The picture with new digging on a share of it: bare ground with a grain of its own."""
    rows, columns = pixels.shape[:2]
    pits = np.zeros((rows, columns), np.uint8)
    while (pits > 0).mean() < share:
        middle = (int(random.integers(columns)), int(random.integers(rows)))
        axes = tuple(int(v) for v in random.uniform(0.08, 0.22, 2) * min(rows, columns))
        cv2.ellipse(pits, middle, axes, float(random.uniform(0, 180)), 0, 360, 1, -1)
    fine = cv2.GaussianBlur(random.normal(size=(rows, columns)), (0, 0), 1.5)
    broad = cv2.GaussianBlur(random.normal(size=(rows, columns)), (0, 0), 12)
    grain = 25 * fine / fine.std() + 20 * broad / broad.std()
    ground = np.clip(np.array([150, 120, 90]) + grain[..., None], 0, 255)
    return np.where(pits[..., None] > 0, ground, pixels).astype(np.uint8)


@contextmanager
def readable(
    pixels: Pixels, inside: NDArray[np.bool_] | None = None, *, placed: Affine
) -> Iterator[tuple[Read, Grid]]:
    """The picture as the product reads it, from a file with a mask of its own, and its grid."""
    rows, columns = pixels.shape[:2]
    grid = Grid(crs=METRES, transform=placed, rows=rows, columns=columns)
    mask = np.full((rows, columns), 255, np.uint8) if inside is None else inside * np.uint8(255)
    with TemporaryDirectory() as folder, rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        path = Path(folder) / "picture.tif"
        form = {"driver": "GTiff", "dtype": "uint8", "count": 3, "crs": grid.rasterio_crs}
        with rasterio.open(
            path, "w", width=columns, height=rows, transform=placed, **form
        ) as target:
            target.write(pixels.transpose(2, 0, 1))
            target.write_mask(mask)
        with opened(path) as read:
            yield read, grid


def on_plane(rows: int) -> Affine:
    """Plane of a picture without a position: a unit a pixel, its rows counted upwards."""
    return Affine(1, 0, 0, 0, -1, rows)


def missed_px(found: Transformation, bend: Bend, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(n,); how far a placement misses the truth wherever the picture shows ground, in pixels."""
    places = bend.places()
    columns, rows = np.minimum(places.astype(int), np.array(bend.size) - 1).T
    places = places[inside[rows, columns]]
    ground = found.ground(places)
    laid = np.stack(~CORNER @ tuple(ground.T), axis=1)
    missed: NDArray[np.float64] = np.hypot(*(laid - bend.there(places)).T)
    return missed


def plantation(random: np.random.Generator, side: int = 900) -> Pixels:
    """Rows of palms, each like the next: nothing says which is which."""
    at = np.arange(side)
    x, y = np.meshgrid(at, at)
    crown = np.hypot((x + 13 * ((y // 26) % 2)) % 26 - 13, y % 26 - 13)
    value = 60 + 90 * np.exp(-((crown / 8) ** 2)) + random.normal(0, 4, x.shape)
    tint = np.array([0.7, 1.0, 0.55])
    return np.clip(value[..., None] * tint, 0, 255).astype(np.uint8)


def water(random: np.random.Generator, side: int = 900) -> Pixels:
    """A muddy pond: glints that are gone a moment later."""
    waves = cv2.GaussianBlur(random.normal(size=(side, side)), (0, 0), 2.5)
    value = 110 + 9 * waves / waves.std() + random.normal(0, 2, waves.shape)
    return np.clip(value[..., None] * [0.9, 1.0, 0.8], 0, 255).astype(np.uint8)


def flat(random: np.random.Generator, side: int = 900) -> Pixels:
    """One colour and the noise of a sensor."""
    value = random.uniform(60, 200, 3) + random.normal(0, 1.5, (side, side, 3))
    return np.clip(value, 0, 255).astype(np.uint8)
