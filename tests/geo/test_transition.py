"""Where a detector saw change, covers say what the ground became, and not whether it changed."""

from pathlib import Path

import numpy as np
import pytest

from geo.detection import Detection
from geo.detector import COVERS, Covers
from geo.disturbance import Epoch
from geo.landcover import Kind
from geo.pieces import Piece
from geo.scored_pieces import Joining
from geo.scoring import agreement
from geo.transition import named
from geo.window_scores import WindowScores
from tests.geo.judging import named_together
from tests.geo.networks import difference
from tests.geo.test_detection import (
    another_day,
    drawn,
    forest,
    of,
    overlap,
    patch,
    read,
)
from tests.geo.test_scoring import SCORING, found

PIXEL = (1, 1)


def told(**shares: float) -> Covers:
    """Probabilities of one pixel, by kind."""
    said = [shares.get(name, 0.0) for name in COVERS]
    return np.array(said, np.float32).reshape(-1, *PIXEL)


def became(before: Covers, after: Covers, colours: tuple[Kind, Kind]) -> tuple[Kind, Kind]:
    by_colour = tuple(np.full(PIXEL, kind, np.uint8) for kind in colours)
    first, second = named((before, after), by_colour, where=np.ones(PIXEL, np.bool_))
    return Kind(first[0, 0]), Kind(second[0, 0])


PLANTS = (Kind.VEGETATION, Kind.VEGETATION)


@pytest.mark.parametrize(
    ("before", "after", "colours", "meant"),
    [
        # The detector is in doubt between plants and soil: that ground changed decides.
        (told(vegetation=1.0), told(vegetation=0.6, bare=0.4), PLANTS, "VEGETATION BARE"),
        (told(bare=0.4, vegetation=0.6), told(vegetation=1.0), PLANTS, "BARE VEGETATION"),
        # It is sure of plants on both dates: a season.
        (told(vegetation=1.0), told(vegetation=0.99, bare=0.01), PLANTS, "VEGETATION VEGETATION"),
        # Soil on both dates, though surely changed: reworked.
        (told(bare=1.0), told(bare=1.0), (Kind.BARE, Kind.BARE), "BARE BARE"),
        # What does not change while it stays what it is names no change.
        (told(water=0.7, bare=0.3), told(water=1.0), (Kind.WATER, Kind.WATER), "BARE WATER"),
        # Colour turns the scale where the detector cannot.
        (told(vegetation=1.0), told(bare=0.5, water=0.5), (Kind.VEGETATION, Kind.WATER),
         "VEGETATION WATER"),
    ],
)  # fmt: skip
def test_the_likeliest_transition_names_changed_ground(before, after, colours, meant) -> None:
    assert " ".join(kind.name for kind in became(before, after, colours)) == meant


def test_ground_that_did_not_change_keeps_the_name_of_its_colour() -> None:
    by_colour = tuple(np.full(PIXEL, kind, np.uint8) for kind in PLANTS)
    said = (told(bare=1.0), told(water=1.0))
    for one in named(said, by_colour, where=np.zeros(PIXEL, np.bool_)):
        assert one[0, 0] == Kind.VEGETATION


SOIL = (slice(5, 15), slice(5, 15))
BESIDE = (slice(5, 15), slice(15, 20))


def changed_ground(*parts: tuple[Piece, tuple[slice, slice]]) -> np.ndarray:
    """What became of ground: a square of it was cleared, and other parts changed."""
    became = np.zeros((30, 30), np.uint8)
    became[SOIL] = Piece.NEW_CLEARED
    for piece, where in parts:
        became[where] = piece
    return became


def together(
    became: np.ndarray, *, sure: float = 1.0, firm: float = 1.0, rim_px: float = 0.0
) -> np.ndarray:
    """Judge bare ground of which the first rows, by a share of all that changed, did so surely."""
    rows, columns = np.nonzero(became)
    levels = []
    for share in (firm, sure):
        level = np.zeros(became.shape, np.bool_)
        first = np.argsort(rows, kind="stable")[: round(share * len(rows))]
        level[rows[first], columns[first]] = True
        levels.append(level)
    standing = np.full(became.shape, Piece.STANDING_BARE, np.uint8)
    return named_together(
        standing, became, levels, Joining(rim_px=rim_px, seed_share=0.4, least_px=20)
    )


def test_small_parts_of_a_change_join_it_and_not_the_ground_beside_it() -> None:
    small = (slice(5, 8), slice(15, 18))
    joined = together(changed_ground((Piece.NEW_REWORKED, small)))
    assert (joined[small] == Piece.NEW_CLEARED).all()
    assert (joined == Piece.STANDING_BARE).sum() == 900 - 109


def test_what_changed_without_a_name_became_what_changed_beside_it() -> None:
    joined = together(changed_ground((Piece.UNNAMED, BESIDE)))
    assert (joined[BESIDE] == Piece.NEW_CLEARED).all()


def test_what_changed_together_and_has_hardly_a_name_is_a_season() -> None:
    field = (slice(5, 30), slice(15, 30))
    joined = together(changed_ground((Piece.UNNAMED, field)))
    assert (joined == Piece.STANDING_BARE).all(), "it stays what it was"


