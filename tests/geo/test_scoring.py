"""A detector decides what changed, however ground is cut, and nothing is flagged on copies."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from geo import abreast, judgement, look, memory, sweep, worth
from geo.detection import Detection, detect
from geo.detection_settings import ScoringSettings
from geo.detector import Detector
from geo.disturbance import Epoch
from geo.glimpse import MARGIN_PX
from geo.grid import Tile
from geo.kept_looks import KeptLooks
from geo.network import Network
from geo.radiometry import relighting
from geo.raster import Read
from geo.score_map import NOWHERE
from geo.scoring import Scoring
from geo.sweep import scored
from inspection.detectors.choice import COMES_ALONG, chosen
from tests.geo.networks import difference
from tests.geo.test_detection import (
    GRID,
    SETTINGS,
    SIDE,
    another_day,
    drawn,
    forest,
    forest_with_soil,
    of,
    overlap,
    patch,
    read,
)

SCORING = ScoringSettings(
    threshold=0.0,
    most_threshold=40.0,
    doubling=2.0,
    seed_share=0.4,
    agreement=(0.5, 1.5),
    rim_m=1.0,
    sharp_m=0.5,
    learned_m=1.0,
    glimpse=None,
    coarsest_m=6.0,
)


@pytest.fixture(scope="module")
def ours() -> Detector:
    detector = chosen("network", None).detector
    assert detector is not None
    return detector


def found(before: Read, after: Read, detector: Detector, **more: object) -> Detection:
    settings = replace(SETTINGS, **more.pop("detection", {}))
    scoring = Scoring(detector=detector, settings=replace(SCORING, **more))
    return detect(before, after, GRID, settings=settings, residual_m=0.2, scoring=scoring)


def new_area(detection: Detection) -> float:
    changed = of(detection, Epoch.NEW) + of(detection, Epoch.RECOVERED)
    return sum(one.shape.area for one in changed)


def test_what_the_detector_says_decides(tmp_path: Path) -> None:
    before, after = read(another_day(forest())), read(forest_with_soil())
    sees = found(before, after, difference(tmp_path, weight=0.4, bias=-20.0))
    (clearing,) = of(sees, Epoch.NEW)
    assert overlap(drawn([clearing]), patch()) > 0.9
    assert clearing.evidence["differing_score"] > 0.5
    blind = found(before, after, difference(tmp_path, weight=0.0, bias=-20.0))
    assert not of(blind, Epoch.NEW)
    assert (sees.detector.name, sees.detector.sha256) != (None, blind.detector.sha256)


def alone(detector: Detector | None, **more: object) -> Detection:
    """Soil in a forest, seen on one date."""
    settings = replace(SCORING, **more)
    scoring = Scoring(detector=detector, settings=settings) if detector else None
    after = read(forest_with_soil())
    return detect(None, after, GRID, settings=SETTINGS, residual_m=0.0, scoring=scoring)


EVERYWHERE = (0.2, 0.2, 0.2)
TREES, BARE, WATER = ({number: EVERYWHERE} for number in (1, 3, 4))


def test_of_one_date_covers_say_how_surely_ground_stands_open(tmp_path: Path) -> None:
    (plain,) = alone(None).disturbances
    assert plain.strength > 0.4
    (bare,) = alone(difference(tmp_path, cover=True, shown=BARE)).disturbances
    (plants,) = alone(difference(tmp_path, cover=True, shown=TREES)).disturbances
    assert bare.strength == pytest.approx((plain.strength + 1) / 2, abs=1e-3)
    assert plants.strength == pytest.approx(plain.strength / 2, abs=1e-3)
    assert bare.epoch is plants.epoch is Epoch.STANDING


def test_ground_hardly_bare_that_a_detector_calls_plants_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judgement, "FULL_BARENESS", 100.0)
    found_alone = alone(difference(tmp_path, cover=True, shown=TREES))
    assert not found_alone.disturbances
    assert found_alone.left_out["plants"].area == pytest.approx(
        alone(None).disturbances[0].shape.area
    )
    # Without a detector, or with one that has not learned such pixels, it stands.
    assert len(alone(None).disturbances) == 1
    coarse = alone(difference(tmp_path, cover=True, shown=TREES), learned_m=GRID.pixel_size / 2)
    assert len(coarse.disturbances) == 1
    assert coarse.detector is None


def test_open_ground_that_a_detector_calls_water_is_judged_as_water(tmp_path: Path) -> None:
    called_water = alone(difference(tmp_path, cover=True, shown=WATER))
    assert not called_water.disturbances, "it stands among plants, as a lake does"
    assert set(called_water.left_out) == {"water"}


def test_pixels_too_coarse_for_a_detector_are_not_scored(tmp_path: Path) -> None:
    before, after = read(another_day(forest())), read(forest_with_soil())
    plain = detect(before, after, GRID, settings=SETTINGS, residual_m=0.2)
    too_coarse = found(before, after, difference(tmp_path), learned_m=0.05, coarsest_m=0.1)
    assert plain.detector is None
    assert plain.warnings == ()
    assert too_coarse.warnings == ("detector_too_coarse",)
    assert too_coarse.detector is None
    assert [d.shape.wkb for d in plain.disturbances] == [
        d.shape.wkb for d in too_coarse.disturbances
    ]
    assert [d.evidence for d in plain.disturbances] == [d.evidence for d in too_coarse.disturbances]


def test_pixels_coarser_than_were_learned_are_said_to_be(tmp_path: Path) -> None:
    before, after = read(another_day(forest())), read(forest_with_soil())
    network = difference(tmp_path, weight=0.4, bias=-20.0)
    assert found(before, after, network, learned_m=GRID.pixel_size).warnings == ()
    coarse = found(before, after, network, learned_m=GRID.pixel_size * 0.9)
    assert coarse.warnings == ("detector_coarse",)
    assert of(coarse, Epoch.NEW)


@pytest.mark.parametrize(("tile_px", "threads"), [(64, 1), (97, 2), (150, 4)])
def test_neither_tiles_nor_threads_show(ours, monkeypatch, tile_px: int, threads: int) -> None:
    monkeypatch.setattr(sweep, "CORE_PX", 128)
    before, after = read(another_day(forest())), read(forest_with_soil())
    scoring = {"threshold": -40.0, "most_threshold": -12.0, "glimpse": -30.0}
    whole = found(before, after, ours, **scoring)
    monkeypatch.setattr(abreast, "MOST_THREADS", threads)
    monkeypatch.setattr(abreast, "processors", lambda: threads)
    same = Network(
        COMES_ALONG.parent / "change.onnx",
        sha256=ours.identity.sha256,
        name=ours.identity.name,
        version=ours.identity.version,
        threads=threads,
    )
    cut = found(
        before,
        after,
        same,
        **scoring,
        detection={"tile_px": tile_px},
    )
    assert whole.statistics == cut.statistics
    assert len(whole.disturbances) > 0
    assert [d.shape.wkb for d in whole.disturbances] == [d.shape.wkb for d in cut.disturbances]
    for one, other in zip(whole.disturbances, cut.disturbances, strict=True):
        assert (one.strength, one.sturdy, one.evidence) == (
            other.strength,
            other.sturdy,
            other.evidence,
        )


@pytest.mark.parametrize(("twice", "halves"), [(2.0, True), (1.9, False)])
def test_only_pixels_whose_doubles_can_be_read_are_glimpsed_at(
    tmp_path: Path, twice: float, *, halves: bool
) -> None:
    """Nothing changed: a glimpse is all that is looked at, but for the windows of the null."""
    detector, asked = difference(tmp_path, weight=1.0, bias=-30.0), []
    scores = detector.scores
    detector.scores = lambda one, two: asked.append(one.shape[1:]) or scores(one, two)
    before, after = read(another_day(forest())), read(forest())
    found(before, after, detector, learned_m=twice * GRID.pixel_size, glimpse=-5.0)
    side = SIDE + 2 * MARGIN_PX
    assert asked[0] == ((side // 2, side // 2) if halves else (side, side))
    assert all(max(one) <= SIDE for one in asked[1:])


def test_a_piece_that_reaches_beyond_what_was_kept_is_looked_at_again(ours, monkeypatch) -> None:
    before, after = read(another_day(forest())), read(forest_with_soil())
    detection = {"tile_px": 100, "minimum_area_m2": 40}
    kept = found(before, after, ours, detection=detection)
    looks = []
    monkeypatch.setattr(
        KeptLooks, "take", lambda _, tile, where: looks.append(tile) if where.any() else None
    )
    again = found(before, after, ours, detection=detection)
    assert len(looks) > 1
    assert len(kept.disturbances) > 0
    assert [one.evidence for one in kept.disturbances] == [
        one.evidence for one in again.disturbances
    ]


def test_dates_are_compared_only_where_a_piece_may_lie_and_nothing_is_lost(
    ours, monkeypatch
) -> None:
    picture, later = forest(), forest_with_soil()
    picture[20:60, 230:270] = later[20:60, 230:270] = later[120, 150]  # stood open before
    picture[260:300, 20:70] = later[120, 150]  # and grew over
    before, after = read(another_day(picture)), read(later)
    asked = []
    compared = look._compared
    monkeypatch.setattr(
        look,
        "_compared",
        lambda first, *others: asked.append(first.valid.size) or compared(first, *others),
    )
    monkeypatch.setattr(worth, "CELL_PX", 8)
    some = found(before, after, ours, detection={"tile_px": SIDE})
    few = sum(asked)
    monkeypatch.setattr(
        look, "around", lambda worth, **_: [tuple(slice(0, side) for side in worth.shape)]
    )
    asked.clear()
    everything = found(before, after, ours, detection={"tile_px": SIDE})
    assert few < 0.8 * sum(asked)
    assert {one.epoch for one in some.disturbances} == {*Epoch}
    assert [(one.shape.wkb, one.evidence) for one in some.disturbances] == [
        (one.shape.wkb, one.evidence) for one in everything.disturbances
    ]
    assert some.unobserved == everything.unobserved


def test_a_jumpy_detector_is_held_by_the_pairs_own_null(tmp_path: Path) -> None:
    """One that calls every difference change says so of copies too, and is not followed."""
    picture = forest()
    moved = np.asarray(
        cv2.warpAffine(picture, np.float64([[1, 0, 0.4], [0, 1, 0.3]]), (SIDE, SIDE))
    )
    copy = cv2.GaussianBlur(another_day(moved), (0, 0), 0.7)
    jumpy = difference(tmp_path, weight=1.0, bias=-1.0)
    held = found(read(copy), read(picture), jumpy)
    assert held.statistics["score_threshold"] > 3
    assert new_area(held) <= 0.005 * GRID.footprint.area
    assert (_scores(copy, picture, jumpy).change > 0).mean() > 0.5, "it is jumpy"


@pytest.mark.parametrize("scene", [forest, forest_with_soil])
def test_nothing_is_flagged_on_a_copy_relit_moved_and_blurred(
    ours, scene: Callable[[], np.ndarray]
) -> None:
    picture = scene()
    moved = np.asarray(
        cv2.warpAffine(picture, np.float64([[1, 0, 0.4], [0, 1, 0.3]]), (SIDE, SIDE))
    )
    copy = cv2.GaussianBlur(another_day(moved), (0, 0), 0.7)
    assert new_area(found(read(copy), read(picture), ours)) <= 0.005 * GRID.footprint.area


def test_change_raises_the_bulk_little_and_is_still_found(tmp_path: Path) -> None:
    """What truly changed does not pull the threshold up to itself."""
    network = difference(tmp_path, weight=0.4, bias=-12.0)
    before = read(another_day(forest()))
    still, half = forest(), forest()
    half[:, : SIDE * 2 // 5] = forest_with_soil()[120, 150]
    none, much = (found(before, read(one), network) for one in (still, half))
    assert much.statistics["score_threshold"] < none.statistics["score_threshold"] + 8
    assert new_area(much) > 0.9 * 0.4 * GRID.footprint.area


def _scores(before: np.ndarray, after: np.ndarray, detector: Detector, **unseen: object):
    first, second = read(before, **unseen), read(after)
    light = relighting(first(GRID), second(GRID), field_m=60, most_gain=2)
    return scored(detector, first, second, GRID, light=light)


def test_what_lies_under_nodata_has_no_say_and_no_score(tmp_path: Path) -> None:
    hole = (slice(0, SIDE), slice(0, 96))
    picture = another_day(forest())
    other = picture.copy()
    other[hole] = 255
    network = difference(tmp_path, weight=1.0)
    one, two = (_scores(p, forest(), network, unseen=hole).change for p in (picture, other))
    assert np.array_equal(one, two)
    assert (one[:, :40] < 1).all(), "alike where one date saw nothing"


def test_any_part_of_the_scores_reads_as_in_the_whole(ours, monkeypatch) -> None:
    monkeypatch.setattr(sweep, "CORE_PX", 96)
    kept = _scores(another_day(forest()), forest_with_soil(), ours)
    whole, covers = kept.read(Tile(row=0, column=0, rows=SIDE, columns=SIDE))
    assert covers is not None
    everything = np.ones((SIDE, SIDE), np.bool_)
    everywhere = [given(everything).reshape(-1, SIDE, SIDE) for given in covers]
    assert whole.std() > 0.1
    random = np.random.default_rng(3)
    for row, column in ((0, 0), (7, 13), (101, 202), (SIDE - 50, SIDE - 50)):
        part, parts = kept.read(Tile(row=row, column=column, rows=50, columns=50))
        where = (slice(row, row + 50), slice(column, column + 50))
        assert np.array_equal(part, whole[where])
        some = random.random((50, 50)) < 0.2
        assert parts is not None
        for given, other in zip(parts, everywhere, strict=True):
            assert np.array_equal(given(some), other[:, *where][:, some])
    beyond, _ = kept.read(Tile(row=-20, column=SIDE, rows=40, columns=20))
    assert np.isfinite(beyond).all()


def test_a_large_site_keeps_its_scores_in_a_file_that_leaves_nothing(
    ours, monkeypatch, tmp_path: Path
) -> None:
    pictures = another_day(forest()), forest_with_soil()
    tile = Tile(row=0, column=0, rows=SIDE, columns=SIDE)
    in_memory, _ = _scores(*pictures, ours).read(tile)
    monkeypatch.setattr(memory, "IN_MEMORY_BYTES", 0)
    first, second = (read(one) for one in pictures)
    light = relighting(first(GRID), second(GRID), field_m=60, most_gain=2)
    kept = scored(ours, first, second, GRID, light=light, folder=tmp_path)
    assert isinstance(kept.change, np.memmap)
    assert np.array_equal(kept.read(tile)[0], in_memory)
    assert list(tmp_path.iterdir()) == []


def test_windows_in_which_nothing_was_compared_are_not_asked_about(tmp_path: Path) -> None:
    everything = (slice(0, SIDE), slice(0, SIDE))
    network = difference(tmp_path, weight=1.0)
    nothing = _scores(forest(), forest(), network, unseen=everything)
    assert (nothing.change == NOWHERE).all()
