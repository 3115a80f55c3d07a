"""Looking for a collar: what tells it from black water, a white roof and overexposed ground."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.intake.collar import BLOCK_PX, Collar, Hollow, cell_of, dilated
from geo.intake.pixels import Flags, Numbers

_LEAST_SHARE: Final = 0.0005
_LEAST_PIXELS: Final = 64
_DOUBTED_SHARE: Final = 0.005
_DOUBTED_RIM: Final = 0.1
_SOFT_LEVELS: Final = 8
_SMOOTHED: Final = {1: 5, 8: 3}
_WHITE: Final = 255

# Of regions no rougher than the first number: corners, or share of the rim, that they hold at
# least. Any row will do.
_BLACK_HOLDS: Final = ((1.0, 1, 0.1),)
_WHITE_HOLDS: Final = ((0.2, 2, 0.25), (1.0, 3, 0.5))


@dataclass(frozen=True, kw_only=True)
class _Rules:
    """How a collar ends."""

    ring_px: tuple[int, int]
    """More than the one and at most the other number of pixels beyond it is the ground beside."""

    far_px: tuple[int, int]
    """The same for the ground that this is compared with."""

    ends: tuple[tuple[float, float, float], ...]
    """Largest share of soft ground and of rough outline, and least step; any row will do."""


_EXACT: Final = _Rules(ring_px=(0, 3), far_px=(12, 24), ends=((0.05, 0.2, 0.0), (0.02, 0.7, 0.9)))
_LOSSY: Final = _Rules(ring_px=(4, 8), far_px=(28, 40), ends=((0.07, 0.6, 0.8), (0.11, 0.2, 0.9)))

_COUNTED: Final = ("pixels", "ring", "ring_levels", "soft", "far", "far_levels", "edge", "rough")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a search came to."""

    collar: Collar | None

    doubted_share: float
    """Share of the image that is of the value as a collar is, but may as well be ground."""


