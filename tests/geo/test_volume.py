"""Volumes: cones, pits and noise whose contents are known by formula."""

import math

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from geo.elevation import Heights, align_vertically, height_change
from geo.grid import Grid
from geo.volume import volumes

GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.5, 0, 300_000, 0, -0.5, 9_630_000),
    rows=240,
    columns=240,
)
COLUMNS, ROWS = np.meshgrid(np.arange(240) + 0.5, np.arange(240) + 0.5)
EVERYWHERE = np.ones(GRID.shape, bool)


def distance_m(column, row):
    return 0.5 * np.hypot(COLUMNS - column, ROWS - row)


def cone(column, row, *, radius_m, height_m):
    return height_m * np.clip(1 - distance_m(column, row) / radius_m, 0, None)


def change(values, valid=EVERYWHERE):
    return Heights(values=np.where(valid, values, 0).astype(np.float32), valid=valid, grid=GRID)


EXACT = {"detection_limit_m": 0.0, "level_sigma_m": 0.0, "correlated_over_m": 0.0}


def test_a_cone_and_a_pit_have_the_contents_of_the_formula():
    moved = cone(70, 70, radius_m=20, height_m=6) - cone(170, 160, radius_m=15, height_m=8)
    volume = volumes(change(moved), inside=EVERYWHERE, **EXACT)
    assert volume.fill_m3 == pytest.approx(math.pi * 20**2 * 6 / 3, rel=2e-3)
    assert volume.cut_m3 == pytest.approx(math.pi * 15**2 * 8 / 3, rel=2e-3)
    assert volume.net_m3 == volume.fill_m3 - volume.cut_m3
    assert volume.uncertainty_m3 == 0
    assert volume.unseen_m2 == 0


def test_only_what_lies_inside_counts_and_the_unseen_is_told():
    inside, seen = EVERYWHERE.copy(), EVERYWHERE.copy()
    inside[:, 120:] = False
    seen[:20, :] = False
    volume = volumes(change(np.full(GRID.shape, 2.0), seen), inside=inside, **EXACT)
    assert volume.fill_m3 == pytest.approx(2 * 220 * 120 * 0.25)
    assert volume.unseen_m2 == 20 * 120 * 0.25


def test_what_is_below_the_limit_is_left_out_and_said_to_be_unsure():
    shallow = change(np.full(GRID.shape, 0.05))
    options = {**EXACT, "detection_limit_m": 0.1}
    volume = volumes(shallow, inside=EVERYWHERE, **options)
    assert (volume.fill_m3, volume.cut_m3) == (0, 0)
    assert volume.uncertainty_m3 == pytest.approx(0.05 * 120 * 120)


def test_a_level_that_is_off_counts_on_every_cell():
    options = {**EXACT, "level_sigma_m": 0.02}
    volume = volumes(change(np.full(GRID.shape, 1.0)), inside=EVERYWHERE, **options)
    assert volume.uncertainty_m3 == pytest.approx(1.96 * 0.02 * 120 * 120)


def test_errors_shared_by_neighbours_weigh_more():
    def uncertainty_m3(correlated_over_m):
        options = {**EXACT, "detection_limit_m": 0.1, "correlated_over_m": correlated_over_m}
        return volumes(change(np.ones(GRID.shape)), inside=EVERYWHERE, **options).uncertainty_m3

    assert uncertainty_m3(0) == pytest.approx(0.1 * 0.25 * math.sqrt(240 * 240))
    assert uncertainty_m3(0) < uncertainty_m3(5) < uncertainty_m3(50)
    assert uncertainty_m3(1000) == pytest.approx(0.1 * 120 * 120)


def test_the_truth_lies_inside_the_stated_interval_nineteen_times_in_twenty():
    """Two noisy surveys of a stockpile and a pit, tilted to one another, from end to end."""
    truth = cone(70, 70, radius_m=20, height_m=5) - cone(170, 160, radius_m=18, height_m=6)
    net_m3 = float(truth.sum()) * 0.25
    touched = (distance_m(70, 70) < 20) | (distance_m(170, 160) < 18)
    hits = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        tilt = 0.4 + 0.001 * COLUMNS - 0.0005 * ROWS
        before = change(random.normal(100, 0.04, GRID.shape))
        after = change(random.normal(100, 0.05, GRID.shape) + truth + tilt)
        alignment = align_vertically(before, after, stable=~touched, tilted=True)
        volume = volumes(
            height_change(before, after, alignment=alignment),
            inside=touched,
            detection_limit_m=alignment.detection_limit_m,
            level_sigma_m=alignment.level_sigma_m,
            correlated_over_m=0.0,
        )
        hits += abs(volume.net_m3 - net_m3) <= volume.uncertainty_m3
        assert volume.uncertainty_m3 < 0.03 * (volume.cut_m3 + volume.fill_m3)
    assert hits >= 36
