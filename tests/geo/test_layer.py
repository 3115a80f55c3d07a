"""Layers that are read, features that are left out with a reason, and files turned away."""

import json

import pytest

from geo import layer as reading
from geo.errors import RefusedError
from geo.fault import Fault
from geo.layer import read_layer
from geo.vector.label import LABEL_LENGTH

SQUARE = [[115.0, -3.0], [115.01, -3.0], [115.01, -2.99], [115.0, -2.99], [115.0, -3.0]]
POINT = {"type": "Point", "coordinates": [115.0, -3.0]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features, **members):
    return {"type": "FeatureCollection", "features": list(features), **members}


def shape(kind, coordinates):
    return {"type": kind, "coordinates": coordinates}


@pytest.fixture
def read(tmp_path):
    def from_document(document):
        path = tmp_path / "layer.geojson"
        text = document if isinstance(document, str) else json.dumps(document)
        path.write_text(text, encoding="utf-8")
        return read_layer(path)

    return from_document


def test_every_kind_of_shape_is_read_and_collections_are_opened(read):
    kinds = [
        POINT,
        shape("MultiPoint", [[115, -3], [115.1, -3]]),
        shape("LineString", SQUARE[:2]),
        shape("MultiLineString", [SQUARE[:2], SQUARE[2:4]]),
        shape("Polygon", [[[*position, 12.5] for position in SQUARE]]),
        shape("MultiPolygon", [[SQUARE], [[[x + 1, y] for x, y in SQUARE]]]),
    ]
    together = {"type": "GeometryCollection", "geometries": kinds}
    found = read(collection(*(feature(kind) for kind in kinds), feature(together)))
    names = [[one.geom_type for one in f.shapes] for f in found.features]
    assert names[:-1] == [[kind["type"]] for kind in kinds]
    assert names[-1] == [kind["type"] for kind in kinds]
    assert found.unusable == {}


@pytest.mark.parametrize(
    "document", [shape("Polygon", [SQUARE]), feature(shape("Polygon", [SQUARE]))]
)
def test_a_single_shape_is_a_layer_of_one(read, document):
    assert len(read(document).features) == 1


SPOILT = {
    "no geometry": (feature(None), Fault.NO_GEOMETRY),
    "no feature": (POINT, Fault.UNREADABLE),
    "text": (feature("river"), Fault.UNREADABLE),
    "null": (None, Fault.UNREADABLE),
    "strings": (feature(shape("Point", ["115.0", "-3.0"])), Fault.UNREADABLE),
    "true": (feature(shape("LineString", [[True, -3.0], [115.0, -3.1]])), Fault.UNREADABLE),
    "one number": (feature(shape("LineString", [[115.0], [115.1]])), Fault.UNREADABLE),
    "ragged": (feature(shape("LineString", [[115.0, -3.0], 7])), Fault.UNREADABLE),
    "too deep": (feature(shape("Polygon", [[SQUARE]])), Fault.UNREADABLE),
    "no coordinates": (feature({"type": "Polygon"}), Fault.UNREADABLE),
    "curve": (feature(shape("CircularString", SQUARE)), Fault.WRONG_KIND),
    "empty": (feature(shape("Polygon", [])), Fault.EMPTY),
    "empty ring": (feature(shape("Polygon", [[]])), Fault.EMPTY),
    "empty collection": (feature({"type": "GeometryCollection", "geometries": []}), Fault.EMPTY),
    "open": (feature(shape("Polygon", [SQUARE[:4]])), Fault.RING_OPEN),
    "ring of two": (feature(shape("Polygon", [[SQUARE[0], SQUARE[1], SQUARE[0]]])), "without_area"),
    "line of one": (feature(shape("LineString", [SQUARE[0]])), Fault.WITHOUT_LENGTH),
    "metres": (feature(shape("Point", [333_000, 9_613_000])), Fault.NOT_DEGREES),
    "one bad member": (
        feature({"type": "GeometryCollection", "geometries": [POINT, shape("Point", ["a", "b"])]}),
        Fault.UNREADABLE,
    ),
}


@pytest.mark.parametrize(("spoilt", "fault"), SPOILT.values(), ids=SPOILT)
def test_what_cannot_be_read_is_counted_by_reason_and_left_out(read, spoilt, fault):
    found = read(collection(feature(POINT, name="good"), spoilt))
    assert [one.label for one in found.features] == ["good"]
    assert found.unusable == {fault: 1}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
