"""Rectifying: every pixel lies where the known bend says, and where GDAL lays it."""

import numpy as np
import pytest
import rasterio
from pyproj import CRS
from rasterio.control import GroundControlPoint
from rasterio.enums import Resampling
from rasterio.warp import reproject

from geo.candidates import RECIPES
from geo.cog import EXACT_PICTURE, write_cog
from geo.errors import RefusedError
from geo.grid import Grid, Tile
from geo.rectify import rectified_grid, rectify
from geo.transformation import pixels_at
from tests.geo.warped import ORIGIN

SIDE = 900
UTM = CRS.from_epsg(32750)


def drawn(columns, rows):
    """A smooth picture known at every position, not only at pixels."""
    return np.stack(
        [
            120 + 60 * np.sin(columns / 37) * np.cos(rows / 51),
            120 + 60 * np.cos(columns / 61 + rows / 43),
            60 + columns / SIDE * 120,
        ]
    )


def ground_of(pixels, bend_m=3.0):
    u, v = ((pixels - SIDE / 2) / (SIDE / 2)).T
    x = pixels[:, 0] * 0.2 + bend_m * u * v
    y = -pixels[:, 1] * 0.2 + bend_m * (u**2 - 0.5 * v**2)
    return np.column_stack([x, y]) + ORIGIN


PLACES = np.stack(np.meshgrid(np.linspace(20, SIDE - 20, 5), np.linspace(20, SIDE - 20, 5)), -1)
PLACES = PLACES.reshape(-1, 2)


@pytest.fixture
def picture(tmp_path):
    """A working file of ours; a corner of it was not seen."""
    at = np.arange(SIDE) + 0.5
    values = np.rint(drawn(*np.meshgrid(at, at))).astype(np.uint8)
    valid = np.ones((SIDE, SIDE), bool)
    valid[:100, :150] = False
    grid = Grid(crs=UTM, transform=rasterio.Affine(0.2, 0, 1, 0, -0.2, 2), rows=SIDE, columns=SIDE)
    path = tmp_path / "picture.tif"
    tile = Tile(row=0, column=0, rows=SIDE, columns=SIDE)
    write_cog(path, grid, [(tile, values * valid, valid)], encoding=EXACT_PICTURE, bands=3)
    return path


def laid(picture, fit, out, grid=None):
    whole = grid or rectified_grid(fit, rows=SIDE, columns=SIDE, crs=UTM)
    done = []
    rectify(picture, out, whole, transformation=fit, advance=done.append)
    assert done[-1] == 1
    with rasterio.open(out) as dataset:
        return whole, dataset.read().astype(float), dataset.dataset_mask() > 0


def inner(mask, width=3):
    kept = mask.copy()
    for _ in range(width):
        kept[1:-1, 1:-1] &= kept[:-2, 1:-1] & kept[2:, 1:-1] & kept[1:-1, :-2] & kept[1:-1, 2:]
    kept[0] = kept[-1] = kept[:, 0] = kept[:, -1] = False
    return kept


@pytest.mark.parametrize("kind", ["polynomial", "spline", "perspective"])
def test_every_pixel_is_the_one_that_the_transformation_puts_there(picture, tmp_path, kind):
    fit = RECIPES[kind].fit(PLACES, ground_of(PLACES))
    grid, values, mask = laid(picture, fit, tmp_path / "out.tif")
    across, down = np.meshgrid(np.arange(grid.columns) + 0.5, np.arange(grid.rows) + 0.5)
    x = grid.transform.a * across + grid.transform.c
    y = grid.transform.e * down + grid.transform.f
    ground = np.column_stack([x.ravel(), y.ravel()])
    back = pixels_at(fit, ground, rows=SIDE, columns=SIDE).T.reshape(2, *mask.shape)
    with np.errstate(invalid="ignore"):
        inside = (back >= 0).all(axis=0) & (back < SIDE).all(axis=0)
    unseen = (back[0] < 150) & (back[1] < 100)
    where = inner(mask)
    assert np.mean(mask[inner(inside & ~unseen)]) > 0.999
    assert not mask[inner(~inside | unseen)].any()
    off = np.abs(values - drawn(*back))[:, where]
    # A grey step of a half is rounding; linear interpolation of this picture is off by less.
    assert off.max() < 1.5
    assert off.mean() < 0.4


def test_gdal_lays_the_same_pixels_by_its_own_polynomial(picture, tmp_path):
    fit = RECIPES["polynomial"].fit(PLACES, ground_of(PLACES))
    grid, ours, mask = laid(picture, fit, tmp_path / "out.tif")
    points = [
        GroundControlPoint(row=row, col=column, x=x, y=y)
        for (column, row), (x, y) in zip(PLACES, ground_of(PLACES), strict=True)
    ]
    theirs = np.zeros((3, *grid.shape), np.uint8)
    with rasterio.open(picture) as dataset:
        reproject(
            dataset.read(),
            theirs,
            gcps=points,
            src_crs=grid.rasterio_crs,
            dst_crs=grid.rasterio_crs,
            dst_transform=grid.transform,
            resampling=Resampling.bilinear,
            MAX_GCP_ORDER=2,
        )
    # GDAL fits the way back by a polynomial of its own instead of inverting the way there.
    fitted_back = RECIPES["polynomial"].fit(ground_of(PLACES), PLACES)
    spots = fit.ground(PLACES)
    assert np.abs(fitted_back.ground(spots) - PLACES).max() < 1.5, "the two ways part by pixels"
    where = inner(mask, 12)
    assert np.abs(ours - theirs)[:, where].mean() < 3


def test_a_part_is_the_same_as_that_part_of_the_whole(picture, tmp_path):
    fit = RECIPES["spline"].fit(PLACES, ground_of(PLACES))
    whole, values, mask = laid(picture, fit, tmp_path / "whole.tif")
    tile = Tile(row=200, column=300, rows=256, columns=320)
    _, part, seen = laid(picture, fit, tmp_path / "part.tif", tile.of(whole))
    assert np.array_equal(seen, mask[tile.slices])
    assert np.abs(part - values[:, *tile.slices]).max() <= 1


def test_the_grid_holds_the_whole_picture_at_its_own_fineness():
    fit = RECIPES["polynomial"].fit(PLACES, ground_of(PLACES))
    grid = rectified_grid(fit, rows=SIDE, columns=SIDE, crs=UTM)
    assert grid.is_north_up
    assert grid.pixel_size == pytest.approx(0.2, rel=0.05)
    rim = ground_of(np.array([(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)], dtype=float))
    left, bottom, right, top = grid.bounds
    assert (rim.min(axis=0) >= [left - 1e-6, bottom - 1e-6]).all()
    assert (rim.max(axis=0) <= [right + 1e-6, top + 1e-6]).all()


def test_a_picture_seen_almost_to_the_horizon_is_refused():
    u = (PLACES[:, :1] - SIDE / 2) / (SIDE / 2)
    fit = RECIPES["perspective"].fit(PLACES, PLACES * [0.2, -0.2] / (1 + 0.97 * u) + ORIGIN)
    with pytest.raises(RefusedError, match="control_points_fit_absurd"):
        rectified_grid(fit, rows=SIDE, columns=SIDE, crs=UTM)
