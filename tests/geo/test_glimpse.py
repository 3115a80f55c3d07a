"""What half the detail shows is looked at in full, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from geo.detector import Identity, Scores
from geo.glimpse import CELL_PX, CONTEXT_PX, MARGIN_PX, core_scores, quiet_scores
from geo.grid import Grid
from geo.network import Network
from geo.raster import Raster
from geo.shown import Shown
from tests.geo.networks import difference

SIDE = 14 * CELL_PX
WHOLE = SIDE + 2 * MARGIN_PX
GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.25, 0, 300_000, 0, -0.25, 9_630_000),
    rows=WHOLE,
    columns=WHOLE,
)
LEAST = 10.0
"""Logit of the networks here: the mean difference of colour."""


class Counted:
    """A detector that remembers how many pixels it was asked about."""

    def __init__(self, detector: Network) -> None:
        self._detector = detector
        self.asked: list[tuple[int, ...]] = []

    @property
    def identity(self) -> Identity:
        return self._detector.identity

    def scores(self, before: np.ndarray, after: np.ndarray) -> Scores:
        self.asked.append(before.shape[1:])
        assert before.flags.c_contiguous
        return self._detector.scores(before, after)


@pytest.fixture
def seeing(tmp_path: Path) -> Counted:
    return Counted(difference(tmp_path, weight=1.0, cover=True))


def shown(before: np.ndarray, after: np.ndarray) -> Shown:
    """Two pictures of which all is seen, in one light."""
    first, second = (
        Raster(values=one, valid=np.ones(one.shape[1:], np.bool_), grid=GRID)
        for one in (before, after)
    )
    return Shown(before=first, after=second, light=None)


def pair(*changed: tuple[slice, slice]) -> Shown:
    """Grain that stays, and places of the core where it got lighter by a pattern of pixels."""
    before = np.random.default_rng(0).integers(0, 90, (3, WHOLE, WHOLE)).astype(np.uint8)
    after = before.copy()
    pattern = np.add.outer(np.arange(WHOLE), 3 * np.arange(WHOLE)) % 40 + 60
    for rows, columns in changed:
        where = tuple(slice(one.start + MARGIN_PX, one.stop + MARGIN_PX) for one in (rows, columns))
        after[:, *where] += pattern[where].astype(np.uint8)
    return shown(before, after)


def test_where_nothing_shows_the_half_is_all_that_is_looked_at(seeing: Counted) -> None:
    said = core_scores(seeing, pair(), glimpse=LEAST)
    assert seeing.asked == [(WHOLE // 2, WHOLE // 2)]
    assert said.change.shape == (SIDE // 2, SIDE // 2)
    assert said.covers is not None
    assert [one.shape[1:] for one in said.covers] == [(SIDE // 4, SIDE // 4)] * 2
    assert said.change.max() < 1e-3


def test_what_shows_is_scored_as_if_there_had_been_no_glimpse(seeing: Counted) -> None:
    small, large = (slice(390, 396), slice(400, 404)), (slice(650, 750), slice(660, 700))
    pictures = pair(small, large)
    full = core_scores(seeing, pictures, glimpse=None)
    seeing.asked.clear()
    said = core_scores(seeing, pictures, glimpse=LEAST)
    around = 2 * CONTEXT_PX
    assert seeing.asked == [
        (WHOLE // 2, WHOLE // 2),
        (CELL_PX + around, CELL_PX + around),
        (2 * CELL_PX + around, CELL_PX + around),
    ]
    for rows, columns in (small, large):
        there = slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2)
        assert (full.change[there] > LEAST).all()
        assert np.array_equal(said.change[there], full.change[there])
        assert said.covers is not None
        assert full.covers is not None
        a_cell = tuple(slice(one.start // 4, one.stop // 4) for one in (rows, columns))
        for one, other in zip(said.covers, full.covers, strict=True):
            assert np.array_equal(one[:, *a_cell], other[:, *a_cell])
    assert (said.change > LEAST).sum() == (full.change > LEAST).sum()


def test_half_the_detail_is_a_mean_and_no_choice_of_pixels(seeing: Counted) -> None:
    """Every other pixel changed, by twice the least: the mean of two is seen."""
    before = pair().before.values
    for first in (0, 1):
        after = before.copy()
        after[:, MARGIN_PX + 400 : MARGIN_PX + 440, MARGIN_PX + 400 + first :: 2] += 22
        seeing.asked.clear()
        core_scores(seeing, shown(before, after), glimpse=LEAST)
        assert len(seeing.asked) == 2


def test_squares_that_meet_at_a_corner_are_looked_at_together(seeing: Counted) -> None:
    """And no further than the window reaches."""
    first, second = (slice(start + 8, start + CELL_PX - 8) for start in (0, CELL_PX))
    core_scores(seeing, pair((first, first), (second, second)), glimpse=LEAST)
    assert seeing.asked[1:] == [(MARGIN_PX + 2 * CELL_PX + CONTEXT_PX,) * 2]


def test_where_much_shows_the_window_is_looked_at_once(seeing: Counted) -> None:
    dots = [
        (slice(row, row + 8), slice(column, column + 8))
        for row in range(4, SIDE, 2 * CELL_PX)
        for column in range(4, SIDE, 2 * CELL_PX)
    ]
    pictures = pair(*dots)
    full = core_scores(seeing, pictures, glimpse=None)
    seeing.asked.clear()
    said = core_scores(seeing, pictures, glimpse=LEAST)
    assert seeing.asked == [(WHOLE // 2, WHOLE // 2), (WHOLE, WHOLE)]
    assert np.array_equal(said.change, full.change)


def test_the_half_of_a_detector_that_names_no_cover_names_none(tmp_path: Path) -> None:
    said = core_scores(difference(tmp_path, weight=1.0), pair(), glimpse=LEAST)
    assert said.covers is None


def test_a_window_that_is_quiet_is_settled_by_the_glimpse_and_no_other(seeing: Counted) -> None:
    quiet = quiet_scores(seeing, pair(), glimpse=LEAST)
    assert quiet is not None
    assert quiet.shape == (WHOLE // 2, WHOLE // 2)
    assert quiet.max() < LEAST
    assert seeing.asked == [(WHOLE // 2, WHOLE // 2)]
    loud = pair((slice(390, 430), slice(400, 440)))
    assert quiet_scores(seeing, loud, glimpse=LEAST) is None
    assert quiet_scores(seeing, loud, glimpse=None) is None
