"""A pyramid: each level of a picture half as fine as the one below, made as its blocks come."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

type Flags = NDArray[np.bool_]


class Part(NamedTuple):
    """A rectangle of whole blocks of the picture; it may end where the picture ends."""

    row: int
    column: int
    """Of its upper left pixel."""

    values: NDArray[np.uint8]
    """(bands, rows, columns); zero where not valid."""

    valid: Flags
    """(rows, columns)."""


class Block(NamedTuple):
    """A square of one level that shows something; the last of a row or column is not filled."""

    level: int
    """How often the picture was halved."""

    row: int
    column: int
    """Of the block, counted in blocks."""

    values: NDArray[np.uint8]
    """(bands, side, side); zero where not valid."""

    valid: Flags
    """(side, side)."""


class Pyramid:
    """
    Makes the coarser levels of a picture while it is written; never holds more than a few rows.

    A pixel of a coarser level is the mean of those of its four that were seen, rounded half up,
    and was seen where any of them was, as GDAL has it.

    Parameters
    ----------
    shape
        Rows and columns of the picture.
    side
        Of a block in pixels, a multiple of two.
    bands
        Of the picture.
    """

    def __init__(self, shape: tuple[int, int], *, side: int, bands: int) -> None:
        self.levels = levels_of(shape, side=side)
        self._side, self._bands = side, bands
        self._growing: list[dict[tuple[int, int], Block]] = [{} for _ in range(self.levels)]

    def blocks(self, parts: Iterable[Part]) -> Iterator[Block]:
        """Give the blocks of parts that come row by row, and those above once they are complete."""
        for part in parts:
            if part.row % self._side or part.column % self._side:
                at = f"row {part.row}, column {part.column}"
                raise ValueError(f"{at} does not begin a block of {self._side} pixels")
            yield from self._finished(part.row)
            for here in _cut(part.valid.shape, self._side):
                seen = part.valid[here]
                if seen.any():
                    yield from self._added(
                        Block(
                            0,
                            (part.row + here[0].start) // self._side,
                            (part.column + here[1].start) // self._side,
                            _filled(part.values[:, *here], self._side),
                            _filled(seen, self._side),
                        )
                    )
        for level in range(1, self.levels):
            yield from self._finished_on(level, rows=None)

    def _finished(self, row: int) -> Iterator[Block]:
        for level in range(1, self.levels):
            yield from self._finished_on(level, rows=row // (self._side << level))

    def _finished_on(self, level: int, *, rows: int | None) -> Iterator[Block]:
        """Blocks of a level in rows of blocks before `rows`, to which nothing will be added."""
        growing = self._growing[level]
        for place in sorted(place for place in growing if rows is None or place[0] < rows):
            yield from self._added(growing.pop(place))

    def _added(self, block: Block) -> Iterator[Block]:
        yield block
        if block.level + 1 == self.levels:
            return
        half = self._side // 2
        place = block.row // 2, block.column // 2
        growing = self._growing[block.level + 1]
        if place not in growing:
            growing[place] = Block(
                block.level + 1,
                *place,
                np.zeros((self._bands, self._side, self._side), np.uint8),
                np.zeros((self._side, self._side), np.bool_),
            )
        top, left = block.row % 2 * half, block.column % 2 * half
        quarter = np.s_[top : top + half, left : left + half]
        values, valid = halved(block.values, block.valid)
        growing[place].values[:, *quarter] = values
        growing[place].valid[quarter] = valid


def levels_of(shape: tuple[int, int], *, side: int) -> int:
    """How many levels a picture of so many rows and columns has: the last is one block."""
    levels = 1
    while max(shape) > side << (levels - 1):
        levels += 1
    return levels


def halved(values: NDArray[np.uint8], valid: Flags) -> tuple[NDArray[np.uint8], Flags]:
    """
    Give pixels twice as long.

    Parameters
    ----------
    values
        (bands, rows, columns), both even, rows lying in one piece each; zero where not valid.
    valid
        (rows, columns).
    """
    size = values.shape[2] // 2, values.shape[1] // 2
    if valid.all():
        means = [cv2.resize(band, size, interpolation=cv2.INTER_AREA) for band in values]
        return np.stack(means), np.ones(size[::-1], np.bool_)
    count = _fours(valid.view(np.uint8)).astype(np.uint16)
    known = np.maximum(count, 1)
    means = [((_fours(band) + count // 2) // known).astype(np.uint8) for band in values]
    return np.stack(means), count > 0


def _cut(shape: tuple[int, ...], side: int) -> Iterator[tuple[slice, slice]]:
    for top in range(0, shape[0], side):
        for left in range(0, shape[1], side):
            yield slice(top, top + side), slice(left, left + side)


def _fours(band: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Sums of two by two."""
    pairs = band.view("<u2")  # two neighbours in one number are added without picking them out
    across = (pairs & 0xFF) + (pairs >> 8)
    sums: NDArray[np.uint16] = across[::2] + across[1::2]
    return sums


def _filled[Number: np.generic](part: NDArray[Number], side: int) -> NDArray[Number]:
    """Give a whole block, of which what lies beyond the picture is zero."""
    rows, columns = part.shape[-2:]
    if (rows, columns) == (side, side):
        return part
    whole = np.zeros((*part.shape[:-2], side, side), part.dtype)
    whole[..., :rows, :columns] = part
    return whole
