"""Sight: what of each pixel was seen, compared, too dark to tell, and surely changed."""

from enum import IntFlag
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon

from geo.grid import Grid
from geo.look import Look
from geo.partition import areal
from geo.polygons import absorbed, grounds
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
    sight = np.zeros(seen.change.shape, np.uint8)
    for where, what in (
        (seen.after.valid, Sight.SEEN),
        (seen.compared, Sight.COMPARED),
        (seen.after.valid & (seen.after.lightness < BLACK), Sight.DARK),
        (seen.change >= MOST_OF_IT, Sight.FIRM),
        (seen.change >= 1, Sight.SURE),
    ):
        sight |= where * np.uint8(what)
    return sight


def marked(sight: NDArray[np.uint8], what: Sight) -> Mask:
    """Mark pixels of which one thing was seen."""
    # A plain number of the same kind: by any other, arrays of eight times the size are made.
    found = np.bitwise_and(sight, np.uint8(what))
    return np.not_equal(found, 0, out=found.view(np.bool_))


def firmly(sight: NDArray[np.uint8]) -> tuple[Mask, Mask]:
    """Where ground changed firmly, and where surely."""
    return marked(sight, Sight.FIRM), marked(sight, Sight.SURE)


def dark(sight: NDArray[np.uint8], *, least_px: int) -> Mask:
    """Ground so dark that nothing can be told of it, in parts of at least `least_px`."""
    black = marked(sight, Sight.DARK)
    if not black.any():
        return black
    settled = absorbed(black.astype(np.uint8), least_px=least_px)
    return np.asarray((settled != 0) & marked(sight, Sight.SEEN), np.bool_)


class Sighted(NamedTuple):
    """Ground of a grid by what was seen of it."""

    flown: MultiPolygon
    """Seen on the second date."""

    unflown: MultiPolygon
    compared: MultiPolygon
    """Seen on both dates."""


def sighted(sight: NDArray[np.uint8], *, grid: Grid) -> Sighted:
    """Outline the ground of a grid by what was seen of it."""
    both = np.uint8(Sight.SEEN | Sight.COMPARED)
    shapes = grounds(sight & both, grid=grid)
    on_both, on_second, unflown = (
        shapes.get(int(what), MultiPolygon()) for what in (both, Sight.SEEN, 0)
    )
    return Sighted(areal(shapely.union(on_both, on_second)), unflown, on_both)
