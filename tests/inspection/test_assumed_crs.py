"""A system assumed for a picture: applied, recorded with who answers for it, refused if wrong."""

import json

import pytest
import rasterio
from pyproj.database import query_crs_info

from geo.boundary import declared_system
from geo.crs import LONLAT
from geo.datum import passage
from geo.errors import RefusedError
from geo.fault import Faulty
from geo.frame import frame
from geo.intake.position import declared_crs, earthly_or_none
from geo.points.system import system_stated
from geo.vector.system import system_of_text
from inspection.language import Language
from inspection.place import DeclaredPlace
from inspection.wording.catalogue import wording
from tests.inspection.conftest import run

EVERY = 40
"""One in so many of the register's systems; the series of all takes minutes."""

BY = "A. Petugas"


@pytest.fixture(scope="module")
def unplaced(site, tmp_path_factory):
    """The flight without the name of its system, and with a wrong one."""
    folder = tmp_path_factory.mktemp("unplaced")
    with rasterio.open(site.file("current.tif")) as picture:
        profile, pixels = picture.profile, picture.read()
    for name, crs in (("bare", None), ("wrong", "EPSG:32648")):
        with rasterio.open(folder / f"{name}.tif", "w", **{**profile, "crs": crs}) as copy:
            copy.write(pixels)
    return folder


def inspect(site, picture, out, *words):
    return run(
        "inspect",
        "--boundary",
        site.file("boundary.geojson"),
        "--current",
        picture,
        "--records",
        out.parent / "records",
        "--out",
        out,
        *words,
    )


def told(done):
    return json.loads(done.stderr.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def assumed(site, unplaced, tmp_path_factory):
    out = tmp_path_factory.mktemp("assumed") / "result"
    words = ("--assume-crs", "EPSG:32750", "--assumed-by", BY, "--language", "en")
    done = inspect(site, unplaced / "wrong.tif", out, *words)
    assert done.returncode == 0, done.stderr
    return out


def test_it_is_applied_and_the_document_says_who_answers_for_it(assumed):
    document = json.loads((assumed / "inspection.json").read_text())
    assert document["position"]["system"]["crs"] == "EPSG:32750"
    (warned,) = [one for one in document["warnings"] if one["code"] == "crs_assumed"]
    assert warned["facts"] == {
        "name": "wrong.tif",
        "crs": "EPSG:32750",
        "stated": "EPSG:32648",
        "by": BY,
    }
    assert document["flights"]["current"]["crs_assumed"] == {
        "crs": "EPSG:32750",
        "stated": "EPSG:32648",
        "by": BY,
    }


@pytest.mark.parametrize(("language", "word"), [("en", "This was assumed"), ("id", "pengandaian")])
def test_the_report_says_it_in_both_languages(assumed, tmp_path, language, word):
    page = (assumed / "report.html").read_text()
    if language == "id":
        done = run("report", assumed, "--language", "id", "--out", tmp_path / "id")
        assert done.returncode == 0, done.stderr
        page = (tmp_path / "id" / "report.html").read_text()
    page = " ".join(page.split())
    assert word in page
    assert BY in page
    assert "EPSG:32648" in page


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("bare", (), "image_without_crs"),
        ("wrong", (), "boundary_outside_image"),
        ("bare", ("--assume-crs", "EPSG:32650"), "boundary_outside_image"),
        ("bare", ("--assume-crs", "EPSG:4326"), "image_position_impossible"),
    ],
)
def test_without_it_or_with_a_wrong_one_the_right_one_is_offered(
    site, unplaced, tmp_path, name, words, code
):
    done = inspect(site, unplaced / f"{name}.tif", tmp_path / "out", *words, "--language", "id")
    assert (done.returncode, told(done)["code"]) == (3, code)
    assert "EPSG:32750 (WGS 84 / UTM zone 50S) = EPSG:9490" in told(done)["hint"]
    assert not (tmp_path / "out").exists()


def test_a_name_that_answers_for_nothing_is_a_wrong_call(site, tmp_path):
    done = inspect(site, site.file("current.tif"), tmp_path / "out", "--assumed-by", BY)
    assert (done.returncode, told(done)["code"]) == (2, "assumed_by_for_nothing")


@pytest.mark.parametrize("option", ["crs", "assumed_crs"])
@pytest.mark.parametrize("code", ["EPSG:4978", "EPSG:5773", "EPSG:5800", "IAU:1", "ESRI:104903"])
def test_a_system_that_is_none_of_a_map_is_refused_by_its_code(option, code):
    with pytest.raises(RefusedError) as caught:
        DeclaredPlace(**{option: code}).read()
    assert caught.value.code in ("declared_crs_unfit", "declared_crs_unknown")
    assert caught.value.facts["crs"] == code


def test_a_code_cannot_be_declared_and_assumed_at_once():
    with pytest.raises(RefusedError, match="image_crs_both_ways"):
        DeclaredPlace(crs="EPSG:32750", assumed_crs="EPSG:32750").read()


def test_every_system_of_the_register_is_usable_or_refused_with_a_code():
    used, refused, told_as = 0, 0, []
    for one in query_crs_info(auth_name="EPSG", allow_deprecated=True)[::EVERY]:
        code = f"EPSG:{one.code}"
        doors = []
        for door in (declared_crs, declared_system, system_stated):
            try:
                doors.append(door(code))
            except RefusedError as error:
                told_as.append((error.code, error.facts))
        for crs in doors[:1]:
            area = one.area_of_use
            place = area.west, (area.south + area.north) / 2
            try:
                passage(LONLAT, crs, near=place)
                frame(crs)
                system_of_text(crs.to_wkt())
            except (RefusedError, Faulty):
                refused += 1
            else:
                used += 1
                assert earthly_or_none(crs.to_wkt()) is not None
    words = wording(Language.ENGLISH)
    assert all(words.say(f"errors.{code}.message", **facts) for code, facts in told_as)
    assert min(used, len(told_as)) > 10
    assert used > 3 * refused
