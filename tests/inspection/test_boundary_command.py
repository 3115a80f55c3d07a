"""`tinjau boundary` as a person starts it: what is offered, what is refused, what is left."""

import json
import os

import pytest
import shapely

from geo.errors import GeoError, RefusedError
from inspection.__main__ import app
from inspection.errors import UsageError
from tests.inspection.conftest import run

PERMIT = shapely.box(115.49, -3.51, 115.50, -3.50)


@pytest.fixture
def permit(tmp_path):
    return written(tmp_path / "permit.geojson", PERMIT)


def written(path, shape):
    path.write_text(shapely.to_geojson(shape))
    return path


def said(capsys, *words):
    assert app(["boundary", *map(str, words), "--json"], standalone_mode=False) == 0
    return json.loads(capsys.readouterr().out)


def test_a_lost_hemisphere_is_offered_with_both_distances_and_never_applied(tmp_path, capsys):
    north = written(tmp_path / "n.geojson", shapely.affinity.scale(PERMIT, 1, -1, origin=(0, 0)))
    for language, word in (("en", "north and south"), ("id", "utara dan selatan")):
        answer = said(capsys, north, "--near", "115.495,-3.505", "--language", language)
        away, first, *_ = answer["problems"]
        assert (away["code"], first["code"]) == ("boundary_away", "reading_latitude_sign")
        assert (away["value"], first["value"]) == (pytest.approx(774.6, abs=1), 0)
        assert word in first["message"]
        assert answer["vertices"][0][0][0][1] > 0


def test_outside_the_region_of_the_profile_is_a_warning_with_its_readings(tmp_path, capsys):
    # Axes swapped, of numbers that may be degrees either way.
    swapped = written(tmp_path / "s.geojson", shapely.box(-3.2, 88, -3.1, 89))
    answer = said(capsys, swapped, "--profile", "india-ibm-34a", "--language", "en")
    assert "place_outside_jurisdiction" in {one["code"] for one in answer["problems"]}
    north = written(tmp_path / "n.geojson", shapely.box(15, 77, 15.01, 77.01))
    answer = said(capsys, north, "--profile", "india-ibm-34a", "--language", "en")
    found = {one["code"]: one for one in answer["problems"]}
    assert (
        "EPSG:4326 (WGS 84), with longitude and latitude exchanged"
        in found["place_outside_jurisdiction"]["hint"]
    )
    assert found["reading_axes_swapped"]["value"] == 0


WRONG = {
    "no place": (["--near", "115.5;-3.5"], UsageError, "near_impossible"),
    "a place beyond the Earth": (["--near", "200,0"], UsageError, "near_impossible"),
    "less than nothing": (["--declared", "-5"], UsageError, "declared_impossible"),
    "no number": (["--declared", "nan"], UsageError, "declared_impossible"),
    "a code of nothing": (["--crs", "nonsense"], RefusedError, "boundary_code_unknown"),
    "a system of heights": (["--crs", "EPSG:5773"], RefusedError, "boundary_code_unknown"),
    "no feature": (["--feature", "0"], RefusedError, "boundary_feature_absent"),
    "no such form": (["--out", "{}/x.docx"], UsageError, "out_form_unknown"),
    "a folder that is not there": (["--out", "{}/no/x.csv"], UsageError, "out_impossible"),
    "nor for a database": (["--out", "{}/no/x.gpkg"], UsageError, "out_impossible"),
    "a name too long": (["--out", "{}/" + "x" * 300 + ".kml"], UsageError, "out_impossible"),
}


@pytest.mark.parametrize(("words", "kind", "code"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_told_by_its_code(tmp_path, permit, words, kind, code):
    with pytest.raises(GeoError, match=code) as error:
        app(["boundary", str(permit), *(one.format(tmp_path) for one in words)],
            standalone_mode=False)  # fmt: skip
    assert type(error.value) is kind
    assert [one.name for one in tmp_path.iterdir()] == ["permit.geojson"]


@pytest.mark.parametrize("name", ["pipe", "folder", "loop", "nowhere", "x" * 300])
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / "pipe.geojson")
    (tmp_path / "folder.geojson").mkdir()
    (tmp_path / "loop.geojson").symlink_to("loop.geojson")
    with pytest.raises(RefusedError, match=r"^input_(missing|unreadable)"):
        app(["boundary", str(tmp_path / f"{name}.geojson")], standalone_mode=False)


def test_a_workbook_that_cannot_be_written_leaves_one_line(tmp_path, permit):
    """The library complained of the workbook that it had begun, behind our last line."""
    done = run("boundary", permit, "--out", tmp_path / "no" / "x.xlsx")
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert json.loads(line)["code"] == "out_impossible"
