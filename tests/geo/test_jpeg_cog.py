"""Our own writer of COGs gives, pixel for pixel and on every level, what GDAL's COG driver does."""

import os
import resource
import shutil
import subprocess
import sys

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from affine import Affine
from pyproj import CRS
from rio_cogeo import cog_validate

from geo.cog import JPEG_QUALITY, PICTURE, write_cog
from geo.errors import UnfinishedError
from geo.grid import Grid


def ground(rows, columns, *, code=32750, pixel=0.05):
    return Grid(
        crs=CRS.from_epsg(code),
        transform=Affine(pixel, 0, 300_000.125, 0, -pixel, 9_630_000.5),
        rows=rows,
        columns=columns,
    )


def picture(grid, seed=1):
    """Waves and grain, and a ragged part of them that was seen."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[: grid.rows, : grid.columns]
    waves = [120 + 90 * np.sin(rows / (30 + 9 * b)) * np.cos(columns / 45) for b in range(3)]
    values = np.clip(np.array(waves) + random.normal(0, 12, (3, *grid.shape)), 0, 255)
    rim = np.cumsum(random.normal(0, 3, grid.columns)) + grid.rows / 3
    valid = (rows > rim) & (random.random(grid.shape) > 0.02)
    return values.astype(np.uint8) * valid, valid


def ours(path, grid, values, valid, side=1024):
    tiles = ((t, values[:, *t.slices], valid[t.slices]) for t in grid.tiles(side))
    write_cog(path, grid, tiles, encoding=PICTURE, bands=3)
    return path


def theirs(path, grid, values, valid):
    plain = path.with_name("plain.tif")
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        with rasterio.open(
            plain,
            "w",
            driver="GTiff",
            count=3,
            dtype="uint8",
            height=grid.rows,
            width=grid.columns,
            crs=grid.rasterio_crs,
            transform=grid.transform,
            photometric="RGB",
        ) as target:
            target.write(values)
            target.write_mask(valid)
        rasterio.shutil.copy(
            plain,
            path,
            driver="COG",
            COMPRESS="JPEG",
            QUALITY=JPEG_QUALITY,
            BLOCKSIZE=512,
            OVERVIEW_RESAMPLING="AVERAGE",
        )
    return path


def level(path, number):
    options = {} if number < 0 else {"OVERVIEW_LEVEL": number}
    with rasterio.open(path, **options) as source:
        return source.read(), source.dataset_mask() > 0


SIZES = [(1600, 2752), (512, 512), (64, 128), (2112, 64)]


@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_every_level_is_that_of_gdal(tmp_path, rows, columns):
    grid = ground(rows, columns)
    values, valid = picture(grid)
    mine = ours(tmp_path / "ours.tif", grid, values, valid)
    known = theirs(tmp_path / "theirs.tif", grid, values, valid)
    is_valid, errors, warnings = cog_validate(mine, strict=True)
    assert is_valid, (errors, warnings)
    with rasterio.open(mine) as one, rasterio.open(known) as other:
        assert one.profile | {"interleave": None} == other.profile | {"interleave": None}
        assert one.overviews(1) == other.overviews(1)
        levels = len(one.overviews(1))
        assert one.crs == other.crs
        assert one.transform == other.transform == grid.transform
    for number in range(-1, levels):
        (pixels, seen), (wanted, known_seen) = level(mine, number), level(known, number)
        assert np.array_equal(seen, known_seen)
        assert np.array_equal(pixels, wanted)


@pytest.mark.parametrize("code", [4326, 3857, 23833, 32748])
def test_any_reference_system_reads_back(tmp_path, code):
    grid = ground(128, 128, code=code, pixel=1e-6 if code == 4326 else 0.05)
    grid = Grid(
        crs=grid.crs,
        transform=Affine(grid.transform.a, 0, 110.5, 0, grid.transform.e, -2.25),
        rows=128,
        columns=128,
    )
    with rasterio.open(ours(tmp_path / "o.tif", grid, *picture(grid))) as source:
        assert CRS.from_wkt(source.crs.to_wkt()) == CRS.from_wkt(grid.rasterio_crs.to_wkt())
        assert source.transform == grid.transform


def test_bytes_do_not_depend_on_the_tiles_they_came_in(tmp_path):
    grid = ground(1600, 1664)
    values, valid = picture(grid)
    contents = {
        ours(tmp_path / f"{side}.tif", grid, values, valid, side).read_bytes()
        for side in (1024, 2048)
    }
    assert len(contents) == 1


def test_tiles_that_show_nothing_take_no_room(tmp_path):
    grid = ground(4096, 4096)
    values, valid = picture(ground(512, 512))
    tile = next(grid.tiles(512))
    path = tmp_path / "o.tif"
    write_cog(path, grid, [(tile, values, valid)], encoding=PICTURE, bands=3)
    with rasterio.open(path) as source:
        assert not source.read_masks(1)[512:].any()
        assert not source.read(1)[512:].any()
        assert source.get_tag_item("BLOCK_OFFSET_1_1", "TIFF", bidx=1) is None
    assert path.stat().st_size < 400_000


def test_a_tile_between_blocks_is_refused(tmp_path):
    grid = ground(1024, 1024)
    values, valid = picture(grid)
    with pytest.raises(ValueError, match="block"):
        ours(tmp_path / "o.tif", grid, values, valid, side=320)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    grid = ground(1024, 1024)
    values, valid = picture(grid)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(UnfinishedError) as told:
            ours(tmp_path / "o.tif", grid, values, valid)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("gdalinfo") is None, reason="needs the system package gdal-bin")
def test_a_gdal_of_others_reads_it_too(tmp_path):
    grid = ground(1024, 1536)
    path = ours(tmp_path / "o.tif", grid, *picture(grid))
    done = subprocess.run(
        ["gdalinfo", "-checksum", path], capture_output=True, text=True, check=True, env=os.environ
    )
    assert "COMPRESSION=YCbCr JPEG" in done.stdout
    assert done.stdout.count("Mask Flags: PER_DATASET") == 3
    assert not done.stderr


def test_bytes_do_not_depend_on_the_number_of_cores(tmp_path):
    grid = ground(1088, 1152)
    contents = [ours(tmp_path / "o.tif", grid, *picture(grid)).read_bytes()]
    code = (
        "import os, sys; os.cpu_count = lambda: 1\n"
        "import pathlib, tests.geo.test_jpeg_cog as t\n"
        "g = t.ground(1088, 1152); t.ours(pathlib.Path(sys.argv[1]), g, *t.picture(g))"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "one.tif"], check=True)
    assert contents == [(tmp_path / "one.tif").read_bytes()]
