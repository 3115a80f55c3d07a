"""Whether confidence means what it says, and whether classes are the true ones."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspection.confidence import SURE
from tests.benchmarks.accuracy.answers import Finding

BINS = 10
DRAWS = 1000

TRUE_SHARE = 0.5
"""A finding is true where more than this share of it changed."""

NAMES = {
    "vegetation_clearing": "bare",
    "bare_ground": "bare",
    "excavation": "bare",
    "stockpile": "stockpile",
    "water": "water",
    "road": "road",
    "built": "built",
    "other": "other",
}
"""The product's classes in the words of the truth, which does not tell what was there before."""


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Findings of about one confidence."""

    said: float
    true: float
    count: int


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How confidence and truth meet."""

    bins: list[Bin]
    unknown: int
    """Findings whose truth is not known: they count nowhere else here."""

    expected_error: float
    """ECE: mean distance of what is said from what is true, weighed by findings."""

    sure: int
    sure_precision: float
    """NaN where nothing was sure."""

    by_chance: "Chance"

    @property
    def count(self) -> int:
        """Findings whose truth is known."""
        return sum(one.count for one in self.bins)


@dataclass(frozen=True, kw_only=True)
class Chance:
    """What the error would be of so many findings, were every confidence exact."""

    mean: float
    high: float
    """It lies below this nineteen times of twenty."""


def calibration(findings: list[Finding]) -> Calibration:
    """Of all findings whose truth is known."""
    known = [one for one in findings if one.true_share is not None]
    said = np.array([one.confidence for one in known])
    true = np.array([one.true_share > TRUE_SHARE for one in known], bool)
    at = _bins(said)
    bins = [
        Bin(
            said=float(said[at == number].mean()),
            true=float(true[at == number].mean()),
            count=int((at == number).sum()),
        )
        for number in np.unique(at)
    ]
    sure = said >= SURE
    return Calibration(
        bins=bins,
        unknown=len(findings) - len(known),
        expected_error=_error(said, true, at),
        sure=int(sure.sum()),
        sure_precision=float(true[sure].mean()) if sure.any() else float("nan"),
        by_chance=_by_chance(said, at),
    )


def expected_error(findings: list[Finding]) -> float:
    """ECE alone."""
    known = [one for one in findings if one.true_share is not None]
    said = np.array([one.confidence for one in known])
    true = np.array([one.true_share > TRUE_SHARE for one in known], bool)
    return _error(said, true, _bins(said))


def _bins(said: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.minimum((said * BINS).astype(np.intp), BINS - 1)


def _error(said: NDArray[np.float64], true: NDArray[np.bool_], at: NDArray[np.intp]) -> float:
    apart = np.bincount(at, weights=said - true, minlength=BINS)
    return float(np.abs(apart).sum() / max(len(said), 1))


def _by_chance(said: NDArray[np.float64], at: NDArray[np.intp]) -> Chance:
    random = np.random.default_rng(1)
    errors = [_error(said, random.random(len(said)) < said, at) for _ in range(DRAWS)]
    return Chance(mean=float(np.mean(errors)), high=float(np.quantile(errors, 0.95)))


def confusion(findings: list[Finding]) -> Counter[tuple[str, str]]:
    """Findings by what the ground became and what it was called, of true ones alone."""
    return Counter(
        (one.cover, NAMES[one.ground_class])
        for one in findings
        if one.cover and one.true_share is not None and one.true_share > TRUE_SHARE
    )


def balanced_accuracy(table: Counter[tuple[str, str]]) -> float:
    """Mean share, over what the ground became, that was called so."""
    shares = [
        table[true, true] / sum(count for (one, _), count in table.items() if one == true)
        for true in {one for one, _ in table}
    ]
    return float(np.mean(shares)) if shares else float("nan")
