"""The accuracy benchmark counts rightly, and its peers do what their names say."""

import json
from dataclasses import replace
from datetime import date

import cv2
import numpy as np
import pytest

from tests.benchmarks.accuracy.answers import HEIGHTS, Finding, answered, answers_to, methods
from tests.benchmarks.accuracy.bootstrap import difference, interval
from tests.benchmarks.accuracy.certainty import (
    balanced_accuracy,
    calibration,
    confusion,
    expected_error,
)
from tests.benchmarks.accuracy.drawing import places as photographed
from tests.benchmarks.accuracy.drawing import training
from tests.benchmarks.accuracy.drawn_heights import surfaces
from tests.benchmarks.accuracy.figures import as_json
from tests.benchmarks.accuracy.more_pairs import more_pairs
from tests.benchmarks.accuracy.objects import made_up, places
from tests.benchmarks.accuracy.orfeo import is_installed, orfeo_mad
from tests.benchmarks.accuracy.pairs import Pair
from tests.benchmarks.accuracy.peers import PEERS, Flagged, cva, mad_chi2, otsu, tolerant_lab
from tests.benchmarks.accuracy.pixels import (
    average_precision,
    counts,
    matched_threshold,
    standardised,
)
from tests.benchmarks.accuracy.postfilter import settled
from tests.benchmarks.accuracy.product import Found
from tests.benchmarks.accuracy.sheets import pooled_at
from tests.benchmarks.accuracy.summary import against, summary
from tests.benchmarks.accuracy.synthetic_pairs import SEED, SIDE_PX, drawn
from tests.benchmarks.accuracy.tables import confidence

SIDE = 160
PATCH = (slice(40, 100), slice(50, 120))


def ground(seed=3):
    """Crowns and clods, in colour."""
    random = np.random.default_rng(seed)
    picture = np.array([70.0, 100.0, 60.0]) * np.ones((SIDE, SIDE, 1))
    for size, contrast in ((1, 6), (3, 10), (12, 10)):
        noise = cv2.GaussianBlur(random.normal(size=(SIDE, SIDE, 3)), (0, 0), size)
        picture += contrast * noise / noise.std()
    return picture


def pixels(picture):
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def pair(before, after, truth=None, **changes):
    words = {
        "domain": "drawn",
        "group": "x",
        "name": "a",
        "pixel_m": 0.5,
        "seen": np.ones((SIDE, SIDE), bool),
    }
    return Pair(before=pixels(before), after=pixels(after), truth=truth, **words | changes)


def cleared():
    """Ground of which a patch turned to soil, and the truth."""
    after, truth = ground(), np.zeros((SIDE, SIDE), bool)
    truth[PATCH] = True
    after[PATCH] = np.array([190.0, 140.0, 100.0]) + 0.4 * (ground(8)[PATCH] - 80)
    return pair(ground(), after, truth)


def test_pixels_are_counted_by_hand() -> None:
    truth = np.array([1, 1, 1, 0, 0, 0, 0, 1], bool)
    said = np.array([1, 1, 0, 1, 0, 0, 0, 1], bool)
    counted = np.array([1, 1, 1, 1, 1, 1, 1, 0], bool)
    found = counts(said, truth, counted)
    assert (found.tp, found.fp, found.fn, found.tn) == (2, 1, 1, 3)
    assert found.f1 == pytest.approx(2 / 3)
    assert found.iou == pytest.approx(0.5)
    assert found.flagged_share == pytest.approx(3 / 7)
    assert (found + found).f1 == pytest.approx(found.f1)


def test_average_precision_is_the_area_under_the_steps() -> None:
    truth = np.array([1, 0, 1, 0], bool)
    assert average_precision(np.array([4.0, 3, 2, 1]), truth) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.zeros(4), truth) == pytest.approx(0.5)


def test_the_band_leaves_out_the_edges_and_no_more() -> None:
    one = pair(ground(), ground(), cleared().truth, band_px=3)
    rows, columns = 60, 70
    band = (rows + 6) * (columns + 6) - (rows - 6) * (columns - 6)
    assert (~one.counted).sum() == band


