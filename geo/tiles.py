"""Small pieces of a picture for web maps, each cut from the overview that suits its scale."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np
import rasterio
from numpy.typing import NDArray
from rio_tiler.errors import TileOutsideBounds
from rio_tiler.io import Reader

DEEPEST: Final = 26
"""Level at which a pixel is a few millimetres: no drone sees more."""

_COLOURS: Final = 3
_QUIET: Final = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}

type Pixels = NDArray[np.uint8]
type Ramp = NDArray[np.uint8]
"""Red, green, blue and opacity for each value of a byte: 256 rows of four."""


def picture_tile(path: Path, z: int, x: int, y: int) -> bytes | None:
    """
    Give the tile of a picture as WebP, transparent where nothing was seen.

    It is None where the picture does not reach. Tiles are counted as web maps do
    (WebMercatorQuad): level, column, row from the north.
    """
    read = _read(path, z, x, y, bands=_COLOURS)
    if read is None:
        return None
    colours, seen = read
    return _packed(".webp", [*colours[::-1], seen], cv2.IMWRITE_WEBP_QUALITY, 90)


def value_tile(path: Path, z: int, x: int, y: int, ramp: Ramp) -> bytes | None:
    """Give the tile of a raster of small numbers as PNG, in the colours of a ramp."""
    read = _read(path, z, x, y, bands=1)
    if read is None:
        return None
    (values,), seen = read
    red, green, blue, opacity = ramp.T[:, values]
    opacity = np.where(seen > 0, opacity, 0).astype(np.uint8)
    return _packed(".png", [blue, green, red, opacity], cv2.IMWRITE_PNG_COMPRESSION, 6)


def _read(path: Path, z: int, x: int, y: int, *, bands: int) -> tuple[Pixels, Pixels] | None:
    """Pixels of a tile, band by band, and where they were seen."""
    with rasterio.Env(**_QUIET), Reader(str(path)) as raster:
        try:
            tile = raster.tile(x, y, z, indexes=tuple(range(1, bands + 1)))
        except TileOutsideBounds:
            return None
    return tile.data, tile.mask


def _packed(form: str, bands: list[Pixels], option: int, value: int) -> bytes:
    """Bands in OpenCV's order: blue, green, red, opacity."""
    # Not by rio-tiler, whose packing changes what the whole process warns of: threads meet there.
    packed = cv2.imencode(form, np.dstack(bands), [option, value])[1]
    return bytes(packed)
