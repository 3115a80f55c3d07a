"""Appearance: what ground looks like around each pixel, in numbers that light changes little."""

from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.patches import Part
from geo.radiometry import Picture
from geo.raster import Mask

type Band = NDArray[np.float32]

DARK_WEIGHT = 0.2
"""Lightness weighs this much beside green-red in `bareness` (about the best of those tried)."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Sizes of the neighbourhoods looked at, in pixels."""

    smooth_px: float
    """Standard deviation of the smoothing of colour."""

    texture_px: int
    """Radius of the neighbourhood whose roughness is measured."""

    strip_px: int
    """Half the width up to which bare ground is a strip, and cut off from wider ground."""

    @property
    def reach_px(self) -> int:
        """Pixels beyond a window that can have a say in it."""
        return int(np.ceil(4 * self.smooth_px)) + 2 * self.texture_px + 4

    @classmethod
    def of(cls, pixel_m: float) -> "Scale":
        """About half a metre for colour and two for texture, bounded to what pixels can tell."""
        return cls(
            smooth_px=float(np.clip(0.4 / pixel_m, 0.7, 3.0)),
            texture_px=int(np.clip(round(1.5 / pixel_m), 2, 8)),
            strip_px=int(np.clip(round(5.5 / pixel_m), 2, 32)),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Appearance:
    """One date, one window."""

    lightness: Band
    """(rows, columns), CIE L*, 0-100."""

    green_red: Band
    """(rows, columns), CIE a*: green is negative, red is positive."""

    blue_yellow: Band
    """(rows, columns), CIE b*: blue is negative, yellow is positive."""

    roughness: Band
    """(rows, columns), local standard deviation of the fine part of L*."""

    valid: Mask

    @property
    def channels(self) -> tuple[Band, ...]:
        """What change is measured in: L*, a*, b*, and ten times the logarithm of roughness."""
        grain = np.asarray(cv2.log(self.roughness + np.float32(1)), np.float32)
        grain *= np.float32(10)
        return self.lightness, self.green_red, self.blue_yellow, grain

    @property
    def bareness(self) -> Band:
        """Red and light against green and dark: a* + 0.2 L*; vegetation is low, soil is high."""
        value: Band = self.green_red + np.float32(DARK_WEIGHT) * self.lightness
        return value

    def inner(self, margin: int) -> "Appearance":
        """Give the same without `margin` pixels on each side, as views."""
        side = slice(margin, -margin or None)
        return self.part((side, side))

    def part(self, part: Part) -> "Appearance":
        """Give some rows and columns, as views."""
        return Appearance(**{field.name: getattr(self, field.name)[part] for field in fields(self)})

    def lay(self, part: Part, seen: "Appearance") -> None:
        """Lay what was seen of some rows and columns over them."""
        for field in fields(self):
            getattr(self, field.name)[part] = getattr(seen, field.name)

    @classmethod
    def unseen(cls, valid: Mask) -> "Appearance":
        """Give ground of which nothing was looked at yet: black, and plain."""
        layers = {
            field.name: np.zeros(valid.shape, np.float32)
            for field in fields(cls)
            if field.name != "valid"
        }
        return cls(**layers, valid=valid.copy())


def appearance(picture: Picture, valid: Mask, *, scale: Scale) -> Appearance:
    """Look at a picture; unseen pixels have no say in their neighbours."""
    whole = bool(valid.all())
    seen = valid[:1, :1].astype(np.float32) if whole else valid.astype(np.float32)
    share = np.maximum(cv2.GaussianBlur(seen, (0, 0), scale.smooth_px), np.float32(1e-3))
    smooth = [
        cv2.GaussianBlur(band if whole else band * seen, (0, 0), scale.smooth_px)
        for band in picture
    ]
    for band in smooth:
        np.divide(band, share, out=band)
    lightness, green_red, blue_yellow = (
        np.asarray(band, np.float32) for band in cv2.split(_lab(cv2.merge(smooth)))
    )
    return Appearance(
        lightness=lightness,
        green_red=green_red,
        blue_yellow=blue_yellow,
        roughness=_roughness(picture, seen, scale.texture_px),
        valid=valid,
    )


def _lab(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    unit = np.clip(picture, 0, 255, out=picture)
    unit /= np.float32(255)
    return np.asarray(cv2.cvtColor(unit, cv2.COLOR_RGB2Lab), np.float32)


def _roughness(picture: Picture, seen: Band, radius: int) -> Band:
    """Spread of what is finer than the neighbourhood; a wide gradient is not rough."""
    size = (2 * radius + 1, 2 * radius + 1)
    light = picture[0] + picture[1]
    light += picture[2]
    light *= np.float32(100 / 255 / 3)
    share = np.maximum(cv2.blur(seen, size), np.float32(1e-3))
    around = np.asarray(cv2.blur(light * seen, size), np.float32)
    around /= share
    fine = np.subtract(light, around, out=light)
    fine *= seen
    fine *= fine
    spread = np.asarray(cv2.blur(fine, size), np.float32)
    spread /= share
    return np.sqrt(np.maximum(spread, 0, out=spread), out=spread)