def test_a_matched_threshold_flags_the_share_it_is_given_and_no_more() -> None:
    random = np.random.default_rng(2)
    scores = [random.normal(size=5000), random.normal(size=500) * 2]
    limit = matched_threshold(scores, 0.05)
    share = np.mean([(one > limit).mean() for one in scores])
    assert 0.045 < share <= 0.05
    coarse = matched_threshold([np.array([0.0] * 90 + [7.0] * 10)], 0.05)
    assert not (np.array([7.0]) > coarse).any()


def test_standardising_takes_out_the_pair() -> None:
    one = np.random.default_rng(1).normal(size=1000)
    assert np.allclose(standardised(one), standardised(30 * one + 4))


def test_small_pieces_and_small_holes_are_settled() -> None:
    mask = np.zeros((40, 40), bool)
    mask[5:20, 5:20] = True
    mask[10:12, 10:12] = False
    mask[30:32, 30:32] = True
    whole = settled(mask, np.ones_like(mask), 20)
    assert whole.sum() == 15 * 15
    assert whole[10, 10]


def test_places_are_found_with_their_areas_and_others_are_made_up() -> None:
    truth = np.zeros((SIDE, SIDE), bool)
    truth[10:40, 10:40] = truth[80:120, 80:120] = True
    flagged = np.zeros_like(truth)
    flagged[10:43, 10:40] = True  # one tenth too large
    flagged[80:120, 80:95] = True  # less than half
    flagged[60:70, 10:20] = True
    one = pair(ground(), ground(), truth)
    first, second = places(flagged, one)
    assert (first.found, second.found) == (True, False)
    assert first.area_m2 == 900 * 0.25
    assert first.area_error == pytest.approx(0.1)
    assert made_up(flagged, one) == 1
    cleared = truth & (np.arange(SIDE)[:, None] < 24)  # fourteen rows of the first one's thirty
    assert [said.is_clearing for said in places(flagged, replace(one, cleared=cleared))] == [
        False,
        False,
    ]
    cleared[24:27, 10:40] = True
    assert [said.is_clearing for said in places(flagged, replace(one, cleared=cleared))] == [
        True,
        False,
    ]


def test_a_drawn_pair_tells_where_plants_became_bare_ground() -> None:
    cover = training("cover").Cover
    one = next(one for one in drawn(disturbed=9, still=9) if one.cleared.any())
    number = int(one.name.removeprefix("seed "))
    made = training("pairs").pair(np.random.default_rng((SEED, number)), photographed(), SIDE_PX)
    before, after = made.covers
    bare = one.cleared
    assert set(np.unique(before[bare])) <= {cover.TREE, cover.LOW}
    assert set(one.covers[bare]) == {"bare"}
    rest = one.truth & ~bare & (after == cover.BARE)
    assert not np.isin(before[rest], [cover.TREE, cover.LOW]).any()


@pytest.mark.parametrize("name", [name for name in PEERS if "flagged" not in name])
def test_each_peer_scores_cleared_ground_higher(name) -> None:
    one = cleared()
    said = PEERS[name](one)
    assert average_precision(said.score[one.counted], one.changed[one.counted]) > 0.9
    mask = settled(said.mask, one.seen, one.least_px)
    assert counts(mask, one.changed, one.counted).recall > 0.5


def test_ir_mad_sees_no_change_in_an_affinely_relit_copy() -> None:
    later = ground() + np.random.default_rng(5).normal(0, 4, (SIDE, SIDE, 3))
    relit = later * np.array([0.8, 1.2, 1.4]) + np.array([12.0, 30, 4])
    plain, other = (mad_chi2(pair(ground(), one)) for one in (later, relit))
    assert np.corrcoef(np.sqrt(plain), np.sqrt(other))[0, 1] > 0.98
    # Its weights narrow the spread that it believes in; but for that, chi-squared of three.
    narrowed = other * 2.366 / np.median(other)
    assert np.quantile(narrowed, 0.999) < 1.4 * 16.27
    assert np.quantile(mad_chi2(cleared())[cleared().truth.ravel()], 0.1) > 50


