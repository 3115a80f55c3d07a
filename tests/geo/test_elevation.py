"""Heights of two dates: surfaces made of formulas, and a real town whose bare ground is known."""

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS

from geo.elevation import Heights, read_heights
from geo.grid import Grid
from geo.height_noise import HeightNoise
from geo.levelling import (
    VerticalAlignment,
    align_on_still_ground,
    align_vertically,
    height_change,
)

UTM = CRS.from_epsg(32750)
GRID = Grid(crs=UTM, transform=Affine(0.5, 0, 300_000, 0, -0.5, 9_630_000), rows=160, columns=200)
ALL = np.ones(GRID.shape, bool)


def metres(grid=GRID):
    """East and north of every cell's centre, from the centre of the grid."""
    columns, rows = np.meshgrid(np.arange(grid.columns) + 0.5, np.arange(grid.rows) + 0.5)
    x, y = grid.transform @ (columns, rows)
    middle = grid.transform @ (grid.columns / 2, grid.rows / 2)
    return x - middle[0], y - middle[1]


def terrain():
    east, north = metres()
    return 80 + 0.05 * east + 3 * np.sin(east / 15) * np.cos(north / 20)


def heights(values, valid=ALL):
    return Heights(values=np.where(valid, values, 0).astype(np.float32), valid=valid, grid=GRID)


def noise(sigma, seed):
    return np.random.default_rng(seed).normal(0, sigma, GRID.shape)


def test_a_tilted_later_survey_is_laid_level():
    east, north = metres()
    before = heights(terrain() + noise(0.03, 1))
    after = heights(terrain() + noise(0.04, 2) + 0.7 + 0.002 * east - 0.001 * north)
    alignment = align_vertically(before, after, stable=ALL, tilted=True)
    assert alignment.offset_m == pytest.approx(0.7, abs=0.003)
    assert alignment.slope == pytest.approx((0.002, -0.001), abs=1e-4)
    assert alignment.nmad_m == pytest.approx(0.05, rel=0.03)
    assert alignment.detection_limit_m == pytest.approx(1.96 * 0.05, rel=0.03)
    change = height_change(before, after, alignment=alignment)
    detected = np.abs(change.values) > alignment.detection_limit_m
    assert detected.mean() == pytest.approx(0.05, abs=0.01)


def test_change_on_a_third_of_the_stable_ground_does_not_lift_the_level():
    changed = np.zeros(GRID.shape, bool)
    changed[:, :66] = True
    before = heights(terrain() + noise(0.03, 1))
    after = heights(terrain() + noise(0.03, 2) + 0.5 - 4.0 * changed)
    alignment = align_vertically(before, after, stable=ALL, tilted=True)
    assert alignment.offset_m == pytest.approx(0.5, abs=0.01)
    assert alignment.slope == pytest.approx((0, 0), abs=2e-4)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.4])
def test_what_was_dug_away_neither_sinks_the_level_nor_hides_smaller_changes(share):
    dug = np.zeros(GRID.shape, bool)
    dug[:, : round(share * GRID.columns)] = True
    before = heights(terrain() + noise(0.06, 1))
    after = heights(terrain() + noise(0.08, 2) + 0.5 - 6.0 * dug)
    alignment = align_on_still_ground(before, after, tilted=False)
    assert alignment.offset_m == pytest.approx(0.5, abs=0.005)
    assert alignment.nmad_m == pytest.approx(0.1, rel=0.05)
    # Whole patches of still ground are left out where noise alone lifts their mean (3.4 % here);
    # what was dug is never taken for it.
    assert 0.96 * (~dug).sum() < alignment.stable_cells <= (~dug).sum()
    # Of all ground alike the level would be centimetres off and the noise look larger.
    whole = align_vertically(before, after, stable=ALL, tilted=False)
    assert abs(whole.offset_m - 0.5) > abs(alignment.offset_m - 0.5)
    assert whole.nmad_m > alignment.nmad_m


def test_surfaces_without_common_ground_are_not_aligned():
    west = ALL.copy()
    west[:, 100:] = False
    one, other = heights(terrain(), west), heights(terrain(), ~west)
    assert align_on_still_ground(one, other, tilted=False) is None


def test_the_level_is_less_sure_where_whole_blocks_drift():
    east, north = metres()
    drift = 0.05 * np.sin(east / 6) * np.cos(north / 6)
    calm = align_vertically(
        heights(terrain()), heights(terrain() + noise(0.03, 1)), stable=ALL, tilted=False
    )
    drifting = align_vertically(
        heights(terrain()), heights(terrain() + noise(0.03, 1) + drift), stable=ALL, tilted=False
    )
    assert drifting.covariance[0, 0] > 9 * calm.covariance[0, 0]


