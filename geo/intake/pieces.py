"""Pieces of the picture that is clipped in the child: what a stencil shows, strip by strip."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from geo.intake.bands import Bytes
from geo.intake.pixels import Flags
from geo.jpeg_packing import BANDS, SIDE
from geo.pyramid import Part

_OUTSIDE, _INSIDE = "0", "1"
"""What lies in a tile of the stencil; of any other, its bits say which pixels."""

type Box = tuple[slice, slice]


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Which pixels of an image are kept."""

    window: tuple[int, ...]
    """Row, column, rows, columns; inside the image."""

    shape: tuple[int, ...]
    """Rows and columns of the clipped picture, which begins with the window and may go on."""

    side: int
    """Of the tiles of a stencil, in pixels."""

    kinds: list[str]
    """For each row of tiles, what each is, as `geo.stencil.Stencil.kinds` has it."""

    stencil: Path
    """Bits of the tiles that are neither outside nor inside, one after the other."""


class Piece(NamedTuple):
    """A rectangle of the clipped picture, and what the stencil shows of it."""

    row: int
    column: int
    mask: Flags
    is_whole: bool
    """Whether it shows all of it or nothing."""

    def whole(self) -> Box:
        """Rows and columns of all of it."""
        return slice(0, self.mask.shape[0]), slice(0, self.mask.shape[1])

    def shown(self) -> Box | None:
        """Rows and columns between which it shows something; None where nothing."""
        if self.is_whole:
            return self.whole() if self.mask[0, 0] else None
        ends = [np.flatnonzero(self.mask.any(axis=axis)) for axis in (1, 0)]
        if not ends[0].size:
            return None
        down, across = (slice(int(end[0]), int(end[-1]) + 1) for end in ends)
        return down, across

    def part(self, box: Box, picture: Bytes, valid: Flags) -> Part:
        """Give of what was read in a box what it shows."""
        if self.is_whole and self.mask[0, 0]:
            return Part(self.row, self.column, picture, valid)
        whole, seen = np.zeros((BANDS, *self.mask.shape), np.uint8), np.zeros_like(self.mask)
        seen[box] = valid & self.mask[box]
        np.multiply(picture, seen[box], out=whole[:, *box])
        return Part(self.row, self.column, whole, seen)


def pieces(cut: Cut) -> Iterator[Piece]:
    """Cut the window into strips of tiles; what the outline crosses, into blocks."""
    _, _, rows, columns = cut.window
    for top, row_of_tiles in _tiles(cut):
        for row in range(top, min(top + cut.side, rows), SIDE):
            for column, mask, is_whole in row_of_tiles:
                strip = mask[row - top : min(row - top + SIDE, rows - top)]
                step = cut.side if is_whole else SIDE
                for at in range(0, min(strip.shape[1], columns - column), step):
                    here = strip[:, at : min(at + step, columns - column)]
                    yield Piece(row, column + at, here, is_whole)


def _tiles(cut: Cut) -> Iterator[tuple[int, list[tuple[int, Flags, bool]]]]:
    """Row of each row of tiles; and column, mask, and whether that is one value, of each."""
    side, (rows, columns) = cut.side, cut.shape
    with cut.stencil.open("rb") as file:
        for top, kinds in zip(range(0, rows, side), cut.kinds, strict=True):
            height = min(side, rows - top)
            yield (
                top,
                [
                    (
                        left,
                        _mask(kind, (height, min(side, columns - left)), file.read),
                        kind in {_OUTSIDE, _INSIDE},
                    )
                    for left, kind in zip(range(0, columns, side), kinds, strict=True)
                ],
            )


def _mask(kind: str, shape: tuple[int, int], read: Callable[[int], bytes]) -> Flags:
    if kind in {_OUTSIDE, _INSIDE}:
        # One value for all, which takes no room.
        return np.broadcast_to(np.bool_(kind == _INSIDE), shape)
    rows, columns = shape
    row_bytes = -(-columns // 8)
    bits = np.frombuffer(read(rows * row_bytes), np.uint8).reshape(rows, row_bytes)
    return np.unpackbits(bits, axis=1, count=columns).view(np.bool_)
