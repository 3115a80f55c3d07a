"""Tiles packed in forms that browsers and GIS read."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.web_map import SIDE_PX

_LIGHT_QUALITY: Final = 85
"""As much as the pictures themselves have, of which tiles are made."""

_QUICK: Final = 1
"""Of a lossless form: what more effort saves is less than what it takes."""

type Pixels = NDArray[np.uint8]
type Ramp = NDArray[np.uint8]
"""Red, green, blue and opacity for each value of a byte: 256 rows of four."""


@dataclass(frozen=True, kw_only=True)
class Packed:
    """A tile as it is sent."""

    content: bytes
    kind: str


def light(colours: Pixels, seen: Pixels) -> Packed:
    """Pack a picture small and soon: JPEG, and WebP where a part of it is see-through."""
    if seen.all():
        # A tenth of the work of WebP.
        return _packed("jpeg", ".jpg", colours, [cv2.IMWRITE_JPEG_QUALITY, _LIGHT_QUALITY])
    if not seen.any():
        return NOTHING
    option = [cv2.IMWRITE_WEBP_QUALITY, _LIGHT_QUALITY]
    return _packed("webp", ".webp", cv2.merge([colours, seen]), option)


def exact(colours: Pixels, seen: Pixels) -> Packed:
    """Pack a picture as PNG, which keeps every pixel and which every GIS reads."""
    return _packed("png", ".png", cv2.merge([colours, seen]), [cv2.IMWRITE_PNG_COMPRESSION, _QUICK])


def coloured(values: Pixels, seen: Pixels, ramp: Ramp) -> Packed:
    """Pack numbers as PNG in the colours of a ramp."""
    red, green, blue, opacity = ramp.T[:, values]
    drawn = cv2.merge([blue, green, red, np.where(seen > 0, opacity, 0).astype(np.uint8)])
    return _packed("png", ".png", drawn, [cv2.IMWRITE_PNG_COMPRESSION, _QUICK])


def _packed(kind: str, form: str, pixels: cv2.typing.MatLike, option: list[int]) -> Packed:
    return Packed(content=bytes(cv2.imencode(form, pixels, option)[1]), kind=f"image/{kind}")


_SIDE: Final = (SIDE_PX, SIDE_PX)
NOTHING: Final = exact(np.zeros((*_SIDE, 3), np.uint8), np.zeros(_SIDE, np.uint8))
"""A tile on which nothing was drawn."""