@dataclass(kw_only=True, eq=False)
class CollarSearch:
    """
    Gathers, window by window, what an image shows of one value, and judges it in the end.

    A collar is a region of one value in all colours that reaches the rim of the image and is
    at least 0.05 % of it. It ends at once, where overexposed ground, shadow and water fade and
    fray. Three numbers tell: *soft* is the share of the ground beside it that is within 8
    levels of its value; *rough* is how many pixels a smoothing by a square of 5 moves, in
    pixels of its outline; *step* is how far from its value the ground beside it is on average,
    in that of the ground farther away. A collar is soft up to 5 % and rough up to 20 %; or, as
    ragged as processing may leave it, soft up to 2 % and rough up to 70 % with a step of at
    least 0.9. A lossy picture is judged on its blocks of 8 pixels, and 4 to 8 pixels beyond,
    where it is soft up to 7 % and rough up to 60 % with a step of at least 0.8, or soft up to
    11 % and rough up to 20 % with a step of at least 0.9.

    Black must hold a corner or a tenth of the rim. White must hold more, for roofs and salt are
    white, too, and end at once: two corners or a quarter of the rim with an outline rough up to
    20 %, else three corners or half of the rim. Where one region is a collar,
    others of its value that end so and reach the rim need no corner. What does not reach the
    rim was seen. What might be a collar and is not proven to be one stays ground, and is told
    as doubtful where it is half a percent of the image.

    These numbers were chosen on 39 real pictures in nine lights, with and without collars of
    nine shapes; `tests/geo/intake/test_collar.py` holds them.

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
        levels = np.minimum(away / np.float32(self.hollow.level), _WHITE)
        ring = _between(hollow, *self._rules.ring_px) & valid
        far = _between(hollow, *self._rules.far_px) & valid
        flat = _cut(hollow | ~valid, self.unit, fill=True).all(axis=(1, 3))
        full = _cut(flat, self.cell // self.unit, fill=True).all(axis=(1, 3))
        top, left = row // self.cell, column // self.cell
        there = np.s_[top : top + full.shape[0], left : left + full.shape[1]]
        self._full[there] = full
        for name, numbers, unit in (
            ("pixels", hollow, 1),
            ("ring", ring, 1),
            ("ring_levels", np.where(ring, levels, 0), 1),
            ("soft", ring & (levels <= _SOFT_LEVELS), 1),
            ("far", far, 1),
            ("far_levels", np.where(far, levels, 0), 1),
            ("edge", dilated(flat, 1) & ~flat, self.unit),
            ("rough", _smoothed(flat, _SMOOTHED[self.unit]) ^ flat, self.unit),
        ):
            count = _cut(numbers, self.cell // unit, fill=False).sum(axis=(1, 3), dtype=np.float32)
            self._counts[name][there] = count

    @property
    def _rules(self) -> _Rules:
        return _LOSSY if self.hollow.is_lossy else _EXACT

    def verdict(self) -> Verdict:
        """What was found; a value that may well be ground is none."""
        full = self._full.astype(np.uint8)
        count, found, boxes, _ = cv2.connectedComponentsWithStats(full, connectivity=4)
        labels: NDArray[np.int32] = np.asarray(found, dtype=np.int32)
        rim = np.concatenate([labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1]])
        on_rim = np.bincount(rim, minlength=count) / rim.size
        corners = Counter(int(labels[row, column]) for row in (0, -1) for column in (0, -1))
        pixels = np.bincount(labels.ravel(), self._counts["pixels"].ravel(), minlength=count)
        least = max(_LEAST_SHARE * self.rows * self.columns, _LEAST_PIXELS)
        large = [one for one in np.flatnonzero(on_rim).tolist() if one and pixels[one] >= least]
        rough = {one: self._roughness(labels, boxes[one], one) for one in large}
        sharp = [one for one in large if rough[one] < math.inf]
        wanted = _WHITE_HOLDS if self.hollow.is_white else _BLACK_HOLDS
        held = (
            ([one for one in sharp if rough[one] <= roughest], least_corners, least_share)
            for roughest, least_corners, least_share in wanted
        )
        is_proven = any(
            ones
            and (
                sum(corners[one] for one in ones) >= least_corners
                or on_rim[ones].sum() >= least_share
            )
            for ones, least_corners, least_share in held
        )
        proven = sharp if is_proven else []
        doubted = [
            one
            for one in large
            if one not in proven
            and pixels[one] >= _DOUBTED_SHARE * self.rows * self.columns
            and (corners[one] or on_rim[one] >= _DOUBTED_RIM)
        ]
        cells: Flags = np.isin(labels, proven)
        return Verdict(
            collar=Collar(hollow=self.hollow, cell=self.cell, cells=cells) if proven else None,
            doubted_share=min(int(pixels[doubted].sum()) / (self.rows * self.columns), 1.0),
        )

    def _roughness(self, labels: NDArray[np.int32], box: Iterable[int], label: int) -> float:
        """How rough the outline of a region is; infinite where it does not end at once."""
        beside = self._sums(labels, box, label, self._rules.ring_px[1])
        beyond = self._sums(labels, box, label, self._rules.far_px[1])
        soft = beside["soft"] / max(beside["ring"], 1)
        rough = beside["rough"] / max(beside["edge"], 1)
        # Where there is no other ground, there is nothing to differ from.
        far = beyond["far_levels"] / max(beyond["far"], 1)
        step = beside["ring_levels"] / max(beside["ring"], 1) / far if far else 1.0
        ends = any(
            soft <= most_soft and rough <= most_rough and step >= least_step
            for most_soft, most_rough, least_step in self._rules.ends
        )
        return rough if ends else math.inf

    def _sums(
        self, labels: NDArray[np.int32], box: Iterable[int], label: int, pixels: int
    ) -> dict[str, int]:
        """What was counted in the cells of a region and within some pixels of it."""
        left, top, width, height, _ = (int(number) for number in box)
        reach = -(-pixels // self.cell) + 1
        around = np.s_[
            max(top - reach, 0) : top + height + reach, max(left - reach, 0) : left + width + reach
        ]
        region = dilated(labels[around] == label, reach)
        return {
            name: int(self._counts[name][around][region].sum(dtype=np.int64)) for name in _COUNTED
        }


def _between(flags: Flags, nearer: int, farther: int) -> Flags:
    """More than the one and at most the other number of pixels from a flag."""
    if not flags.any():
        return np.zeros_like(flags)
    between: Flags = dilated(flags, farther) & ~(dilated(flags, nearer) if nearer else flags)
    return between


def _cut(flags: NDArray[Any], size: int, *, fill: bool) -> NDArray[Any]:
    """(rows, size, columns, size) of numbers cut into squares; what lacks at the end is filled."""
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
