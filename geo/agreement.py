"""Agreement: the one similarity that pairs of features share, and how little of it is chance."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from scipy.special import gammaln

type Places = NDArray[np.float64]
"""(n, 2); column and row."""

GATE_PX = 6.0
"""Distance within which a pair agrees: wide enough for slopes and for a little perspective."""

DRAWS = 20_000
"""Minimal samples tried: three pairs in a hundred that agree are all but certainly found."""

SURE = 0.9999

FEWEST = 6
"""Places below which pairs are not asked whether they agree."""

APART = 0.05
"""Share of the picture's diagonal from which another similarity is another place, not a slope."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Agreement:
    """A similarity, and what speaks for it."""

    model: Affine
    """From the one picture's pixels to the other's."""

    agreeing: int
    """Places that agree; pairs at one place count once."""

    chance: float
    """Power of ten of the number of such agreements that pairs at random would bring."""

    rival: int
    """Places that agree as well as chance allows on something else altogether."""


def agreement(one: Places, other: Places, *, ground: float) -> Agreement | None:
    """
    Find the similarity that most pairs agree on, and the next best that contradicts it.

    The number of false alarms is that of Moisan and Stival, *A probabilistic criterion to detect
    rigid point matches between two images* (IJCV 57, 2004), for a fixed gate.

    Parameters
    ----------
    one, other
        Where paired features lie; no mirror image is looked for.
    ground
        Area of the other picture that they may lie in, square pixels.

    Returns
    -------
    Agreement or None
        None where hardly any pair agrees with another.
    """
    best = _similarity(one, other)
    if best is None:
        return None
    model, near = best
    places = _distinct(one[near], other[near])
    if places < FEWEST:
        return None
    elsewhere = _distances(model, one, other) > 3 * GATE_PX
    return Agreement(
        model=model,
        agreeing=places,
        chance=_chance(len(one), places, ground),
        rival=_rival(model, one[elsewhere], other[elsewhere], extent=one),
    )


def _similarity(one: Places, other: Places) -> tuple[Affine, NDArray[np.bool_]] | None:
    if len(one) < FEWEST:
        return None
    # Its draws come from a generator that is seeded anew each time: same pairs, same answer.
    found, _ = cv2.estimateAffinePartial2D(
        one,
        other,
        method=cv2.RANSAC,
        ransacReprojThreshold=GATE_PX,
        maxIters=DRAWS,
        confidence=SURE,
    )
    if found is None:
        return None
    model = Affine(*(float(value) for value in found.ravel()))
    return None if model.is_degenerate else (model, _distances(model, one, other) <= GATE_PX)


def _distances(model: Affine, one: Places, other: Places) -> NDArray[np.float64]:
    x, y = model @ (one[:, 0], one[:, 1])
    distance: NDArray[np.float64] = np.hypot(x - other[:, 0], y - other[:, 1])
    return distance


def _distinct(one: Places, other: Places) -> int:
    """Count the places of pairs, in whichever picture they are fewer."""
    return min(len(np.unique(np.floor(p / GATE_PX), axis=0)) for p in (one, other))


def _chance(pairs: int, agreeing: int, ground: float) -> float:
    """log10 of how many similarities with so many agreeing pairs chance would bring."""

    def chosen(n: int, k: int) -> float:
        return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))

    hit = math.log(min(math.pi * GATE_PX**2 / ground, 1.0))
    tests = math.log(pairs) + chosen(pairs, agreeing) + chosen(agreeing, 2)
    return (tests + (agreeing - 2) * hit) / math.log(10)


def _rival(model: Affine, one: Places, other: Places, *, extent: Places) -> int:
    second = _similarity(one, other)
    if second is None:
        return 0
    rival, near = second
    low, high = extent.min(axis=0), extent.max(axis=0)
    corners = [(x, y) for x in (low[0], high[0]) for y in (low[1], high[1])]
    size = math.dist(low, high) * math.sqrt(abs(model.determinant))
    away = max(math.dist(model @ corner, rival @ corner) for corner in corners)
    return _distinct(one[near], other[near]) if away > APART * size else 0