def test_two_equal_surveys_differ_nowhere():
    alignment = align_vertically(heights(terrain()), heights(terrain()), stable=ALL, tilted=True)
    assert (alignment.offset_m, alignment.nmad_m) == pytest.approx((0, 0), abs=1e-6)
    change = height_change(heights(terrain()), heights(terrain()), alignment=alignment)
    assert np.abs(change.values).max() < 1e-6


def test_unseen_cells_have_no_change():
    half = ALL.copy()
    half[:80] = False
    alignment = VerticalAlignment(
        offset_m=0.0,
        slope=(0.0, 0.0),
        centre=(0.0, 0.0),
        covariance=np.zeros((3, 3)),
        nmad_m=0.1,
        noise=HeightNoise(areas_m2=(0.25,), sigmas_m=(0.1,)),
        stable_cells=1,
    )
    change = height_change(heights(terrain(), half), heights(terrain() + 1), alignment=alignment)
    assert np.array_equal(change.valid, half)
    assert np.all(change.values[:80] == 0)
    assert change.values[80:] == pytest.approx(1, abs=1e-4)


def test_without_stable_ground_there_is_no_level():
    nothing, line = np.zeros(GRID.shape, bool), np.zeros(GRID.shape, bool)
    line[80, :] = True
    one, other = heights(terrain()), heights(terrain() + 1)
    assert align_vertically(one, other, stable=nothing, tilted=False) is None
    assert align_vertically(one, other, stable=line, tilted=True) is None
    assert align_vertically(one, other, stable=line, tilted=False).offset_m == pytest.approx(1)


def test_heights_that_do_not_fit_their_grid_are_refused():
    with pytest.raises(ValueError, match="on grid"):
        Heights(values=np.zeros((2, 2), np.float32), valid=np.ones((2, 2), bool), grid=GRID)


def written(path, values, *, nodata):
    profile = {"driver": "GTiff", "width": GRID.columns, "height": GRID.rows, "count": 1}
    placed = {"crs": GRID.rasterio_crs, "transform": GRID.transform, "dtype": "float32"}
    with rasterio.open(path, "w", **profile, **placed, nodata=nodata) as target:
        target.write(values.astype(np.float32), 1)
    return path


@pytest.mark.parametrize("nodata", [-9999.0, None])
def test_a_file_is_read_on_its_own_grid_and_where_it_was_moved_to(tmp_path, nodata):
    path = written(tmp_path / "dsm.tif", terrain(), nodata=nodata)
    own = read_heights(path, GRID)
    assert own.valid.all()
    assert own.values == pytest.approx(terrain(), abs=1e-4)
    moved = read_heights(path, GRID, moved=Affine.translation(1.0, 0.0))
    assert not moved.valid[:, :2].any()
    assert moved.values[:, 2:] == pytest.approx(terrain()[:, :-2], abs=1e-4)


def test_a_slope_is_interpolated_and_a_hole_stays_a_hole(tmp_path):
    east, north = metres()
    plane = 50 + 0.1 * east - 0.2 * north
    plane[40:60, 50:80] = -9999
    plane[100, 100] = np.nan
    path = written(tmp_path / "dsm.tif", plane, nodata=-9999)
    finer = Grid(
        crs=UTM,
        transform=GRID.transform @ Affine.translation(5.3, 4.7) @ Affine.scale(0.4),
        rows=300,
        columns=400,
    )
    read = read_heights(path, finer)
    columns, rows = np.meshgrid(np.arange(400) + 0.5, np.arange(300) + 0.5)
    x, y = finer.transform @ (columns, rows)
    middle = GRID.transform @ (GRID.columns / 2, GRID.rows / 2)
    truth = 50 + 0.1 * (x - middle[0]) - 0.2 * (y - middle[1])
    column, row = ~GRID.transform @ (x, y)
    hole = (abs(column - 65) < 14) & (abs(row - 50) < 9)
    rim = (abs(column - 65) < 17) & (abs(row - 50) < 12)
    rim |= np.hypot(column - 100, row - 100) < 3
    assert not read.valid[hole].any()
    assert read.valid[~rim].all()
    assert read.values[~rim] == pytest.approx(truth[~rim], abs=1e-3)


