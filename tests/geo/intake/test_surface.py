"""Surface models come in as heights, with everything unknown said so."""

import numpy as np
import pytest
import rasterio
from affine import Affine

from geo.errors import RefusedError
from geo.height_system import US_SURVEY_FOOT_M
from geo.intake.surface import normalise_heights


def write(path, heights, *, bands=1, crs="EPSG:32750", steps=(1.0, 0.0), **options):
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=heights.shape[1],
        height=heights.shape[0],
        count=bands,
        dtype=heights.dtype,
        crs=crs,
        transform=Affine(1, 0, 300_000, 0, -1, 9_630_000),
        **options,
    ) as target:
        for band in range(1, bands + 1):
            target.write(heights, band)
        target.scales, target.offsets = [steps[0]] * bands, [steps[1]] * bands


@pytest.mark.parametrize("kind", ["float32", "float64", "int16"])
def test_heights_are_copied_and_the_unknown_stays_unknown(tmp_path, kind):
    heights = (np.arange(600 * 530).reshape(600, 530) % 900).astype(kind)
    heights[10:20, 30:40] = -9999
    write(tmp_path / "dsm.tif", heights, nodata=-9999)
    known = normalise_heights(tmp_path / "dsm.tif", tmp_path / "own.tif", metres_up=1.0)
    assert known == 600 * 530 - 100
    with rasterio.open(tmp_path / "own.tif") as own:
        found = own.read(1)
        assert own.transform == Affine(1, 0, 300_000, 0, -1, 9_630_000)
    assert np.isnan(found[10:20, 30:40]).all()
    seen = ~np.isnan(found)
    assert np.array_equal(found[seen], heights[seen].astype("float32"))


def test_impossible_heights_are_unknown_even_if_the_file_does_not_say_so(tmp_path):
    heights = np.full((40, 40), 12.5, "float32")
    heights[0, 0], heights[0, 1], heights[0, 2] = np.nan, -3.4e38, np.inf
    write(tmp_path / "dsm.tif", heights)
    known = normalise_heights(tmp_path / "dsm.tif", tmp_path / "own.tif", metres_up=1.0)
    assert known == 40 * 40 - 3


def test_a_picture_is_no_surface(tmp_path):
    write(tmp_path / "rgb.tif", np.full((40, 40), 7, "uint8"), bands=3)
    with pytest.raises(RefusedError) as caught:
        normalise_heights(tmp_path / "rgb.tif", tmp_path / "own.tif", metres_up=1.0)
    assert caught.value.code == "heights_not_one_band"
    assert not (tmp_path / "own.tif").exists()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_feet_become_metres_and_nothing_shifts_them_again(tmp_path, version):
    """A mountain of 12 000 feet is no nonsense; the working file keeps no vertical system."""
    feet = np.full((40, 40), 12_000.0, "float32")
    write(tmp_path / "dsm.tif", feet, crs="EPSG:32750+6360", GEOTIFF_VERSION=version)
    known = normalise_heights(
        tmp_path / "dsm.tif", tmp_path / "own.tif", metres_up=US_SURVEY_FOOT_M
    )
    assert known == 40 * 40
    with rasterio.open(tmp_path / "own.tif") as own:
        assert own.read(1) == pytest.approx(12_000 * 1200 / 3937)
        assert own.crs == rasterio.crs.CRS.from_epsg(32750)


def test_depths_become_heights(tmp_path):
    write(tmp_path / "dsm.tif", np.full((40, 40), 7.5, "float32"))
    normalise_heights(tmp_path / "dsm.tif", tmp_path / "own.tif", metres_up=-1.0)
    with rasterio.open(tmp_path / "own.tif") as own:
        assert (own.read(1) == -7.5).all()


def test_whole_numbers_that_stand_for_heights_are_read_as_those(tmp_path):
    """Centimetres above 100 m, as offices store them to save room; nodata is told unscaled."""
    stored = np.full((40, 40), 250, "int16")
    stored[0, 0] = -1
    write(tmp_path / "dsm.tif", stored, steps=(0.01, 100.0), nodata=-1)
    assert normalise_heights(tmp_path / "dsm.tif", tmp_path / "own.tif", metres_up=1.0) == 1599
    with rasterio.open(tmp_path / "own.tif") as own:
        assert own.read(1)[1:] == pytest.approx(102.5)


@pytest.mark.parametrize("name", ["dsm", "dtm", "hag", "dem", "sink"])
def test_real_surfaces_come_in(test_data, tmp_path, name):
    source = test_data / "dsm_dtm" / f"{name}.tif"
    normalise_heights(source, tmp_path / "own.tif", metres_up=1.0)
    with rasterio.open(source) as given, rasterio.open(tmp_path / "own.tif") as own:
        expected, seen = given.read(1), given.read_masks(1) > 0
        found = own.read(1)
    assert np.array_equal(np.isfinite(found), seen & (np.abs(expected) < 1e4))
    assert np.array_equal(found[np.isfinite(found)], expected[np.isfinite(found)])
