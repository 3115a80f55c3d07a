"""Lists, statistics, permits, profiles and boundaries, known by what is in them."""

import json
import re
from pathlib import Path

import ezdxf
import pytest
import shapely

from geo.crs import LONLAT
from inspection.check.checked import Kind
from inspection.check.limits import check_limits
from inspection.language import Language
from inspection.problem import Level
from inspection.profiles.profile import read_profile
from inspection.terminal.checklist import as_answer
from inspection.wording.catalogue import wording
from tests.inspection.check.files import (
    EAST,
    NORTH,
    POINTS,
    ROOT,
    STATISTICS,
    alone,
    asked,
    codes,
    outline,
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, set()),
        ({"components": 3}, {"processing_components"}),
        ({"reconstructed_shots_count": 94}, {"processing_photos_lost"}),
        ({"has_gcp": True}, {"processing_errors_not_accuracy"}),
        ({"components": "many"}, {"processing_unreadable"}),
        ({"initial_shots_count": 0, "reconstructed_shots_count": 0}, {"processing_photos_lost"}),
    ],
)
def test_the_statistics_of_processing_are_weighed(
    tmp_path: Path, changed: dict, expected: set
) -> None:
    path = tmp_path / "stats.json"
    stated = {**STATISTICS["reconstruction_statistics"], **changed}
    path.write_text(json.dumps({**STATISTICS, "reconstruction_statistics": stated}))
    answer = asked(path)
    (one,) = answer.files
    assert (one.kind, codes(one)) == (Kind.PROCESSING, expected)
    # A percentile of residuals is no accuracy of a map: the number is nowhere.
    assert "0.0123456" not in json.dumps(as_answer(answer, wording(Language.ENGLISH)))


XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (POINTS, set()),
        (POINTS.replace("4,check", "4,control"), {"control_points_unchecked"}),
        (POINTS.replace("3,control", "3,check"), {"control_points_too_few"}),
        (POINTS.replace("32750", "32748"), {"control_points_far"}),
        (POINTS.replace("column,row", "column,zeile"), {"control_points_marks_to_supply"}),
        (POINTS.replace("crs,", "").replace("EPSG:32750,", ""), {"control_points_crs_to_supply"}),
        ("name,column,row\na,3,4\n", {"control_points_places_to_supply"}),
        ("EPSG:32750\n1 2 0 3 4 IMG_1.JPG\n", {"control_points_image_to_supply"}),
    ],
)
def test_control_points_are_weighed(tmp_path: Path, permit: Path, text: str, expected: set) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text)
    one = alone(asked(path, boundary=permit), "points.csv")
    assert (one.kind, codes(one)) == (Kind.CONTROL_POINTS, expected)


@pytest.mark.parametrize(
    ("name", "content", "kind", "expected"),
    [
        ("permit.json", '{"id": "A/1"}', Kind.PERMIT, set()),
        ("permit.json", '{"id": 7}', Kind.PERMIT, {"permit_value"}),
        ("log.json", '{"capture": {}}', Kind.FLIGHT_LOG, {"capture_time_unknown"}),
        ("log.json", '{"form": "tinjau.flight-log/2"}', Kind.FLIGHT_LOG, {"flight_log_value"}),
        ("mine.toml", "name = 1", Kind.PROFILE, {"profile_value"}),
        ("b.geojson", "{", Kind.BOUNDARY, {"boundary_unreadable"}),
        ("b.json", '{"type": "Polygon", "coordinates": []}', Kind.BOUNDARY, {"boundary_empty"}),
        ("notes.txt", "hello", Kind.UNKNOWN, {"file_unrecognised"}),
        ("empty", "", Kind.UNKNOWN, {"file_unrecognised"}),
        ("flight.tif", "not a picture", Kind.ORTHOPHOTO, {"image_type_unknown"}),
        ("b.kml", f"{XML}<!-- drawn -->\n<kml/>", Kind.BOUNDARY, {"boundary_empty"}),
        ("b.xml", f"{XML}<x:kml xmlns:x='k'/>", Kind.BOUNDARY, {"boundary_empty"}),
        ("m.xml", f"{XML}<chunk><marker/></chunk>", Kind.CONTROL_POINTS, {"control_points_empty"}),
        ("b.csv", "bujur,lintang\n", Kind.BOUNDARY, {"boundary_empty"}),
        ("x.xml", f"{XML}<svg/>", Kind.UNKNOWN, {"file_unrecognised"}),
        ("report.pdf", "%PDF-1.7", Kind.UNKNOWN, {"file_unrecognised"}),
    ],
)
def test_papers_are_known_by_their_content(
    tmp_path: Path, name: str, content: str, kind: Kind, expected: set
) -> None:
    path = tmp_path / name
    path.write_text(content)
    (one,) = asked(path).files
    assert (one.kind, codes(one)) == (kind, expected)


