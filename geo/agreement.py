"""Agreement: the one similarity that pairs of features share, and how little of it is chance."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geo.chance import log_choices
from geo.features import Pairs

GATE_PX = 6.0
"""Distance within which a pair agrees: wide enough for slopes and for a little perspective."""

FEWEST = 6
"""Places below which pairs are not asked whether they agree."""

TURN = 15.0
STRETCH = 0.5
MOST_STRETCH = 2.5
"""A pair alone says how one picture is turned (degrees) and stretched (powers of two) against
the other, within so much; only pairs that say the same are asked for a similarity."""

DRAWS = 2_000
"""Minimal samples tried: one pair in twenty that agrees is enough to find it."""

SURE = 0.999


@dataclass(frozen=True, kw_only=True, eq=False)
class Agreement:
    """A similarity, and what speaks for it."""

    model: Affine
    """From the one picture to the other."""

    agreeing: int
    """Places that agree; pairs at one place count once."""

    chance: float
    """Power of ten of the number of such agreements that pairs at random would bring."""


def agreement(found: Pairs, *, ground: float) -> Agreement | None:
    """
    Find the similarity that pairs agree on with the least help of chance.

    The number of false alarms is that of Moisan and Stival, *A probabilistic criterion to detect
    rigid point matches between two images* (IJCV 57, 2004), for a fixed gate.

    Parameters
    ----------
    found
        Pairs of features, in pixels.
    ground
        Area of the other picture that they may lie in, square pixels.

    Returns
    -------
    Agreement or None
        None where hardly any pair agrees with another. No mirror image is looked for.
    """
    votes = [vote for group in _alike(found) if (vote := _vote(group, ground)) is not None]
    return min(votes, key=lambda vote: vote.chance, default=None)


def elsewhere(found: Pairs, model: Affine) -> Pairs:
    """Pairs that a similarity does not explain, nor slopes and perspective on top of it."""
    return found.only(_distances(model, found) > 3 * GATE_PX)


def _alike(found: Pairs) -> Iterator[Pairs]:
    """Pairs that say about the same of turn and stretch; each group overlaps the next by half."""
    for stretch in np.arange(-MOST_STRETCH, MOST_STRETCH + STRETCH, STRETCH):
        stretched = found.only(np.abs(found.stretches - stretch) <= STRETCH)
        for turn in np.arange(0, 360, TURN):
            group = stretched.only(np.abs((stretched.turns - turn + 180) % 360 - 180) <= TURN)
            if len(group.one) >= FEWEST:
                yield group


def _vote(group: Pairs, ground: float) -> Agreement | None:
    # Its draws come from a generator that is seeded anew each time: same pairs, same answer.
    found, _ = cv2.estimateAffinePartial2D(
        group.one,
        group.other,
        method=cv2.RANSAC,
        ransacReprojThreshold=GATE_PX,
        maxIters=DRAWS,
        confidence=SURE,
    )
    if found is None:
        return None
    model = Affine(*(float(value) for value in found.ravel()))
    near = group.only(_distances(model, group) <= GATE_PX)
    places = _places(near)
    if places < FEWEST or model.is_degenerate:
        return None
    return Agreement(model=model, agreeing=places, chance=_chance(len(group.one), places, ground))


def _distances(model: Affine, found: Pairs) -> NDArray[np.float64]:
    linear = np.array([[model.a, model.b], [model.d, model.e]])
    distance: NDArray[np.float64] = np.hypot(
        *(found.one @ linear.T + (model.c, model.f) - found.other).T
    )
    return distance


def _places(found: Pairs) -> int:
    """Count the places of pairs, in whichever picture they are fewer."""
    cells = (np.floor(places / GATE_PX) for places in (found.one, found.other))
    return min(len(np.unique(one, axis=0)) for one in cells)


def _chance(pairs: int, agreeing: int, ground: float) -> float:
    """log10 of how many similarities with so many agreeing pairs chance would bring."""
    groups = 360 / TURN * (2 * MOST_STRETCH / STRETCH + 1)
    hit = math.log(min(math.pi * GATE_PX**2 / ground, 1.0))
    tests = math.log(groups * pairs) + log_choices(pairs, agreeing) + log_choices(agreeing, 2)
    return (tests + (agreeing - 2) * hit) / math.log(10)