def test_numbers_that_are_none_spoil_only_their_feature(read, number):
    bad = json.dumps(feature(shape("Point", [0.5, -3.0]))).replace("0.5", number)
    found = read(f'{{"type":"FeatureCollection","features":[{json.dumps(feature(POINT))},{bad}]}}')
    assert (len(found.features), found.unusable) == (1, {Fault.NOT_FINITE: 1})


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "layer_unreadable"),
        ("[]", "layer_unreadable"),
        ("<kml/>", "layer_unreadable"),
        ("[" * 200_000, "layer_unreadable"),
        ('{"a":' * 200_000, "layer_unreadable"),
        ({"type": "Topology", "objects": {}}, "layer_unreadable"),
        ({"type": "FeatureCollection"}, "layer_unreadable"),
        ({"features": []}, "layer_unreadable"),
        (collection(), "layer_empty"),
        (collection(feature(None), feature("x")), "layer_unusable"),
        (
            collection(feature(None), feature(shape("Point", [333_000, 9_613_000]))),
            "layer_not_degrees",
        ),
        (
            collection(feature(POINT), crs={"type": "name", "properties": {"name": "Mars"}}),
            "layer_crs_unknown",
        ),
        (
            collection(feature(POINT), crs={"type": "link", "properties": {"href": "http://x/"}}),
            "layer_crs_unknown",
        ),
        (collection(feature(POINT), crs="EPSG:4326"), "layer_crs_unknown"),
    ],
)
def test_a_file_that_is_no_layer_is_refused(read, document, code):
    with pytest.raises(RefusedError) as caught:
        read(document)
    assert caught.value.code == code


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "layer.geojson"
    path.write_bytes(b"SQLite format 3\0\xff\xfe")
    with pytest.raises(RefusedError, match="layer_unreadable"):
        read_layer(path)


def test_too_many_bytes_or_vertices_are_refused(read, monkeypatch):
    document = collection(feature(shape("Polygon", [SQUARE])), feature(shape("Polygon", [SQUARE])))
    monkeypatch.setattr(reading, "MAX_VERTICES", 10)
    assert len(read(document).features) == 2
    monkeypatch.setattr(reading, "MAX_VERTICES", 9)
    with pytest.raises(RefusedError, match="layer_too_large"):
        read(document)
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    with pytest.raises(RefusedError, match="layer_too_large"):
        read(document)


def test_a_named_system_is_honoured(read):
    stated = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32750"}}
    found = read(collection(feature(shape("Point", [333_000, 9_613_000])), crs=stated))
    assert (found.crs.to_epsg(), found.unusable) == (32750, {})


@pytest.mark.parametrize(
    ("properties", "label"),
    [
        ({"nama": "Sungai Riam", "name": "Riam"}, "Riam"),
        ({"name": "  ", "NAMOBJ": "Sungai\tRiam\nKiwa"}, "Sungai Riam Kiwa"),
        ({"name": 7, "kode_wiup": "33637"}, "33637"),
        ({"name": ["x"]}, None),
        ({"other": "x"}, None),
        ({"name": "A < B & C"}, "A < B & C"),
        ({"name": "نهر \u202eبرتو\u0000"}, "نهر برتو"),
        ({"name": "half \ud800 a sign"}, "half  a sign"),
        ({"name": "x" * 500}, "x" * LABEL_LENGTH),
    ],
)
def test_the_label_is_the_first_text_that_names(read, properties, label):
    assert read(feature(POINT, **properties)).features[0].label == label


def test_properties_that_are_none_give_no_label_but_an_identifier_may(read):
    assert read(feature(POINT) | {"properties": [1]}).features[0].label is None
    assert read(feature(POINT) | {"properties": None, "id": "R7"}).features[0].label == "R7"


@pytest.mark.parametrize(
    ("members", "date"),
    [
        ({"date": "2024-05-01"}, "2024-05-01"),
        ({"timestamp": "2024-05-01T23:59:59+08:00"}, "2024-05-01"),
        ({"timeStamp": "2024-05-01T10:00:00Z"}, "2024-05-01"),
        ({"date": "May 2024", "timeStamp": "2023-01-02"}, "2023-01-02"),
        ({"date": 20240501}, None),
        ({"date": "2024-02-30"}, None),
        ({}, None),
    ],
)
def test_the_date_is_taken_where_it_is_one(read, members, date):
    assert read(collection(feature(POINT), **members)).date == date
