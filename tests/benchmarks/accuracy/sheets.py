"""All that a method said of a pair, so that it can be flagged anew at any limit, as pieces."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.accuracy.pairs import Mask, Pair
from tests.benchmarks.accuracy.pixels import NONE, Counts, counts, spread_of
from tests.benchmarks.accuracy.postfilter import settled
from tests.benchmarks.accuracy.product import Found

RAW, STANDARDISED = "raw", "standardised"

LIMITS = 4096
"""Limits that are tried, spread evenly over what unchanged pairs show."""

type Values = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """What a pair's answers are counted on."""

    seen: Mask
    changed: Mask
    counted: Mask
    least_px: int


@lru_cache(maxsize=1)
def ground_of(pair: Pair) -> Ground:
    """One value for all methods, so that it travels between processes once."""
    return Ground(
        seen=pair.seen, changed=pair.changed, counted=pair.counted, least_px=pair.least_px
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """What a method said of each pixel of a pair, more where it is surer."""

    ground: Ground
    values: dict[str, Values]
    """By name: the score of a peer; how sure ours is of the finding that a pixel lies in."""

    @property
    def ways(self) -> tuple[str, ...]:
        """Names by which values can be asked for."""
        return (RAW, STANDARDISED) if RAW in self.values else tuple(self.values)

    def of(self, way: str) -> Values:
        """Values by that name."""
        if way != STANDARDISED:
            return self.values[way]
        middle, spread = spread_of(self.values[RAW][self.ground.counted])
        return np.asarray((self.values[RAW] - middle) / spread, np.float32)

    def counts(self, values: Values, limit: float) -> Counts:
        """Count what lies beyond a limit, after the post-filter that all have in common."""
        mask = settled(values > limit, self.ground.seen, self.ground.least_px)
        return counts(mask, self.ground.changed, self.ground.counted)


def ranks(found: list[Found], shape: tuple[int, ...]) -> dict[str, Values]:
    """How sure ours is of the finding that a pixel lies in; below any where it lies in none."""
    sure, strong = (np.full(shape, -np.inf, np.float32) for _ in range(2))
    for one in found:
        sure[one.where] = one.confidence
        strong[one.where] = one.strength
    return {"confidence": sure, "strength": strong}


def pooled_at(disturbed: list[Sheet], still: list[Sheet], way: str, share: float) -> Counts:
    """
    Count disturbed pairs at the least limit at which unchanged ones get no more than this share.

    The share is flagged as pieces, after the post-filter, on the average of unchanged pairs; it
    is one limit for all pairs.
    """
    quiet = [(one, one.of(way)) for one in still]

    def is_kept(limit: float) -> bool:
        flagged = [one.counts(values, limit).flagged_share for one, values in quiet]
        return bool(np.mean(flagged) <= share)

    limits = _limits(quiet)
    limit = limits[bisect_left(limits, True, key=is_kept)]  # noqa: FBT003 - what is looked for
    return sum((one.counts(one.of(way), limit) for one in disturbed), NONE)


def _limits(quiet: list[tuple[Sheet, Values]]) -> list[float]:
    """Rising; below the first lies nothing that is said at all, above the last nothing is."""
    said = np.sort(np.concatenate([values[one.ground.counted] for one, values in quiet]))
    said = said[np.isfinite(said)]
    at = np.linspace(0, len(said) - 1, LIMITS).astype(int) if len(said) > LIMITS else slice(None)
    lowest = -np.finfo(np.float32).max
    return [lowest, *np.unique(said[at]).tolist()]
