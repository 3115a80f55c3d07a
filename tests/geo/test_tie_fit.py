"""The movement that most ties agree on: known movements, outliers, and too little support."""

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tie_fit import fitted_movement

ORIGIN = (500_000.0, 9_000_000.0)
REACH = 700.0


def places(count=100, *, wide=500.0, high=500.0, seed=0):
    random = np.random.default_rng(seed)
    return np.array(ORIGIN) + random.uniform(-1, 1, (count, 2)) * (wide, high)


def about_origin(linear):
    return Affine.translation(*ORIGIN) @ linear @ Affine.translation(-ORIGIN[0], -ORIGIN[1])


def offsets(movement, where, *, noise=0.0, wrong=0.0, seed=1):
    random = np.random.default_rng(seed)
    there = np.stack(movement @ tuple(where.T), axis=1) - where
    there += random.normal(0, noise, there.shape) if noise else 0
    astray = random.random(len(where)) < wrong
    there[astray] += random.uniform(-8, 8, (astray.sum(), 2))
    return there


def fitted(where, moved, *, gate=2.0):
    return fitted_movement(where, moved, weights=np.ones(len(where)), gate_m=gate, reach_m=REACH)


def largest_error(movement, truth):
    corners = np.array(ORIGIN) + np.array([[1, 1], [-1, 1], [-1, -1], [1, -1], [0, 0]]) * 500
    return max(np.hypot(*np.subtract(movement @ tuple(c), truth @ tuple(c))) for c in corners)


SHIFT = Affine.translation(1.5, -2.5)
TURN = Affine.translation(1.0, 0.5) @ about_origin(Affine.rotation(0.4) @ Affine.scale(1.004))
SHEAR = about_origin(Affine(1.004, 0.006, 0.7, -0.002, 0.997, -1.1))


@pytest.mark.parametrize(
    ("kind", "truth"), [("translation", SHIFT), ("similarity", TURN), ("affine", SHEAR)]
)
def test_the_simplest_movement_that_explains_the_ties_is_found(kind, truth):
    where = places()
    fit = fitted(where, offsets(truth, where, noise=0.1))
    assert fit.kind == kind
    assert largest_error(fit.movement, truth) < 0.1
    assert fit.agrees.all()


@pytest.mark.parametrize("truth", [SHIFT, TURN, SHEAR])
def test_six_ties_in_ten_may_be_wrong(truth):
    where = places(150)
    fit = fitted(where, offsets(truth, where, noise=0.1, wrong=0.6))
    assert largest_error(fit.movement, truth) < 0.3


def test_ties_on_one_line_support_a_shift_and_no_more():
    where = places(high=5.0)
    assert fitted(where, offsets(TURN, where, noise=0.1)).kind == "translation"


def test_three_ties_support_a_shift_and_no_more():
    where = places(3)
    assert fitted(where, offsets(SHEAR, where)).kind == "translation"


def test_the_same_ties_give_the_same_answer_to_the_last_bit():
    where = places()
    moved = offsets(SHEAR, where, noise=0.2, wrong=0.3)
    assert fitted(where, moved).movement == fitted(where, moved).movement


def test_the_held_back_residual_is_the_error_of_a_tie():
    where = places(400)
    fit = fitted(where, offsets(SHIFT, where, noise=0.2))
    assert fit.held_back_m == pytest.approx(0.2 * np.sqrt(2), rel=0.1)


@settings(max_examples=25, deadline=None)
@given(
    east=st.floats(-3, 3),
    north=st.floats(-3, 3),
    count=st.integers(1, 60),
    seed=st.integers(0, 1000),
)
def test_a_pure_shift_comes_back_exactly(east, north, count, seed):
    where = places(count, seed=seed)
    fit = fitted(where, np.broadcast_to([east, north], (count, 2)).copy())
    assert largest_error(fit.movement, Affine.translation(east, north)) < 1e-6


def test_no_tie_fixes_nothing():
    with pytest.raises(ValueError, match="at least one tie"):
        fitted(np.empty((0, 2)), np.empty((0, 2)))
