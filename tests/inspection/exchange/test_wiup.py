"""Mining areas of a real layer, and of small ones whose truth is known."""

import hashlib
import json
import zipfile

import pytest
import shapefile
import shapely
from pyproj import CRS

from geo.errors import RefusedError
from inspection.exchange.permits.merging import merged
from inspection.exchange.permits.vocabulary import Field, Key
from tests.inspection.exchange.conftest import SECRETS, codes, plain, read

SQUARE = [[[115.0, -3.0], [115.01, -3.0], [115.01, -2.99], [115.0, -2.99], [115.0, -3.0]]]
BOW_TIE = [[[115.0, -3.0], [115.01, -2.99], [115.01, -3.0], [115.0, -2.99], [115.0, -3.0]]]


def layer(*features):
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": geometry, "properties": properties}
            for geometry, properties in features
        ],
    }


def area(code, rings=SQUARE, **properties):
    return {"type": "Polygon", "coordinates": rings}, {"kode_wiup": code, **properties}


def test_every_real_area_comes_with_its_outline_or_with_why_not(test_data):
    path = test_data / "wiup/wiup_kalsel.geojson"
    reading = read(path, "wiup")
    assert (reading.records, reading.refused, len(reading.permits)) == (211, 0, 211)
    written = json.loads(path.read_text())["features"]
    for one, (n, feature) in zip(reading.permits, enumerate(written, 1), strict=True):
        told = feature["properties"]
        assert one.key(Key.AREA_CODE) == told["kode_wiup"]
        assert plain(one)["declared_area_ha"] == told["luas_sk"]
        assert (
            plain(one).get("valid_until") == (told["tgl_akhir"] or "")[:10] or not told["tgl_akhir"]
        )
        if one.outlines:
            (outline,) = one.outlines
            assert outline.boundary.shape.equals(shapely.geometry.shape(feature["geometry"]))
            assert (outline.origin.sha256, outline.where) == (reading.origin.sha256, f"feature {n}")
        else:
            assert codes(one.problems) == ["boundary_self_crosses"]
    assert sum(not one.outlines for one in reading.permits) < 5
    assert len(merged(reading.permits)) == 211, "one decree grants seven areas: they stay apart"
    assert reading.origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_wrong_with_one_area_leaves_the_others(as_json):
    content = layer(
        area("1" * 16, tgl_akhir=1735516800000, luas_sk=123.5, pejabat="Orang Sintetis"),
        area("2" * 16, BOW_TIE, tgl_akhir=1735491600000, kode_jnskom=3, lokasi="x" * 300),
        (None, {"kode_wiup": "3" * 16}),
        area(None, luas_sk=1.0),
    )
    reading = read(as_json(content, "area.geojson"), "wiup")
    first, second, third = reading.permits
    assert plain(first)["valid_until"] == "2024-12-30"
    assert sorted(codes(second.problems)) == [
        "boundary_self_crosses",
        "import_code_length",
        "import_date_moment",
        "import_text_cut",
    ]
    assert codes(third.problems) == ["boundary_empty"]
    assert third.outlines == ()
    assert [(p.code, p.where) for p in reading.problems] == [("import_without_key", "feature 4")]
    assert reading.dropped == {"pejabat": 1}
    assert first.outlines[0].boundary.properties == {}
    assert first.outlines[0].sha256 != hashlib.sha256(b"").hexdigest()


def test_a_zipped_shapefile_brings_its_dates_and_a_bare_one_is_refused(tmp_path):
    stem = tmp_path / "area"
    with shapefile.Writer(str(stem), shapeType=shapefile.POLYGON) as writer:
        writer.field("KODE_WIUP", "C", 16)
        writer.field("LUAS_SK", "N", 12, 2)
        writer.field("TGL_AKHIR", "D")
        writer.field("EMAIL", "C", 60)
        writer.poly(SQUARE)
        writer.record("3363793032014080", 123.45, "20350224", SECRETS["email"])
    stem.with_suffix(".prj").write_text(CRS.from_epsg(4326).to_wkt("WKT1_ESRI"))
    with zipfile.ZipFile(tmp_path / "area.zip", "w") as archive:
        for ending in (".shp", ".dbf", ".prj"):
            archive.write(stem.with_suffix(ending), f"area{ending}")
    reading = read(tmp_path / "area.zip", "wiup")
    (permit,) = reading.permits
    assert plain(permit) == {
        "area_code": "3363793032014080",
        "declared_area_ha": 123.45,
        "valid_until": "2035-02-24",
    }
    assert permit.outlines[0].boundary.area_m2 == pytest.approx(1.2289e6, rel=1e-2)
    assert reading.dropped == {"email": 1}
    with pytest.raises(RefusedError) as caught:
        read(stem.with_suffix(".shp"), "wiup")
    assert caught.value.code == "import_shapefile_bare"


def test_two_outlines_of_one_area_are_shown_and_neither_is_preferred(as_json):
    moved = [[[x + 0.001, y] for x, y in SQUARE[0]]]
    one = read(as_json(layer(area("1" * 16, luas_sk=1.0)), "one.geojson"), "wiup")
    two = read(as_json(layer(area("1" * 16, moved, luas_sk=2.0)), "two.geojson"), "wiup")
    (permit,) = merged([*one.permits, *two.permits])
    assert permit.outlines_differ
    assert len(permit.outlines) == 2
    assert permit.conflicts == (Field.DECLARED_AREA_HA,)
