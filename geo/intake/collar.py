"""The collar: black or white that a program laid around the ground and forgot to mark as empty."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.intake.pixels import Flags, Numbers

_MOST_CELLS: Final = 4_000_000
_FRINGE_CELLS: Final = 2

# Of a lossy picture: a collar leaves its value by 2 levels, and by more only within one block
# of 16 pixels that has ground in it too.
LOSSY_LEVELS: Final = 2
BELT_LEVELS: Final = 16
BELT_PX: Final = 16
BLOCK_PX: Final = 8


@dataclass(frozen=True, kw_only=True)
class Hollow:
    """A value that may stand for no ground at all, and how exactly a file keeps it."""

    value: float
    """In all colours, as the file has it."""

    is_white: bool
    """Whether it is brighter than the ground, else darker."""

    level: float
    """Difference of two numbers of the file that is one of 255 levels."""

    is_lossy: bool

    @property
    def colour(self) -> str:
        """``black`` or ``white``."""
        return "white" if self.is_white else "black"

    @property
    def tolerance(self) -> float:
        """By how much the value is missed at most, away from the ground."""
        return LOSSY_LEVELS * self.level if self.is_lossy else 0.0

    def away(self, picture: Numbers) -> NDArray[np.float32]:
        """Largest difference of any colour from the value."""
        if picture.dtype == np.uint8:
            extreme = picture.min(axis=0) if self.is_white else picture.max(axis=0)
            away: NDArray[np.float32] = np.abs(extreme.astype(np.float32) - np.float32(self.value))
            return away
        most = np.finfo(np.float32).max
        furthest = np.zeros(picture.shape[1:], dtype=np.float32)
        for band in picture:  # one by one: floats are long
            difference = np.minimum(np.abs(band.astype(np.float64) - self.value), most)
            furthest = np.fmax(furthest, difference.astype(np.float32))
        return furthest


@dataclass(frozen=True, kw_only=True, eq=False)
class Collar:
    """Where the rim of an image shows one value and no ground."""

    hollow: Hollow

    cell: int
    """Side of one cell, in pixels."""

    cells: Flags
    """(rows, columns) of the cells that are collar all over and are joined to the rim."""

    @property
    def margin(self) -> int:
        """Pixels around a window that say whether its own belong to the collar."""
        return _FRINGE_CELLS * self.cell + (BELT_PX if self.hollow.is_lossy else 0)

    def covered(self, picture: Numbers, valid: Flags, *, row: int, column: int) -> Flags:
        """
        Pixels of a window that belong to the collar.

        Parameters
        ----------
        picture, valid
            The window, as `geo.intake.pixels.delivered_pixels` reads it.
        row, column
            Where it begins in the image.
        """
        known = self._known(row, column, valid.shape)
        if not known.any():
            return known
        away = self.hollow.away(picture)
        near = dilated(known, _FRINGE_CELLS * self.cell)
        grown = _joined((away <= self.hollow.tolerance) & near | ~valid & near | known, known)
        if self.hollow.is_lossy:
            belt = (away <= BELT_LEVELS * self.hollow.level) & dilated(grown, BELT_PX)
            grown = _joined(belt | grown, grown)
        covered: Flags = grown & valid
        return covered

    def _known(self, row: int, column: int, shape: tuple[int, ...]) -> Flags:
        rows = np.arange(row, row + shape[0]) // self.cell
        columns = np.arange(column, column + shape[1]) // self.cell
        known: Flags = self.cells[np.ix_(rows, columns)]
        return known


def cell_of(*, rows: int, columns: int, is_lossy: bool) -> int:
    """
    Side in pixels of the cells that an image is searched in: at most 4 million of them.

    Whole blocks of it where the image is lossy.
    """
    unit = BLOCK_PX if is_lossy else 1
    return max(math.ceil(math.sqrt(rows * columns / _MOST_CELLS) / unit), 1) * unit


def dilated(flags: Flags, pixels: int) -> Flags:
    """Flags grown by some pixels to every side."""
    square = np.ones((2 * pixels + 1, 2 * pixels + 1), dtype=np.uint8)
    grown: Flags = cv2.dilate(flags.astype(np.uint8), square) != 0
    return grown


def _joined(flags: Flags, seeds: Flags) -> Flags:
    """Regions of flags, joined at their sides, that hold a seed."""
    count, labels = cv2.connectedComponents(flags.astype(np.uint8), connectivity=4)
    kept = np.zeros(count, dtype=np.bool_)
    kept[labels[seeds]] = True
    kept[0] = False
    joined: Flags = kept[labels]
    return joined
