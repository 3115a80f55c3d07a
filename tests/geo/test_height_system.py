"""What heights count in and from: read off real files, told by people, never guessed."""

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS

from geo.errors import RefusedError
from geo.grid import Grid
from geo.height_datum import level_change
from geo.height_system import HeightSystem, completed, declared_heights, level_name
from geo.intake.image import probe_image

FOOT, US_FOOT = 0.3048, 1200 / 3937
CASPIAN = Grid(
    crs=CRS.from_epsg(32639),
    transform=Affine(1, 0, 400_000, 0, -1, 4_480_000),
    rows=300,
    columns=200,
)


def probed(path, *, crs="EPSG:32750", unit=None, **options):
    """A surface model as a program of the trade writes it, and what the gate says of it."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=20,
        height=20,
        count=1,
        dtype="float32",
        crs=crs,
        transform=Affine(1e-5, 0, 117, 0, -1e-5, -3)
        if crs == "EPSG:4979"
        else Affine(1, 0, 300_000, 0, -1, 9_630_000),
        **options,
    ) as target:
        target.write(np.ones((1, 20, 20), "float32"))
        if unit is not None:
            target.units = [unit]
    return probe_image(path)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize(
    ("crs", "metres_up", "level"),
    [
        ("EPSG:32750+5773", 1.0, "EGM96 height"),
        ("EPSG:32750+6360", US_FOOT, "NAVD88 height (ftUS)"),
        ("EPSG:32750+5715", -1.0, "MSL depth"),
    ],
)
def test_a_vertical_system_in_the_file_tells_unit_and_level(
    tmp_path, crs, version, metres_up, level
):
    """Of files of the older GeoTIFF too, of which GDAL by itself tells the ground alone."""
    probe = probed(tmp_path / "dsm.tif", crs=crs, GEOTIFF_VERSION=version)
    assert probe.heights.metres_up == pytest.approx(metres_up)
    assert level_name(probe.heights.datum) == level
    assert probe.placed().crs == CRS.from_epsg(32750)


def test_heights_above_the_ellipsoid_are_known(tmp_path):
    found = probed(tmp_path / "dsm.tif", crs="EPSG:4979").heights
    assert found.metres_up == 1.0
    assert found.knows_level
    assert "ellipsoid" in level_name(found.datum)


def test_metres_on_the_ground_say_nothing_of_heights(tmp_path, test_data):
    """As OpenDroneMap writes it: a projected system in metres, and not a word about heights."""
    silent = HeightSystem(metres_up=None, datum=None)
    assert probed(tmp_path / "dsm.tif").heights == silent
    for name in ("ortho_from_raw_taiwan/odm/odm_dem/dsm.tif", "dsm_dtm/dsm.tif"):
        assert probe_image(test_data / name).heights == silent


@pytest.mark.parametrize(
    ("unit", "metres_up"),
    [("m", 1.0), ("metre", 1.0), ("ft", FOOT), ("US survey foot", US_FOOT), ("cubits", None)],
)
def test_the_unit_of_the_band_counts_and_tells_no_level(tmp_path, unit, metres_up):
    found = probed(tmp_path / "dsm.tif", unit=unit).heights
    assert found.metres_up == (None if metres_up is None else pytest.approx(metres_up))
    assert not found.knows_level


def test_a_file_that_states_two_units_states_none(tmp_path):
    found = probed(tmp_path / "dsm.tif", crs="EPSG:32750+5773", unit="ft").heights
    assert found.metres_up is None
    assert found.knows_level


def test_a_level_that_is_called_unknown_is_unknown(tmp_path):
    ground = CRS.from_epsg(32750).to_wkt("WKT2_2019")
    wkt = (
        f'COMPOUNDCRS["ours",{ground},VERTCRS["unknown",VDATUM["unknown"],'
        'CS[vertical,1],AXIS["up",up],LENGTHUNIT["metre",1]]]'
    )
    found = probed(tmp_path / "dsm.tif", crs=wkt).heights
    assert found.metres_up == 1.0
    assert not found.knows_level


@pytest.mark.parametrize(
    ("said", "metres_up", "level"),
    [
        ("EPSG:5773", 1.0, "EGM96 height"),
        ("5773", 1.0, "EGM96 height"),
        ("epsg:9529", 1.0, "INAGeoid2020 v1 height"),
        ("EPSG:6360", US_FOOT, "NAVD88 height (ftUS)"),
        ("EPSG:4979", 1.0, "World Geodetic System 1984 ensemble, ellipsoid"),
        ("m", 1.0, None),
        (" ft ", FOOT, None),
        ("us-ft", US_FOOT, None),
    ],
)
def test_people_state_a_system_or_a_unit(said, metres_up, level):
    found = declared_heights(said)
    assert found.metres_up == pytest.approx(metres_up)
    assert found.knows_level
    assert (None if found.datum is None else level_name(found.datum)) == level


@pytest.mark.parametrize("said", ["EPSG:32750", "EPSG:4978", "EPSG:999999", "cubits", "", "+proj"])
def test_what_is_no_system_of_heights_is_refused(said):
    with pytest.raises(RefusedError) as caught:
        declared_heights(said)
    assert caught.value.code == "declared_heights_unknown"


def test_a_statement_fills_what_the_file_leaves_open_and_never_contradicts_it():
    egm96, navd88_ft = declared_heights("EPSG:5773"), declared_heights("EPSG:6360")
    metres_alone = HeightSystem(metres_up=1.0, datum=None)
    assert completed(metres_alone, egm96) == egm96
    assert completed(metres_alone, declared_heights("m")).is_one_level
    assert completed(egm96, declared_heights("m")) == egm96, "the file knows its level"
    navd88_m = declared_heights("EPSG:5703")
    for stated, said in (
        (metres_alone, declared_heights("ft")),
        (egm96, navd88_m),
        (egm96, declared_heights("EPSG:4979")),
        (navd88_m, navd88_ft),
    ):
        with pytest.raises(RefusedError) as caught:
            completed(stated, said)
        assert caught.value.code == "heights_stated_twice"


def test_heights_of_one_level_are_told_as_they_are():
    navd88, navd88_ft = declared_heights("EPSG:5703"), declared_heights("EPSG:6360")
    for source, target in ((navd88, navd88_ft), (declared_heights("m"), declared_heights("ft"))):
        assert not level_change(source, target, grid=CASPIAN).metres(CASPIAN).any()


def test_a_level_that_the_register_knows_is_told_in_another():
    """Heights of the Caspian system lie 28 m higher than those of the Baltic one of 1977."""
    baltic, caspian = declared_heights("EPSG:5705"), declared_heights("EPSG:5706")
    up = level_change(baltic, caspian, grid=CASPIAN).metres(CASPIAN)
    down = level_change(caspian, baltic, grid=CASPIAN).metres(CASPIAN)
    assert up.shape == CASPIAN.shape
    assert up == pytest.approx(28.0)
    assert up + down == pytest.approx(0.0)


def test_levels_that_only_a_missing_geoid_relates_are_not_taken_for_one_another():
    egm96, ellipsoid = declared_heights("EPSG:5773"), declared_heights("EPSG:4979")
    assert level_change(egm96, ellipsoid, grid=CASPIAN) is None
    assert level_change(declared_heights("m"), egm96, grid=CASPIAN) is None