def test_a_boundary_that_waits_for_a_word_is_no_refusal(tmp_path: Path) -> None:
    corners = [(EAST, NORTH), (EAST + 90, NORTH), (EAST + 90, NORTH + 90), (EAST, NORTH + 90)]
    drawing = ezdxf.new()
    drawing.modelspace().add_lwpolyline(corners, close=True)
    drawing.saveas(tmp_path / "plan.dxf")
    polygons = shapely.MultiPolygon([shapely.box(115, -3, 115.01, -2.99)]), shapely.box(1, 1, 2, 2)
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shapely.geometry.mapping(one)}
        for name, one in zip("AB", polygons, strict=True)
    ]
    both = {"type": "FeatureCollection", "features": features}
    (tmp_path / "both.geojson").write_text(json.dumps(both))
    (several, plan) = sorted(asked(*tmp_path.iterdir()).files, key=lambda one: one.file)
    assert (plan.refusals, codes(plan)) == ((), {"boundary_crs_to_supply"})
    assert (several.refusals, codes(several)) == ((), {"boundary_feature_to_supply"})
    assert several.problems[0].value == 2


def test_the_profile_that_decides_is_checked_too() -> None:
    path = ROOT / "inspection" / "profiles" / "indonesia-province.toml"
    (one,) = asked(path).files
    assert (one.kind, one.problems) == (Kind.PROFILE, ())
    limits = check_limits(read_profile("indonesia-province"))
    assert limits.most_above_ground_m == 120
    assert limits.jurisdiction == (94, -12, 142, 7)


def test_a_boundary_outside_the_jurisdiction_is_told(tmp_path: Path) -> None:
    north = outline(tmp_path / "north.geojson", shapely.box(10, 50, 10.01, 50.01), LONLAT)
    one = alone(asked(north), "north.geojson")
    assert codes(one) == {"place_outside_jurisdiction"}


def test_a_boundary_in_the_wrong_hemisphere_is_offered_the_right_one(
    tmp_path: Path, good: Path, permit: Path
) -> None:
    written = json.loads(permit.read_text())
    written["coordinates"] = [[[x, -y] for x, y in written["coordinates"][0]]]
    north = tmp_path / "north.geojson"
    north.write_text(json.dumps(written))
    answer = asked(good, boundary=north)
    one = alone(answer, "north.geojson")
    away, first, *_ = one.problems
    assert (away.code, first.code) == ("boundary_away", "reading_latitude_sign")
    # Some 3.5 degrees south and as many north: 774 km, of which nothing would be left.
    assert away.value == pytest.approx(774, abs=2)
    assert (first.value, first.facts["before"]) == (0, away.value)
    assert first.facts["system"] == "EPSG:4326"
    refused = next(p for p in alone(answer, "good.tif").problems if p.level is Level.ERROR)
    told = str(refused.facts["boundary_candidates"]).split("; ")[0]
    assert re.fullmatch(r"EPSG:4326( = EPSG:\d+)* latitude_sign \(0 m\)", told)


def test_a_boundary_with_swapped_axes_is_held_against_the_flights(
    tmp_path: Path, good: Path, permit: Path
) -> None:
    written = json.loads(permit.read_text())
    written["coordinates"] = [[[y, x] for x, y in written["coordinates"][0]]]
    swapped = tmp_path / "swapped.geojson"
    swapped.write_text(json.dumps(written))
    (problem,) = alone(asked(swapped, good), "swapped.geojson").problems
    assert problem.code == "boundary_axes_swapped"
    told = str(problem.facts["candidates"]).split("; ")[0]
    assert re.fullmatch(r"EPSG:4326( = EPSG:\d+)* axes_swapped \(0 m\)", told)
