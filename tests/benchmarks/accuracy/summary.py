"""What the answers of one method come to, over all pairs of a domain."""

import itertools
from dataclasses import dataclass, field

import numpy as np

from tests.benchmarks.accuracy.answers import Answer
from tests.benchmarks.accuracy.bootstrap import Difference, difference
from tests.benchmarks.accuracy.objects import CLASSES_M2, Place
from tests.benchmarks.accuracy.pixels import NONE, counts, matched_threshold, standardised
from tests.benchmarks.accuracy.sheets import pooled_at

SHARES = (0.05, 0.02)
"""Of unchanged pairs, as much may be flagged where methods are compared at equal cost."""


@dataclass(frozen=True, kw_only=True)
class Matched:
    """One threshold for all pairs, set so that unchanged ones get a given share flagged."""

    share: float
    f1: float
    recall: float
    way: str
    """``raw`` or ``standardised`` by pair, whichever is better for the method; of findings by their
    ``confidence`` or ``strength``."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One method over one domain."""

    domain: str
    method: str
    disturbed: int
    unchanged: int
    macro_f1: float
    micro_f1: float
    micro_iou: float
    precision: float
    recall: float
    average_precision: float
    flagged_mean: float
    flagged_worst: float
    false_per_ha: float
    quiet: int
    """Unchanged pairs with nothing flagged at all."""

    found: dict[str, tuple[int, int]]
    """Found and all places by class of area."""

    area_error: float
    """Median of the absolute error of what was found."""

    area_bias: float
    seconds: float
    peak_mb: float
    matched: list[Matched] = field(default_factory=list)
    matched_pieces: list[Matched] = field(default_factory=list)


def summary(answers: list[Answer]) -> Summary:
    """Of one method's answers in one domain."""
    disturbed = [one for one in answers if not one.is_unchanged and not one.is_partly_known]
    still = [one for one in answers if one.is_unchanged]
    pooled = sum((one.counts for one in disturbed), NONE)
    places = [place for one in answers if not one.is_unchanged for place in one.places]
    errors = np.array([one.area_error for one in places if one.area_error is not None])
    shares = [one.counts.flagged_share for one in still]
    hectares = sum(one.hectares for one in still)
    return Summary(
        domain=answers[0].domain,
        method=answers[0].method,
        disturbed=len(disturbed),
        unchanged=len(still),
        macro_f1=_mean([one.counts.f1 for one in disturbed]),
        micro_f1=pooled.f1,
        micro_iou=pooled.iou,
        precision=pooled.precision,
        recall=pooled.recall,
        average_precision=_mean([one.average_precision for one in disturbed]),
        flagged_mean=_mean(shares),
        flagged_worst=max(shares, default=float("nan")),
        false_per_ha=sum(one.made_up for one in still) / hectares if still else float("nan"),
        quiet=sum(share == 0 for share in shares),
        found=_found(places),
        area_error=float(np.median(np.abs(errors))) if len(errors) else float("nan"),
        area_bias=float(np.median(errors)) if len(errors) else float("nan"),
        seconds=_mean([one.seconds for one in answers]),
        peak_mb=max(one.peak_mb for one in answers),
        matched=[_matched(disturbed, still, share) for share in SHARES] if still else [],
        matched_pieces=_matched_pieces(disturbed, still),
    )


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def _found(places: list[Place]) -> dict[str, tuple[int, int]]:
    ends = (*CLASSES_M2, np.inf)
    result = {}
    for low, high in itertools.pairwise(ends):
        inside = [one for one in places if low <= one.area_m2 < high]
        name = f"{low:g}-{high:g}" if np.isfinite(high) else f">{low:g}"
        result[name] = (sum(one.found for one in inside), len(inside))
    return result


def _matched(disturbed: list[Answer], still: list[Answer], share: float) -> Matched:
    ways = []
    for way in ("raw", "standardised"):
        told = standardised if way == "standardised" else np.asarray
        limit = matched_threshold([told(one.score) for one in still], share)
        pooled = NONE
        for one in disturbed:
            flagged = told(one.score) > limit
            pooled += counts(flagged, one.truth, np.ones(len(flagged), bool))
        ways.append(Matched(share=share, f1=pooled.f1, recall=pooled.recall, way=way))
    return max(ways, key=lambda one: one.f1)


def _matched_pieces(disturbed: list[Answer], still: list[Answer]) -> list[Matched]:
    known, quiet = (
        [one.sheet for one in answers if one.sheet is not None] for answers in (disturbed, still)
    )
    if not known or not quiet:
        return []
    result = []
    for share in SHARES:
        ways = [
            Matched(share=share, f1=pooled.f1, recall=pooled.recall, way=way)
            for way in known[0].ways
            for pooled in [pooled_at(known, quiet, way, share)]
        ]
        result.append(max(ways, key=lambda one: one.f1))
    return result


@dataclass(frozen=True, kw_only=True)
class Against:
    """Ours less one peer, pair by pair."""

    domain: str
    method: str
    f1: Difference
    average_precision: Difference
    flagged: Difference | None


def against(ours: list[Answer], other: list[Answer]) -> Against:
    """Of answers to the same pairs in the same order."""

    def parted(answers: list[Answer]) -> tuple[list[Answer], list[Answer]]:
        known = [one for one in answers if not one.is_unchanged and not one.is_partly_known]
        return known, [one for one in answers if one.is_unchanged]

    (mine, my_still), (theirs, their_still) = parted(ours), parted(other)
    return Against(
        domain=other[0].domain,
        method=other[0].method,
        f1=difference([one.counts.f1 for one in mine], [one.counts.f1 for one in theirs]),
        average_precision=difference(
            [one.average_precision for one in mine], [one.average_precision for one in theirs]
        ),
        flagged=difference(
            [one.counts.flagged_share for one in my_still],
            [one.counts.flagged_share for one in their_still],
        )
        if my_still
        else None,
    )