def test_what_moved_by_a_pixel_is_change_to_one_and_none_to_the_tolerant() -> None:
    one = pair(ground(), np.roll(ground(), 1, axis=1))
    middle = (slice(10, -10), slice(10, -10))
    plain, tolerant = (find(one).score[middle] for find in (cva, tolerant_lab))
    assert np.median(tolerant) < 0.5 * np.median(plain)


def test_otsu_parts_two_groups_between_them() -> None:
    random = np.random.default_rng(1)
    values = np.concatenate([random.normal(2, 0.3, 5000), random.normal(6, 0.3, 500)])
    score = values.reshape(-1, 10).astype(np.float32)
    assert 2.8 < otsu(score, np.ones(score.shape, bool)) < 5.2


@pytest.mark.skipif(not is_installed(), reason="needs the system package otb-bin")
def test_orfeo_answers_on_the_pair_that_it_is_given() -> None:
    one = cleared()
    said = orfeo_mad(one)
    assert average_precision(said.score[one.counted], one.changed[one.counted]) > 0.5


def test_ours_finds_the_clearing_and_is_silent_without_one() -> None:
    ours = methods()["ours"]
    found = answered("ours", ours, cleared())
    assert found.counts.f1 > 0.9
    assert found.average_precision > 0.9
    assert [place.found for place in found.places] == [True]
    assert found.findings[0].true_share > 0.9
    still = answered("ours", ours, pair(ground(), 1.1 * ground() + 5))
    assert still.counts.flagged_share < 0.005
    assert still.made_up == 0


def test_what_grew_back_is_change_and_nothing_new() -> None:
    one = cleared()
    back = pair(one.after, one.before, one.truth)
    whole, new, *_ = answers_to(back)
    assert whole.counts.recall > 0.9
    assert new.counts.flagged_share == 0
    assert new.seconds == whole.seconds
    kept = json.loads(as_json([whole, new], [], [], day=date(2026, 1, 2), detector="x", quick=True))
    assert [row["method"] for row in kept["answers"]] == ["ours", "ours, new alone"]
    assert kept["answers"][0]["f1"] == pytest.approx(whole.counts.f1, abs=1e-4)


def test_a_method_against_itself_differs_by_nothing_and_a_better_one_by_more() -> None:
    random = np.random.default_rng(6)
    one = random.uniform(size=30)
    same = difference(one, one)
    assert (same.low, same.high, same.excludes_zero) == (0, 0, False)
    equal = difference(one + random.normal(0, 0.1, 30), one + random.normal(0, 0.1, 30))
    assert equal.low < 0 < equal.high
    assert difference(one + 0.2, one + random.normal(0, 0.1, 30)).excludes_zero


def test_bootstrap_covers_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(8)
    kept = 0
    for _ in range(100):
        found = difference(random.normal(0.1, 0.3, 40), np.zeros(40))
        kept += found.low <= 0.1 <= found.high
    assert kept >= 88


def test_an_interval_of_a_mean_is_what_theory_says() -> None:
    values = np.random.default_rng(4).normal(3, 2, 200)
    found = interval(values, lambda drawn: float(np.mean(drawn)))
    half = 1.96 * values.std() / 200**0.5
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx(
        (values.mean() - half, values.mean() + half), abs=0.2 * half
    )


