"""Whether a difference between two methods is more than the choice of pairs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

DRAWS = 5000
LEVEL = 0.95
FIGURE_DRAWS = 1000
"""Of figures that are no mean over pairs, which take longer to work out."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Mean difference over pairs, and where it lies with `LEVEL` certainty."""

    mean: float
    low: float
    high: float
    pairs: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the sign is beyond the choice of pairs."""
        return self.low > 0 or self.high < 0


def difference(one: ArrayLike, other: ArrayLike, *, seed: int = 1) -> Difference:
    """Of the first less the second, pair by pair; pairs are drawn again with replacement."""
    apart = np.asarray(one, float) - np.asarray(other, float)
    random = np.random.default_rng(seed)
    means = apart[random.integers(0, len(apart), (DRAWS, len(apart)))].mean(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Difference(mean=float(apart.mean()), low=float(low), high=float(high), pairs=len(apart))


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A figure, and where it lies with `LEVEL` certainty."""

    value: float
    low: float
    high: float


def interval[Pair](
    pairs: Sequence[Pair], figure: Callable[[list[Pair]], float], *, seed: int = 1
) -> Interval:
    """Of a figure over pairs, drawn again with replacement; NaN where there is no such figure."""
    value = figure(list(pairs))
    if np.isnan(value):
        return Interval(value=value, low=value, high=value)
    random = np.random.default_rng(seed)
    drawn = [
        figure([pairs[number] for number in random.integers(0, len(pairs), len(pairs))])
        for _ in range(FIGURE_DRAWS)
    ]
    low, high = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value=value, low=float(low), high=float(high))
