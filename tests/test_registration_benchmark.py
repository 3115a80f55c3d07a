"""The registration benchmark measures what was done to its pictures."""

import cv2
import numpy as np
import pytest
from affine import Affine

from tests.benchmarks.accuracy.movements import (
    drawn_movement,
    drawn_skew,
    error_px,
    moved,
    worst_px,
)
from tests.benchmarks.accuracy.registration import Row, table
from tests.benchmarks.accuracy.registration_cases import known_cases
from tests.benchmarks.accuracy.registration_peers import ecc, phase_correlation, sift

SHAPE = (300, 340)


def ground():
    """Grain of several sizes, in colour."""
    random = np.random.default_rng(4)
    picture = np.full((*SHAPE, 3), 120.0)
    for size, contrast in ((1.5, 20), (5, 20), (15, 20)):
        noise = cv2.GaussianBlur(random.normal(size=(*SHAPE, 3)), (0, 0), size)
        picture += contrast * noise / noise.std()
    return np.clip(picture, 0, 255).astype(np.uint8)


def test_a_moved_picture_shows_at_the_new_place_what_was_at_the_old() -> None:
    picture = np.zeros((*SHAPE, 3), np.uint8)
    picture[100:110, 200:210] = 200
    there, seen = moved(picture, Affine.translation(7, -4))
    assert (there[96:106, 207:217] == 200).all()
    assert there.sum() == picture.sum()
    assert seen.sum() == (SHAPE[0] - 4) * (SHAPE[1] - 7)


def test_the_error_of_a_movement_is_its_distance_from_the_truth() -> None:
    truth = drawn_movement(np.random.default_rng(1), SHAPE)
    assert error_px(truth, truth, SHAPE) == pytest.approx(0, abs=1e-9)
    off = Affine.translation(3, 4) @ truth
    assert error_px(off, truth, SHAPE) == pytest.approx(5)
    assert worst_px(off, truth, SHAPE) == pytest.approx(5)
    turned = truth @ Affine.rotation(1)
    assert worst_px(turned, truth, SHAPE) > error_px(turned, truth, SHAPE) > 1


@pytest.mark.parametrize("find", [sift, ecc])
def test_peers_find_a_movement_of_the_same_picture(find) -> None:
    by = drawn_movement(np.random.default_rng(2), SHAPE, most_px=5)
    there, seen = moved(ground(), by)
    assert error_px(find(ground(), there, seen), by, SHAPE) < 0.2


def test_phase_correlation_finds_a_shift() -> None:
    by = Affine.translation(5.3, -3.6)
    there, seen = moved(ground(), by)
    assert error_px(phase_correlation(ground(), there, seen), by, SHAPE) < 0.5


def no_shear(movement):
    t = movement
    return abs(t.a - t.e) < 1e-9 and abs(t.b + t.d) < 1e-9


def test_a_skew_shears_or_stretches_and_keeps_the_centre() -> None:
    random = np.random.default_rng(3)
    skews = [drawn_skew(random, SHAPE) for _ in range(50)]
    for skew in skews:
        assert skew @ (170, 150) == pytest.approx((170, 150))
        assert skew.b == skew.d
        assert skew.a + skew.e == pytest.approx(2)
    assert 0.004 < max(abs(skew.b) for skew in skews) <= 0.005
    assert 0.004 < max(abs(skew.a - 1) for skew in skews) <= 0.005


@pytest.mark.usefixtures("test_data")
def test_known_cases_are_drawn_alike_each_time_and_their_truth_holds() -> None:
    plain, leaning, sheared, both = known_cases(1)
    again = next(iter(known_cases(1)))
    assert (plain.after == again.after).all()
    assert plain.floor_px == 0
    assert 0 < leaning.floor_px == both.floor_px < 2
    for level, skewed in ((plain, sheared), (leaning, both)):
        assert (level.before == skewed.before).all()
        assert no_shear(level.truth)
        assert not no_shear(skewed.truth)
        assert worst_px(skewed.truth, level.truth, level.after.shape) < 5
    assert not (next(iter(known_cases(1, seed=71))).after == plain.after).all()
    # The truth lays the earlier picture on the later one better than leaving it where it is.
    there, seen = moved(plain.before, plain.truth)
    scores = [
        np.corrcoef(one[seen].mean(axis=1), plain.after[seen].mean(axis=1))[0, 1]
        for one in (there, plain.before)
    ]
    assert scores[0] > scores[1]


def test_the_table_counts_what_was_missed() -> None:
    def row(error_px, *, is_sure):
        return Row(
            kind="x",
            case="a",
            method="m",
            error_px=error_px,
            worst_px=error_px,
            floor_px=0,
            verified=is_sure,
            seconds=1,
        )

    rows = [row(error_px, is_sure=True) for error_px in (0.05, 2.0)]
    rows += [row(error_px, is_sure=False) for error_px in (4.0, None)]
    *_, line = table(rows).splitlines()
    told = ["4", "2.000", "2.02", "25%", "25%", "25%", "50%", "25%", "25%", "2 of 4", "1", "1.00"]
    assert line == f"| all real dates | m | {' | '.join(told)} |"
