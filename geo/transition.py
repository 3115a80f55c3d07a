"""Transition: what ground became on which a detector saw change; covers say what, not whether."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.detector import COVERS, Covers
from geo.landcover import Cover, Kind
from geo.raster import Mask

KINDS: Final = tuple(dict.fromkeys(COVERS.values()))
"""Kinds of ground that covers are of."""

COLOUR_SAY: Final = 0.5
"""Say of the kind that colour names, against the detector's own probabilities."""

SEASON_SAY: Final = 0.1
"""How likely plants on both dates are where a detector saw change, against other transitions."""

SHADOW_SAY: Final = 0.5
"""The same of shadow on either date."""


def _say() -> NDArray[np.float32]:
    """How likely a transition is, of itself, where ground changed: (before, after)."""
    say = np.ones((len(KINDS), len(KINDS)), np.float32)
    for one, before in enumerate(KINDS):
        for two, after in enumerate(KINDS):
            if Kind.SHADOW in (before, after):
                say[one, two] = SHADOW_SAY
            elif before is after:
                say[one, two] = {Kind.VEGETATION: SEASON_SAY, Kind.BARE: 1.0}.get(before, 0.0)
    return say


SAY: Final = _say()


def named(
    covers: tuple[Covers, Covers], by_colour: tuple[Cover, Cover], *, where: Mask
) -> tuple[Cover, Cover]:
    """Name both dates by the likeliest transition where ground changed, else as by colour."""
    first, second = (_mixed(*one) for one in zip(covers, by_colour, strict=True))
    best = np.zeros(where.shape, np.float32)
    told = [by_colour[0].copy(), by_colour[1].copy()]
    for one, two in np.ndindex(SAY.shape):
        if not SAY[one, two]:
            continue
        likely = SAY[one, two] * first[one] * second[two]
        better = where & (likely > best)
        best = np.where(better, likely, best)
        told[0][better], told[1][better] = KINDS[one], KINDS[two]
    return told[0], told[1]


def _mixed(said: Covers, by_colour: Cover) -> NDArray[np.float32]:
    """Probabilities of each kind by the detector and by colour, which is as sure as it is."""
    by_kind = np.zeros((len(KINDS), *by_colour.shape), np.float32)
    for kind, share in zip(COVERS.values(), said, strict=True):
        by_kind[KINDS.index(kind)] += share
    seen = by_colour[None] == np.array(KINDS, np.uint8)[:, None, None]
    mixed: NDArray[np.float32] = by_kind + np.float32(COLOUR_SAY) * (seen - by_kind)
    return mixed