def test_surfaces_rise_where_heaps_came_and_fall_where_trees_went() -> None:
    cover = training("cover").Cover
    before = np.full((SIDE, SIDE), cover.BARE, np.uint8)
    before[:, :60] = cover.TREE
    after = before.copy()
    after[square(10, 10, 30)] = cover.BARE
    after[square(90, 90, 40)] = cover.STOCKPILE
    earlier, later = surfaces((before, after), 0.25, seed=(1, 2))
    risen = later - earlier
    assert risen[square(10, 10, 30)].mean() == pytest.approx(-10, abs=1.5)
    assert abs(risen[:, :60][~square(10, 10, 30)[:, :60]].mean()) < 0.2
    # A square hip roof of this slope: a third of its height on the average.
    assert risen[square(90, 90, 40)].mean() == pytest.approx(0.7 * 5 / 3, abs=0.15)
    still = risen[:, 60:][before[:, 60:] == after[:, 60:]]
    assert abs(still.mean()) < 0.1
    assert still.std() == pytest.approx((2 * (0.08**2 + 0.1**2)) ** 0.5, rel=0.15)


def test_heights_alone_tell_a_heap_from_the_ground_it_lies_on() -> None:
    one = cleared()
    one = replace(one, rise=np.float32(3) * one.truth, domain="further")
    plain, new, told = answers_to(one)
    assert [said.method for said in (plain, new, told)] == ["ours", "ours, new alone", HEIGHTS]
    assert "stockpile" not in {said.ground_class for said in plain.findings}
    assert {said.ground_class for said in told.findings} == {"stockpile"}
    text = more_pairs([plain, new, told], 1)
    assert "1 further ones from seeds of their own, 1 disturbed and\n0 unchanged" in text
    assert "| found, over 100 m2 | 1.000 (1.000 to 1.000) |" in text
    assert "| found, clearings over 100 m2 | - | - | 0 places |" in text
    unknown = replace(plain.findings[0], true_share=None)
    text = more_pairs([replace(plain, findings=[*plain.findings, unknown]), new, told], 1)
    assert "| 1 findings |\n| true, of sure findings" in text
    assert "1 findings; of 1 more the truth is not known." in text


def test_all_flagged_and_none_flagged_frame_the_rest() -> None:
    by_name = methods()
    changed, still = cleared(), pair(ground(), ground())
    answers = {
        name: [answered(name, by_name[name], one) for one in (changed, still)]
        for name in ("all flagged", "none flagged", "CVA + Otsu")
    }
    whole, none = summary(answers["all flagged"]), summary(answers["none flagged"])
    share = changed.truth.mean()
    assert whole.macro_f1 == pytest.approx(2 * share / (1 + share))
    assert (whole.flagged_mean, none.flagged_mean, none.macro_f1) == (1, 0, 0)
    assert whole.matched[0].f1 == 0  # no threshold flags a part of what is all alike
    apart = against(answers["CVA + Otsu"], answers["none flagged"])
    assert apart.f1.mean > 0.5


def scored(name, score, truth=None, found=()):
    one = pair(ground(), ground(), truth)
    return answered(name, lambda _: (Flagged(score=score, mask=score > 1e9), list(found)), one)


def square(row, column, side=20):
    where = np.zeros((SIDE, SIDE), bool)
    where[row : row + side, column : column + side] = True
    return where


def test_as_pieces_specks_cost_a_peer_nothing_and_pieces_what_they_are() -> None:
    speckled = np.zeros((SIDE, SIDE), np.float32)
    speckled[::5, ::5] = 10  # 4 % of the ground, which the post-filter drops
    speckled[square(33, 33)] = 7  # 1.6 % of it, which stays
    changed, other = square(10, 10), square(100, 100)
    score = np.float32(9) * changed + np.float32(5) * other
    answers = [scored("peer", score, changed | other), scored("peer", speckled)]
    told = summary(answers)
    assert [one.recall for one in told.matched if one.share == 0.02] == [0]
    five, two = told.matched_pieces
    assert (five.recall, two.recall, two.f1) == (1, 1, 1)
    sheets = [one.sheet for one in answers]
    stricter = pooled_at(sheets[:1], sheets[1:], "raw", 0.01)
    assert (stricter.recall, stricter.fp) == (0.5, 0)


