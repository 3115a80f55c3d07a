"""Each problem has a file that provokes it and a file that does not; no file stops another."""

import errno
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import ezdxf
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from pyproj import CRS
from rasterio.control import GroundControlPoint

from geo.area import area_m2
from geo.crs import LONLAT, moved_shape
from geo.crs_readings import Change
from inspection.check import examination
from inspection.check.checked import Answer, Checked, Kind, Question
from inspection.check.examination import check
from inspection.check.limits import CheckLimits, check_limits
from inspection.check.processing import examine_processing
from inspection.language import Language
from inspection.problem import Level
from inspection.profiles.profile import read_profile
from inspection.profiles.requirements import DatumFamily, DatumRules
from inspection.terminal.checklist import as_answer
from inspection.wording.catalogue import wording
from tests.geo.intake.jpegs import exif, photo
from tests.geo.intake.tiffs import picture, written

ROOT = Path(__file__).parent.parent.parent.parent
NOW = datetime(2026, 10, 10, tzinfo=UTC)
UTM = CRS.from_epsg(32750)
EAST, NORTH, SIDE = 333_000.0, 9_613_000.0, 200
PLACED = Affine(1, 0, EAST, 0, -1, NORTH)
TAKEN = "2026:10:03 13:40:00"

LIMITS = CheckLimits(
    ring_m=50.0,
    least_observed_share=0.95,
    gsd_min_m=0.5,
    gsd_max_m=2.0,
    most_above_ground_m=120.0,
    jurisdiction=(94.0, -12.0, 142.0, 7.0),
    datum=DatumRules(unstated_m=5.0),
)


def asked(*paths: Path, boundary: Path | None = None, thorough: bool = False) -> Answer:
    """Check files, and require that every problem is worded in both languages."""
    answer = check(list(paths), boundary=boundary, limits=LIMITS, now=NOW, thorough=thorough)
    for language in Language:
        told = as_answer(answer, wording(language))
        json.dumps(told, allow_nan=False)
    return answer


def codes(one: Checked | Answer) -> set[str]:
    return {problem.code for problem in one.problems}


def alone(answer: Answer, name: str) -> Checked:
    (one,) = (one for one in answer.files if one.file == name)
    return one


def image(path: Path, *, side: int = SIDE, pixels: np.ndarray | None = None, **profile) -> Path:
    when = profile.pop("when", TAKEN)
    values = picture(side, side) if pixels is None else pixels
    settings = {"crs": "EPSG:32750", "transform": PLACED, "compress": "DEFLATE"}
    written(path, values, **(settings | profile))
    if when:
        with rasterio.open(path, "r+") as file:
            file.update_tags(TIFFTAG_DATETIME=when)
    return path


def outline(path: Path, shape: shapely.Geometry, crs: CRS = UTM) -> Path:
    degrees = moved_shape(shape, source=crs, target=LONLAT)
    path.write_text(json.dumps(shapely.geometry.mapping(degrees)))
    return path


def square(x0: float, y0: float, x1: float, y1: float) -> shapely.Geometry:
    """Metres from the upper left corner of the image, y to the south."""
    return shapely.box(EAST + x0, NORTH - y1, EAST + x1, NORTH - y0)


@pytest.fixture
def permit(tmp_path: Path) -> Path:
    return outline(tmp_path / "permit.geojson", square(50, 50, 150, 150))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return image(tmp_path / "good.tif")


def test_a_flight_in_order_has_no_problem(good: Path, permit: Path) -> None:
    one = alone(asked(good, boundary=permit), "good.tif")
    assert one.problems == ()
    assert one.kind is Kind.ORTHOPHOTO
    assert one.facts["rows"] == SIDE
    assert one.facts["gsd_m"] == pytest.approx(1.0, abs=0.001)
    assert one.facts["captured_at"] == "2026-10-03T13:40:00"
    assert one.coverage is not None
    assert (one.coverage.share, one.coverage.gap_ha, one.coverage.basis) == (1, 0, "sample")
    assert one.place is not None
    assert one.place.distance_km == 0
    assert one.place.centre == pytest.approx((115.4979, -3.5009), abs=0.003)