def test_what_changed_together_reaches_as_far_as_enough_of_it_surely_changed() -> None:
    def cleared(**shares: float) -> int:
        joined = together(changed_ground(), **shares)
        new = int((joined == Piece.NEW_CLEARED).sum())
        assert (joined == Piece.STANDING_BARE).sum() == 900 - new, "the rest is as bare as before"
        return new

    assert cleared(sure=0.5) == 100
    assert cleared(sure=0.3, firm=0.6) == 60, "no further than it changed firmly"
    assert cleared(sure=0.3, firm=0.9) == 30, "no further than it changed surely"
    assert cleared(sure=0.0) == 0


def faded(core: tuple[slice, slice], *, least_px: int = 20) -> int:
    """Pixels that count of a cleared square whose core alone changed firmly, rim of two taken."""
    became = changed_ground()
    firm = np.zeros(became.shape, np.bool_)
    firm[core] = True
    standing = np.full(became.shape, Piece.STANDING_BARE, np.uint8)
    joined = named_together(
        standing, became, (firm, firm), Joining(rim_px=2.0, seed_share=0.4, least_px=least_px)
    )
    return int((joined == Piece.NEW_CLEARED).sum())


def test_a_soft_rim_is_no_part_of_a_change_and_a_soft_middle_is() -> None:
    assert faded((slice(6, 14), slice(6, 15))) == 72, "all around the core, the rim went"
    ring = changed_ground() != 0
    ring[8:12, 8:12] = False
    assert faded(np.nonzero(ring)) == 100, "what lies deeper than the rim stays"
    assert faded((slice(5, 15), slice(8, 12))) == 100, "hardly more than rim: it stays whole"
    assert faded((slice(6, 14), slice(6, 15)), least_px=80) == 100, "else it would be too small"


@pytest.mark.parametrize(
    ("change", "differing", "shadow", "meant"),
    [
        (4.0, 4.0, False, 4.0),
        (4.0, 0.5, False, 1.0),  # colours bear out half the change at half their threshold
        (0.3, 4.0, False, 0.3),
        (4.0, 4.0, True, 0.99),  # shade proves nothing, but may belong to what is proven
        (0.3, 4.0, True, 0.3),
    ],
)
def test_shade_proves_no_change_by_itself(change, differing, shadow, meant) -> None:
    scores = WindowScores(
        change=np.full(PIXEL, change, np.float32), agreement=0.5, is_learned=True, covers=None
    )
    said = scores.borne_out(
        np.full(PIXEL, differing, np.float32), shadow=np.full(PIXEL, shadow, np.bool_)
    )
    assert said[0, 0] == pytest.approx(meant)


def darkened() -> np.ndarray:
    """Forest of which a part is a brown no greener than soil in the shade."""
    picture = forest()
    rows, columns = np.nonzero(patch())
    grain = np.random.default_rng(4).normal(0, 3, (len(rows), 1))
    picture[rows, columns] = np.clip(grain + np.array([70, 62, 52]), 0, 255)
    return picture


def soil() -> np.ndarray:
    picture = forest()
    rows, columns = np.nonzero(patch())
    grain = np.random.default_rng(5).normal(0, 4, (len(rows), 1))
    picture[rows, columns] = np.clip(grain + np.array([176, 140, 104]), 0, 255)
    return picture


def new(detection: Detection) -> float:
    found_new = of(detection, Epoch.NEW)
    return overlap(drawn(found_new), patch()) if found_new else 0.0


def test_what_a_detector_saw_change_is_new_though_colours_doubt_it(tmp_path: Path) -> None:
    """Brown ground that turned light: by its colours shade went, the detector saw more."""
    sees = difference(tmp_path, weight=0.4, bias=-16.0)
    assert new(found(read(another_day(darkened())), read(soil()), sees)) > 0.9
    blind = difference(tmp_path, weight=0.0, bias=-16.0)
    assert new(found(read(another_day(darkened())), read(soil()), blind)) == 0.0


def test_a_score_counts_for_no_more_than_colours_bear_out(tmp_path: Path) -> None:
    """The same score flags soil where forest stood, and not soil that is a little brighter."""
    sure = difference(tmp_path, weight=0.0, bias=9.0)
    settings = {"threshold": 0.0, "most_threshold": 0.0}
    brighter = soil()
    brighter[patch()] = soil()[patch()] * 0.98
    assert new(found(read(forest()), read(soil()), sure, **settings)) > 0.8
    assert new(found(read(brighter), read(soil()), sure, **settings)) == 0.0


def test_of_coarser_pixels_colours_must_bear_out_more() -> None:
    """Up to the size that was learned the less, from its double on the more, between them even."""
    asked = [agreement(pixel_m, settings=SCORING) for pixel_m in (0.2, 1.0, 2**0.5, 2.0, 9.0)]
    assert asked == pytest.approx([0.5, 0.5, (0.5 * 1.5) ** 0.5, 1.5, 1.5])
