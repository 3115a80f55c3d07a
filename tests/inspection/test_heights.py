"""No volume without a known unit and level of heights; why, and what to do, is told."""

import json

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from pyproj import CRS

from geo.errors import RefusedError
from geo.grid import Grid
from inspection.heights import comparison
from inspection.pictures import heights_of
from tests.inspection.conftest import EAST, NORTH, inspect_site, run

UTM = CRS.from_epsg(32750)
SIDE = 160
US_FOOT = 1200 / 3937
GROUND = Grid(crs=UTM, transform=Affine(1, 0, EAST, 0, -1, NORTH), rows=SIDE, columns=SIDE)
PIT = shapely.box(EAST + 60, NORTH - 100, EAST + 80, NORTH - 80)
DEEP_M = 3.0
DUG_M3 = PIT.area * DEEP_M


def surface(path, *, dug, crs="EPSG:32750", unit=1.0, lift_m=0.0, band_unit=None):
    """Rough ground in a unit of so many metres, with or without the pit."""
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    heights = 60 + 2 * np.sin(columns / 9) + 2 * np.cos(rows / 13) + 0.02 * columns + lift_m
    heights += np.random.default_rng(5 if dug else 4).normal(0, 0.02, heights.shape)
    if dug:
        heights[80:100, 60:80] -= DEEP_M
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=SIDE,
        height=SIDE,
        count=1,
        dtype="float32",
        crs=crs,
        transform=GROUND.transform,
    ) as target:
        target.write((heights / unit).astype("float32"), 1)
        if band_unit:
            target.units = [band_unit]
    return path


def net_m3(folder, before, after, *, options=(None, None)):
    """Volume of the pit as an inspection gets it from two files; None where it gets none."""
    models = [
        heights_of(role, path, option=option, log=None, desk=folder)
        for role, path, option in zip(
            ("baseline_own", "current_own"), (before, after), options, strict=True
        )
    ]
    level = comparison(*models, Affine.identity(), GROUND)
    apart = level and level.apart_from([PIT], UTM)
    return apart and apart.volume(PIT, UTM).net


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"crs": "EPSG:32750+5703"}, {"crs": "EPSG:32750+5703"}),
        ({"crs": "EPSG:32750+5703"}, {"crs": "EPSG:32750+6360", "unit": US_FOOT}),
        ({"crs": "EPSG:32750+5714"}, {"crs": "EPSG:32750+5715", "unit": -1.0}),
        ({"crs": "EPSG:32750+5773"}, {"crs": "EPSG:32750+5773", "lift_m": 3.5}),
    ],
    ids=["metres", "metres and feet", "heights and depths", "an offset"],
)
def test_files_that_state_unit_and_level_give_the_volume(tmp_path, before, after):
    net = net_m3(
        tmp_path,
        surface(tmp_path / "a.tif", dug=False, **before),
        surface(tmp_path / "b.tif", dug=True, **after),
    )
    assert abs(net.m3 + DUG_M3) <= net.uncertainty_m3 < 0.05 * DUG_M3


@pytest.mark.parametrize(
    ("before", "after", "options"),
    [
        ({}, {}, (None, None)),
        ({}, {}, ("m", None)),
        ({"band_unit": "m"}, {"band_unit": "m"}, (None, None)),
        ({"crs": "EPSG:32750+5773"}, {}, (None, "m")),
        ({"crs": "EPSG:32750+5773"}, {"crs": "EPSG:32750+3855"}, (None, None)),
        ({"crs": "EPSG:32750+5773"}, {"crs": "EPSG:32750+5773", "band_unit": "ft"}, (None, None)),
    ],
    ids=[
        "nothing",
        "one date alone",
        "units alone",
        "a level and one unnamed",
        "two geoids",
        "two units of one file",
    ],
)
def test_nothing_is_guessed(tmp_path, before, after, options):
    a = surface(tmp_path / "a.tif", dug=False, **before)
    b = surface(tmp_path / "b.tif", dug=True, **after)
    assert net_m3(tmp_path, a, b, options=options) is None


@pytest.mark.parametrize("options", [("m", "m"), ("ft", "ft"), ("EPSG:5773", "EPSG:5773")])
def test_what_people_state_counts(tmp_path, options):
    """Of the same numbers, feet are 0.3048 of the volume that metres are."""
    a, b = surface(tmp_path / "a.tif", dug=False), surface(tmp_path / "b.tif", dug=True)
    net = net_m3(tmp_path, a, b, options=options)
    metres = 0.3048 if "ft" in options else 1.0
    assert abs(net.m3 + DUG_M3 * metres) <= net.uncertainty_m3


def test_a_statement_against_the_file_is_refused(tmp_path):
    path = surface(tmp_path / "a.tif", dug=False, crs="EPSG:32750+5773")
    for said in ("ft", "EPSG:4979"):
        with pytest.raises(RefusedError) as caught:
            heights_of("current_dsm", path, option=said, log=None, desk=tmp_path)
        assert (caught.value.code, caught.value.file) == ("heights_stated_twice", "a.tif")