@pytest.mark.parametrize("spike", [-32768.0, 3e38])
def test_a_height_out_of_this_world_spoils_its_neighbours_alone(tmp_path, spike):
    """As where a program wrote what is empty and did not say so."""
    high = terrain() + 4000
    high[40:60, 50:80] = spike
    beside = Affine.translation(0.3, 0.3)
    read = read_heights(
        written(tmp_path / "dsm.tif", high, nodata=None),
        Grid(crs=UTM, transform=GRID.transform @ beside, rows=GRID.rows - 1, columns=100),
    )
    whole = terrain() + 4000
    share = 0.3
    across = whole[:, :-1] * (1 - share) + whole[:, 1:] * share
    truth = (across[:-1] * (1 - share) + across[1:] * share)[:, :100]
    far = np.ones(truth.shape, bool)
    far[38:61, 48:81] = False
    assert read.values[far] == pytest.approx(truth[far], abs=1e-3)


def test_outside_the_file_nothing_is_valid(tmp_path):
    path = written(tmp_path / "dsm.tif", terrain(), nodata=-9999)
    beside = GRID.window(row=0, column=150, rows=160, columns=100)
    read = read_heights(path, beside)
    assert read.valid[:, :50].all()
    assert not read.valid[:, 50:].any()


def test_a_mask_in_place_of_a_nodata_value_is_refused(tmp_path):
    path = written(tmp_path / "dsm.tif", terrain(), nodata=None)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as target:
        target.write_mask(np.zeros(GRID.shape, bool))
    with pytest.raises(ValueError, match="nodata value"):
        read_heights(path, GRID)


def test_the_roofs_and_crowns_of_a_town_stand_on_its_bare_ground(test_data):
    """Surface minus terrain, against the heights of single laser points above ground."""
    with rasterio.open(test_data / "dsm_dtm/dsm.tif") as dataset:
        grid = Grid(
            crs=CRS.from_wkt(dataset.crs.to_wkt()),
            transform=dataset.transform,
            rows=dataset.height,
            columns=dataset.width,
        )
    surface, terrain, above = (
        read_heights(test_data / f"dsm_dtm/{name}.tif", grid) for name in ("dsm", "dtm", "hag")
    )
    bare = above.valid & (above.values < 0.05)
    alignment = align_vertically(terrain, surface, stable=bare, tilted=True)
    assert alignment.offset_m == pytest.approx(0, abs=0.02)
    assert alignment.slope == pytest.approx((0, 0), abs=1e-4)
    assert alignment.detection_limit_m < 0.1
    change = height_change(terrain, surface, alignment=alignment)
    detected = change.values > alignment.detection_limit_m
    assert detected[(above.values > 10) & change.valid].mean() > 0.95
    assert detected[bare & change.valid].mean() < 0.1
    lower = change.values[change.valid] < above.values[change.valid] + 0.5
    assert lower.mean() > 0.95


@pytest.mark.parametrize("cell_m", [0.25, 0.4, 0.5, 0.7, 1.0, 1.6])
def test_a_slope_is_told_exactly_whatever_the_cells_and_whichever_the_window(tmp_path, cell_m):
    """A window that lies off by a part of a pixel was lifted as a whole: 27 mm on this slope."""
    path = tmp_path / "slope.tif"
    columns, rows = np.meshgrid(np.arange(170) + 0.5, np.arange(170) + 0.5)
    profile = {"driver": "GTiff", "width": 170, "height": 170, "count": 1, "dtype": "float64"}
    fine = Affine(cell_m, 0, 300_000 - 0.37 * cell_m, 0, -cell_m, 9_630_000 + 0.8 * cell_m)
    x, y = fine @ (columns, rows)

    def slope(x, y):
        return 0.3 * (x - 300_000) - 0.2 * (y - 9_630_000)

    with rasterio.open(path, "w", **profile, crs=UTM, transform=fine, nodata=-9999) as target:
        target.write(slope(x, y), 1)
    whole = Grid(
        crs=UTM, transform=Affine(1, 0, 300_000.2, 0, -1, 9_629_999.5), rows=40, columns=40
    )
    for window in (
        whole.window(row=3, column=4, rows=35, columns=35),
        whole.window(row=8, column=2, rows=26, columns=24),
    ):
        read = read_heights(path, window)
        at = window.transform @ np.meshgrid(
            np.arange(window.columns) + 0.5, np.arange(window.rows) + 0.5
        )
        assert read.valid.all()
        assert read.values == pytest.approx(slope(*at), abs=1e-4)
