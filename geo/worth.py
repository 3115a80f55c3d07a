"""What is worth comparing: ground that may belong to a piece, as the later date and scores say."""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from geo.landcover import Cover, Kind
from geo.majority import counted
from geo.patches import Part, in_cells, patches
from geo.raster import Mask

CELL_PX: Final = 64
"""Side of the squares that are compared or not; those around one that is are compared too."""

OPEN_OR_SHADED: Final = np.zeros(256, np.uint8)
OPEN_OR_SHADED[[Kind.BARE, Kind.BUILT, Kind.WATER, Kind.SHADOW]] = 1
"""Ground that may stand disturbed; what lies in the shade may be the same as what is bare."""


def open_or_shaded(cover_after: Cover, *, radius: int, least_px: int) -> Mask:
    """Mark ground of which a piece of `least_px` may be made although it did not change."""
    kinds = np.asarray(cv2.LUT(cover_after, OPEN_OR_SHADED), np.uint8)
    # More than half: what is the commonest of several kinds is among the pixels so found.
    found = counted(kinds.view(np.bool_), radius=radius) > (2 * radius + 1) ** 2 // 2
    count, parts, measured, _ = cv2.connectedComponentsWithStats(found.view(np.uint8))
    large = measured[:count, cv2.CC_STAT_AREA] >= least_px
    # What reaches the rim may go on beyond it.
    for rim in (parts[0], parts[-1], parts[:, 0], parts[:, -1]):
        large[rim] = True
    large[0] = False
    return np.asarray(large[parts], np.bool_)


def around(worth: Mask, *, context_px: int) -> Iterator[Part]:
    """Give rectangles that hold what is worth comparing, and `CELL_PX` pixels around it."""
    cells = np.asarray(
        cv2.dilate(in_cells(worth, CELL_PX).view(np.uint8), np.ones((3, 3), np.uint8)), np.uint8
    )
    return patches(cells.view(np.bool_), CELL_PX, shape=worth.shape, context_px=context_px)
