"""What a detector is shown is whole, in one light, and at half the detail a mean."""

import numpy as np
import pytest

from geo.radiometry import Relighting
from geo.raster import Raster
from geo.shown import Shown
from tests.geo.test_detection import GRID


def raster(values: np.ndarray, seen: np.ndarray) -> Raster:
    return Raster(values=np.where(seen, values, 0).astype(np.uint8), valid=seen, grid=GRID)


def everywhere() -> np.ndarray:
    return np.ones(GRID.shape, np.bool_)


def grain(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(20, 220, (3, *GRID.shape))


def test_ground_that_nobody_saw_is_filled_without_an_edge() -> None:
    seen = everywhere()
    seen[100:200, 100:200] = False
    one = raster(np.full((3, *GRID.shape), 90), seen)
    shown = Shown(before=one, after=one, light=None)
    for picture in (*shown.pictures(), *shown.halved().pictures()):
        assert picture == pytest.approx(np.full_like(picture, 90), abs=0.01)


def test_what_one_date_did_not_see_is_what_the_other_shows() -> None:
    seen = everywhere()
    seen[:, :50] = False
    before, after = grain(0), grain(1)
    shown = Shown(before=raster(before, seen), after=raster(after, everywhere()), light=None)
    first, second = shown.pictures()
    assert np.array_equal(first[:, :, :50], after[:, :, :50])
    assert np.array_equal(first[:, :, 50:], before[:, :, 50:])
    assert np.array_equal(second, after)


def test_half_the_detail_is_a_mean_of_what_was_seen() -> None:
    """Of four pixels one was not seen; where three were not, the pixel counts as unseen."""
    values, seen = grain(2), everywhere()
    seen[::2, ::2] = False
    seen[:40, :40] = False
    seen[1:40:2, 1:40:2] = True
    half = Shown(before=raster(values, seen), after=raster(values, everywhere()), light=None)
    first, second = half.halved().before, half.halved().after
    fours = values.reshape(3, GRID.rows // 2, 2, GRID.columns // 2, 2)
    assert second.valid.all()
    assert np.abs(second.values - fours.mean(axis=(2, 4))).max() <= 0.5
    assert not first.valid[:20, :20].any()
    assert (first.values[:, :20, :20] == 0).all()
    known = np.where(seen, values, 0).reshape(fours.shape).sum(axis=(2, 4)) / 3
    assert np.abs(first.values - known)[:, 20:, 20:].max() <= 0.501
    assert first.grid.pixel_size == 2 * GRID.pixel_size
    assert first.grid.bounds == GRID.bounds


def test_the_first_date_is_shown_in_the_light_of_the_second_at_any_detail() -> None:
    """Twice as bright and ten more; haze that grows from west to east."""
    haze = np.broadcast_to(np.linspace(0, 20, 100, dtype=np.float32), (3, 100, 100))
    light = Relighting(
        gain=np.full(3, 2.0), offset=np.full(3, 10.0), field=haze, grid=GRID, unchanged_share=1.0
    )
    plain = raster(np.full((3, *GRID.shape), 50), everywhere())
    shown = Shown(before=plain, after=plain, light=light)
    part = (slice(20, 60), slice(100, 180))
    whole, first = shown.pictures()[0], shown.part(part).pictures()[0]
    assert whole[:, 0, 0] == pytest.approx(110, abs=0.2)
    assert whole[:, -1, -1] == pytest.approx(130, abs=0.2)
    assert first == pytest.approx(whole[:, *part], abs=0.01)
    half = shown.halved().pictures()[0]
    assert half == pytest.approx((whole[:, ::2, ::2] + whole[:, 1::2, 1::2]) / 2, abs=0.05)
