"""Pairs drawn from photographs that nothing was trained on: their truth is exact."""

from collections.abc import Iterator

import numpy as np

from tests.benchmarks.accuracy.drawing import places, training
from tests.benchmarks.accuracy.drawn_heights import surfaces
from tests.benchmarks.accuracy.pairs import Pair

SIDE_PX = 512
PIXEL_M = 0.25
SEED = 72
LEAST_SHARE = 0.01
"""Of a disturbed pair, at least this share changed: a sliver at the rim tells little."""

WORDS = {
    "BARE": "bare", "WATER": "water", "ROAD": "road", "STOCKPILE": "stockpile", "BUILDING": "built"
}  # fmt: skip


PLANTS = ("TREE", "LOW")

FIRST_FURTHER = 1000
"""Seeds from here on are drawn for ours alone; those before are shared with the peers."""

DOMAIN, FURTHER = "synthetic", "further"


def drawn(*, disturbed: int, still: int, first: int = 0) -> Iterator[Pair]:
    """So many of each, in the order of their seeds; what comes is the same every time."""
    left = {True: disturbed, False: still}
    number = first
    while any(left.values()):
        pair = _pair(number)
        number += 1
        if pair is not None and left[not pair.is_unchanged]:
            left[not pair.is_unchanged] -= 1
            yield pair


def _pair(number: int) -> Pair | None:
    cover = training("cover")
    made = training("pairs").pair(np.random.default_rng((SEED, number)), places(), SIDE_PX)
    truth = made.change == cover.CHANGED
    if 0 < truth.mean() < LEAST_SHARE:
        return None
    before, after = made.covers
    grown = np.isin(before, [cover.Cover[name] for name in PLANTS])
    covers = np.full(truth.shape, "", "U10")
    for name, word in WORDS.items():
        covers[after == cover.Cover[name]] = word
    earlier, later = surfaces(made.covers, PIXEL_M, seed=(SEED, number, 1))
    return Pair(
        domain=FURTHER if number >= FIRST_FURTHER else DOMAIN,
        group="disturbed" if truth.any() else "unchanged",
        name=f"seed {number}",
        before=made.before,
        after=made.after,
        pixel_m=PIXEL_M,
        seen=np.ones(truth.shape, np.bool_),
        truth=truth if truth.any() else None,
        # Earth on earth was disturbed and is taught as unchanged: it counts neither way.
        unsure=(made.change == cover.UNSURE) | (made.relaid & ~truth),
        covers=covers,
        cleared=truth & grown & (after == cover.Cover.BARE),
        residual_px=1.0,
        rise=later - earlier,
        surface=later,
    )
