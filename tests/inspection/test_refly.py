"""What must be flown again: each gap is measured, and no plan leaves any of it out."""

import json

import pyogrio
import pyproj
import pytest
import shapely
from pyproj import CRS

from geo.crs import LONLAT, moved_shape
from inspection.degrees import rings
from inspection.language import Language
from inspection.refly.forms import MOST_VERTICES, Sheet, geojson, gpx, kml, plan
from inspection.refly.gaps import gaps_of
from inspection.refly.warned import warned_of
from inspection.schema import from_json
from inspection.wording.catalogue import wording
from tests.inspection.jobs.done import made
from tests.inspection.jobs.small import EAST, NORTH, UTM

METRES_BEYOND = 40
CORNER = shapely.box(EAST + 20, NORTH - 60, EAST + 50, NORTH - 20)
"""In the permit, at its north-western corner."""

ACROSS = shapely.box(EAST + 100, NORTH - 105, EAST + 110 + METRES_BEYOND, NORTH - 85)
"""From the permit into the ring."""

LAKE = (
    shapely.Point(EAST + 80, NORTH - 60)
    .buffer(15)
    .difference(shapely.Point(EAST + 80, NORTH - 60).buffer(3))
)
"""Of many corners, and with a hole."""


def ruined(shape, step=0.5):
    """The stairs that pixels make of an outline."""
    west, south, east, north = shape.bounds
    cells = [
        shapely.box(x, y, x + step, y + step)
        for x in range_of(west, east, step)
        for y in range_of(south, north, step)
        if shape.contains(shapely.Point(x + step / 2, y + step / 2))
    ]
    return shapely.union_all(cells)


def range_of(first, last, step):
    return [first + step * number for number in range(int((last - first) / step) + 1)]


@pytest.fixture(scope="module")
def sheet():
    """The smallest inspection, as if that much had not been seen."""
    document = json.loads((made() / "inspection.json").read_bytes())
    document["coverage"]["not_observed"] = [
        {"reason": "shadow", "vertices": rings(ruined(LAKE), UTM)},
        {"reason": "unflown", "vertices": rings(shapely.MultiPolygon([CORNER, ACROSS]), UTM)},
    ]
    return Sheet(
        title="PT <Contoh> & \x00",
        gaps=gaps_of(from_json(document)),
        words=wording(Language.ENGLISH),
    )


def geodetic_ha(rings_of_one) -> float:
    """After Karney, by pyproj alone."""
    (shell, *holes), *rest = rings_of_one
    assert not rest
    geod = pyproj.Geod(ellps="WGS84")
    area, _ = geod.geometry_area_perimeter(shapely.orient_polygons(shapely.Polygon(shell, holes)))
    return abs(area) / 1e4


def test_gaps_are_cut_at_the_boundary_and_measured_the_largest_first(sheet) -> None:
    found = {one.code: one for one in sheet.gaps.gaps}
    assert list(found) == ["G1", "G2", "G3", "R1"]
    assert [one.reason for one in found.values()] == ["unflown", "shadow", "unflown", "unflown"]
    expected = {"G1": 0.12, "G2": (15**2 - 3**2) * 3.1416e-4, "G3": 0.02, "R1": 0.08}
    for code, one in found.items():
        assert one.area_ha == pytest.approx(expected[code], rel=0.02)
        assert one.area_ha == pytest.approx(geodetic_ha(one.vertices), rel=1e-4)
        place = shapely.Point(one.longitude, one.latitude)
        assert shapely.Polygon(*one.vertices[0][:1], one.vertices[0][1:]).contains(place)
    assert {one.where for one in sheet.gaps.among("ring")} == {"ring"}


def test_a_plan_has_few_corners_and_covers_its_gap(sheet) -> None:
    for one in sheet.gaps.gaps:
        outline = plan(one, sheet.gaps.crs)
        assert outline[0] == outline[-1]
        assert len(outline) <= MOST_VERTICES + 1
        flown = moved_shape(shapely.Polygon(outline), source=LONLAT, target=UTM)
        exact = moved_shape(
            shapely.Polygon(one.vertices[0][0], one.vertices[0][1:]), source=LONLAT, target=UTM
        )
        assert flown.contains(exact), one.code
        assert flown.area < exact.convex_hull.area * 1.5


@pytest.mark.parametrize(("make", "layer"), [(kml, "PT <Contoh> & \ufffd"), (gpx, "tracks")])
def test_other_software_reads_the_plan(sheet, tmp_path, make, layer) -> None:
    """GDAL reads the file, and finds there what is missing."""
    path = tmp_path / f"plan.{make.__name__}"
    path.write_bytes(make(sheet, None))
    read = pyogrio.read_dataframe(path, layer=layer)
    named = dict(zip(read["Name" if make is kml else "name"], read.geometry, strict=True))
    assert list(named) == ["G1", "G2", "G3", "R1"]
    for one in sheet.gaps.gaps:
        area = shapely.force_2d(shapely.get_parts(named[one.code])[0])
        area = shapely.Polygon(area.coords) if make is gpx else area
        assert area.is_valid
        assert area.contains(shapely.Point(one.longitude, one.latitude))


def test_maps_get_the_exact_outlines_and_words(sheet) -> None:
    told = geojson(sheet, "permit")
    assert [one["id"] for one in told["features"]] == ["G1", "G2", "G3"]
    first = told["features"][0]
    there = moved_shape(shapely.geometry.shape(first["geometry"]), source=LONLAT, target=UTM)
    assert there.symmetric_difference(CORNER).area < 0.01
    assert first["properties"]["description"].startswith("1,200 m², not flown or masked, at 3°")
    assert CRS.from_epsg(32750) == sheet.gaps.crs


def test_warnings_are_told_in_the_language_asked_for_with_what_to_do() -> None:
    document = json.loads((made() / "inspection.json").read_bytes())
    document["warnings"] = [
        {"code": "capture_time_unknown", "message": "As it was written.", "facts": {}},
        {"code": "flight_time_old", "message": "-", "facts": {"flight": "a.tif", "value": 400}},
        {"code": "left_out_water", "message": "-", "facts": {}},
        {"code": "of_an_older_version", "message": "As it was written.", "facts": {}},
    ]
    told = {one.code: one for one in warned_of(from_json(document), wording(Language.INDONESIAN))}
    assert told["flight_time_old"].message.startswith("a.tif: ")
    assert "400" in told["flight_time_old"].message
    assert told["flight_time_old"].hint is not None
    assert told["left_out_water"].hint is None
    assert told["of_an_older_version"].message == "As it was written."
    assert told["capture_time_unknown"].message != "As it was written."