SPOILT = {
    "image_gsd_coarse": {"transform": Affine(3, 0, EAST, 0, -3, NORTH)},
    "image_gsd_fine": {"transform": Affine(0.25, 0, EAST + 40, 0, -0.25, NORTH - 40)},
    "image_pixels_oblong": {"transform": Affine(0.6, 0, EAST + 20, 0, -1.9, NORTH)},
    "image_outside_area_of_use": {"transform": Affine(1, 0, 1_200_000, 0, -1, NORTH)},
    "capture_time_unknown": {"when": None},
    "flight_time_future": {"when": "2027:01:01 00:00:00"},
    "flight_time_old": {"when": "2026:08:01 00:00:00"},
    "place_outside_jurisdiction": {"crs": "EPSG:32730"},
}


@pytest.mark.parametrize("code", SPOILT)
def test_each_doubt_of_an_image_has_its_cause(tmp_path: Path, code: str) -> None:
    path = image(tmp_path / "spoilt.tif", **SPOILT[code])
    (one,) = asked(path).files
    assert codes(one) == {code}
    assert {problem.level for problem in one.problems} == {Level.WARNING}


def test_an_image_far_larger_than_its_permit_is_told(tmp_path: Path, good: Path) -> None:
    small = outline(tmp_path / "small.geojson", square(100, 100, 101, 101))
    assert codes(alone(asked(good, boundary=small), "good.tif")) == {"image_extent_unlike_permit"}


def test_an_image_without_ground_is_told(tmp_path: Path) -> None:
    pixels = picture(SIDE, SIDE)
    pixels[:, :, 10:] = 0
    (one,) = asked(image(tmp_path / "empty.tif", pixels=pixels, nodata=0)).files
    assert codes(one) == {"image_mostly_empty"}


def test_an_image_elsewhere_is_refused_with_its_distance(tmp_path: Path, permit: Path) -> None:
    far = image(tmp_path / "far.tif", transform=Affine(1, 0, EAST + 3150, 0, -1, NORTH))
    one = alone(asked(far, boundary=permit), "far.tif")
    (refusal,) = one.refusals
    assert refusal.code == "boundary_outside_image"
    assert refusal.facts["distance_km"] == pytest.approx(3.0)
    assert one.place is not None
    assert one.place.distance_km == pytest.approx(3.0)
    assert one.coverage is None


@pytest.mark.parametrize("form", ["outline", "sample", "pixels"])
def test_the_gap_is_the_ground_that_is_not_shown(tmp_path: Path, form: str) -> None:
    permit = outline(tmp_path / "permit.geojson", square(100, 50, 250, 150))
    pixels = picture(SIDE, SIDE)
    if form != "outline":
        pixels[:, :, 150:] = 0
    path = image(tmp_path / "half.tif", pixels=pixels, nodata=0)
    one = alone(asked(path, boundary=permit, thorough=form == "pixels"), "half.tif")
    shown = 100 if form == "outline" else 50
    assert one.coverage is not None
    assert one.coverage.basis == ("pixels" if form == "pixels" else "sample")
    assert one.coverage.share == pytest.approx(shown / 150, abs=0.001)
    missing = moved_shape(square(100 + shown, 50, 250, 150), source=UTM, target=LONLAT)
    off = shapely.symmetric_difference(one.coverage.gap, missing)
    assert area_m2(off, LONLAT) < 2
    assert one.coverage.gap_ha == pytest.approx(area_m2(missing, LONLAT) / 1e4, abs=1e-3)
    assert codes(one) == {"permit_not_covered"}


def test_a_small_gap_is_for_information(tmp_path: Path, good: Path) -> None:
    permit = outline(tmp_path / "permit.geojson", square(100, 50, 202, 150))
    one = alone(asked(good, boundary=permit), "good.tif")
    assert [(p.code, p.level) for p in one.problems] == [("permit_nearly_covered", Level.INFO)]


