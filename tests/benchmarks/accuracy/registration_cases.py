"""Pictures to lay on one another: movements drawn and known, and real dates that nobody knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from affine import Affine
from numpy.typing import NDArray

from tests.benchmarks.accuracy.drawing import places, training
from tests.benchmarks.accuracy.movements import (
    drawn_movement,
    drawn_skew,
    lattice,
    moved,
    source_places,
)
from tests.benchmarks.accuracy.sources import Pixels, naip_years, picture

SIDE_PX = 512
MARGIN_PX = 48
"""Drawn beyond the picture on each side, so that no movement leaves it empty."""

SEED = 70


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """How a kind of known movement is drawn."""

    parallax_px: float
    """By how much what stands highest leans."""

    skewed: bool
    """Whether the ground is sheared and stretched unevenly: a shear that is there must not look
    like one that leaning things feign."""


KNOWN = {
    "known": Drawn(parallax_px=0.0, skewed=False),
    "known with parallax": Drawn(parallax_px=2.0, skewed=False),
    "known, sheared": Drawn(parallax_px=0.0, skewed=True),
    "known, sheared, with parallax": Drawn(parallax_px=2.0, skewed=True),
}
"""Kinds of known movements. What is drawn of one number is the same scene in each."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """Two pictures of one shape; where the movement is known, it is the truth."""

    kind: str
    name: str
    before: Pixels
    after: Pixels
    truth: Affine | None
    """Position before to position after; None where nobody knows it."""

    floor_px: float = 0.0
    """Error of the affine that fits the drawn parallax best: no affine is surely better."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rewarped:
    """The later picture of a real pair moved once more, by a known movement."""

    after: Pixels
    seen: NDArray[np.bool_]
    by: Affine


def known_cases(count: int, *, kinds: Iterable[str] = KNOWN, seed: int = SEED) -> Iterator[Case]:
    """Scenes with change, another light and another season, moved by a known movement."""
    for number in range(count):
        for kind in kinds:
            yield _known(seed, number, kind)


def _known(seed: int, number: int, kind: str) -> Case:
    random, drawn = np.random.default_rng((seed, number)), KNOWN[kind]
    nuisance = training("nuisance")
    first = places().scene(random, SIDE_PX + 2 * MARGIN_PX)
    grown = nuisance.grown(random, first, places())
    second = training("disturbances").disturb(random, grown, places())
    lit = [nuisance.lit(random, one.rgb, one.cover, strength=1.0) for one in (first, second)]
    truth = drawn_movement(random, (SIDE_PX, SIDE_PX))
    if drawn.skewed:
        apart = np.random.default_rng((seed, number, 1))  # so that all else is drawn alike
        truth = truth @ drawn_skew(apart, (SIDE_PX, SIDE_PX))
    x, y = source_places(truth, (SIDE_PX, SIDE_PX))
    lean, way = _lean(random), random.uniform(0, 2 * np.pi)
    along = drawn.parallax_px * np.array([np.cos(way), np.sin(way)])
    after = cv2.remap(
        lit[1],
        x + MARGIN_PX + np.float32(along[0]) * lean,
        y + MARGIN_PX + np.float32(along[1]) * lean,
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    inner = slice(MARGIN_PX, MARGIN_PX + SIDE_PX)
    taken = [
        nuisance.taken(random, np.clip(one, 0, 255)).astype(np.uint8)
        for one in (lit[0][inner, inner], after)
    ]
    return Case(
        kind=kind,
        name=f"scene {number}",
        before=taken[0],
        after=taken[1],
        truth=truth,
        floor_px=_floor_px(lean, along),
    )


def _lean(random: np.random.Generator) -> NDArray[np.float32]:
    """By how much of the most each pixel leans: 0 on the ground, 1 on what stands highest."""
    field = training("noise").smooth(random, SIDE_PX, random.uniform(60, 200))
    return np.clip(field / 2, 0, 1).astype(np.float32)


def _floor_px(lean: NDArray[np.float32], along: NDArray[np.float64]) -> float:
    rows, columns = lean.shape
    y, x = np.mgrid[:rows:8, :columns:8]
    known = np.column_stack([x.ravel(), y.ravel(), np.ones(x.size)])
    fit, *_ = np.linalg.lstsq(known, lean[::8, ::8].ravel(), rcond=None)
    points = lattice(lean.shape)
    off = np.column_stack([points, np.ones(len(points))]) @ fit
    return float(np.sqrt(np.mean(off**2)) * np.hypot(*along))


def real_cases() -> Iterator[Case]:
    """Real dates, whatever lies between them."""
    years = naip_years()
    for one, other in combinations(sorted(years), 2):
        yield _real("farmland", f"{one}, {other}", years[one], years[other])
    yield _real("mine", "site 2", "minenetcd_site2/site2_t1.png", "minenetcd_site2/site2_t2.png")
    pair = [f"goldmining_alert_pair/example_t{date}.tif" for date in (0, 1)]
    yield _real("satellite", "gold mine", *pair)
    for site in ("s1", "s2", "s5", "s6"):
        yield _real("149 px", site, *(f"second_crops/{site}_t{date}.png" for date in (1, 2)))


def _real(kind: str, name: str, before: str, after: str) -> Case:
    first, second = picture(before), picture(after)
    rows, columns = (min(a, b) for a, b in zip(first.shape[:2], second.shape[:2], strict=True))
    return Case(
        kind=kind,
        name=name,
        before=first[:rows, :columns],
        after=second[:rows, :columns],
        truth=None,
    )


def rewarped(case: Case, count: int) -> Iterator[Rewarped]:
    """The later picture moved by some known movements, each drawn from a seed of its own."""
    rows, columns = case.after.shape[:2]
    for number in range(count):
        random = np.random.default_rng((SEED, number, rows, columns, *case.name.encode()))
        most_px = min(12.0, 0.04 * min(rows, columns))
        by = drawn_movement(random, case.after.shape, most_px=most_px)
        after, seen = moved(case.after, by)
        yield Rewarped(after=after, seen=seen, by=by)
