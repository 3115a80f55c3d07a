"""Files of our own are valid cloud optimised GeoTIFFs that hold what was written."""

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS
from rio_cogeo import cog_validate

from geo.cog import EXACT_PICTURE, PICTURE, SCORE, write_cog
from geo.grid import Grid

GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.2, 0, 300_000, 0, -0.2, 9_630_000),
    rows=1088,
    columns=1344,
)


def smooth(bands, grid):
    rows, columns = np.mgrid[: grid.rows, : grid.columns]
    waves = [
        127 + 100 * np.sin(rows / (40 + 9 * b)) * np.cos(columns / (60 + 7 * b))
        for b in range(bands)
    ]
    return np.array(waves, np.uint8)


def disc(grid):
    rows, columns = np.mgrid[: grid.rows, : grid.columns]
    return (rows - 500) ** 2 + (columns - 700) ** 2 < 420**2


def written(path, encoding, bands):
    values, valid = smooth(bands, GRID), disc(GRID)
    values = np.where(valid, values, encoding.nodata or 0).astype(np.uint8)
    tiles = ((t, values[:, *t.slices], valid[t.slices]) for t in GRID.tiles(512))
    write_cog(path, GRID, tiles, encoding=encoding, bands=bands)
    return values, valid


@pytest.mark.parametrize(
    ("encoding", "bands", "most_off"),
    [(PICTURE, 3, 1.5), (EXACT_PICTURE, 3, 0), (SCORE, 1, 0)],
    ids=["picture", "exact picture", "score"],
)
def test_what_is_written_is_valid_and_reads_back(tmp_path, encoding, bands, most_off):
    path = tmp_path / "out.tif"
    values, valid = written(path, encoding, bands)
    is_valid, errors, warnings = cog_validate(path, strict=True)
    assert is_valid, (errors, warnings)
    with rasterio.open(path) as dataset:
        assert dataset.crs.to_epsg() == 32750
        assert dataset.transform == GRID.transform
        assert np.array_equal(dataset.dataset_mask() > 0, valid), "the mask is exact"
        off = np.abs(dataset.read().astype(int) - values)[:, valid]
        assert off.mean() <= most_off
    assert [p.name for p in tmp_path.iterdir()] == ["out.tif"], "nothing passing is left"


def test_the_same_pixels_give_the_same_bytes(tmp_path):
    for name in ("a.tif", "b.tif"):
        written(tmp_path / name, PICTURE, 3)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()


def test_a_failure_half_way_leaves_nothing(tmp_path):
    def broken():
        yield next(GRID.tiles(512)), np.zeros((3, 512, 512), np.uint8), np.ones((512, 512), bool)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_cog(tmp_path / "out.tif", GRID, broken(), encoding=PICTURE, bands=3)
    assert list(tmp_path.iterdir()) == []
