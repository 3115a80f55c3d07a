"""Tiles of web maps: held against GDAL's own warper on every level; files stay open."""

import math
import shutil

import cv2
import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS, Transformer
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT

from geo.cog import EXACT_PICTURE, SCORE, write_cog
from geo.grid import Grid
from geo.handles import Handles
from geo.tiles import picture_tile, value_tile
from geo.web_map import MapTile

GSD, LATITUDE = 0.3, -7.23
HOME = Grid(
    crs=CRS.from_epsg(32748),  # far from its central meridian: the map is turned against it
    transform=Affine(GSD, 0, 800_000, 0, -GSD, 9_200_000),
    rows=1400,
    columns=1700,
)


@pytest.fixture(scope="module")
def seen() -> np.ndarray:
    """A permit's ground: a circle, of which a corner was not flown."""
    rows, columns = np.indices(HOME.shape)
    return (np.hypot(rows - 700, columns - 850) < 690) & ~((rows < 500) & (columns < 700))


@pytest.fixture(scope="module")
def picture(tmp_path_factory, seen):
    path = tmp_path_factory.mktemp("picture") / "picture.tif"
    random = np.random.default_rng(3)
    coarse = random.uniform(0, 255, (3, 35, 43)).astype(np.float32)
    values = np.stack([cv2.resize(band, HOME.shape[::-1]) for band in coarse])
    values = np.clip(values + random.normal(0, 4, HOME.shape), 1, 255).astype(np.uint8)
    tiles = ((t, values[:, *t.slices] * seen[t.slices], seen[t.slices]) for t in HOME.tiles(512))
    write_cog(path, HOME, tiles, encoding=EXACT_PICTURE, bands=3)
    return path


@pytest.fixture(scope="module")
def score(tmp_path_factory, seen):
    path = tmp_path_factory.mktemp("score") / "score.tif"
    rows, columns = np.indices(HOME.shape)
    values = ((rows // 20 + columns // 30) * 7 % 101).astype(np.uint8)[None]
    values[0][~seen] = 255
    tiles = ((t, values[:, *t.slices], seen[t.slices]) for t in HOME.tiles(512))
    write_cog(path, HOME, tiles, encoding=SCORE, bands=1)
    return path


@pytest.fixture
def handles():
    handles = Handles()
    yield handles
    handles.close()


def places(level: int) -> list[MapTile]:
    """Tiles of a level at five places of the picture: its middle, and its rim on all sides."""
    to_map = Transformer.from_crs(HOME.crs, 3857, always_xy=True)
    across, down = HOME.columns * GSD, HOME.rows * GSD
    shares = ((0.5, 0.5), (0.45, 0.3), (0.02, 0.5), (0.5, 0.98), (0.93, 0.4))
    found = {
        MapTile.at(*to_map.transform(800_000 + across * x, 9_200_000 - down * y), level)
        for x, y in shares
    }
    return sorted(found, key=str)


def warped(path, tile: MapTile, how: Resampling) -> np.ndarray:
    """The tile as GDAL warps it, from the overview that it would take by itself."""
    pixel = tile.grid.pixel_size * math.cos(math.radians(LATITUDE))
    with rasterio.open(path) as full:
        fit = sum(GSD * factor <= pixel * 1.01 for factor in full.overviews(1))
    level = {"OVERVIEW_LEVEL": fit - 1} if fit else {}
    with (
        rasterio.open(path, **level) as source,
        WarpedVRT(
            source,
            crs="EPSG:3857",
            transform=tile.grid.transform,
            width=256,
            height=256,
            resampling=how,
            add_alpha=True,
            tolerance=0.125,
        ) as there,
    ):
        return there.read()


@pytest.mark.parametrize("level", [17, 18, 19, 20, 21, 24])
def test_a_tile_is_what_gdal_warps(picture, handles, level) -> None:
    compared = 0
    for tile in places(level):
        with handles.held(picture) as handle:
            colours, seen = picture_tile(handle, tile)
        *wanted, opacity = warped(picture, tile, Resampling.bilinear)
        assert set(np.unique(seen)) <= {0, 255}
        assert not colours[seen == 0].any(), "what was not seen has no colour"
        assert ((opacity > 127) != (seen > 0)).mean() < 0.005
        both = (seen > 0) & (opacity == 255)
        off = np.abs(colours[..., ::-1][both].astype(int) - np.stack(wanted, -1)[both])
        compared += off.size
        if off.size:
            assert (off.mean() < 1.5, np.percentile(off, 99) <= 10) == (True, True), off.mean()
    assert compared > 1000


@pytest.mark.parametrize("level", [17, 19, 22])
def test_numbers_are_taken_as_they_are(score, handles, level) -> None:
    for tile in places(level):
        with handles.held(score) as handle:
            values, seen = value_tile(handle, tile)
        wanted, opacity = warped(score, tile, Resampling.nearest)
        same = (values == wanted) | (seen == 0) & (opacity == 0)
        assert same.mean() > 0.98, "but for places half way between two pixels"


def test_where_a_picture_does_not_reach_is_no_tile(picture, handles) -> None:
    (there, *_) = places(18)
    with handles.held(picture) as handle:
        assert picture_tile(handle, MapTile(z=18, x=there.x + 40, y=there.y)) is None
        for tile in (MapTile(z=0, x=0, y=0), MapTile(z=1, x=0, y=0)):
            drawn = picture_tile(handle, tile)
            assert drawn is None or not drawn[1].any(), "less than a pixel, or another half"


def test_files_stay_open_for_one_reader_each_and_not_too_many(picture, tmp_path) -> None:
    handles = Handles(most=2)
    with handles.held(picture) as one, handles.held(picture) as other:
        assert one is not other, "two read at once"
    with handles.held(picture) as again:
        assert again in (one, other), "it was open still"
    copies = [tmp_path / f"{number}.tif" for number in range(3)]
    for path in copies:
        shutil.copy(picture, path)
        with handles.held(path):
            pass
    assert one.dataset.closed
    assert other.dataset.closed
    with pytest.raises(ZeroDivisionError), handles.held(copies[2]) as broken:
        raise ZeroDivisionError
    assert broken.dataset.closed, "after a fault it is not given to the next"
    with handles.held(copies[1]) as kept:
        pass
    handles.close()
    assert kept.dataset.closed