def test_a_turned_image_shows_what_it_shows(tmp_path: Path) -> None:
    turned = image(tmp_path / "turned.tif", transform=PLACED @ Affine.rotation(45))
    permit = outline(tmp_path / "permit.geojson", square(-20, 100, 20, 140))
    one = alone(asked(turned, boundary=permit), "turned.tif")
    assert one.coverage is not None
    assert one.coverage.share == pytest.approx(1, abs=1e-6)


def test_damage_that_only_decoding_shows_is_found_by_thorough(tmp_path: Path) -> None:
    path = image(tmp_path / "damaged.tif", side=1400, tiled=True, blockxsize=256, blockysize=256)
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2])
    with rasterio.open(path) as file:
        offset = int(file.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1))
    with path.open("r+b") as raw:
        raw.seek(offset)
        raw.write(bytes(2000))
    assert not alone(asked(path), "damaged.tif").refusals
    assert codes(alone(asked(path, thorough=True), "damaged.tif")) == {"image_corrupt"}


def test_a_surface_model_is_no_picture(tmp_path: Path, permit: Path) -> None:
    heights = image(tmp_path / "dsm.tif", pixels=np.ones((1, 40, 40), np.float32),
                    transform=Affine(5, 0, EAST, 0, -5, NORTH))  # fmt: skip
    one = alone(asked(heights, boundary=permit), "dsm.tif")
    assert (one.kind, one.problems, one.coverage) == (Kind.HEIGHTS, (), None)


def photos_of(folder: Path, *changes: dict) -> Path:
    folder.mkdir()
    for number, change in enumerate(changes):
        settings = {"longitude": 115.5 + number * 1e-4, "latitude": -3.5, "taken": TAKEN}
        packet = change.pop("packet", "")
        photo(folder / f"DJI_{number:04}.JPG", notes=exif(**(settings | change)), packet=packet)
    return folder


NEAR: list[dict] = [{}, {}, {}]
PHOTO_FAULTS = {
    "photos_cameras_differ": {"model": "FC9999"},
    "photos_undated": {"taken": None},
    "photos_future": {"taken": "2027:01:01 10:00:00"},
    "photos_repeated": {"longitude": 115.5},
    "photos_hemisphere": {"latitude": 3.5},
    "photos_far": {"latitude": 48.85, "longitude": 2.35},
    "photos_position_impossible": {"latitude": 250.0},
    "photos_without_position": {"latitude": None},
    "photos_not_downwards": {"packet": 'drone-dji:GimbalPitchDegree="+30.00"'},
    "photos_high": {"packet": 'drone-dji:RelativeAltitude="+140.00"'},
}


@pytest.mark.parametrize("code", PHOTO_FAULTS)
def test_each_fault_among_photos_is_counted(tmp_path: Path, code: str) -> None:
    folder = photos_of(tmp_path / "photos", *NEAR, dict(PHOTO_FAULTS[code]))
    (one,) = asked(folder).files
    found = codes(one) - {"photos_not_processed", "photos_of_days"}
    assert found == {code}
    fault = next(problem for problem in one.problems if problem.code == code)
    counts = {"photos_cameras_differ": 2, "photos_high": 140.0}
    assert fault.value == counts.get(code, 1)


def test_photos_alone_are_refused_and_beside_an_orthophoto_are_not(
    tmp_path: Path, good: Path
) -> None:
    folder = photos_of(tmp_path / "photos", *NEAR)
    (one,) = asked(folder).files
    assert [p.code for p in one.refusals] == ["photos_not_processed"]
    assert (one.facts["photos"], one.facts["placed"]) == (3, 3)
    beside = [one for one in asked(folder, good).files if one.kind is Kind.PHOTOS]
    assert [codes(one) for one in beside] == [{"photos_beside_orthophoto"}]


