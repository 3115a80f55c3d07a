"""The offset of two tiles: known shifts, and what must not pull at them."""

import cv2
import numpy as np
import pytest
from affine import Affine
from pyproj import CRS
from scipy.ndimage import fourier_gaussian

from geo.correlation import (
    SMOOTHING_PX,
    WHITENING,
    correlation_surface,
    edge_fields,
    edge_spectrum,
    peak,
)
from geo.grid import Grid
from geo.raster import Raster

SIDE = 128
GRID = Grid(crs=CRS.from_epsg(32750), transform=Affine(1, 0, 0, 0, -1, 0), rows=SIDE, columns=SIDE)


def texture(seed=1):
    """Smooth noise on a canvas twice as wide as a tile."""
    noise = np.random.default_rng(seed).normal(size=(3, 2 * SIDE, 2 * SIDE))
    smooth = np.stack([cv2.GaussianBlur(band, (0, 0), 2) for band in noise])
    return 128 + 40 * smooth / smooth.std()


def tile(canvas, *, column=0.0, row=0.0, valid=None):
    """The middle of a canvas, its content moved right and down."""
    move = np.array([[1, 0, column - SIDE / 2], [0, 1, row - SIDE / 2]])
    bands = [cv2.warpAffine(band, move, (SIDE, SIDE), flags=cv2.INTER_CUBIC) for band in canvas]
    values = np.clip(np.rint(bands), 0, 255).astype(np.uint8)
    valid = np.ones((SIDE, SIDE), bool) if valid is None else valid
    return Raster(values=values * valid, valid=valid, grid=GRID)


def offset(before, after, *, radius=12):
    surface = correlation_surface(edge_spectrum(before), edge_spectrum(after), radius_px=radius)
    return peak(surface, within_px=radius - 1)


@pytest.mark.parametrize(("column", "row"), [(0, 0), (5, -3), (-9, 4), (0.25, 0.5), (3.4, -7.7)])
def test_a_known_shift_is_found(column, row):
    found = offset(tile(texture()), tile(texture(), column=column, row=row))
    assert found.column == pytest.approx(column, abs=0.06)
    assert found.row == pytest.approx(row, abs=0.06)
    assert found.strength > 10


def test_a_tile_lies_exactly_on_itself():
    found = offset(tile(texture()), tile(texture()))
    assert (found.column, found.row) == pytest.approx((0, 0), abs=1e-5)


def test_light_haze_and_colour_do_not_move_the_ground():
    canvas = texture()
    slope = np.linspace(0.5, 1.3, 2 * SIDE)[None, None]
    gain = np.array([1.2, 0.9, 0.7])[:, None, None]
    found = offset(tile(canvas), tile(60 + 0.5 * gain * slope * canvas, column=3.0, row=-2.0))
    assert (found.column, found.row) == pytest.approx((3, -2), abs=0.06)


def test_ground_that_turned_from_bright_to_dark_is_still_itself():
    canvas = texture()
    found = offset(tile(canvas), tile(255 - canvas, column=4.0, row=1.0))
    assert (found.column, found.row) == pytest.approx((4, 1), abs=0.06)


def test_the_rim_of_unseen_ground_is_no_edge():
    half = np.ones((SIDE, SIDE), bool)
    half[:, : SIDE // 2] = False
    before, after = tile(texture(), valid=half), tile(texture(), column=6, row=5, valid=half)
    assert np.all(edge_fields(before)[:, :, : SIDE // 2] == 0)
    found = offset(before, after)
    assert (found.column, found.row) == pytest.approx((6, 5), abs=0.06)


def test_different_ground_gives_no_strong_peak():
    strengths = [offset(tile(texture(n)), tile(texture(n + 50))).strength for n in range(20)]
    assert np.median(strengths) < 5


@pytest.mark.parametrize("brightness", [0, 90])
def test_ground_without_texture_gives_no_strong_peak(brightness):
    flat = tile(np.full((3, 2 * SIDE, 2 * SIDE), float(brightness)))
    assert offset(flat, flat).strength < 5
    assert offset(flat, tile(texture())).strength < 5


def test_the_search_stays_within_its_radius():
    surface = correlation_surface(
        edge_spectrum(tile(texture())), edge_spectrum(tile(texture(), column=8.0)), radius_px=12
    )
    near_by = peak(surface, within_px=4)
    assert np.hypot(near_by.column, near_by.row) <= 5
    assert peak(surface, near=(7, 0), within_px=3).column == pytest.approx(8, abs=0.06)


def test_spectrum_and_surface_are_those_of_numpy_and_scipy_in_twice_the_digits():
    pictures = [tile(texture(), column=shift) for shift in (0, 3.4)]
    fields = [edge_fields(one).astype(np.complex128) for one in pictures]
    before, after = (np.fft.fft2(one) for one in fields)
    for one, known in zip(pictures, (before, after), strict=True):
        assert edge_spectrum(one) == pytest.approx(known, rel=0, abs=1e-6 * np.abs(known).max())

    cross = after * before.conj()
    length = np.abs(cross)
    cross /= (length / length.mean(axis=(1, 2), keepdims=True) + 1e-3) ** WHITENING
    smooth = [fourier_gaussian(one, SMOOTHING_PX) for one in cross]
    likeness = np.fft.ifft2(smooth).real
    known = sum(one / one.std() for one in likeness)
    shifts = np.arange(-12, 13)
    found = correlation_surface(*map(edge_spectrum, pictures), radius_px=12)
    assert found == pytest.approx(known[np.ix_(shifts, shifts)], abs=1e-3)
