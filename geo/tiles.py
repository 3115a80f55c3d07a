"""Small pieces of a picture for web maps, each cut from the overview that suits its scale."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window

from geo.grid import Tile
from geo.handles import Handle
from geo.resampling import SEEN_SHARE
from geo.warp import MARGIN_PX, NOWHERE_PX
from geo.web_map import SIDE_PX, MapTile, pixel_m

SPACING_PX: Final = 32
"""Between places whose position is computed exactly; between them it is linear."""

EXACT_BELOW: Final = 6
"""Levels so coarse that the earth bends between such places: there all of them are computed."""

FINE: Final = 1.25
"""Pixels of the overview to one of the tile, above which four places of it are averaged."""

_COLOURS: Final = 3
_SEEN: Final = 255

type Pixels = NDArray[np.uint8]
type Floats = NDArray[np.float64]


def picture_tile(handle: Handle, tile: MapTile) -> tuple[Pixels, Pixels] | None:
    """
    Give blue, green and red (256, 256, 3) of a tile, as OpenCV has them, and where they were seen.

    It is None where the picture does not reach. What is coarser than the picture is averaged,
    what is finer is interpolated linearly, and only seen pixels speak.
    """
    cut = _cut(handle, tile, may_average=True)
    if cut is None:
        return None
    values, seen = cut.read(handle, _COLOURS, Resampling.average)
    weighted = values[::-1] if seen.min() == _SEEN else [_shares(one, seen) for one in values[::-1]]
    drawn = cut.drawn(cv2.merge([*weighted, seen]))
    colours, share = drawn[..., :_COLOURS], drawn[..., _COLOURS]
    valid = share > SEEN_SHARE * _SEEN
    rim = valid & (share < _SEEN)
    colours[~valid] = 0
    colours[rim] = np.minimum(colours[rim] * (_SEEN / share[rim, None]) + 0.5, _SEEN)
    return colours, np.where(valid, _SEEN, 0).astype(np.uint8)


def value_tile(handle: Handle, tile: MapTile) -> tuple[Pixels, Pixels] | None:
    """Give the numbers of a tile (256, 256) that lie nearest, and where there are any."""
    cut = _cut(handle, tile, may_average=False)
    if cut is None:
        return None
    (values,), seen = cut.read(handle, 1, Resampling.nearest)
    return cut.nearest(values), cut.nearest(seen)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Cut:
    """The part of a raster under a tile, and where in it the tile's pixels lie."""

    window: Tile
    shape: tuple[int, int]
    """Rows and columns as which it is read."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    """Of the centre of each pixel, or of its four quarters, as OpenCV counts."""

    def read(self, handle: Handle, bands: int, how: Resampling) -> tuple[Pixels, Pixels]:
        """Read bands (bands, rows, columns), and where they were seen."""
        w = self.window
        asked = Window(w.column, w.row, w.columns, w.rows)
        values = handle.dataset.read(
            list(range(1, bands + 1)),
            window=asked,
            out_shape=(bands, *self.shape),
            resampling=how,
        )
        seen = handle.dataset.dataset_mask(window=asked, out_shape=self.shape, resampling=how)
        return values, seen

    def drawn(self, read: cv2.typing.MatLike) -> Pixels:
        """Pixels of the tile, interpolated linearly; zero outside."""
        drawn = cv2.remap(read, self.x, self.y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        if drawn.shape[0] != SIDE_PX:
            drawn = cv2.resize(drawn, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        return drawn.astype(np.uint8, copy=False)

    def nearest(self, read: Pixels) -> Pixels:
        """Pixels of the tile as the nearest is; zero outside."""
        found = cv2.remap(read, self.x, self.y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
        return found.astype(np.uint8, copy=False)


def _cut(handle: Handle, tile: MapTile, *, may_average: bool) -> _Cut | None:
    scale = pixel_m(tile.z) / handle.pixel_m
    factor = 1 << max(math.floor(math.log2(scale * 1.01)), 0)
    quarters = 2 if may_average and scale / factor > FINE else 1
    spacing = SPACING_PX if tile.z >= EXACT_BELOW else 1
    columns, rows = handle.positions(tile.grid, spacing)
    window = _window(columns, rows, handle.home.shape, factor)
    if window is None:
        return None
    shape = (math.ceil(window.rows / factor), math.ceil(window.columns / factor))
    x = (columns - window.column) * (shape[1] / window.columns)
    y = (rows - window.row) * (shape[0] / window.rows)
    steps = spacing * quarters
    return _Cut(window=window, shape=shape, x=_between(x, steps), y=_between(y, steps))


def _window(columns: Floats, rows: Floats, shape: tuple[int, int], factor: int) -> Tile | None:
    """Whole pixels of the overview under these positions; None where there are none."""
    known = np.isfinite(columns) & np.isfinite(rows)
    if not known.any():
        return None
    ends = []
    for at, size in ((rows[known], shape[0]), (columns[known], shape[1])):
        low = math.floor(at.min() / factor) - MARGIN_PX
        high = math.ceil(at.max() / factor) + MARGIN_PX
        ends.append((max(low * factor, 0), min(high * factor, size)))
    (top, bottom), (left, right) = ends
    if bottom <= top or right <= left:
        return None
    return Tile(row=top, column=left, rows=bottom - top, columns=right - left)


def _shares(band: Pixels, seen: Pixels) -> Pixels:
    """What a band has in each pixel, by how much of it was seen."""
    return ((band.astype(np.uint16) * seen + _SEEN // 2) // _SEEN).astype(np.uint8)


def _between(lattice: Floats, steps: int) -> NDArray[np.float32]:
    """
    What lies between the places of a lattice, linearly: so many centres from one to the next.

    As OpenCV counts, the centre of the first pixel is at nought.
    """
    known = np.nan_to_num(lattice - 0.5, nan=NOWHERE_PX)
    share = (np.arange(steps) + 0.5) / steps
    # Not as a product of matrices, which would set more threads to work than there are cores.
    down = known[:-1, None] + np.diff(known, axis=0)[:, None] * share[:, None]
    net = down.reshape(-1, known.shape[1]).astype(np.float32)
    across = np.diff(net, axis=1)[:, :, None] * share.astype(np.float32)
    across += net[:, :-1, None]
    return across.reshape(len(net), -1)