def test_a_made_jpeg_is_a_picture_without_a_place(tmp_path: Path) -> None:
    (one,) = asked(photo(tmp_path / "map.jpg")).files
    assert (one.kind, one.refusals) == (Kind.PICTURE, ())
    assert codes(one) == {"image_place_to_supply", "capture_time_unknown"}


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_picture_beside_a_world_file_is_answered_for(tmp_path: Path, suffix: str) -> None:
    home = tmp_path / "case"
    home.mkdir()
    for name in ("map", "logo"):
        cv2.imwrite(str(home / f"{name}.{suffix}"), picture(40, 40).transpose(1, 2, 0))
    (home / f"map.{suffix[0]}gw").write_text("1\n0\n0\n-1\n0\n0\n")
    answer = asked(home)
    (one,) = answer.files
    assert one.file == f"case/map.{suffix}"
    assert "image_place_to_supply" in codes(one)
    assert codes(answer) == {"sidecars_ignored", "files_passed_over"}


def by_points(path: Path, *places: tuple[float, float], crs: CRS | str = UTM) -> Path:
    """A TIFF that says where it lies by control points alone, at (column, row) on PLACED."""
    points = [GroundControlPoint(row, column, *(PLACED @ (column, row))) for column, row in places]
    return written(path, picture(SIDE, SIDE), gcps=points, crs=crs, transform=None)


LOCAL = 'LOCAL_CS["site grid",UNIT["metre",1]]'
CORNERS = [(0, 0), (200, 0), (0, 200), (200, 200), (90, 110)]


def test_an_image_lies_where_its_own_points_put_it(tmp_path: Path, permit: Path) -> None:
    path = by_points(tmp_path / "points.tif", *CORNERS)
    one = alone(asked(path, boundary=permit), "points.tif")
    assert codes(one) == {"image_placed_by_own_points", "capture_time_unknown"}
    assert one.problems[0].value == 5
    assert one.facts["gsd_m"] == pytest.approx(1.0, abs=0.001)
    assert one.coverage is not None
    assert one.coverage.share == 1


@pytest.mark.parametrize(
    ("places", "crs"), [(CORNERS, LOCAL), (CORNERS[:2], UTM), ([(0, 0), (50, 50), (99, 99)], UTM)]
)
def test_own_points_that_will_not_do_must_be_supplied(tmp_path: Path, places, crs) -> None:
    (one,) = asked(by_points(tmp_path / "points.tif", *places, crs=crs)).files
    assert codes(one) == {"image_place_to_supply", "capture_time_unknown"}
    assert (one.refusals, one.place) == ((), None)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ({"crs": None}, "image_system_to_supply"),
        ({"crs": LOCAL}, "image_system_to_supply"),
        ({"crs": None, "transform": None}, "image_place_to_supply"),
        ({"transform": None}, "image_place_to_supply"),
    ],
)
def test_what_inspect_can_be_told_is_no_refusal(
    tmp_path: Path, permit: Path, profile: dict, code: str
) -> None:
    path = image(tmp_path / "bare.tif", **profile)
    one = alone(asked(path, boundary=permit), "bare.tif")
    assert (one.refusals, codes(one) - {"capture_time_unknown"}) == ((), {code})
    if code == "image_system_to_supply":
        assert "EPSG:32750" in str(one.problems[0].facts["candidates"])


def test_an_unplaced_image_is_looked_at_all_the_same(tmp_path: Path) -> None:
    pixels = picture(SIDE, SIDE)
    pixels[:, :, 10:] = 0
    path = image(tmp_path / "bare.tif", pixels=pixels, nodata=0, crs=None, when=None)
    (one,) = asked(path).files
    assert codes(one) == {"image_system_to_supply", "image_mostly_empty", "capture_time_unknown"}
    assert one.facts["seen_share"] == pytest.approx(0.05, abs=0.001)


def test_a_surface_without_a_place_is_refused(tmp_path: Path) -> None:
    heights = np.ones((1, 40, 40), np.float32)
    (one,) = asked(image(tmp_path / "dsm.tif", pixels=heights, crs=None)).files
    assert [problem.code for problem in one.refusals] == ["image_without_crs"]


