"""Real concessions: every outline of a public layer is read, measured and held to its decree."""

import json
from pathlib import Path

import pytest
import shapely
from pyproj import Geod

from geo.area import area_m2
from geo.boundary import read_boundary
from geo.errors import RefusedError
from geo.fault import Fault, unsound
from geo.layer import read_layer

INVALID = {33: "115.3268889, -3.783336111", 126: "115.9235204, -3.089083333"}
"""Numbers of the outlines that cross themselves, and where."""

FAR = 0.05
DIFFERING = {30: -0.1472, 74: 0.0833, 114: -0.0671, 168: 0.6320}
"""Outlines whose ground differs from the area in their decree by more than that share."""

NEAR, MANY = 0.01, 192


@pytest.fixture(scope="module")
def table(test_data: Path):
    """Number, declared hectares and the hectares that pyproj's Geod gives, of all outlines."""
    written = json.loads((test_data / "wiup/wiup_kalsel.geojson").read_text())["features"]
    return [
        (number, float(one["properties"]["luas_sk"]), one["geometry"])
        for number, one in enumerate(written, start=1)
    ]


def test_every_concession_is_read_and_its_area_is_that_of_the_geodesic(test_data, table):
    path = test_data / "wiup/wiup_kalsel.geojson"
    layer = read_layer(path)
    assert (len(layer.features), sum(layer.unusable.values()), len(table)) == (211, 0, 211)
    geod = Geod(ellps="WGS84")
    differences: dict[int, float] = {}
    invalid: dict[int, str | None] = {}
    for (number, declared_ha, _), feature in zip(table, layer.features, strict=True):
        (shape,) = feature.shapes
        if faulty := unsound(shape):
            assert faulty.fault is Fault.SELF_CROSSES
            invalid[number] = faulty.where
            continue
        measured_m2 = area_m2(shape, layer.crs)
        # Straight on the map is not the shortest way on the ground: both ways are measured.
        followed = shapely.segmentize(shapely.orient_polygons(shape), 0.0005)
        for same, tolerance in ((shape, 1e-4), (followed, 1e-11)):
            geodesic_m2 = abs(geod.geometry_area_perimeter(same)[0])
            assert measured_m2 == pytest.approx(geodesic_m2, rel=tolerance), number
        differences[number] = measured_m2 / 1e4 / declared_ha - 1
    assert invalid == INVALID
    differing = {n: share for n, share in differences.items() if abs(share) > FAR}
    assert differing == pytest.approx(DIFFERING, abs=1e-4)
    assert sum(abs(share) < NEAR for share in differences.values()) == MANY


@pytest.mark.parametrize(("number", "where"), INVALID.items())
def test_one_that_crosses_itself_is_refused_with_the_place(test_data, number, where):
    with pytest.raises(RefusedError, match="boundary_self_crosses") as refusal:
        read_boundary(test_data / "wiup/wiup_kalsel.geojson", feature=number)
    assert refusal.value.where == where


def test_one_is_chosen_by_its_number_and_must_be(test_data, table):
    path = test_data / "wiup/wiup_kalsel.geojson"
    with pytest.raises(RefusedError, match="boundary_has_several"):
        read_boundary(path)
    for number in (1, 105, 211):
        boundary = read_boundary(path, feature=number)
        assert boundary.area_m2 / 1e4 == pytest.approx(table[number - 1][1], rel=0.2)
