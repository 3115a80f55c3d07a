"""The ground in pictures: our own COGs, read at the size they are printed."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

import cv2
import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geo.grid import Grid
from geo.raster import Raster
from geo.warp import opened
from inspection.document import Inspection
from inspection.model import RegistrationStatus
from inspection.report.view import View

OVERVIEW_PX = 800
"""Width at which the common stretch of the pictures is read off."""

DARKEST, BRIGHTEST = 1.0, 99.0
"""Percentiles of brightness over both dates that are printed black and white."""

SCORE_RAMP = np.array([[255, 255, 255], [250, 190, 90], [170, 60, 20], [40, 5, 20]], np.float64)
"""From no change to much: each step darker, so that it reads in grey too."""


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How finely pictures are printed."""

    pixels_per_mm: float
    crop_pixels_per_mm: float
    jpeg: int
    coarseness: float = 1.0
    """How far a drawn line may be from the true one, in units of the drawing."""


class Pictures(Protocol):
    """Where the pictures of the maps come from."""

    def photo(self, name: str, role: str, grid: Grid, *, jpeg: int) -> bytes | None:
        """Give a flight as JPEG, for the drawing of that name; None where there is none."""
        ...

    def score(self, name: str, grid: Grid, *, jpeg: int) -> bytes | None:
        """Give the score of change likewise."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Imagery:
    """The clipped flights and the score of change, all with one stretch."""

    folder: Path
    moved: Affine | None
    """How the earlier flight is laid onto the later one; None where they do not compare."""

    stretch: tuple[float, float]

    @classmethod
    def of(cls, inspection: Inspection, folder: Path, whole: View) -> Self:
        """Open the pictures of a result, and find the stretch that both dates share."""
        affine = inspection.registration.affine
        comparable = inspection.registration.status is RegistrationStatus.REGISTERED
        moved = Affine(*affine) if affine and comparable else None
        bare = cls(folder=folder, moved=moved, stretch=(0.0, 255.0))
        grid = whole.grid(OVERVIEW_PX / whole.width_mm)
        roles = ["current"] + (["baseline"] if inspection.flights.baseline else [])
        seen = [_brightness(bare.read(role, grid)) for role in roles]
        values = np.concatenate(seen)
        if not values.size:
            return bare
        low, high = np.percentile(values, (DARKEST, BRIGHTEST))
        return cls(folder=folder, moved=moved, stretch=(float(low), float(max(high, low + 1))))

    def read(self, role: str, grid: Grid) -> Raster:
        """Give the pixels of a flight on a grid."""
        moved = self.moved if role == "baseline" else None
        with opened(self.folder / f"{role}.tif", moved=moved) as read:
            return read(grid)

    def photo(self, name: str, role: str, grid: Grid, *, jpeg: int) -> bytes:
        """Give a flight as JPEG, stretched; ground that was not seen is white."""
        raster = self.read(role, grid)
        low, high = self.stretch
        numbers = np.arange(256, dtype=np.float32)
        stretched = np.clip((numbers - low) * (255 / (high - low)), 0, 255).astype(np.uint8)
        unseen = ~raster.valid
        shown = [cv2.LUT(band, stretched) for band in raster.values[2::-1]]
        for band in shown:
            band[unseen] = 255
        return named(name, _jpeg(cv2.merge(shown), jpeg))

    def score(self, name: str, grid: Grid, *, jpeg: int) -> bytes:
        """Give the score of change as JPEG; ground that was not compared is white."""
        raster = self.read("change", grid)
        shown = score_colours(np.where(raster.valid, raster.values[0], 0))
        return named(name, _jpeg(np.ascontiguousarray(shown[:, :, ::-1]), jpeg))


@dataclass(frozen=True, kw_only=True, eq=False)
class Printed:
    """Pictures that are read once, for the finest paper; a lighter one shows the same, smaller."""

    ground: Pictures
    finest: dict[str, bytes] = field(default_factory=dict)
    """As they were first asked for, by the drawings they lie under."""

    def photo(self, name: str, role: str, grid: Grid, *, jpeg: int) -> bytes | None:
        """Give a flight as JPEG at the size of a grid."""
        if name in self.finest:
            return self._smaller(name, grid, jpeg=jpeg)
        return self._first(name, self.ground.photo(name, role, grid, jpeg=jpeg))

    def score(self, name: str, grid: Grid, *, jpeg: int) -> bytes | None:
        """Give the score of change likewise."""
        if name in self.finest:
            return self._smaller(name, grid, jpeg=jpeg)
        return self._first(name, self.ground.score(name, grid, jpeg=jpeg))

    def _first(self, name: str, picture: bytes | None) -> bytes | None:
        if picture is not None:
            self.finest[name] = picture
        return picture

    def _smaller(self, name: str, grid: Grid, *, jpeg: int) -> bytes:
        fine = cv2.imdecode(np.frombuffer(self.finest[name], np.uint8), cv2.IMREAD_COLOR)
        if fine is None:
            raise AssertionError
        small = cv2.resize(fine, grid.shape[::-1], interpolation=cv2.INTER_AREA)
        return named(name, _jpeg(np.asarray(small, np.uint8), jpeg))


def score_colours(score: NDArray[Any]) -> NDArray[np.uint8]:
    """Colours of scores from 0 to 100, (rows, columns, 3)."""
    at = np.clip(score.astype(np.float64), 0, 100)
    marks = np.linspace(0, 100, len(SCORE_RAMP))
    bands = [np.interp(at, marks, SCORE_RAMP[:, band]) for band in range(3)]
    return np.rint(np.stack(bands, axis=-1)).astype(np.uint8)


START, COMMENT = b"\xff\xd8", b"\xff\xfe"
NAMED = re.compile(
    re.escape(START + COMMENT) + rb"..tinjau:([\w-]+)\0.*?\xff\xd9(?=\s*endstream)", re.DOTALL
)
"""A picture of ours in a PDF, which keeps JPEG as it is; its end mark stands nowhere else in it."""


def named(name: str, jpeg: bytes) -> bytes:
    """Write into a picture which drawing it lies under, where every JPEG keeps a comment."""
    words = b"tinjau:" + name.encode("ascii") + b"\0"
    length = (len(words) + 2).to_bytes(2)
    return START + COMMENT + length + words + jpeg.removeprefix(START)


def pictures_in(pdf: bytes) -> dict[str, bytes]:
    """Give the pictures of a report by the drawings they lie under."""
    return {found[1].decode("ascii"): found[0] for found in NAMED.finditer(pdf)}


def _brightness(raster: Raster) -> NDArray[np.float64]:
    brightness: NDArray[np.float64] = raster.values[:3].mean(axis=0, dtype=np.float64)
    return brightness[raster.valid]


def _jpeg(pixels: NDArray[np.uint8], quality: int) -> bytes:
    """Pack pixels, whose colours come as OpenCV counts them: blue, green, red."""
    packed, content = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not packed:
        raise OSError("a picture could not be packed")
    return bytes(content)
