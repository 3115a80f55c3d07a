"""Patches: rectangles around what is marked, where that is little of a window."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.raster import Mask

type Part = tuple[slice, slice]
"""Rows and columns of a window."""


def in_cells(mask: Mask | NDArray[np.uint8], side_px: int) -> Mask:
    """Mark squares of `side_px` pixels in which anything is marked; the last may be cut short."""
    rows, columns = (range(0, side, side_px) for side in mask.shape)
    # One by one: each square is read no further than to the first pixel that is marked.
    cells = [
        [mask[row : row + side_px, column : column + side_px].any() for column in columns]
        for row in rows
    ]
    return np.array(cells, np.bool_)


def patches(
    cells: Mask, side_px: int, *, shape: tuple[int, ...], context_px: int
) -> Iterator[Part]:
    """
    Give rectangles around marked squares that meet; they may share ground.

    Parameters
    ----------
    cells
        From `in_cells`, or such squares known otherwise.
    side_px
        Of the squares.
    shape
        Rows and columns of the window in which the rectangles lie.
    context_px
        What is looked at around each: where that makes more than the window, it is given whole.
    """
    count, _, found, _ = cv2.connectedComponentsWithStats(cells.view(np.uint8), connectivity=8)
    boxes = found[1:count, : cv2.CC_STAT_AREA] * side_px
    if (boxes[:, 2:] + 2 * context_px).prod(axis=1).sum() >= np.prod(shape):
        boxes = np.array([[0, 0, *shape[::-1]]])
    for left, top, wide, high in boxes.tolist():
        yield slice(top, min(top + high, shape[0])), slice(left, min(left + wide, shape[1]))


def widened(part: Part, shape: tuple[int, ...], by_px: int) -> Part:
    """Give a rectangle with what lies around it, as far as the window reaches."""
    rows, columns = (
        slice(max(one.start - by_px, 0), min(one.stop + by_px, side))
        for one, side in zip(part, shape, strict=True)
    )
    return rows, columns


def within(part: Part, wide: Part) -> Part:
    """Where a rectangle lies in a wider one."""
    rows, columns = (
        slice(one.start - around.start, one.stop - around.start)
        for one, around in zip(part, wide, strict=True)
    )
    return rows, columns
