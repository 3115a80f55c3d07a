"""Pairs that the network of change is trained on: their truth is what was done to them."""

import importlib

import numpy as np
import pytest

from tests.conftest import ROOT

SIDE = 96


@pytest.fixture
def training(monkeypatch):
    """The scripts' modules, as they find one another."""
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "training"))
    return importlib.import_module


@pytest.fixture
def places(training):
    """A wood that was photographed, as it were."""
    cover, textures = training("cover"), training("textures")
    rng = np.random.default_rng(3)
    rgb = textures.drawn(rng, 4 * SIDE, cover.Cover.TREE).astype(np.uint8)
    kinds = np.full(rgb.shape[:2], cover.Cover.TREE, np.uint8)
    photo = training("photos").Photo("wood_0", 0.2, rgb, kinds, kinds > 0)
    return training("scene").Places([photo])


def test_the_same_seed_draws_the_same_pair(training, places) -> None:
    pair = training("pairs").pair
    first, again, other = (pair(np.random.default_rng(seed), places, SIDE) for seed in (7, 7, 8))
    assert (first.before == again.before).all()
    assert (first.after == again.after).all()
    assert (first.change == again.change).all()
    assert (first.before != other.before).any()


def test_what_changed_is_where_the_ground_became_another_kind(training, places) -> None:
    cover, pair = training("cover"), training("pairs").pair
    still = 0
    for seed in range(40):
        made = pair(np.random.default_rng(seed), places, SIDE)
        before, after = made.covers
        assert (before[made.change == cover.CHANGED] != after[made.change == cover.CHANGED]).all()
        known = (before != cover.Cover.UNKNOWN) & (before == after)
        assert (made.change[known] == cover.UNCHANGED).all()
        still += not made.change.any()
    # At least those that were to be left alone; a few disturbances fall outside the frame.
    assert 8 <= still <= 26


def test_season_is_no_change_and_clearing_is(training) -> None:
    cover = training("cover")
    kinds = cover.Cover
    told = {
        (kinds.TREE, kinds.BARE): cover.CHANGED,
        (kinds.BARE, kinds.LOW): cover.CHANGED,
        (kinds.LOW, kinds.WATER): cover.CHANGED,
        (kinds.BARE, kinds.STOCKPILE): cover.CHANGED,
        (kinds.TREE, kinds.LOW): cover.UNSURE,
        (kinds.BARE, kinds.ROAD): cover.UNSURE,
        (kinds.TREE, kinds.SHADOW): cover.UNSURE,
        (kinds.WATER, kinds.WATER): cover.UNCHANGED,
    }
    for (one, other), truth in told.items():
        for pair in ((one, other), (other, one)):
            found = cover.changed(*(np.array([kind], np.uint8) for kind in pair))
            assert found[0] == truth, pair


def test_only_light_differs_where_nothing_was_done(training, places) -> None:
    nuisance = training("nuisance")
    rng = np.random.default_rng(5)
    scene = places.crop(rng, SIDE)
    lit = nuisance.lit(rng, scene.rgb, scene.cover, strength=1.0)
    assert lit.shape == scene.rgb.shape
    assert lit.min() >= 0
    assert lit.max() <= 255
    grown = nuisance.grown(rng, scene, places)
    assert (grown.cover == scene.cover).all()
