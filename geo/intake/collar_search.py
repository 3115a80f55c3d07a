"""Looking for a collar: what tells it from black water, a white roof and overexposed ground."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from geo.errors import RefusedError
from geo.intake.bands import Recipe
from geo.intake.collar import BELT_PX, BLOCK_PX, Collar, Hollow, cell_of, dilated
from geo.intake.pixels import Flags, Numbers
from geo.intake.scaling import ReadWindow

_PROBES: Final = 64
_PROBED_SHARE: Final = 0.05
_RIM_SHARE: Final = 0.1
_LEAST_SHARE: Final = 0.0005
_LEAST_PIXELS: Final = 64
_SOFT_SHARE: Final = 0.05
_ROUGH_SHARE: Final = 0.2
_SOFT_LEVELS: Final = 8
_RING_PX: Final = 3
_SMOOTHED: Final = {1: 5, 8: 3}
_WHITE: Final = 255


def rim_values(read: ReadWindow, *, rows: int, columns: int) -> NDArray[np.float64]:
    """
    Numbers of some seen pixels on the rim: the four corners first, then 64 along each side.

    Returns
    -------
    ndarray
        (pixels, colours); NaN where the pixel was not seen or cannot be read.
    """
    down = np.linspace(0, rows - 1, _PROBES, dtype=np.int64).tolist()
    across = np.linspace(0, columns - 1, _PROBES, dtype=np.int64).tolist()
    corners = [(row, column) for row in (0, rows - 1) for column in (0, columns - 1)]
    rim = [(row, column) for row in down for column in (0, columns - 1)]
    rim += [(row, column) for row in (0, rows - 1) for column in across]
    places = sorted(set(rim))  # downwards, so that few blocks are decoded twice
    numbers = {place: _number(read, *place) for place in places}
    return np.stack([numbers[place] for place in [*corners, *places]])


def _number(read: ReadWindow, row: int, column: int) -> NDArray[np.float64]:
    try:
        picture, valid = read(Window(column, row, 1, 1))
    except RefusedError:
        return np.full(3, np.nan)
    number = np.broadcast_to(picture[:, 0, 0].astype(np.float64), 3)
    return number if valid[0, 0] else np.full(3, np.nan)


def hollow_values(recipe: Recipe, rim: NDArray[np.float64], *, is_lossy: bool) -> tuple[float, ...]:
    """
    Values that may be those of a collar: what a corner shows, or 5 % of the rim.

    In 8 bits they are black and white, else the smallest and the largest number of the rim.
    Around blocks that were never written there may be black.
    """
    darkest, brightest = rim.max(axis=1), rim.min(axis=1)
    if recipe.is_bytes:
        slack = 2 if is_lossy else 0
        ends = ((0.0, darkest <= slack), (float(_WHITE), brightest >= _WHITE - slack))
    elif np.isnan(rim).all():
        return ()
    else:
        low, high = float(np.nanmin(darkest)), float(np.nanmax(brightest))
        ends = ((low, darkest == low), (high, brightest == high))
    found = [
        value
        for value, shows in ends
        if shows[:4].any()
        or np.count_nonzero(shows) > _PROBED_SHARE * len(shows)
        or (recipe.is_sparse and value == 0)
    ]
    return tuple(dict.fromkeys(found))


_COUNTED: Final = ("pixels", "ring", "soft", "edge", "rough")


@dataclass(kw_only=True, eq=False)
class CollarSearch:
    """
    Gathers, window by window, what an image shows of one value, and judges it in the end.

    A collar is a region of one value in all colours that reaches the rim of the image, holds a
    corner or a tenth of the rim, and is at least 0.05 % of the image. It ends at once and along
    smooth lines, where overexposed ground, shadow and water fade and fray: of the ground 1 to 3
    pixels beyond it at most 5 % is within 8 levels of it, and smoothing its outline by a square
    of 5 pixels moves at most a fifth as many pixels as the outline has. Where one region is a
    collar, others of its value that reach the rim need no corner. What does not reach the rim
    was seen.

    On 150 real pictures with collars of known extent, 95 % have less than 0.2 % soft and 10 %
    rough ground; of 81 regions of overexposed or underexposed ground, none has less than 3 %
    soft, and 95 % are more than 40 % rough. A lossy picture is judged on its blocks of 8 pixels,
    and beyond the 16 that one of its blocks may blur.

    The image is searched in cells of so many pixels that 4 million of them cover it: a collar
    narrower than two cells may be missed, and then counts as seen.
    """

    hollow: Hollow
    rows: int
    columns: int
    cell: int = field(init=False)
    unit: int = field(init=False)

    def __post_init__(self) -> None:
        """Begin with an image of which nothing is known."""
        self.unit = BLOCK_PX if self.hollow.is_lossy else 1
        self.cell = cell_of(rows=self.rows, columns=self.columns, is_lossy=self.hollow.is_lossy)
        shape = -(-self.rows // self.cell), -(-self.columns // self.cell)
        self._full = np.zeros(shape, dtype=np.bool_)
        self._counts = {name: np.zeros(shape, dtype=np.uint32) for name in _COUNTED}

    def look(self, picture: Numbers, valid: Flags, *, row: int, column: int) -> None:
        """Take note of one window, which begins on a cell and ends on one or with the image."""
        away = self.hollow.away(picture)
        hollow = (away <= self.hollow.tolerance) & valid
        gap = BELT_PX if self.hollow.is_lossy else 0
        ring = valid & ~hollow
        if hollow.any():
            ring &= dilated(hollow, gap + _RING_PX)
            ring &= ~dilated(hollow, gap) if gap else True
        else:
            ring[:] = False
        soft = ring & (away <= _SOFT_LEVELS * self.hollow.level)
        flat = _cut(hollow | ~valid, self.unit, fill=True).all(axis=(1, 3))
        full = _cut(flat, self.cell // self.unit, fill=True).all(axis=(1, 3))
        top, left = row // self.cell, column // self.cell
        there = np.s_[top : top + full.shape[0], left : left + full.shape[1]]
        self._full[there] = full
        for name, flags, unit in (
            ("pixels", hollow, 1),
            ("ring", ring, 1),
            ("soft", soft, 1),
            ("edge", dilated(flat, 1) & ~flat, self.unit),
            ("rough", _smoothed(flat, _SMOOTHED[self.unit]) ^ flat, self.unit),
        ):
            count = _cut(flags, self.cell // unit, fill=False).sum(axis=(1, 3), dtype=np.uint32)
            self._counts[name][there] = count

    def collar(self) -> Collar | None:
        """What was found; None where the value, if it is there, is ground."""
        full = self._full.astype(np.uint8)
        count, found, boxes, _ = cv2.connectedComponentsWithStats(full, connectivity=4)
        labels: NDArray[np.int32] = np.asarray(found, dtype=np.int32)
        rim = np.concatenate([labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1]])
        on_rim = np.bincount(rim, minlength=count)
        corners = {int(labels[row, column]) for row in (0, -1) for column in (0, -1)}
        sharp = [
            label
            for label in np.flatnonzero(on_rim).tolist()
            if label and self._is_sharp(labels, boxes[label], label)
        ]
        if not any(one in corners or on_rim[one] >= _RIM_SHARE * rim.size for one in sharp):
            return None
        cells: Flags = np.isin(labels, sharp)
        return Collar(hollow=self.hollow, cell=self.cell, cells=cells)

    def _is_sharp(self, labels: NDArray[np.int32], box: Iterable[int], label: int) -> bool:
        """Whether a region is large enough and ends at once and along smooth lines."""
        left, top, width, height, _ = (int(number) for number in box)
        reach = -(-(BELT_PX + _RING_PX) // self.cell) + 1
        around = np.s_[
            max(top - reach, 0) : top + height + reach, max(left - reach, 0) : left + width + reach
        ]
        region = dilated(labels[around] == label, reach)
        pixels, ring, soft, edge, rough = (
            int(self._counts[name][around][region].sum(dtype=np.int64)) for name in _COUNTED
        )
        return (
            pixels >= max(_LEAST_SHARE * self.rows * self.columns, _LEAST_PIXELS)
            and soft <= _SOFT_SHARE * ring
            and rough <= _ROUGH_SHARE * edge
        )


def _cut(flags: Flags, size: int, *, fill: bool) -> Flags:
    """(rows, size, columns, size) of flags cut into squares; what lacks at the end is filled."""
    lacking = [(0, -length % size) for length in flags.shape]
    padded = np.pad(flags, lacking, constant_values=fill)
    return padded.reshape(padded.shape[0] // size, size, padded.shape[1] // size, size)


def _smoothed(flags: Flags, side: int) -> Flags:
    """Flags less what no square of that side fits into, and with what none fits beside."""
    square = np.ones((side, side), dtype=np.uint8)
    raw = flags.astype(np.uint8)
    opened = cv2.morphologyEx(raw, cv2.MORPH_OPEN, square) != 0
    closed = cv2.morphologyEx(raw, cv2.MORPH_CLOSE, square) != 0
    smooth: Flags = flags ^ (flags & ~opened) ^ (closed & ~flags)
    return smooth
