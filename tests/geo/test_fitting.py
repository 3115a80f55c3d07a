"""Fitting: the simplest that serves, honest about its error, stopped by a point that is wrong."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import f as f_distribution

from geo.control_points import Role
from geo.errors import RefusedError
from geo.fitting import fitted
from geo.gross_errors import _f_beyond
from tests.geo.warped import SIDE_PX, WARPS, affine, bowl, measured, missed, spread, stated

SEEDS = range(30)


def fit_of(points, *, most_m=5.0, rows=SIDE_PX, columns=SIDE_PX):
    return fitted(points, rows=rows, columns=columns, most_m=most_m)


def refusal_of(points):
    try:
        fit_of(points)
    except RefusedError as error:
        return error
    return None


def drawn(name, count, seed):
    random = np.random.default_rng(1000 + seed)
    return measured(WARPS[name], spread(random, count), random), random


CHOSEN = {
    # What was drawn, by how many points, and which kinds are right for it.
    ("affine", 6): {"affine"},
    ("affine", 10): {"affine"},
    ("affine", 25): {"affine"},
    ("perspective", 8): {"perspective"},
    ("perspective", 15): {"perspective"},
    ("bowl", 10): {"polynomial"},
    ("bowl", 25): {"polynomial"},
    ("bump", 40): {"spline"},
}


@pytest.mark.parametrize(("name", "count"), CHOSEN)
def test_the_kind_is_chosen_that_the_picture_was_bent_by(name, count):
    kinds = Counter(fit_of(drawn(name, count, seed)[0]).kind for seed in SEEDS)
    right = sum(kinds[kind] for kind in CHOSEN[name, count])
    assert right >= 0.9 * len(SEEDS), kinds


@pytest.mark.parametrize(
    ("name", "count"), [*((n, 15) for n in ("affine", "perspective", "bowl")), ("bump", 40)]
)
def test_the_truth_lies_within_the_stated_ce90_nine_times_of_ten(name, count):
    inside = []
    for seed in SEEDS:
        points, random = drawn(name, count, seed)
        fit = fit_of(points)
        inside.append(np.mean(missed(fit, WARPS[name]) <= stated(fit, WARPS[name], random)))
    assert np.mean(inside) >= 0.9


@pytest.mark.parametrize("name", ["affine", "bowl"])
def test_the_left_out_error_is_about_what_points_are_truly_missed_by(name):
    told, true = [], []
    for seed in SEEDS:
        points, _ = drawn(name, 25, seed)
        fit = fit_of(points)
        told.append(fit.left_out_m)
        true.append(np.sqrt((missed(fit, WARPS[name]) ** 2).mean()))
    # A point left out is off by its own noise too: 0.03 m and 0.4 px of 0.05 m, twice.
    noise = np.sqrt(2 * (0.03**2 + 0.02**2))
    assert np.mean(told) == pytest.approx(np.hypot(np.mean(true), noise), rel=0.25)


@pytest.mark.parametrize(
    ("name", "count"), [("affine", 8), ("affine", 25), ("perspective", 15), ("bowl", 25)]
)
def test_a_point_ten_times_off_is_named_and_nothing_is_fitted(name, count):
    named = 0
    for seed in SEEDS:
        points, random = drawn(name, count, seed)
        place, angle = int(random.integers(count)), random.uniform(0, 2 * np.pi)
        off = 10 * np.sqrt(2 * (0.03**2 + 0.02**2))
        wrong = replace(
            points[place],
            x=points[place].x + off * np.cos(angle),
            y=points[place].y + off * np.sin(angle),
        )
        points[place] = wrong
        told = refusal_of(points)
        if told is not None and told.facts["points"] == wrong.name:
            named += 1
            assert told.code == "control_points_gross_error"
            assert told.facts["missed"] == pytest.approx(off, rel=0.6)
            assert told.facts["rest"] < 0.15
    assert named >= 0.9 * len(SEEDS)


@pytest.mark.parametrize("count", [6, 8, 15, 40])
@pytest.mark.parametrize("name", ["affine", "bowl"])
def test_an_honest_list_is_hardly_ever_refused(name, count):
    refused = [refusal_of(drawn(name, count, seed)[0]) for seed in range(60)]
    assert sum(one is not None for one in refused) <= 1


def test_several_wrong_points_are_all_named():
    points, _ = drawn("affine", 20, 3)
    for place, off in ((2, 40.0), (7, -3.0), (11, 0.9)):
        points[place] = replace(points[place], x=points[place].x + off)
    with pytest.raises(RefusedError) as caught:
        fit_of(points)
    assert caught.value.facts["points"] == "P2, P7, P11"
    assert caught.value.facts["count"] == 3


def test_four_points_that_disagree_name_none_of_them():
    points, _ = drawn("affine", 4, 1)
    points[0] = replace(points[0], y=points[0].y + 60)
    with pytest.raises(RefusedError, match="control_points_disagree"):
        fit_of(points)


def test_points_of_another_picture_do_not_fit():
    points, random = drawn("affine", 12, 1)
    mixed = random.permutation(12)
    shuffled = [
        replace(p, x=points[int(m)].x, y=points[int(m)].y)
        for p, m in zip(points, mixed, strict=True)
    ]
    with pytest.raises(RefusedError) as caught:
        fit_of(shuffled)
    assert caught.value.code in ("control_points_misfit", "control_points_mirrored")


def test_freer_kinds_are_not_tried_with_too_few_points_or_too_little_cover():
    points, _ = drawn("bowl", 7, 1)
    why = {one.kind: one.passed for one in fit_of(points).candidates}
    assert why == {
        "affine": None,
        "perspective": None,
        "polynomial": "too_few_points",
        "spline": "too_few_points",
    }
    random = np.random.default_rng(1)
    corner = measured(bowl, spread(random, 16) / 3, random)
    fit = fit_of(corner)
    assert fit.kind == "affine"
    assert fit.covers_little
    assert {one.passed for one in fit.candidates[1:]} == {"points_cover_too_little"}


def test_three_points_hold_a_picture_and_say_nothing_of_its_error():
    points, _ = drawn("affine", 3, 4)
    fit = fit_of(points)
    assert (fit.kind, fit.left_out_m) == ("affine", None)
    assert np.abs(missed(fit, affine)).max() < 0.5


def points_at(pixels):
    return measured(affine, np.array(pixels, dtype=float), np.random.default_rng(0))


@pytest.mark.parametrize(
    ("pixels", "code"),
    [
        ([(1, 1), (3000, 3000)], "control_points_too_few"),
        ([(100 + 10 * n, 200 + 20 * n) for n in range(8)], "control_points_in_line"),
        (
            [(100, 100), (3000, 200), (3000.3, 200.2), (900, 3000), (2000, 2000)],
            "control_points_same_place",
        ),
        (
            [(n % 20 * 190 + 100, n // 20 * 230 + 100) for n in range(301)],
            "control_points_too_many",
        ),
    ],
)
def test_layouts_that_hold_nothing_are_named(pixels, code):
    with pytest.raises(RefusedError) as caught:
        fit_of(points_at(pixels))
    assert caught.value.code == code


def test_points_in_the_same_place_are_named():
    points = points_at([(100, 100), (3000, 200), (3000.3, 200.2), (900, 3000), (2000, 2000)])
    with pytest.raises(RefusedError) as caught:
        fit_of(points)
    assert caught.value.facts["points"] == "P1, P2"


def test_a_point_outside_the_picture_is_named():
    points, _ = drawn("affine", 6, 0)
    points[3] = replace(points[3], column=SIDE_PX + 50.0)
    with pytest.raises(RefusedError, match="control_points_outside_image") as caught:
        fit_of(points)
    assert caught.value.where == "P3"


@pytest.mark.parametrize(
    "swap",
    [
        lambda p: replace(p, x=p.y, y=p.x),
        lambda p: replace(p, row=SIDE_PX - p.row),
        lambda p: replace(p, column=p.row, row=p.column),
    ],
)
def test_exchanged_axes_make_a_mirror_image_and_are_refused(swap):
    points, _ = drawn("affine", 8, 0)
    with pytest.raises(RefusedError, match="control_points_mirrored"):
        fit_of([swap(point) for point in points])


def test_the_same_points_give_the_same_fit():
    points, _ = drawn("bump", 25, 2)
    places = np.random.default_rng(5).uniform(0, SIDE_PX, (50, 2))
    first, second = (fit_of(points).transformation.ground(places) for _ in range(2))
    assert np.array_equal(first, second)
    assert all(point.role is Role.CONTROL for point in points)


def test_the_chance_of_an_outlier_is_that_of_the_f_distribution():
    ratio = np.array([0.0, 0.3, 2.0, 40.0, 5.0, 5.0])
    freedom = np.array([4, 4, 10, 30, 0, -2])
    expected = f_distribution.sf(ratio * freedom / 2, 2, freedom)
    assert np.isnan(expected[-2:]).all()
    np.testing.assert_allclose(_f_beyond(ratio, freedom), expected, rtol=1e-12)
