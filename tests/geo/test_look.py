"""Dates are compared where a piece may lie and where it is asked for; else they differ usually."""

import numpy as np
import pytest

from geo import worth
from geo.calibration import calibration
from geo.landcover import Kind
from geo.look import Look, look
from geo.window_scores import WindowScores
from tests.geo.test_detection import (
    GRID,
    PATCH,
    SETTINGS,
    SIDE,
    another_day,
    forest,
    forest_with_soil,
    ground,
    read,
)

GREY = (78, 84, 72)
"""Too little green for plants, too dark for soil that the sun shines on; as light as the wood."""

CORNER = (slice(260, 280), slice(10, 40))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch):
    """Give what is seen with scores that say nothing changed, and of what all was compared."""
    monkeypatch.setattr(worth, "CELL_PX", 8)
    before, after = read(another_day(forest())), read(forest_with_soil())
    by = calibration(before, after, GRID, settings=SETTINGS, residual_m=0.2)
    quiet = WindowScores(
        change=np.full(GRID.shape, 0.01, np.float32), agreement=0.5, is_learned=True, covers=None
    )
    pair = before(GRID), after(GRID)

    def some(asked: np.ndarray | None) -> Look:
        return look(*pair, by=by, settings=SETTINGS, scores=quiet, asked=asked)

    return some, look(*pair, by=by, settings=SETTINGS), by


def test_ground_that_is_open_is_compared_and_plants_beside_it_are_not(looks) -> None:
    some, whole, by = looks
    seen = some(None)
    usual = by.usual / (by.threshold * SETTINGS.reworking)
    assert 0 < usual < 0.6
    assert seen.differing is not None
    assert seen.before is not None
    assert np.array_equal(seen.differing[PATCH], whole.change[PATCH])
    assert np.array_equal(seen.cover_before[PATCH], whole.cover_before[PATCH])
    assert np.array_equal(seen.before.roughness[PATCH], whole.before.roughness[PATCH])
    assert np.array_equal(seen.after.lightness, whole.after.lightness)
    assert seen.differing[CORNER] == pytest.approx(usual)
    assert np.array_equal(seen.cover_before[CORNER], seen.cover_after[CORNER])


def test_what_is_asked_for_is_compared_whatever_it_shows(looks) -> None:
    some, whole, _ = looks
    asked = np.zeros((SIDE, SIDE), np.bool_)
    asked[CORNER] = True
    seen = some(asked)
    assert seen.differing is not None
    assert seen.before is not None
    assert np.array_equal(seen.differing[CORNER], whole.change[CORNER])
    assert np.array_equal(seen.before.lightness[CORNER], whole.before.lightness[CORNER])


def test_specks_are_not_worth_comparing_unless_they_may_go_on_beyond_the_window() -> None:
    cover = np.full((60, 60), Kind.VEGETATION, np.uint8)
    speck, cut, large = (slice(20, 25), slice(20, 25)), (slice(0, 5), slice(40, 45)), slice(35, 55)
    cover[speck], cover[cut], cover[large, large] = Kind.BARE, Kind.SHADOW, Kind.WATER
    found = worth.open_or_shaded(cover, radius=1, least_px=100)
    assert not found[speck].any()
    assert found[cut].any()
    assert found[36:54, 36:54].all()


@pytest.mark.parametrize(
    ("lightness", "is_learned", "proven"),
    [(1.0, True, True), (0.6, True, False), (1.0, False, False)],
)
def test_what_looks_like_shade_and_is_as_light_as_it_was_is_none(
    *, lightness: float, is_learned: bool, proven: bool
) -> None:
    """Grey soil under a wood that was cleared; shade falls on the same place, and is darker."""
    after = forest_with_soil()
    new = (slice(220, 280), slice(40, 120))
    after[new] = lightness * ground(GREY, 0.15, 3)[new]
    pair = read(forest()), read(after)
    by = calibration(*pair, GRID, settings=SETTINGS, residual_m=0.2)
    first, second = (one(GRID) for one in pair)
    colour = look(first, second, by=by, settings=SETTINGS)
    inner = (slice(230, 270), slice(50, 110))
    assert (colour.cover_after[inner] == Kind.SHADOW).mean() > 0.9
    sure = WindowScores(
        change=np.full(GRID.shape, 3.0, np.float32),
        agreement=0.1,
        is_learned=is_learned,
        covers=None,
    )
    seen = look(first, second, by=by, settings=SETTINGS, scores=sure)
    assert ((seen.change[inner] >= 1).mean() > 0.5) == proven  # crowns are uneven themselves