def test_the_later_heights_are_told_in_metres_and_not_where_none_are(tmp_path):
    before = surface(tmp_path / "a.tif", dug=False, crs="EPSG:32750+6360", unit=US_FOOT)
    after = surface(tmp_path / "b.tif", dug=True, crs="EPSG:32750+6360", unit=US_FOOT)
    models = [
        heights_of(role, path, option=None, log=None, desk=tmp_path)
        for role, path in (("baseline_own", before), ("current_own", after))
    ]
    level = comparison(*models, Affine.identity(), GROUND)
    with rasterio.open(after) as told:
        meant = told.read(1) * US_FOOT
    assert np.allclose(level.later(GROUND), meant, atol=1e-3)
    beyond = level.later(GROUND.window(row=0, column=SIDE - 5, rows=10, columns=10))
    assert np.isfinite(beyond[:, :5]).all()
    assert np.isnan(beyond[:, 5:]).all()


@pytest.fixture(scope="module")
def surfaces(tmp_path_factory):
    folder = tmp_path_factory.mktemp("surfaces")
    surface(folder / "before.tif", dug=False)
    surface(folder / "after.tif", dug=True)
    return folder


def inspected(site, surfaces, tmp_path, *words):
    done = inspect_site(
        site,
        "--baseline-dsm",
        surfaces / "before.tif",
        "--current-dsm",
        surfaces / "after.tif",
        *words,
        records=tmp_path / "records",
        out=tmp_path / "out",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads((tmp_path / "out" / "inspection.json").read_bytes())


def test_an_inspection_says_that_there_is_no_volume_why_and_what_to_do(site, surfaces, tmp_path):
    summary, document = inspected(site, surfaces, tmp_path)
    assert document["surfaces"] is None
    assert document["earth_moved"] is None
    assert all(one["volume_m3"] is None for one in document["findings"])
    assert all("height_change_m" not in one["evidence"] for one in document["findings"])
    (told,) = [one for one in document["warnings"] if one["code"] == "volume_unit_unknown"]
    assert told["facts"] == {"names": "before.tif, after.tif"}
    assert "state_heights" in [one["code"] for one in document["next_steps"]]
    assert "No volume" in summary
    heights = document["flights"]["current"]["heights"]
    assert (heights["unit_m"], heights["counted_from"], heights["heights_by"]) == (None,) * 3
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("No volume") >= 2, "among the warnings, and beside the findings"
    done = run("report", tmp_path / "out", "--language", "id", "--out", tmp_path / "id")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "id" / "report.html").read_text()
    assert "Tanpa volume" in page
    assert "satuan ketinggian tidak disebutkan" in page


def test_the_option_and_the_flight_log_state_it(site, surfaces, tmp_path):
    log = tmp_path / "log.json"
    log.write_text(json.dumps({"surface": {"heights": "EPSG:5773"}}))
    _, document = inspected(
        site,
        surfaces,
        tmp_path,
        "--baseline-dsm-heights",
        "EPSG:5773",
        "--flight-log",
        log,
    )
    assert document["surfaces"]["detection_limit_m"] < 0.5
    told = [one["evidence"] for one in document["findings"]]
    slopes = [one["slope_inward"] for one in told if "slope_inward" in one]
    assert slopes, "the later surface says how what is new stands over its rim"
    assert max(np.abs(slopes)) < 0.35, "on ground so even"
    codes = {one["code"] for one in document["warnings"]}
    assert not {one for one in codes if one.startswith("volume_")}
    assert "state_heights" not in [one["code"] for one in document["next_steps"]]
    told = [document["flights"][flight]["heights"] for flight in ("baseline", "current")]
    assert [one["heights_by"] for one in told] == ["option", "log"]
    assert {(one["unit_m"], one["counted_from"]) for one in told} == {(1.0, "EGM96 height")}


def test_an_option_without_its_surface_is_no_use(site, tmp_path):
    done = inspect_site(
        site, "--current-dsm-heights", "m", records=tmp_path / "records", out=tmp_path / "out"
    )
    assert done.returncode == 2
    assert json.loads(done.stderr.strip().splitlines()[-1])["code"] == "dsm_heights_for_nothing"


def test_a_check_says_it_before_anybody_inspects(tmp_path):
    surface(tmp_path / "silent.tif", dug=False)
    surface(tmp_path / "unit.tif", dug=False, band_unit="m")
    surface(tmp_path / "whole.tif", dug=False, crs="EPSG:32750+5773")
    done = run("check", *sorted(tmp_path.glob("*.tif")), "--json", "--language", "en")
    assert done.returncode == 0, done.stderr
    told = {
        one["file"]: [p["code"] for p in one["problems"] if p["code"].startswith("heights_")]
        for one in json.loads(done.stdout)["files"]
    }
    assert told == {
        "silent.tif": ["heights_unit_unknown"],
        "unit.tif": ["heights_datum_unknown"],
        "whole.tif": [],
    }
