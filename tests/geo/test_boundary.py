"""Boundaries that are read, and every way in which one is turned away."""

import json
import math

import pytest
from shapely import MultiPolygon
from shapely.geometry import shape

from geo.area import area_m2
from geo.boundary import read_boundary
from geo.errors import RefusedError

SQUARE = [[110.0, -1.0], [110.01, -1.0], [110.01, -0.99], [110.0, -0.99], [110.0, -1.0]]
HOLE = [[110.002, -0.998], [110.004, -0.998], [110.004, -0.996], [110.002, -0.998]]
AWAY = [[x + 1, y] for x, y in SQUARE]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.fixture
def written(tmp_path):
    def write(document):
        path = tmp_path / "boundary.geojson"
        text = document if isinstance(document, str) else json.dumps(document)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    "document",
    [
        polygon(SQUARE),
        {"type": "Feature", "properties": None, "geometry": polygon(SQUARE)},
        {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
            "features": [
                {"type": "Feature", "properties": {}, "geometry": None},
                {"type": "Feature", "properties": {"a": 1}, "geometry": polygon(SQUARE)},
            ],
        },
        polygon([[*position, 12.5] for position in SQUARE]),
    ],
    ids=["geometry", "feature", "collection", "with heights"],
)
def test_every_form_of_one_polygon_is_read(written, document):
    boundary = read_boundary(written(document))
    assert boundary.area_m2 == pytest.approx(1_230_869, rel=1e-3)
    assert boundary.place() == pytest.approx((110.005, -0.995), abs=0.01)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "b.geojson"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(polygon(SQUARE)).encode())
    assert not read_boundary(path).shape.is_empty


def test_holes_and_parts_are_kept(written):
    boundary = read_boundary(
        written({"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [AWAY]]})
    )
    assert isinstance(boundary.shape, MultiPolygon)
    whole = 2 * read_boundary(written(polygon(SQUARE))).area_m2
    hole = read_boundary(written(polygon(HOLE))).area_m2
    assert boundary.area_m2 == pytest.approx(whole - hole)


def test_a_named_projected_system_is_honoured(written):
    ring = [[300_000, 9_630_000], [300_200, 9_630_000], [300_200, 9_630_200], [300_000, 9_630_000]]
    document = polygon(ring) | {"crs": {"type": "name", "properties": {"name": "EPSG:32750"}}}
    boundary = read_boundary(written(document))
    assert boundary.crs.to_epsg() == 32750
    assert boundary.place()[0] == pytest.approx(115.2, abs=0.1)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "boundary_unreadable"),
        ("[]", "boundary_unreadable"),
        ("[" * 200_000, "boundary_unreadable"),
        (json.dumps(polygon(SQUARE)).replace("110.01", "NaN"), "boundary_unreadable"),
        (json.dumps(polygon(SQUARE)).replace("110.01", "1e999"), "boundary_unreadable"),
        (json.dumps(polygon(SQUARE)).replace("110.01", "1" * 400), "boundary_unreadable"),
        (json.dumps(polygon(SQUARE)).replace("110.01", "true"), "boundary_unreadable"),
        (
            '{"type":"GeometryCollection","geometries":[' * 900 + "]}" * 900,
            "boundary_unreadable",
        ),
        (
            '{"type":"GeometryCollection","geometries":[' * 12 + "]}" * 12,
            "boundary_empty",
        ),
        ({"type": "Polygon"}, "boundary_unreadable"),
        ({"features": []}, "boundary_unreadable"),
        (polygon([["a", "b"]]), "boundary_unreadable"),
        ({"type": "FeatureCollection", "features": []}, "boundary_empty"),
        ({"type": "Polygon", "coordinates": []}, "boundary_empty"),
        (polygon([]), "boundary_empty"),
        ({"type": "MultiPolygon", "coordinates": []}, "boundary_empty"),
        ({"type": "LineString", "coordinates": SQUARE}, "boundary_not_polygon"),
        (
            {"type": "GeometryCollection", "geometries": [polygon(SQUARE), polygon(AWAY)]},
            "boundary_has_several",
        ),
        (
            polygon([[300_000, 9_630_000], *SQUARE[1:4], [300_000, 9_630_000]]),
            "boundary_not_degrees",
        ),
        (polygon(SQUARE[:4]), "boundary_ring_open"),
        (polygon([SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]), "boundary_without_area"),
        (
            polygon([SQUARE[0], SQUARE[1], SQUARE[3], SQUARE[2], SQUARE[0]]),
            "boundary_self_crosses",
        ),
        (polygon(SQUARE, [[x + 1, y] for x, y in HOLE]), "boundary_hole_outside"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}, "boundary_parts_overlap"),
        (
            polygon(SQUARE) | {"crs": {"type": "name", "properties": {"name": "EPSG:1"}}},
            "boundary_crs_unknown",
        ),
        (
            # A system of heights alone.
            polygon(SQUARE) | {"crs": {"type": "name", "properties": {"name": "EPSG:5773"}}},
            "boundary_crs_unknown",
        ),
        (
            polygon(SQUARE)
            | {"crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/"}}},
            "boundary_crs_unknown",
        ),
    ],
)
def test_what_is_no_boundary_is_refused(written, document, code):
    with pytest.raises(RefusedError) as caught:
        read_boundary(written(document))
    assert caught.value.code == code


def test_the_crossing_is_named(written):
    bow_tie = polygon([SQUARE[0], SQUARE[1], SQUARE[3], SQUARE[2], SQUARE[0]])
    with pytest.raises(RefusedError) as caught:
        read_boundary(written(bow_tie))
    assert caught.value.where == "110.005, -0.995"


def test_many_crossings_are_refused_quickly(written):
    # A star of 2 001 corners crosses itself a million times; repairing it would take hours.
    ring = [
        [
            110 + 0.01 * math.cos(2 * math.pi * k * 1000 / 2001),
            0.01 * math.sin(2 * math.pi * k * 1000 / 2001),
        ]
        for k in range(2001)
    ]
    with pytest.raises(RefusedError) as caught:
        read_boundary(written(polygon([*ring, ring[0]])))
    assert caught.value.code == "boundary_self_crosses"


def test_real_concessions_are_read_or_refused_by_name(written, test_data):
    """Every fourth, as each is read by a child, and those that the oracle finds invalid."""
    concessions = json.loads((test_data / "wiup" / "wiup_kalsel.geojson").read_text())["features"]
    assert len(concessions) == 211
    crossed = {n for n, one in enumerate(concessions) if not shape(one["geometry"]).is_valid}
    refused = {}
    for number in sorted({*range(0, 211, 4), *crossed}):
        try:
            boundary = read_boundary(written(concessions[number]))
            assert area_m2(boundary.shape, boundary.crs) > 1e4
        except RefusedError as error:
            refused[number] = error.code
    assert set(refused) == crossed
    assert set(refused.values()) <= {"boundary_self_crosses", "boundary_parts_overlap"}
    assert 0 < len(refused) <= 5
