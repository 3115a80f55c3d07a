"""Transformations: each finds its own truth, leads back, and judges itself by others' points."""

import numpy as np
import pytest

from geo.candidates import RECIPES
from geo.polynomial import fitted_polynomial
from geo.transformation import pixels_at, scales
from tests.geo.warped import SIDE_PX, affine, bowl, bump, perspective, spread

OWN = {"affine": affine, "perspective": perspective, "polynomial": bowl}


@pytest.fixture
def places():
    return spread(np.random.default_rng(7), 25)


@pytest.mark.parametrize("kind", OWN)
def test_each_kind_recovers_its_own_truth_exactly(places, kind):
    fit = RECIPES[kind].fit(places, OWN[kind](places))
    anywhere = np.random.default_rng(1).uniform(0, SIDE_PX, (300, 2))
    assert np.abs(fit.ground(anywhere) - OWN[kind](anywhere)).max() < 1e-6
    assert fit.kind == kind


def test_a_spline_without_noise_touches_every_place_and_is_straight_where_they_are(places):
    bent = RECIPES["spline"].fit(places, bump(places))
    assert np.abs(bent.ground(places) - bump(places)).max() < 1e-6
    straight = RECIPES["spline"].fit(places, affine(places))
    anywhere = np.random.default_rng(1).uniform(0, SIDE_PX, (300, 2))
    assert np.abs(straight.ground(anywhere) - affine(anywhere)).max() < 1e-6


@pytest.mark.parametrize("kind", RECIPES)
def test_the_way_back_ends_where_the_way_began(places, kind):
    fit = RECIPES[kind].fit(places, bump(places))
    anywhere = np.random.default_rng(2).uniform(-200, SIDE_PX + 200, (500, 2))
    back = pixels_at(fit, fit.ground(anywhere), rows=SIDE_PX, columns=SIDE_PX)
    assert np.abs(back - anywhere).max() < 1e-3


def test_ground_beyond_the_horizon_is_in_no_picture(places):
    fit = RECIPES["perspective"].fit(places, perspective(places))
    behind = fit.ground(np.array([[0.0, 0.0]])) + np.array([[1e6, 1e6]])
    assert np.isnan(pixels_at(fit, behind, rows=SIDE_PX, columns=SIDE_PX)).all()


@pytest.mark.parametrize("kind", RECIPES)
@pytest.mark.parametrize("count", [12, 25])
def test_left_out_errors_are_those_of_fitting_anew_without_each_place(kind, count):
    random = np.random.default_rng(3)
    pixels = spread(random, count)
    ground = bump(pixels) + random.normal(0, 0.03, pixels.shape)
    recipe = RECIPES[kind]
    slow = []
    for place in range(count):
        others = np.arange(count) != place
        fit = recipe.fit(pixels[others], ground[others])
        slow.append((fit.ground(pixels[~others]) - ground[~others])[0])
    # Among many places the perspective is taken for linear near its fit; the stiffness of a
    # spline is counted by the reach of all places, which is a little less without one of the rim.
    close = {"perspective": 1e-3, "spline": 0.1}.get(kind, 1e-6)
    assert recipe.left_out(pixels, ground) == pytest.approx(np.array(slow), abs=close)


def test_six_numbers_say_the_same_as_the_polynomial_they_are_from(places):
    fit = fitted_polynomial(places, affine(places), order=1)
    for place in places[:5]:
        assert fit.affine @ tuple(place) == pytest.approx(affine(place[None])[0], abs=1e-6)
    with pytest.raises(ValueError, match="no six numbers"):
        _ = fitted_polynomial(places, bowl(places), order=2).affine


def test_the_scale_tells_the_size_of_a_pixel_and_which_side_is_seen(places):
    fit = fitted_polynomial(places, affine(places), order=1)
    area = scales(fit, rows=SIDE_PX, columns=SIDE_PX)
    assert area == pytest.approx(np.full(len(area), -(0.05**2 + 0.001 * 0.002)), rel=1e-6)
    mirrored = fitted_polynomial(places, affine(places)[:, ::-1], order=1)
    assert (scales(mirrored, rows=SIDE_PX, columns=SIDE_PX) > 0).all()
