"""How numbers of more, or fewer, than 8 bits become a picture of 8 bits."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from geo.intake.bands import Bytes, Recipe
from geo.intake.pixels import Flags, Numbers

DARK_PERCENT: Final = 0.5
BRIGHT_PERCENT: Final = 99.5

_SIDE: Final = 64
_WINDOWS: Final = 32
_BRIGHTEST: Final = 255
_EVEN: Final = 128

type ReadWindow = Callable[[Window], tuple[Numbers, Flags]]


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """
    The straight line by which all colours of an image became 8 bits.

    One line for all colours, so that they keep their relation to one another.
    """

    lowest: float
    """Number in the file that became 0; what is lower did too."""

    highest: float
    """Number in the file that became 255; what is higher did too."""

    found: str
    """Type of the numbers in the file, as numpy names it, or its bits where they are fewer."""

    def of(self, picture: Numbers) -> Bytes:
        """
        Scale a window of numbers, nearest whole level.

        Numbers of a picture that has only one are all made mid-grey; those that are not
        finite are made 0.
        """
        if self.highest <= self.lowest:
            return np.full(picture.shape, _EVEN, dtype=np.uint8)
        scaled = np.empty(picture.shape, dtype=np.uint8)
        step = _BRIGHTEST / (self.highest - self.lowest)
        for band, numbers in enumerate(picture):  # one by one: floats are long
            finite = np.nan_to_num(numbers.astype(np.float64), nan=self.lowest)
            scaled[band] = np.clip(np.rint((finite - self.lowest) * step), 0, _BRIGHTEST)
        return scaled


def scaling_of(
    recipe: Recipe, read: ReadWindow, *, rows: int, columns: int, hollow: tuple[float, ...]
) -> Scaling | None:
    """
    Choose the line for one image.

    Numbers of fewer than 8 bits take their whole range. Others go from the 0.5th to the 99.5th
    percentile of the numbers of all colours together where the ground was seen, in a regular
    sample: all pixels of an image of at most 2048 a side, else 32 by 32 windows of 64 by 64.

    Parameters
    ----------
    recipe
        Which bands are the picture.
    read
        Gives the numbers of a window, and where they were seen.
    rows, columns
        Size of the image.
    hollow
        Values of a collar, which no percentile is taken of.

    Returns
    -------
    Scaling | None
        None where the numbers are 8 bits already. Where nothing of the sample was seen, from
        the smallest to the largest number of the whole image.
    """
    if recipe.is_bytes:
        return None
    if recipe.depth == np.uint8:
        return Scaling(lowest=0.0, highest=float(2**recipe.bits - 1), found=f"{recipe.bits} bits")
    sample = np.concatenate(
        [_seen(*read(window), hollow) for window in _sample(rows=rows, columns=columns)]
    )
    if sample.size:
        lowest, highest = np.percentile(sample, [DARK_PERCENT, BRIGHT_PERCENT])
    else:
        whole = (Window(0, row, columns, 1) for row in range(rows))
        lowest, highest = _range(_seen(*read(window), hollow) for window in whole)
    return Scaling(lowest=float(lowest), highest=float(highest), found=recipe.depth.name)


def _seen(picture: Numbers, valid: Flags, hollow: tuple[float, ...]) -> NDArray[Any]:
    for value in hollow:
        valid = valid & (picture != value).any(axis=0)
    return picture[:, valid].ravel()


def _range(parts: Iterable[NDArray[Any]]) -> tuple[float, float]:
    ends = [end for part in parts if part.size for end in (float(part.min()), float(part.max()))]
    return (min(ends), max(ends)) if ends else (0.0, 0.0)


def _sample(*, rows: int, columns: int) -> Iterator[Window]:
    for row, height in _spread(rows):
        for column, width in _spread(columns):
            yield Window(column, row, width, height)


def _spread(length: int) -> Iterator[tuple[int, int]]:
    """Start and length of at most 32 pieces: all of a short side, spread evenly over a long one."""
    pieces = min(-(-length // _SIDE), _WINDOWS)
    for number in range(pieces):
        start = number * _SIDE
        if length > _SIDE * _WINDOWS:
            start = number * (length - _SIDE) // (pieces - 1)
        yield start, min(_SIDE, length - start)
