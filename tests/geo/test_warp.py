"""Reading onto any grid: compared with GDAL's own warper, and with pixels drawn by hand."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT

from geo.coinciding import aligned, copied
from geo.grid import Grid
from geo.warp import dataset_grid, opened, sampled, source_positions

UTM = CRS.from_epsg(32750)
HOME = Grid(crs=UTM, transform=Affine(0.5, 0, 300_000, 0, -0.5, 9_630_000), rows=192, columns=256)


def scene(seed=3):
    random = np.random.default_rng(seed)
    noise = random.uniform(0, 255, (3, 24, 32)).astype(np.float32)
    bands = [cv2.resize(band, (256, 192), interpolation=cv2.INTER_CUBIC) for band in noise]
    return np.clip(bands, 1, 255).astype(np.uint8)


@pytest.fixture
def image(tmp_path):
    """A smooth picture whose upper left quarter was not seen."""
    path = tmp_path / "image.tif"
    valid = np.ones(HOME.shape, bool)
    valid[:96, :128] = False
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=256,
            height=192,
            count=3,
            dtype="uint8",
            crs=HOME.rasterio_crs,
            transform=HOME.transform,
            tiled=True,
            blockxsize=64,
            blockysize=64,
        ) as target,
    ):
        target.write(scene() * valid)
        target.write_mask(valid)
    return path


def test_the_own_grid_gives_the_own_pixels(image):
    with rasterio.open(image) as dataset, opened(image) as read:
        raster = read(dataset_grid(dataset))
        assert np.array_equal(raster.values, dataset.read())
        assert np.array_equal(raster.valid, dataset.dataset_mask() > 0)


def test_windows_beyond_the_image_are_not_seen(image):
    with opened(image) as read:
        raster = read(HOME.window(row=-10, column=250, rows=20, columns=20))
        away = read(HOME.window(row=5000, column=0, rows=8, columns=8))
    drawn = raster.valid[::5, ::3].astype(int).tolist()
    assert drawn == [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0],
    ]
    assert not raster.values[:, ~raster.valid].any()
    assert not away.valid.any()


@pytest.mark.parametrize("target", ["EPSG:32750", "EPSG:4326", "EPSG:32749"])
def test_gdal_warps_alike(image, target):
    with (
        rasterio.open(image) as dataset,
        WarpedVRT(dataset, crs=target, resampling=Resampling.bilinear, add_alpha=True) as oracle,
    ):
        grid = Grid(
            crs=CRS.from_user_input(target),
            transform=oracle.transform,
            rows=oracle.height,
            columns=oracle.width,
        )
        expected, seen = oracle.read([1, 2, 3]), oracle.dataset_mask() > 127
    with opened(image) as read:
        raster = read(grid)
    both = raster.valid & seen
    assert both.sum() > 0.98 * seen.sum()
    off = np.abs(expected.astype(int) - raster.values)[:, both]
    assert off.mean() < 0.6
    assert np.percentile(off, 99) <= 4


def test_a_coarser_grid_is_an_average_of_what_was_seen(image):
    with opened(image) as read:
        raster = read(HOME.coarser(4))
    fine = scene().astype(float)
    blocks = fine.reshape(3, 48, 4, 64, 4).mean(axis=(2, 4))
    inner = np.zeros(raster.valid.shape, bool)
    inner[26:46, 2:62] = True
    inner[2:46, 34:62] = True
    assert raster.valid[inner].all()
    assert np.abs(raster.values[:, inner] - blocks[:, inner]).max() <= 1.5
    assert not raster.valid[:23, :31].any()


@pytest.mark.parametrize("factors", [[], [2], [2, 4, 8]])
@pytest.mark.parametrize(
    ("factor", "row", "column", "shape"),
    [(2, 0, 0, (96, 128)), (4, 3, 5, (30, 20)), (8, -2, 20, (30, 30)), (4, 18, 24, (12, 15))],
)
def test_pixels_of_an_overview_are_copied_as_resampling_would_give_them(
    image, factors, factor, row, column, shape
):
    if factors:
        with rasterio.open(image, "r+") as dataset:
            dataset.build_overviews(factors, Resampling.average)
    rows, columns = shape
    grid = HOME.coarser(factor).window(row=row, column=column, rows=rows, columns=columns)
    assert aligned(HOME, grid) == (factor, row, column)
    with rasterio.open(image) as dataset, opened(image) as read:
        made = sampled(dataset, source_positions(HOME, grid), grid)
        raster = read(grid)
    assert np.array_equal(raster.valid, made.valid)
    assert np.array_equal(raster.values, made.values)
    assert raster.values.any()


def test_a_copied_pixel_is_seen_where_most_of_it_was(image):
    seen = np.ones(HOME.shape, np.bool_)
    seen[100:120, 140:160] = False
    seen[100:120:2, 140:160:2] = True
    seen[140:160:2, 140:160:2] = False
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(image, "r+") as target:
        target.write_mask(seen)
    with opened(image) as read:
        valid = read(HOME.coarser(2)).valid
    assert not valid[50:60, 70:80].any(), "a quarter of each was seen"
    assert valid[70:80, 70:80].all(), "three quarters"


@pytest.mark.parametrize(
    ("home", "grid"),
    [
        (replace(HOME, columns=255), replace(HOME, columns=255).coarser(3)),
        (HOME, replace(HOME.coarser(2), transform=HOME.transform @ Affine(2, 0, 1, 0, 2, 0))),
        (HOME, replace(HOME.coarser(2), transform=HOME.transform @ Affine(2, 0, 0.1, 0, 2, 0))),
        (replace(HOME, columns=255), HOME.coarser(2)),  # whose overviews end beyond it
        (HOME, replace(HOME, crs=CRS.from_epsg(32751))),
    ],
)
def test_what_does_not_coincide_is_resampled(home, grid):
    assert aligned(home, grid) is None


def test_unseen_pixels_lend_their_black_to_nobody(image):
    half = Grid(
        crs=UTM, transform=HOME.transform @ Affine.translation(0.5, 0.5), rows=191, columns=255
    )
    with opened(image) as read:
        raster = read(half)
    # Along the seam each new pixel mixes seen and unseen ones; only the seen ones may speak.
    column = raster.values[:, 100:190, 127]
    truth = scene()[:, 100:190, 127:129].astype(float).mean(axis=2)
    assert np.abs(column - truth).max() < 25
    row = raster.values[:, 95, 10:100][:, raster.valid[95, 10:100]]
    assert row.size == 0 or row.min() > 0


def test_moved_reads_what_lies_elsewhere(image):
    moved = Affine.translation(3.0, -2.0)  # six pixels east, four south
    with opened(image, moved=moved) as read, rasterio.open(image) as dataset:
        raster = read(HOME.window(row=120, column=150, rows=20, columns=20))
        expected = dataset.read()[:, 116:136, 144:164]
    assert np.array_equal(raster.values, expected)


def test_placed_overrules_the_file(image):
    better = Grid(
        crs=UTM, transform=Affine.translation(10, 0) @ HOME.transform, rows=192, columns=256
    )
    with opened(image, placed=better) as read:
        raster = read(better)
    with rasterio.open(image) as dataset:
        assert np.array_equal(raster.values, dataset.read())


def test_a_band_alone_is_resampled_as_among_others(image, tmp_path):
    alone = tmp_path / "alone.tif"
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(image) as source,
        rasterio.open(alone, "w", **source.profile | {"count": 1, "photometric": None}) as target,
    ):
        target.write(source.read(2), 1)
        target.write_mask(source.dataset_mask())
    turned = HOME.transform @ Affine.translation(20.3, 11.7) @ Affine.rotation(7)
    grid = Grid(crs=UTM, transform=turned, rows=150, columns=170)
    with opened(image) as read, opened(alone) as read_alone:
        among, one = read(grid), read_alone(grid)
    assert np.array_equal(one.values[0], among.values[1])
    assert np.array_equal(one.valid, among.valid)


def test_an_image_closes_after_the_window_that_is_being_read_and_gives_no_other(image, monkeypatch):
    # Who reads ahead on a thread of its own is not always done when the rest is cut off.
    begun = threading.Event()

    def slowly(*window):
        begun.set()
        time.sleep(0.2)
        return copied(*window)  # of a closed image it is an error, or the end of the process

    monkeypatch.setattr("geo.warp.copied", slowly)
    with ThreadPoolExecutor(1) as pool:
        with opened(image) as read:
            being_read = pool.submit(read, HOME)
            assert begun.wait(10)
        assert (being_read.result(10).values == scene() * being_read.result().valid).all()
    with pytest.raises(ValueError, match="closed"):
        read(HOME)
