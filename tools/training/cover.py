"""Kinds of ground cover, as the network names them, and which of them count as a change."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Cover(IntEnum):
    """What a pixel shows. `UNKNOWN` and `HARD` are never taught as a kind."""

    UNKNOWN = 0
    TREE = 1
    LOW = 2
    BARE = 3
    WATER = 4
    ROAD = 5
    STOCKPILE = 6
    BUILDING = 7
    SHADOW = 8
    HARD = 9
    """Not vegetation; a photograph does not tell which of soil, road and roof."""


TAUGHT = 9
"""Kinds below this number are classes of the network; 0 is left out of its loss."""

UNCHANGED, CHANGED, UNSURE = 0, 1, 2

_HARD = (Cover.BARE, Cover.ROAD, Cover.BUILDING, Cover.HARD)
_PLANTS = (Cover.TREE, Cover.LOW)


def _table() -> NDArray[np.uint8]:
    table = np.full((10, 10), CHANGED, np.uint8)
    for kind in Cover:
        table[kind, kind] = UNCHANGED
    for dubious in (Cover.UNKNOWN, Cover.SHADOW):
        table[dubious, :] = UNSURE
        table[:, dubious] = UNSURE
    for one in _PLANTS:
        for other in _PLANTS:
            # Season or mowing, or a thinned wood: not what is reported, and not taught either way.
            table[one, other] = UNCHANGED if one is other else UNSURE
    for one in (Cover.BARE, Cover.ROAD, Cover.HARD):
        for other in _HARD:
            if one is not other and Cover.BUILDING not in (one, other):
                table[one, other] = table[other, one] = UNSURE
    table[Cover.HARD, Cover.BUILDING] = table[Cover.BUILDING, Cover.HARD] = UNSURE
    return table


TABLE = _table()


def changed(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Whether ground of these covers changed: `UNCHANGED`, `CHANGED` or `UNSURE`, shape kept."""
    return TABLE[before, after]
