"""However an honest file says where it lies, it lies where GDAL finds it."""

import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import rasterio
import rasterio.warp
from affine import Affine
from numpy.testing import assert_allclose, assert_array_equal
from pyproj import CRS, Transformer
from rasterio.enums import ColorInterp

from geo.errors import RefusedError
from geo.grid import Grid
from geo.intake.image import normalise_image, probe_image
from geo.intake.position import Declared, declared_crs
from geo.world_file import read_world_file
from tests.geo.intake.tiffs import TRANSFORM, picture, verdict, written

ROWS, COLUMNS = 40, 60
OWN_GRID = (
    'PROJCS["Mine grid",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",115.25],'
    'PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",10000],'
    'PARAMETER["false_northing",500000],UNIT["metre",1]]'
)
ESRI = (
    'PROJCS["WGS_1984_UTM_Zone_50S",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",'
    'SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",10000000.0],'
    'PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",0.9996],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
DEGREES = Affine(4.5e-7, 0, 115.5, 0, -4.5e-7, -3.5)
PLACES: dict[str, dict[str, Any]] = {
    "UTM": {},
    "degrees": {"crs": "EPSG:4326", "transform": DEGREES},
    "degrees of SRGI2013": {"crs": "EPSG:9470", "transform": DEGREES},
    "UTM on DGN95": {"crs": "EPSG:23870"},
    "TM-3": {"crs": "EPSG:23834", "transform": Affine(0.05, 0, 2e5, 0, -0.05, 1.2e6)},
    "US survey feet": {"crs": "EPSG:2263", "transform": Affine(0.2, 0, 985e3, 0, -0.2, 2e5)},
    "international feet": {"crs": "EPSG:2222", "transform": Affine(0.2, 0, 7e5, 0, -0.2, 9e5)},
    "compound, with heights": {"crs": "EPSG:32750+5773"},
    "a projection of its own": {"crs": OWN_GRID, "transform": Affine(1, 0, 9e3, 0, -1, 113e3)},
    "as ESRI writes it": {"crs": ESRI},
    "rotated": {"transform": TRANSFORM @ Affine.rotation(30)},
    "rotated in degrees": {"crs": "EPSG:4326", "transform": DEGREES @ Affine.rotation(-7)},
    "south-up": {"transform": Affine(0.05, 0, 5e5, 0, 0.05, 9.7e6)},
    "of points, not areas": {"AREA_OR_POINT": "Point"},
    "in a BigTIFF": {"BIGTIFF": "YES", "ENDIANNESS": "BIG"},
    "in a COG": {"driver": "COG"},
}


def corners(transform: Affine) -> np.ndarray:
    at = ((0, 0), (COLUMNS, 0), (COLUMNS, ROWS), (0, ROWS))
    return np.array([transform @ one for one in at])


def degrees_by_gdal(path: Path) -> np.ndarray:
    """Corners in degrees on the file's own datum, as GDAL reads and moves them."""
    with rasterio.open(path) as source:
        x, y = corners(source.transform).T
        own = CRS.from_wkt(source.crs.to_wkt(version="WKT2_2019")).geodetic_crs.to_2d()
        target = rasterio.crs.CRS.from_wkt(own.to_wkt())
        return np.array(rasterio.warp.transform(source.crs, target, x, y))


def degrees_of(grid: Grid) -> np.ndarray:
    there = Transformer.from_crs(grid.crs, grid.crs.geodetic_crs.to_2d(), always_xy=True)
    return np.array(there.transform(*corners(grid.transform).T))


@pytest.mark.parametrize("name", PLACES)
def test_a_place_is_where_gdal_finds_it_and_the_picture_stays(name: str, tmp_path: Path) -> None:
    pixels, profile = picture(ROWS, COLUMNS), dict(PLACES[name])
    point = profile.pop("AREA_OR_POINT", None)
    path = written(tmp_path / "upload.tif", pixels, **profile)
    if point:
        with rasterio.open(path, "r+") as out:
            out.update_tags(AREA_OR_POINT=point)
    grid = probe_image(path).placed()
    assert_allclose(degrees_of(grid), degrees_by_gdal(path), rtol=0, atol=1e-10)
    out = tmp_path / "working.tif"
    normalise_image(path, out)
    with rasterio.open(out) as copy:
        assert_array_equal(copy.read(), pixels)
        assert_allclose(tuple(copy.transform), tuple(grid.transform), rtol=1e-12)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize(("ending", "world"), [("jpg", "jgw"), ("png", "pgw"), ("tif", "tfw")])
def test_a_picture_lies_where_its_declared_world_file_says(
    ending: str, world: str, tmp_path: Path
) -> None:
    """Beside it, GDAL would take the world file unasked: that is what ours is held against."""
    _, encoded = cv2.imencode(f".{ending}", np.full((ROWS, COLUMNS, 3), 90, np.uint8))
    path = tmp_path / f"upload.{ending}"
    path.write_bytes(encoded.tobytes())
    beside = tmp_path / f"upload.{world}"
    beside.write_text("0,05\n0.001\n0.002\n-0,06\n500000.025\n\n9699999.97\n".replace(",", "."))
    with rasterio.open(path) as source:
        expected = source.transform
    assert probe_image(path).grid is None
    declared = Declared(transform=read_world_file(beside), crs=declared_crs("EPSG:32750"))
    grid = probe_image(path, declared=declared).placed()
    assert_allclose(tuple(grid.transform), tuple(expected), rtol=1e-12)
    beside.write_text(beside.read_text().replace(".", ","))
    assert read_world_file(beside) == grid.transform
    halves = (Declared(transform=grid.transform), Declared(crs=grid.crs))
    codes = {verdict(lambda one=one: probe_image(path, declared=one).placed()) for one in halves}
    assert codes == {"image_without_crs", "image_without_position"}


def test_a_real_picture_lies_where_its_world_file_says(test_data: Path, tmp_path: Path) -> None:
    for name in ("a39se10.jpg", "a39se10.jgw"):
        shutil.copyfile(test_data / "nasty" / name, tmp_path / name)
    with rasterio.open(tmp_path / "a39se10.jpg") as source:
        expected = source.transform
    declared = Declared(
        transform=read_world_file(tmp_path / "a39se10.jgw"), crs=declared_crs("EPSG:26915")
    )
    grid = probe_image(tmp_path / "a39se10.jpg", declared=declared).placed()
    assert_allclose(tuple(grid.transform), tuple(expected), rtol=1e-12)


WRONG = {
    "0.1\n0\n0\n-0.1\n5\n": "world_file_incomplete",
    "0.1\n0\nzero\n-0.1\n5\n6\n": "world_file_unreadable",
    "0.1\n0\n0\nnan\n5\n6\n": "world_file_unreadable",
    "0.1\n0\n0.1\n0\n5\n6\n": "world_file_impossible",
    "\0" * 9000: "world_file_unreadable",
    "": "world_file_incomplete",
}


@pytest.mark.parametrize(("text", "code"), WRONG.items(), ids=range(len(WRONG)))
def test_a_world_file_that_places_nothing_is_refused(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "upload.tfw"
    path.write_text(text)
    with pytest.raises(RefusedError, match=code):
        read_world_file(path)


def test_what_is_declared_may_not_contradict_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(ROWS, COLUMNS))
    elsewhere = Declared(transform=TRANSFORM @ Affine.translation(1, 0))
    other = Declared(crs=declared_crs("EPSG:32751"))
    same = Declared(transform=TRANSFORM, crs=declared_crs("32750"))
    codes = [verdict(lambda d=d: probe_image(path, declared=d)) for d in (elsewhere, other, same)]
    assert codes == ["image_position_twice", "image_crs_twice", "accepted"]


def test_two_bands_are_grey_and_alpha(tmp_path: Path) -> None:
    pixels = picture(ROWS, COLUMNS, bands=2)
    pixels[1, :10] = 0
    colours = (ColorInterp.gray, ColorInterp.alpha)
    path = written(tmp_path / "upload.tif", pixels, colours=colours)
    out = tmp_path / "working.tif"
    normalise_image(path, out)
    with rasterio.open(path) as source, rasterio.open(out) as copy:
        seen = source.dataset_mask() != 0
        assert_array_equal(copy.read_masks(1) != 0, seen)
        assert_array_equal(copy.read(), np.where(seen, np.repeat(source.read([1]), 3, axis=0), 0))
