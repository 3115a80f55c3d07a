"""Pairs that the network of change is trained on: their truth is what was done to them."""

import importlib

import cv2
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


@pytest.mark.parametrize("drawn", ["heaps", "canopy"])
def test_things_lie_as_close_on_a_large_picture_as_on_a_small_one(training, drawn) -> None:
    draw = getattr(training("textures"), drawn)

    def sloping(side: int, seed: int) -> float:
        """Share of a picture that is lit or shaded as slopes are."""
        light = draw(np.random.default_rng(seed), side).mean(axis=2)
        steps = np.hypot(*np.gradient(cv2.GaussianBlur(light, (0, 0), 1.0)))
        return float((steps > 0.02 * light.mean()).mean())

    small, large = (np.mean([sloping(side, seed) for seed in range(6)]) for side in (192, 512))
    assert 0.1 < small < 0.9
    assert large == pytest.approx(small, rel=0.2)


@pytest.mark.parametrize("drawn", ["heaps", "canopy"])
def test_more_things_leave_what_is_drawn_next_as_it_was(training, monkeypatch, drawn) -> None:
    textures = training("textures")
    many, few = np.random.default_rng(5), np.random.default_rng(5)
    wide = getattr(textures, drawn)(many, 512)
    monkeypatch.setattr(textures, "_SIDE", 512)
    assert (getattr(textures, drawn)(few, 512) != wide).any()
    assert many.random() == few.random()


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


def test_earth_laid_on_earth_is_told_apart_and_nothing_else_is(training, places) -> None:
    kinds, disturb = training("cover").Cover, training("disturbances").disturb
    bare = training("textures").drawn(np.random.default_rng(2), SIDE, kinds.BARE)
    scene = training("scene").Scene(bare, np.full((SIDE, SIDE), kinds.BARE, np.uint8))
    told = 0
    for seed in range(12):
        after = disturb(np.random.default_rng(seed), scene, places)
        same, apart = after.cover == scene.cover, np.abs(after.rgb - scene.rgb).max(axis=2)
        assert (after.relaid <= same).all()
        told += int(after.relaid.sum())
        # What is drawn over ground has a soft edge.
        touched = cv2.dilate((after.relaid | ~same).astype(np.uint8), np.ones((15, 15))) > 0
        assert apart[~touched].max(initial=0) < 1
        if after.relaid.any():
            assert np.median(apart[after.relaid]) > 5
    assert told > 1000


@pytest.fixture
def river(training):
    """A wood with a river through it."""
    kinds, textures = training("cover").Cover, training("textures")
    rng = np.random.default_rng(11)
    cover = np.full((SIDE, SIDE), kinds.TREE, np.uint8)
    cover[40:60] = kinds.WATER
    drawn = {kind: textures.drawn(rng, SIDE, kind) for kind in (kinds.TREE, kinds.WATER)}
    rgb = np.where((cover == kinds.WATER)[..., None], drawn[kinds.WATER], drawn[kinds.TREE])
    return training("scene").Scene(rgb, cover)


def test_water_turns_another_colour_and_stays_water(training, river) -> None:
    water = training("water")
    inside = river.cover == training("cover").Cover.WATER
    deep, far = inside.copy(), ~inside
    rim = round(water.LEVEL_PX) + 5
    deep[40 : 40 + rim] = deep[60 - rim : 60] = False
    far[40 - rim : 60 + rim] = False
    before, differs = river.rgb.copy(), []
    for seed in range(30):
        turned = water.turned(np.random.default_rng(seed), river)
        assert (turned.cover == river.cover).all()
        apart = np.abs(turned.rgb - before)
        assert apart[far].max() < 1, seed
        differs.append(apart[deep].mean())
    assert (river.rgb == before).all()
    # Most days are another colour for the eye, some hardly.
    assert np.median(differs) > 12
    assert min(differs) > 0.5


def test_a_river_that_is_laid_in_is_water_and_the_rest_keeps_its_cover(training, places) -> None:
    water, kinds = training("water"), training("cover").Cover
    laid = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        scene = places.crop(rng, SIDE)
        wet = water.watered(rng, scene)
        share = (wet.cover == kinds.WATER).mean()
        assert share < water.MOST_SHARE
        assert (wet.cover == scene.cover)[wet.cover != kinds.WATER].all()
        laid += share > 0
    assert laid > 10


def test_shade_falls_away_from_the_sun_and_as_far_as_the_wall_is_high(training) -> None:
    shade = training("shade")
    high = np.zeros((SIDE, SIDE), np.float32)
    high[30:60, 40:44] = 8.0
    low = shade.fallen(high, shade.Sun(azimuth=0.0, length=1.0, depth=0.5, softness=0.5))
    long = shade.fallen(high, shade.Sun(azimuth=0.0, length=2.0, depth=0.5, softness=0.5))
    turned = shade.fallen(high, shade.Sun(azimuth=np.pi, length=1.0, depth=0.5, softness=0.5))
    assert low[45, 44:50].all()
    assert not low[45, 53:].any()
    assert long[45, 44:57].all()
    assert not low[:, :44].any()
    assert turned[45, 34:39].all()
    assert not turned[:, 44:].any()
    assert not low[:28].any()


def test_two_dates_have_other_shade_and_the_same_ground(training, river) -> None:
    shade = training("shade")
    apart = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        relief, suns = shade.Relief(rng, SIDE), shade.suns(rng)
        masks = [shade.fallen(relief.of(river.cover), sun) for sun in suns]
        assert suns[0].azimuth != suns[1].azimuth or suns[0].length != suns[1].length
        for sun, mask in zip(suns, masks, strict=True):
            seen = shade.shaded(river, relief, sun)
            assert (seen.cover == river.cover).all()
            assert (seen.rgb <= river.rgb).all()
            assert (seen.rgb == river.rgb).all() == (sun.depth == 0 or not mask.any())
        either = (masks[0] | masks[1]).sum()
        apart += (masks[0] ^ masks[1]).sum() > 0.2 * either
    assert apart > 24


def test_moving_water_and_shade_are_no_change_but_what_is_done_beside_them_is(
    training, places
) -> None:
    cover, pair = training("cover"), training("pairs").pair
    wish, still, shown = training("pairs").Wish(moving=True), 0, 0
    for seed in range(24):
        made = pair(np.random.default_rng(seed), places, SIDE, wish)
        before, after = made.covers
        assert (made.change[(before == after) & (before > 0)] == cover.UNCHANGED).all()
        assert (before[made.change == cover.CHANGED] != after[made.change == cover.CHANGED]).all()
        still += not made.change.any()
        shown += (before[made.change == cover.UNCHANGED] == cover.Cover.WATER).any()
    assert 4 <= still <= 16
    assert shown > 6


def test_wide_works_fill_most_of_some_pictures_and_leave_others_as_they_are(
    training, places
) -> None:
    pairs = training("pairs")

    def touched(*, wide: bool) -> list[float]:
        wish = pairs.Wish(wide=wide)
        drawn = [pairs.pair(np.random.default_rng(n), places, SIDE, wish) for n in range(90)]
        return [float(np.not_equal(*one.covers).mean()) for one in drawn]

    usual, wide = touched(wide=False), touched(wide=True)
    assert sum(share > 0.6 for share in wide) >= 8
    assert sum(share > 0.6 for share in wide) > 4 * sum(share > 0.6 for share in usual)
    assert sum(0 < share < 0.3 for share in wide) >= 10
    assert sum(share == 0 for share in wide) >= 20
