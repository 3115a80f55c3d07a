"""How well a mask and a score tell changed pixels from others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.accuracy.pairs import Mask


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Pixels by what they are and what was said."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def precision(self) -> float:
        """Share of what was flagged that is true; 1 where nothing was flagged."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Share of what is true that was flagged; 1 where nothing is."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        whole = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / whole if whole else 1.0

    @property
    def iou(self) -> float:
        """Overlap over union."""
        whole = self.tp + self.fp + self.fn
        return self.tp / whole if whole else 1.0

    @property
    def flagged_share(self) -> float:
        """Share of all that was flagged."""
        return (self.tp + self.fp) / max(self.tp + self.fp + self.fn + self.tn, 1)

    def __add__(self, other: "Counts") -> "Counts":
        """Pooled over pairs."""
        return Counts(
            tp=self.tp + other.tp,
            fp=self.fp + other.fp,
            fn=self.fn + other.fn,
            tn=self.tn + other.tn,
        )


NONE = Counts(tp=0, fp=0, fn=0, tn=0)


def counts(flagged: Mask, truth: Mask, counted: Mask) -> Counts:
    """Count where the truth is beyond doubt."""
    said, true = flagged[counted], truth[counted]
    tp, both = int((said & true).sum()), int(said.sum())
    fn = int(true.sum()) - tp
    return Counts(tp=tp, fp=both - tp, fn=fn, tn=said.size - both - fn)


def average_precision(score: NDArray[np.floating], truth: NDArray[np.bool_]) -> float:
    """Area under precision over recall; equal scores are taken together."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(truth[order])
    if not len(hits) or not hits[-1]:
        return float("nan")
    last = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    recall = hits[last] / hits[-1]
    precision = hits[last] / (last + 1)
    return float(np.sum(np.diff(recall, prepend=0) * precision))


def matched_threshold(scores: list[NDArray[np.floating]], share: float) -> float:
    """Least threshold above which at most this share of unchanged pairs lies, on the average."""
    values = np.concatenate(scores)
    weights = np.concatenate([np.full(len(one), 1 / len(one) / len(scores)) for one in scores])
    order = np.argsort(-values, kind="stable")
    beyond = np.cumsum(weights[order])
    first = int(np.searchsorted(beyond, share, side="right"))
    return float(values[order][min(first, len(values) - 1)])


def standardised(score: NDArray[np.floating]) -> NDArray[np.floating]:
    """Less the pair's own median, in its own spread: what a careful user of a raw score does."""
    middle, spread = spread_of(score)
    return (score - middle) / spread


def spread_of(score: NDArray[np.floating]) -> tuple[float, float]:
    """Median of a score, and its spread about that."""
    middle = np.median(score)
    spread = 1.4826 * np.median(np.abs(score - middle))
    return float(middle), max(float(spread), 1e-6)
