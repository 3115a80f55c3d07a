"""Kinds of ground are told apart by limits that the flight itself gives."""

import numpy as np
import pytest

from geo.appearance import Scale, appearance
from geo.landcover import CoverLimits, Kind, bareness_limit, cover

SIDE = 60
LIMITS = CoverLimits(bareness=7, dark=20, green=np.inf, smooth=1)
SCALE = Scale(smooth_px=0.7, texture_px=3, strip_px=3)


def plain(colour: tuple[int, int, int], grain: float) -> np.ndarray:
    noise = np.random.default_rng(5).normal(0, grain, (1, SIDE, SIDE))
    picture = np.array(colour, np.float32)[:, None, None] + noise
    return picture.astype(np.float32)


@pytest.mark.parametrize(
    ("colour", "grain", "kind"),
    [
        ((60, 90, 50), 12, Kind.VEGETATION),
        ((180, 140, 105), 8, Kind.BARE),
        ((70, 110, 200), 8, Kind.BUILT),
        ((60, 80, 85), 0.5, Kind.WATER),
        ((25, 27, 32), 5, Kind.SHADOW),
    ],
)
def test_a_plain_of_one_kind_is_named(
    colour: tuple[int, int, int], grain: float, kind: Kind
) -> None:
    seen = np.ones((SIDE, SIDE), np.bool_)
    kinds = cover(appearance(plain(colour, grain), seen, scale=SCALE), limits=LIMITS, plain_px=3)
    assert (kinds == kind).mean() > 0.9


def test_unseen_ground_has_no_kind() -> None:
    seen = np.ones((SIDE, SIDE), np.bool_)
    seen[10:20] = False
    kinds = cover(
        appearance(plain((180, 140, 105), 8), seen, scale=SCALE), limits=LIMITS, plain_px=3
    )
    assert ((kinds == Kind.UNSEEN) == ~seen).all()


def test_the_limit_lies_between_what_is_there() -> None:
    rng = np.random.default_rng(1)
    plants, soil = rng.normal(8, 1, 9000), rng.normal(17, 1.5, 1000)
    assert 9.5 < bareness_limit(np.concatenate([plants, soil]).astype(np.float32)) < 14


@pytest.mark.parametrize("only", [0.0, 14.0])
def test_one_kind_alone_leaves_the_limit_where_it_usually_is(only: float) -> None:
    values = np.random.default_rng(1).normal(only, 1.5, 5000).astype(np.float32)
    assert 3 < bareness_limit(values) < 11