FAMILY = DatumFamily(members=("EPSG:4326", "EPSG:9470"), nominal_m=0.3)


@pytest.mark.parametrize(
    ("crs", "rules", "level", "apart_m"),
    [
        ("EPSG:32750", DatumRules(unstated_m=5.0), None, None),
        ("EPSG:9487", DatumRules(unstated_m=5.0, family=FAMILY), Level.INFO, 0.3),
        ("EPSG:23890", DatumRules(unstated_m=5.0), Level.INFO, 3.0),
    ],
)
def test_a_doubt_of_datum_is_told_with_its_size(
    tmp_path: Path, permit: Path, crs: str, rules: DatumRules, level, apart_m
) -> None:
    # The same pixels; a few hundred metres between datums leave the permit within the image.
    path = image(tmp_path / "other.tif", crs=crs)
    limits = replace(LIMITS, datum=rules)
    answer = check([path], boundary=permit, limits=limits, now=NOW)
    one = alone(answer, "other.tif")
    told = [problem for problem in one.problems if problem.code == "datums_differ"]
    assert [problem.level for problem in told] == ([level] if level else [])
    for problem in told:
        assert problem.value == pytest.approx(apart_m, abs=2.5)


STATISTICS = {
    "processing_statistics": {},
    "reconstruction_statistics": {
        "components": 1,
        "has_gps": True,
        "has_gcp": False,
        "initial_shots_count": 100,
        "reconstructed_shots_count": 99,
        "reprojection_error_pixels": 0.8,
    },
    "gcp_errors": {"ce90": 0.0123456, "le90": 0.02},
    "odm_processing_statistics": {"average_gsd": 2.9},
}


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
POINTS = "name,role,crs,x,y,column,row\n" + "".join(
    f"{n},{role},EPSG:32750,{EAST + x},{NORTH - y},{x},{y}\n"
    for n, role, x, y in [
        (1, "control", 10, 10), (2, "control", 190, 20), (3, "control", 100, 180),
        (4, "check", 50, 60),
    ]
)  # fmt: skip


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


def test_a_folder_is_looked_through_and_nothing_in_it_stops_the_rest(tmp_path: Path) -> None:
    home = tmp_path / "case"
    home.mkdir()
    image(home / "b.tif")
    (home / "a.tif").write_bytes(b"II*\0broken")
    (home / "b.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
    (home / ".hidden.tif").write_bytes(b"x")
    (home / "README.md").write_text("notes")
    (home / "link.tif").symlink_to(home / "b.tif")
    (home / "deep").mkdir()
    outline(home / "deep" / "permit.geojson", square(50, 50, 150, 150))
    answer = asked(home)
    assert [one.file for one in answer.files] == [
        "case/a.tif",
        "case/b.tif",
        "case/deep/permit.geojson",
    ]
    assert [bool(one.refusals) for one in answer.files] == [True, False, False]
    assert codes(answer) == {
        "boundary_from_files", "sidecars_ignored", "files_passed_over", "links_passed_over",
    }  # fmt: skip
    assert answer.boundary == "case/deep/permit.geojson"
    assert answer.files[1].coverage is not None


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder with parts that do not open, seen by a user for whom closed is closed."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "case"
        for part in ("locked", "listed"):
            (home / part).mkdir(parents=True)
            (home / part / "stats.json").write_text(json.dumps(STATISTICS))
        (home / "stats.json").write_text(json.dumps(STATISTICS))
        (home / "open").mkdir()
        (home / "open" / "stats.json").write_text(json.dumps(STATISTICS))
        for folder, mode in ((name, 0o755), (home / "locked", 0), (home / "listed", 0o744)):
            Path(folder).chmod(mode)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        else:
            (home / "listed").chmod(0o400)
        try:
            yield home
        finally:
            if is_root:
                os.seteuid(0)
            for part in ("locked", "listed"):
                (home / part).chmod(0o700)


def test_a_folder_that_does_not_open_is_said(closed: Path) -> None:
    told = {one.file: codes(one) for one in asked(closed).files}
    assert told == {
        "case/listed/stats.json": {"input_unreadable"},
        "case/locked": {"input_unreadable"},
        "case/open/stats.json": set(),
        "case/stats.json": set(),
    }
    (alone_asked,) = asked(closed / "locked").files
    assert (alone_asked.file, codes(alone_asked)) == ("locked", {"input_unreadable"})
    (within,) = asked(closed / "locked" / "stats.json").files
    assert codes(within) == {"input_unreadable"}


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (MemoryError(), "out_of_memory"),
        (OSError(errno.ENOSPC, "full"), "disk_full"),
        (OSError(errno.EIO, "torn"), "input_unreadable"),
    ],
)
def test_what_the_machine_lacks_stops_one_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: str
) -> None:
    for name in ("bad.json", "good.json"):
        (tmp_path / name).write_text(json.dumps(STATISTICS))

    def examine(path: Path, name: str, question: Question) -> Checked:
        if name == "bad.json":
            raise failure
        return examine_processing(path, name, question)

    monkeypatch.setattr(
        examination, "EXAMINATIONS", {**examination.EXAMINATIONS, Kind.PROCESSING: examine}
    )
    bad, good = asked(tmp_path / "bad.json", tmp_path / "good.json").files
    assert (codes(bad), codes(good)) == ({code}, set())
    assert bad.problems[0].retry is (code != "input_unreadable")