def test_as_pieces_ours_is_cut_by_what_it_says_of_its_findings() -> None:
    def found(row, column, confidence, strength, side=20):
        return Found(
            where=square(row, column, side),
            ground_class="road",
            is_new=True,
            confidence=confidence,
            strength=strength,
        )

    score, changed, other = np.zeros((SIDE, SIDE), np.float32), square(10, 10), square(100, 100, 30)
    of_changed = [found(10, 10, 0.8, 0.5), found(100, 100, 0.4, 0.9, 30), found(60, 60, 0.2, 0.2)]
    of_still = [found(10, 60, 0.7, 0.6), found(60, 10, 0.3, 0.3)]
    answers = [
        scored("ours", score, changed | other, of_changed),
        scored("ours", score, None, of_still),
    ]
    five, two = summary(answers).matched_pieces
    # All that it says flags 3.1 % of the still pair; beyond .3 of either, 1.6 % are left.
    assert (five.f1, two.f1) == (pytest.approx(2600 / 3000), 1)
    sheets = [one.sheet for one in answers]
    for way, left in (("confidence", 4 / 13), ("strength", 9 / 13)):
        silent = pooled_at(sheets[:1], sheets[1:], way, 0.001)
        assert (silent.recall, silent.fp) == (pytest.approx(left), 0)


def finding(confidence, share, said="bare_ground", cover="bare"):
    return Finding(
        confidence=confidence, strength=0.5, true_share=share, ground_class=said, cover=cover
    )


def test_calibration_is_the_distance_of_what_is_said_from_what_is_true() -> None:
    findings = [finding(0.95, 1.0)] * 3 + [finding(0.95, 0.1)] + [finding(0.25, 0.0)] * 4
    found = calibration([*findings, finding(0.5, None)])
    assert found.expected_error == pytest.approx((0.2 * 4 + 0.25 * 4) / 8)
    assert (found.sure, found.sure_precision) == (4, 0.75)
    assert (found.count, found.unknown) == (8, 1)
    assert "8 findings; of 1 more the truth is not known." in confidence(found)
    assert expected_error([*findings, finding(0.5, None)]) == found.expected_error


def test_a_finding_on_ground_mostly_unknown_is_neither_true_nor_false() -> None:
    unsure = square(10, 10)

    def found(column, wide):
        where = np.zeros((SIDE, SIDE), bool)
        where[10:30, column : column + wide] = True
        return Found(where=where, ground_class="road", is_new=True, confidence=0.5, strength=0.5)

    one = pair(ground(), ground(), square(10, 100), unsure=unsure)
    of_all = [found(5, 25), found(20, 30), found(10, 20), found(95, 20)]
    flagged = Flagged(score=np.zeros((SIDE, SIDE), np.float32), mask=unsure)
    said = answered("ours", lambda _: (flagged, of_all), one).findings
    assert [one.true_share for one in said] == [None, 0, None, 0.75]


def test_chance_alone_gives_the_error_that_a_fair_coin_does() -> None:
    found = calibration([finding(0.55, 1.0)] * 400)
    spread = (0.55 * 0.45 / 400) ** 0.5
    assert found.by_chance.mean == pytest.approx(spread * (2 / np.pi) ** 0.5, rel=0.1)
    assert found.by_chance.high == pytest.approx(1.96 * spread, rel=0.1)
    assert found.expected_error == pytest.approx(0.45)


def test_classes_are_counted_where_the_truth_tells() -> None:
    findings = [
        finding(1, 1.0, "vegetation_clearing"),
        finding(1, 1.0, "excavation"),
        finding(1, 1.0, "bare_ground", "water"),
        finding(1, 1.0, "water", "water"),
        finding(1, 0.2, "road", "water"),  # no true finding
        finding(1, 1.0, "road", ""),  # nobody knows
    ]
    found = confusion(findings)
    assert found == {("bare", "bare"): 2, ("water", "bare"): 1, ("water", "water"): 1}
    assert balanced_accuracy(found) == pytest.approx(0.75)
