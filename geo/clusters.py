"""Clusters: windows around marked ground that lies too far from other such to touch it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.patches import in_cells
from geo.raster import Mask

BLOCK_PX: Final = 128
"""Side of the blocks that are marked or not; they lie fixed on the grid."""


class Cluster(NamedTuple):
    """A window around what lies together, and one pixel more where the grid goes on."""

    window: tuple[slice, slice]
    own: Mask
    """(rows, columns) of the window; where no other cluster lies."""


def clusters(mask: Mask | NDArray[np.uint8]) -> Iterator[Cluster]:
    """
    Part a mask into windows, so that no two parts of it that touch lie in different ones.

    Where little is marked, what follows costs as little; where all of it is, there is one window.

    Parameters
    ----------
    mask
        (rows, columns); or codes, of which zero marks nothing.
    """
    marked = in_cells(mask, BLOCK_PX)
    count, labels, found, _ = cv2.connectedComponentsWithStats(
        marked.view(np.uint8), connectivity=8
    )
    for number in range(1, count):
        left, top, wide, high = (int(value) for value in found[number, : cv2.CC_STAT_AREA])
        window = (_window(top, high, mask.shape[0]), _window(left, wide, mask.shape[1]))
        yield Cluster(window=window, own=_spread(labels == number, window))


def _window(first: int, blocks: int, length: int) -> slice:
    start, stop = first * BLOCK_PX - 1, (first + blocks) * BLOCK_PX + 1
    return slice(max(start, 0), min(stop, length))


def _spread(blocks: Mask, window: tuple[slice, slice]) -> Mask:
    """Give each pixel of a window the value of its block."""
    at = [np.arange(side.start, side.stop) // BLOCK_PX for side in window]
    spread: NDArray[np.bool_] = blocks[np.ix_(*at)]
    return spread
