"""Sight: what of each pixel was seen, compared, too dark to tell, and surely changed."""

from enum import IntFlag
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.look import Look
from geo.polygons import absorbed
from geo.raster import Mask

BLACK: Final = 4.0
"""Lightness below which a picture shows nothing, CIE L*."""

MOST_OF_IT: Final = 0.8
"""Share of the threshold from which a change is firm."""


class Sight(IntFlag):
    """What of a pixel was seen."""

    SEEN = 1
    COMPARED = 2
    DARK = 4
    FIRM = 8
    SURE = 16
    """Changed by most of the threshold, and by the whole of it."""


def sight_of(seen: Look) -> NDArray[np.uint8]:
    """Tell what of each pixel of a window was seen, as sums of `Sight`."""
    sight = np.where(seen.after.valid, Sight.SEEN, 0) | np.where(seen.compared, Sight.COMPARED, 0)
    black = np.where(seen.after.valid & (seen.after.lightness < BLACK), Sight.DARK, 0)
    firm = np.where(seen.change >= MOST_OF_IT, Sight.FIRM, 0)
    sure = np.where(seen.change >= 1, Sight.SURE, 0)
    return (sight | black | firm | sure).astype(np.uint8)


def firmly(sight: NDArray[np.uint8]) -> tuple[Mask, Mask]:
    """Where ground changed firmly, and where surely."""
    return (sight & Sight.FIRM) != 0, (sight & Sight.SURE) != 0


def dark(sight: NDArray[np.uint8], *, least_px: int) -> Mask:
    """Ground so dark that nothing can be told of it, in parts of at least `least_px`."""
    settled = absorbed(((sight & Sight.DARK) != 0).astype(np.uint8), least_px=least_px)
    black: Mask = (settled != 0) & ((sight & Sight.SEEN) != 0)
    return black
