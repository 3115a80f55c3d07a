"""Volumes: cones, pits and noise whose contents are known by formula."""

import math

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS
from scipy import ndimage

from geo.elevation import Heights
from geo.grid import Grid
from geo.height_noise import HeightNoise
from geo.levelling import VerticalAlignment, align_on_still_ground, height_change
from geo.volume import together, volumes

GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.5, 0, 300_000, 0, -0.5, 9_630_000),
    rows=240,
    columns=240,
)
COLUMNS, ROWS = np.meshgrid(np.arange(240) + 0.5, np.arange(240) + 0.5)
EVERYWHERE = np.ones(GRID.shape, bool)
CENTRE = (300_060.0, 9_629_940.0)


def distance_m(column, row):
    return 0.5 * np.hypot(COLUMNS - column, ROWS - row)


def cone(column, row, *, radius_m, height_m):
    return height_m * np.clip(1 - distance_m(column, row) / radius_m, 0, None)


def change(values, valid=EVERYWHERE):
    return Heights(values=np.where(valid, values, 0).astype(np.float32), valid=valid, grid=GRID)


def level(*, sigma_m=0.0, alike_m=0.5, offset_sigma_m=0.0, slope_sigma=0.0):
    """A level with noise that is alike over so many metres, and then independent."""
    return VerticalAlignment(
        offset_m=0.0,
        slope=(0.0, 0.0),
        centre=CENTRE,
        covariance=np.diag([offset_sigma_m, slope_sigma, slope_sigma]) ** 2,
        nmad_m=sigma_m,
        noise=HeightNoise(
            areas_m2=(0.25, max(alike_m**2, 0.2501), 1e6),
            sigmas_m=(sigma_m, sigma_m, sigma_m * alike_m / 1e3),
        ),
        stable_cells=1,
    )


def test_a_cone_and_a_pit_have_the_contents_of_the_formula():
    moved = cone(70, 70, radius_m=20, height_m=6) - cone(170, 160, radius_m=15, height_m=8)
    volume = volumes(change(moved), inside=EVERYWHERE, alignment=level())
    assert volume.fill.m3 == pytest.approx(math.pi * 20**2 * 6 / 3, rel=2e-3)
    assert volume.cut.m3 == pytest.approx(math.pi * 15**2 * 8 / 3, rel=2e-3)
    assert volume.net.m3 == pytest.approx(volume.fill.m3 - volume.cut.m3)
    assert volume.net.uncertainty_m3 < 0.01 * volume.fill.m3
    assert volume.unseen_m2 == 0


def test_only_what_lies_inside_counts():
    inside = EVERYWHERE.copy()
    inside[:, 120:] = False
    volume = volumes(change(np.full(GRID.shape, 2.0)), inside=inside, alignment=level())
    assert volume.fill.m3 == pytest.approx(2 * 240 * 120 * 0.25)
    assert volume.cut.m3 == 0


def test_what_moved_just_beside_the_outline_widens_the_limits():
    inside = distance_m(120, 120) < 20
    heap = change(np.where(distance_m(120, 120) < 20.5, 1.0, 0.0))
    tight = volumes(heap, inside=inside, alignment=level(sigma_m=0.01))
    wide = volumes(heap, inside=distance_m(120, 120) < 23, alignment=level(sigma_m=0.01))
    truth = float(heap.values.sum()) * 0.25
    for volume in (tight, wide):
        assert abs(volume.net.m3 - truth) <= volume.net.uncertainty_m3
    assert wide.net.uncertainty_m3 < tight.net.uncertainty_m3


def test_thin_layers_are_counted_though_no_cell_is_past_the_limit():
    """Half the detection limit over a hectare: as much earth as a pit."""
    random = np.random.default_rng(1)
    thin = change(0.05 + random.normal(0, 0.05, GRID.shape))
    volume = volumes(thin, inside=EVERYWHERE, alignment=level(sigma_m=0.05))
    assert volume.fill.m3 == pytest.approx(0.05 * 120 * 120, rel=0.02)
    assert volume.cut.m3 == pytest.approx(0.0, abs=1e-6)


def test_noise_adds_nothing_to_cut_and_to_fill():
    """Sums of risen and of sunken cells would each be too large by 0.4 sigma a cell."""
    moved = cone(70, 120, radius_m=20, height_m=2) - cone(170, 120, radius_m=20, height_m=2)
    truth = math.pi * 20**2 * 2 / 3
    cuts, fills = [], []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 0.1, GRID.shape)
        volume = volumes(change(moved + noise), inside=EVERYWHERE, alignment=level(sigma_m=0.1))
        cuts.append(volume.cut.m3)
        fills.append(volume.fill.m3)
    assert np.mean(cuts) == pytest.approx(truth, rel=0.01)
    assert np.mean(fills) == pytest.approx(truth, rel=0.01)
    noisy = moved + np.random.default_rng(0).normal(0, 0.1, GRID.shape)
    assert noisy[noisy > 0].sum() * 0.25 > 1.2 * truth


