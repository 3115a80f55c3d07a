"""The light of two days is made alike from the ground that did not change."""

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS
from scipy.ndimage import map_coordinates

from geo.grid import Grid
from geo.radiometry import Relighting, relighting
from geo.raster import Raster

SIDE = 120
GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(2, 0, 300_000, 0, -2, 9_630_000),
    rows=SIDE,
    columns=SIDE,
)
GAIN, OFFSET = np.array([1.3, 1.15, 0.9]), np.array([4.0, -6.0, 12.0])


def raster(values: np.ndarray, valid: np.ndarray | None = None) -> Raster:
    seen = np.ones((SIDE, SIDE), np.bool_) if valid is None else valid
    pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return Raster(values=np.where(seen, pixels, 0), valid=seen, grid=GRID)


def scene() -> np.ndarray:
    rng = np.random.default_rng(3)
    coarse = rng.uniform(40, 140, (3, SIDE // 8, SIDE // 8))
    return np.kron(coarse, np.ones((8, 8)))


def lit(values: np.ndarray) -> np.ndarray:
    return values * GAIN[:, None, None] + OFFSET[:, None, None]


@pytest.mark.parametrize("changed_rows", [0, 30])
def test_gain_and_offset_are_found_whatever_changed(changed_rows: int) -> None:
    before = scene()
    after = lit(before)
    after[:, :changed_rows] = np.array([190, 150, 110])[:, None, None]
    light = relighting(raster(before), raster(after), field_m=60, most_gain=3)
    assert light.gain == pytest.approx(GAIN, rel=0.03)
    relit = light.applied(raster(before))[:, changed_rows + 20 :]
    assert np.abs(relit - after[:, changed_rows + 20 :]).mean() < 3


def test_haze_over_half_the_ground_is_taken_out() -> None:
    before = scene()
    after = before.copy()
    after[:, :, SIDE // 2 :] += 15
    light = relighting(raster(before), raster(after), field_m=15, most_gain=3)
    rest = np.abs(light.applied(raster(before)) - after)
    assert rest[:, :, : SIDE // 4].mean() < 4
    assert rest[:, :, -SIDE // 4 :].mean() < 4


def test_dates_that_share_no_ground_stay_as_they_are() -> None:
    half = np.zeros((SIDE, SIDE), np.bool_)
    half[: SIDE // 2] = True
    before = raster(scene(), half)
    light = relighting(before, raster(scene(), ~half), field_m=60, most_gain=3)
    assert light.unchanged_share == 0
    assert (light.applied(before) == before.values).all()


def test_a_gain_beyond_belief_is_cut() -> None:
    light = relighting(raster(scene() / 4), raster(scene()), field_m=60, most_gain=2)
    assert light.gain == pytest.approx([2, 2, 2])


def test_the_field_lies_between_the_values_that_it_was_smoothed_on() -> None:
    """By another library's interpolation, on windows of finer pixels, and beyond the rim."""
    field = np.random.default_rng(0).normal(0, 9, (3, 7, 11)).astype(np.float32)
    zero = np.zeros(3)
    light = Relighting(gain=zero, offset=zero + 100, field=field, grid=GRID, unchanged_share=1.0)
    for row, column, px in ((-9, 30, 2.0), (17, -5, 0.5), (230, 231, 0.5)):
        window = Grid(
            crs=GRID.crs,
            transform=GRID.transform @ Affine.scale(px / 2) @ Affine.translation(column, row),
            rows=40,
            columns=50,
        )
        lit = light.applied(
            Raster(
                values=np.zeros((3, *window.shape), np.uint8),
                valid=np.ones(window.shape, np.bool_),
                grid=window,
            )
        )
        down, right = ((np.arange(n) + 0.5 + at) * px / 2 for n, at in ((40, row), (50, column)))
        at = np.meshgrid(down * 7 / SIDE - 0.5, right * 11 / SIDE - 0.5, indexing="ij")
        wanted = [map_coordinates(band, at, order=1, mode="nearest") for band in field]
        assert lit - 100 == pytest.approx(np.stack(wanted), abs=1e-3)