def test_points_side_by_side_have_no_box_and_are_answered(tmp_path: Path) -> None:
    rows = [f"{332900 + n} 9642000 0 {n} 5 gcp_list.tif\n" for n in (0, 10)]
    (tmp_path / "gcp_list.txt").write_text("EPSG:32750\n" + "".join(rows))
    (one,) = asked(tmp_path / "gcp_list.txt").files
    assert "control_points_too_few" in codes(one)


def test_a_path_too_long_to_be_walked_is_said(tmp_path: Path) -> None:
    # Made step by step from within, as no path may name it whole.
    home, begun = tmp_path / "case", Path.cwd()
    home.mkdir()
    try:
        os.chdir(home)
        for _ in range(20):
            os.mkdir("x" * 250)  # noqa: PTH102 - one step, not a path
            os.chdir("x" * 250)
    finally:
        os.chdir(begun)
    (one,) = asked(home).files
    assert one.file.startswith("case/xxx")
    assert codes(one) <= {"input_unreadable", "input_missing"}
    assert one.refusals


def test_links_pipes_and_devices_in_a_folder_are_told_not_followed(
    tmp_path: Path, good: Path
) -> None:
    home = tmp_path / "case"
    (home / "deep").mkdir(parents=True)
    (home / "a.tif").symlink_to(good)
    (home / "deep" / "around").symlink_to(home)
    os.mkfifo(home / "pipe")
    answer = asked(home)
    assert answer.files == ()
    (told,) = (problem for problem in answer.problems if problem.code != "nothing_to_check")
    assert (told.code, told.value, told.facts["first"]) == (
        "links_passed_over", 3, "case/a.tif",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code"), [("a.tif", "input_unreadable"), ("loop/a.tif", "input_missing")]
)
def test_a_link_that_leads_round_is_said(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "a.tif").symlink_to(tmp_path / "a.tif")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (one,) = asked(tmp_path / name).files
    assert codes(one) == {code}


def test_two_boundaries_are_not_chosen_between(tmp_path: Path, good: Path, permit: Path) -> None:
    other = outline(tmp_path / "other.geojson", square(0, 0, 50, 50))
    answer = asked(good, permit, other)
    assert answer.boundary is None
    assert codes(answer) == {"coverage_not_measured"}
    assert alone(answer, "good.tif").coverage is None
    assert asked(good, permit, other, boundary=other).boundary == "other.geojson"


def test_a_bad_boundary_does_not_stop_the_image(tmp_path: Path, good: Path) -> None:
    bad = tmp_path / "bad.geojson"
    bad.write_text("{")
    answer = asked(good, boundary=bad)
    assert [bool(one.refusals) for one in answer.files] == [True, False]