def test_a_level_that_is_off_counts_on_every_cell_and_a_tilt_with_the_distance():
    whole = change(np.full(GRID.shape, 1.0))
    lifted = volumes(whole, inside=EVERYWHERE, alignment=level(offset_sigma_m=0.02))
    assert lifted.net.uncertainty_m3 == pytest.approx(1.96 * 0.02 * 120 * 120, rel=1e-4)
    corner = (COLUMNS < 40) & (ROWS < 40)
    tilted = volumes(whole, inside=corner, alignment=level(slope_sigma=0.001))
    apart_m = math.hypot(50, 50)
    assert tilted.net.uncertainty_m3 >= 1.96 * 0.001 * apart_m * 20 * 20


def test_errors_shared_by_neighbours_weigh_more():
    def uncertainty_m3(alike_m):
        noisy = level(sigma_m=0.1, alike_m=alike_m)
        return volumes(
            change(np.ones(GRID.shape)), inside=EVERYWHERE, alignment=noisy
        ).net.random_m3

    assert uncertainty_m3(0.5) < uncertainty_m3(5) / 5 < uncertainty_m3(50) / 25


def test_pieces_together_share_the_error_of_the_level_and_not_their_noise():
    west = volumes(
        change(np.ones(GRID.shape)),
        inside=COLUMNS < 60,
        alignment=(one := level(sigma_m=0.1, offset_sigma_m=0.02)),
    )
    both = together([west, west], one)
    assert both.net.m3 == 2 * west.net.m3
    assert both.net.random_m3 == pytest.approx(math.sqrt(2) * west.net.random_m3)
    systematic = math.sqrt(both.net.uncertainty_m3**2 - both.net.random_m3**2)
    alone = math.sqrt(west.net.uncertainty_m3**2 - west.net.random_m3**2)
    assert systematic == pytest.approx(2 * alone)


def test_spikes_and_gaps_are_filled_from_around_and_the_corner_of_a_pit_stays():
    random = np.random.default_rng(3)
    pit = np.where((abs(COLUMNS - 120) < 40) & (abs(ROWS - 120) < 40), -3.0, 0.0)
    truth = float(pit.sum()) * 0.25
    values = pit + random.normal(0, 0.03, GRID.shape)
    wild = random.random(GRID.shape) < 0.003
    values[wild] += 30.0
    seen = ~(distance_m(110, 125) < 3)
    inside = pit < 0
    volume = volumes(change(values, seen), inside=inside, alignment=level(sigma_m=0.03))
    assert volume.unseen_m2 == np.count_nonzero(~seen) * 0.25
    assert volume.net.m3 == pytest.approx(truth, rel=0.002)
    assert float(values[inside & seen].sum()) * 0.25 > 0.98 * truth, "what spikes would do"


# What neighbours share averages out over far fewer of them, so that less is known.
@pytest.mark.parametrize(("alike_cells", "limit"), [(0, 0.002), (4, 0.025)])
def test_the_truth_lies_inside_the_stated_interval_nineteen_times_in_twenty(alike_cells, limit):
    """Two noisy surveys of a stockpile and a pit, tilted to one another, from end to end."""
    truth = cone(70, 70, radius_m=20, height_m=5) - cone(170, 160, radius_m=18, height_m=6)
    touched = (distance_m(70, 70) < 20) | (distance_m(170, 160) < 18)
    inside = {"cut": 0, "fill": 0, "net": 0}
    cases, random = 20, np.random.default_rng(5)

    def survey(sigma):
        noise = random.normal(0, 1, GRID.shape)
        if alike_cells:
            noise = ndimage.gaussian_filter(noise, alike_cells)
        return 100 + sigma * noise / noise.std()

    for _ in range(cases):
        tilt = 0.4 + 0.001 * COLUMNS - 0.0005 * ROWS
        before, after = change(survey(0.04)), change(survey(0.05) + truth + tilt)
        found = align_on_still_ground(before, after, tilted=True, among=~touched)
        volume = volumes(
            height_change(before, after, alignment=found), inside=touched, alignment=found
        )
        fill_m3, cut_m3 = truth[truth > 0].sum() * 0.25, -truth[truth < 0].sum() * 0.25
        for name, known in (("cut", cut_m3), ("fill", fill_m3), ("net", fill_m3 - cut_m3)):
            told = getattr(volume, name)
            inside[name] += abs(told.m3 - known) <= told.uncertainty_m3
        assert volume.net.uncertainty_m3 < limit * (cut_m3 + fill_m3)
    assert min(inside.values()) >= 0.9 * cases, inside
