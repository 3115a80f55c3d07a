"""Narrow pieces: bare ground cut where it narrows, on the codes of all tiles together."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.clusters import clusters
from geo.memory import room
from geo.narrowness import strips, strips_reach_px
from geo.pieces import STRIPS
from geo.raster import Mask

BLOCK_PX: Final = 2048
"""Side of the blocks worked in; of no influence on the result."""


def with_strips(
    codes: NDArray[np.uint8], *, radius: int, folder: Path | None = None
) -> NDArray[np.uint8]:
    """
    Give the narrow parts of wide pieces codes of their own.

    Parameters
    ----------
    codes
        (rows, columns) of `Piece`; beyond them lies nothing.
    radius
        Half the width of a strip, in pixels.
    folder
        Where the result lies, if it is large; the system's own place for such where None.
    """
    margin = strips_reach_px(radius)
    cut = room(codes.shape, np.uint8, folder=folder)
    for row in range(0, codes.shape[0], BLOCK_PX):
        for column in range(0, codes.shape[1], BLOCK_PX):
            block, inner = _widened(codes, (row, column), margin)
            into = cut[row : row + BLOCK_PX, column : column + BLOCK_PX]
            into[:] = block[inner]
            for whole, strip in STRIPS.items():
                mask = block == whole
                if mask.any():  # few kinds of ground lie in a block
                    np.copyto(into, np.uint8(strip), where=_strips(mask, radius=radius)[inner])
    return cut


def _strips(mask: Mask, *, radius: int) -> Mask:
    """Mark narrow parts; what lies further apart than a strip's reach is looked at by itself."""
    narrow = np.zeros_like(mask)
    rim = radius + 3  # a rim without the mask stands for all that lies beyond it
    for window, own in clusters(mask):
        part = np.pad(mask[window] & own, rim)
        narrow[window] |= strips(part, radius=radius)[rim:-rim, rim:-rim]
    return narrow


def _widened(
    codes: NDArray[np.uint8], start: tuple[int, int], margin: int
) -> tuple[NDArray[np.uint8], tuple[slice, slice]]:
    """Give a block and what lies around it, nothing beyond the rim; and where the block is."""
    block = np.zeros([BLOCK_PX + 2 * margin] * 2, np.uint8)
    there, here, inner = [], [], []
    for first, length in zip(start, codes.shape, strict=True):
        low, high = max(first - margin, 0), min(first + BLOCK_PX + margin, length)
        there.append(slice(low, high))
        here.append(slice(low - first + margin, high - first + margin))
        inner.append(slice(margin, margin + min(BLOCK_PX, length - first)))
    block[here[0], here[1]] = codes[there[0], there[1]]
    return block, (inner[0], inner[1])
