"""One method on one pair: what it said, counted, timed and weighed."""

import os
import resource
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.accuracy.objects import Place, made_up, places
from tests.benchmarks.accuracy.orfeo import NAME as ORFEO
from tests.benchmarks.accuracy.orfeo import is_installed, orfeo_mad
from tests.benchmarks.accuracy.pairs import Pair
from tests.benchmarks.accuracy.peers import PEERS, Flagged
from tests.benchmarks.accuracy.pixels import Counts, average_precision, counts
from tests.benchmarks.accuracy.postfilter import settled
from tests.benchmarks.accuracy.product import Found, Inspected, inspected
from tests.benchmarks.accuracy.sheets import RAW, Sheet, ground_of, ranks
from tests.benchmarks.accuracy.synthetic_pairs import FURTHER

OURS = "ours"
NEW = "ours, new alone"
"""What is flagged less what grew back: what a report calls new."""

HEIGHTS = "ours, with heights"
"""The same of pairs of which two surface models are drawn, and given to the product alone."""

OWN = (OURS, NEW, HEIGHTS)

KEPT_PX = 60_000
"""Pixels of a pair whose scores are kept for thresholds over all pairs."""

KNOWN_SHARE = 0.5
"""Least share of a finding whose truth must be beyond doubt, for it to be known true or false."""

type Method = Callable[[Pair], tuple[Flagged, list[Found]]]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding of ours: how sure it is, whether it is true, and what it is called."""

    confidence: float
    strength: float
    true_share: float | None
    """Of its pixels whose truth is beyond doubt; None where these are less than `KNOWN_SHARE`."""

    ground_class: str
    cover: str
    """What the truth says that the ground became; empty where it does not tell."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What one method said of one pair."""

    domain: str
    group: str
    pair: str
    method: str
    is_unchanged: bool
    is_partly_known: bool
    counts: Counts
    average_precision: float
    places: list[Place]
    made_up: int
    hectares: float
    findings: list[Finding]
    seconds: float
    peak_mb: float
    """Beyond what was held before; NaN of a program of its own."""

    score: NDArray[np.float32]
    """Of evenly spread counted pixels, in their order."""

    truth: NDArray[np.bool_]
    """Of the same."""

    sheet: Sheet | None
    """By which it can be flagged anew at another limit; None of pairs without peers."""


@lru_cache(maxsize=1)
def _inspected(pair: Pair) -> Inspected:
    """The product's word, by its own files; asked for once, though two rows tell of it."""
    with tempfile.TemporaryDirectory() as folder:
        return inspected(Path(folder), pair)


def ours(pair: Pair) -> tuple[Flagged, list[Found]]:
    """All that the product says changed."""
    said = _inspected(pair)
    return Flagged(score=said.score, mask=said.mask()), said.found


def new_alone(pair: Pair) -> tuple[Flagged, list[Found]]:
    """What it says is new."""
    said = _inspected(pair)
    found = [one for one in said.found if one.is_new]
    return Flagged(score=said.score, mask=said.mask(new_alone=True)), found


def with_heights(pair: Pair) -> tuple[Flagged, list[Found]]:
    """What it says where it is given the surface models too."""
    with tempfile.TemporaryDirectory() as folder:
        said = inspected(Path(folder), pair, with_heights=True)
    return Flagged(score=said.score, mask=said.mask()), said.found


def methods() -> dict[str, Method]:
    """By name, ours first."""
    peers = PEERS | ({ORFEO: orfeo_mad} if is_installed() else {})
    return {OURS: ours, NEW: new_alone, **{name: _plain(peer) for name, peer in peers.items()}}


def asked_of(pair: Pair) -> dict[str, Method]:
    """Methods that a pair is put before."""
    shared = {OURS: ours, NEW: new_alone} if pair.domain == FURTHER else methods()
    named = pair.rise is not None and not pair.is_unchanged
    return shared | ({HEIGHTS: with_heights} if named else {})


def answers_to(pair: Pair) -> list[Answer]:
    """Of every method, on one core: processor time is compared."""
    cv2.setNumThreads(1)
    said = [answered(name, method, pair) for name, method in asked_of(pair).items()]
    # Two rows tell of one inspection: what it took is theirs alike.
    first, second, *others = said
    second = replace(second, seconds=first.seconds, peak_mb=first.peak_mb)
    return [first, second, *others]


def _plain(peer: Callable[[Pair], Flagged]) -> Method:
    return lambda pair: (peer(pair), [])


def answered(name: str, method: Method, pair: Pair) -> Answer:
    """Ask, and count after the post-filter that all have in common."""
    begun, at_start = _cpu_s(), _resident_mb()
    said, found = method(pair)
    seconds = _cpu_s() - begun
    peak_mb = float("nan") if name == ORFEO else max(_peak_mb() - at_start, 0.0)
    mask = settled(said.mask, pair.seen, pair.least_px)
    counted = pair.counted
    score, truth = said.score[counted], pair.changed[counted]
    thin = max(1, len(truth) // KEPT_PX)
    values = ranks(found, pair.seen.shape) if name in OWN else {RAW: said.score}
    sheet = Sheet(ground=ground_of(pair), values=values)
    return Answer(
        domain=pair.domain,
        group=pair.group,
        pair=pair.name,
        method=name,
        is_unchanged=pair.is_unchanged,
        is_partly_known=pair.is_partly_known,
        counts=counts(mask, pair.changed, counted),
        average_precision=average_precision(score, truth),
        places=places(mask, pair),
        made_up=made_up(mask, pair),
        hectares=float(pair.seen.sum() * pair.pixel_m**2 / 1e4),
        findings=[_judged(one, pair, counted) for one in found],
        seconds=seconds,
        peak_mb=peak_mb,
        score=score[::thin].astype(np.float32),
        truth=truth[::thin],
        sheet=None if pair.domain == FURTHER or name == HEIGHTS else sheet,
    )


def _judged(one: Found, pair: Pair, counted: NDArray[np.bool_]) -> Finding:
    known = one.where & counted
    is_known = bool(known.sum() >= max(KNOWN_SHARE * one.where.sum(), 1))
    cover = ""
    if pair.covers is not None and one.is_new:
        shown = Counter(pair.covers[one.where & pair.changed].tolist())
        cover = shown.most_common(1)[0][0] if shown else ""
    return Finding(
        confidence=one.confidence,
        strength=one.strength,
        true_share=float(pair.changed[known].mean()) if is_known else None,
        ground_class=one.ground_class,
        cover=cover,
    )


def _cpu_s() -> float:
    """Processor time of this process and of the programs that it ran."""
    here, below = os.times(), resource.getrusage(resource.RUSAGE_CHILDREN)
    return here.user + here.system + below.ru_utime + below.ru_stime


def _resident_mb() -> float:
    """Memory held now; the high-water mark starts anew from here."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak_mb() -> float:
    return _status("VmHWM")


def _status(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024