@pytest.mark.parametrize("name", ["good.tif", "folder", "nowhere.kml"])
def test_a_boundary_that_is_none_is_said(tmp_path: Path, good: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    outline(tmp_path / "folder" / "permit.geojson", square(50, 50, 150, 150))
    answer = asked(good, boundary=tmp_path / name)
    assert (answer.boundary, codes(answer)) == (None, {"boundary_of_no_use"})
    assert {one.file for one in answer.files} == {name, "good.tif"}


def test_a_folder_without_anything_is_no_success(tmp_path: Path) -> None:
    answer = asked(tmp_path)
    assert (answer.files, codes(answer)) == ((), {"nothing_to_check"})


@pytest.mark.parametrize("name", ["nowhere.tif", "x" * 300])
def test_a_file_that_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    (one,) = asked(tmp_path / name).files
    assert codes(one) == {"input_missing"}


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tif")
    (one,) = asked(tmp_path / "pipe.tif").files
    assert codes(one) == {"input_unreadable"}


def test_the_planted_faults_of_a_real_flight_are_found(test_data: Path) -> None:
    folder = test_data / "drone_meta_agung1"
    answer = asked(folder / "image_metadata.csv", boundary=folder / "aoi.geojson")
    one = alone(answer, "image_metadata.csv")
    found = {problem.code: problem.value for problem in one.problems}
    assert one.kind is Kind.PHOTO_TABLE
    assert found == {
        "photos_unreadable": 1,  # the row of the table itself
        "photos_repeated": 5,  # three duplicates, two renamed copies
        "photos_hemisphere": 1,
        "photos_far_from_permit": 1,
        "photos_position_impossible": 1,
        "photos_not_downwards": 2,  # the horizon, and up
        "photos_of_days": 3,
        "photos_old": found["photos_old"],
    }


def test_real_photos_are_told_from_orthophotos(test_data: Path) -> None:
    answer = asked(test_data / "drone_raw_brighton", test_data / "drone_orthos")
    (photos,) = (one for one in answer.files if one.kind is Kind.PHOTOS)
    assert photos.facts["cameras"] == ["DJI FC300S"]
    assert photos.facts["above_take_off_m"] == [39.9, 40.1]
    images = [one for one in answer.files if one.kind is Kind.ORTHOPHOTO]
    assert len(images) == 7
    assert not any(one.refusals for one in images)


def test_real_photos_in_tiff_are_photos(test_data: Path) -> None:
    answer = asked(test_data / "ortho_from_raw_taiwan")
    kinds = [one.kind for one in answer.files]
    assert (kinds.count(Kind.PHOTOS), kinds.count(Kind.HEIGHTS)) == (4, 1)


def test_every_problem_in_the_code_is_worded_and_no_words_are_left_over() -> None:
    sources = [*(ROOT / "inspection" / "check").glob("*.py")]
    sources += [*(ROOT / "inspection" / "flight_log").glob("*.py")]
    sources += [*(ROOT / "inspection").glob("boundary_*.py")]
    sources += [ROOT / "inspection/exchange/outline.py"]
    sources += [*(ROOT / "inspection/exchange/permits").glob("*.py"), ROOT / "geo/sanity.py"]
    called = re.compile(
        r"\b(?:warning|note|_told)\(\s*(?:\"(\w+)\" if [^\n]+ else )?\"(\w+)\""
        r"|\bFinding\(\s*code=\"(\w+)\""
    )
    used = {
        code
        for path in sources
        for pair in called.findall(path.read_text())
        for code in pair
        if code
    }
    used |= {"photos_far", "photos_far_from_permit"}  # one of two
    used |= {f"reading_{change}" for change in Change} - {"reading_none"}
    for language in Language:
        table = tomllib.loads((ROOT / f"inspection/wording/{language}.toml").read_text("utf-8"))
        assert set(table["hints"]) == used
        assert used - set(table["warnings"]) == set()
