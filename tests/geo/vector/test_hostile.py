"""Boundaries that make an open reader show other people's data: here they show nothing."""

import json
import resource
import sqlite3
import struct
import time
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from geo.boundary import read_boundary
from geo.errors import RefusedError
from geo.intake import starting
from geo.layer import read_layer
from inspection.exchange.outline import write_outline
from tests.geo.listening import Listener

SECRET = "SECRET-APPLICANT"  # noqa: S105 - of nobody
SQUARE = [[110.0, -1.0], [110.01, -1.0], [110.01, -0.99], [110.0, -0.99], [110.0, -1.0]]
FOREIGN = [[100.0, 1.0], [100.01, 1.0], [100.01, 1.01], [100.0, 1.01], [100.0, 1.0]]
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
PLACE = (
    "<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    + " ".join(f"{x},{y}" for x, y in SQUARE)
    + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Boundary of another applicant, beside ours."""
    path = tmp_path_factory.mktemp("other") / "foreign.geojson"
    document = {"type": "Feature", "properties": {"name": SECRET},
                "geometry": {"type": "Polygon", "coordinates": [FOREIGN]}}  # fmt: skip
    path.write_text(json.dumps(document))
    return path


@pytest.fixture(scope="module")
def threats(
    tmp_path_factory: pytest.TempPathFactory, foreign: Path, listener: Listener
) -> dict[str, tuple[Path, str]]:
    return cases(tmp_path_factory.mktemp("threats"), foreign, listener.url)


def archive(path: Path, members: dict[str, bytes], *, links: tuple[str, ...] = ()) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name in links:
                info.external_attr = 0o120777 << 16
            made.writestr(info, content)
    return path


def polygon(*rings: object) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def database(path: Path, *statements: str) -> Path:
    frame = geopandas.GeoDataFrame(geometry=[shapely.Polygon(SQUARE)], crs=4326)
    frame.to_file(path, driver="GPKG")
    with sqlite3.connect(path) as made:
        for statement in statements:
            made.execute(statement)
    made.close()
    return path


def overlapping(path: Path) -> Path:
    """Archive whose table of contents names one member's bytes twice."""
    archive(path, {"a.shp": b"x" * 1000})
    content = path.read_bytes()
    at, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    entry = content[at:end]
    both = entry + entry.replace(b"a.shp", b"b.dbf")
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(both), at, 0)
    path.write_bytes(content[:at] + both + tail)
    return path


def shapefile(folder: Path) -> dict[str, bytes]:
    """Members of an honest shapefile, by their endings."""
    folder.mkdir()
    frame = geopandas.GeoDataFrame(geometry=[shapely.Polygon(SQUARE)], crs=4326)
    frame.to_file(folder / "a.shp")
    return {one.suffix: one.read_bytes() for one in folder.iterdir()}


def cases(folder: Path, foreign: Path, url: str) -> dict[str, tuple[Path, str]]:
    """Each row of the threats, as a file and the code that must turn it away."""

    def text(name: str, content: str) -> Path:
        path = folder / name
        path.write_text(content)
        return path

    def large(name: str, size: int) -> Path:
        path = folder / name
        with path.open("wb") as file:
            file.write(b"{")
            file.truncate(size)  # holds no block of the disk
        return path

    shell = b"x" * 100
    honest = shapefile(folder / "honest")
    square = json.dumps(polygon(SQUARE))
    run_away = "".join(f"[{110 + n % 7 * 1e-3},-1]," for n in range(600_000))
    gml = (
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="http://x {url}/a.xsd"/>'
    )
    virtual = "CREATE VIRTUAL TABLE o USING VirtualOGR('/etc/passwd')"
    ogr_vrt = (
        f'<OGRVRTDataSource><OGRVRTLayer name="foreign"><SrcDataSource>{foreign}'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    view = "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT * FROM n"  # noqa: E501
    many = b"\0" * (70 << 20)
    lol = "<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
    xxe = f"<!DOCTYPE k [<!ENTITY x SYSTEM '{foreign.as_uri()}'>]>"
    return {
        "v01 zip slip": (archive(folder / "a.zip", {"../b.shp": shell}), "boundary_archive_unsafe"),
        "v01 absolute": (archive(folder / "b.zip", {"/b.shp": shell}), "boundary_archive_unsafe"),
        "v01 link": (
            archive(folder / "c.zip", {"b.shp": b"/etc/passwd"}, links=("b.shp",)),
            "boundary_archive_unsafe",
        ),
        "v01c two shapefiles": (
            archive(folder / "d.zip", {"a.shp": shell, "b.shp": shell}),
            "boundary_several_layers",
        ),
        "v01b no reference system": (
            archive(folder / "w.zip", {f"a{end}": honest[end] for end in (".shp", ".dbf")}),
            "boundary_crs_missing",
        ),
        "v02b shared bytes": (overlapping(folder / "x.zip"), "boundary_archive_unsafe"),
        "v02 expands": (archive(folder / "e.zip", {"a.shp": many}), "boundary_archive_expands"),
        "v03 a length that lies": (
            _shp(folder / "f.shp", struct.pack(">i", 2**30)), "boundary_damaged"
        ),
        "v04 external entity": (
            text("g.kml", xxe + KML.format("<name>&x;</name>" + PLACE)), "boundary_doctype"
        ),
        "v05 billion laughs": (
            text("h.kml", lol + KML.format("<name>&b;</name>" + PLACE)), "boundary_doctype"
        ),
        "v07 a great KMZ": (
            archive(folder / "i.kmz", {"doc.kml": many}), "boundary_archive_expands"
        ),
        "v08 nested lists": (text("j.geojson", "[" * 100_000), "boundary_unreadable"),
        "v08b nested objects": (
            text("k.geojson", '{"a":' * 100_000 + "1" + "}" * 100_000), "boundary_unreadable"
        ),
        "v09 1e999": (
            text("l.geojson", json.dumps(polygon(SQUARE)).replace("110.01", "1e999")),
            "boundary_unreadable",
        ),
        "v09 NaN": (
            text("l2.geojson", square.replace("110.01", "NaN")), "boundary_unreadable"
        ),
        "v09 Infinity": (
            text("l3.geojson", square.replace("110.01", "-Infinity")), "boundary_unreadable"
        ),
        "v09b 1e300": (
            text("l4.geojson", square.replace("110.01", "1e300")), "boundary_not_degrees"
        ),
        "v10 140 MB": (large("v10.geojson", 140 << 20), "boundary_too_large"),
        "v10 600 000 vertices": (
            text("v10b.geojson", '{"type":"Polygon","coordinates":[[' + run_away + "[110,-1]]]}"),
            "boundary_too_large",
        ),
        "v11d a view of 400 MB": (
            database(folder / "v11d.gpkg", "CREATE VIEW v AS SELECT hex(zeroblob(200000000))"),
            "boundary_database_unsafe",
        ),
        "v11e a virtual table": (
            database(
                folder / "v11e.gpkg",
                "PRAGMA writable_schema = ON",
                f"INSERT INTO sqlite_master VALUES ('table', 'o', 'o', 0, \"{virtual}\")",  # noqa: S608
            ),
            "boundary_database_unsafe",
        ),
        "v12 OGR VRT as kml": (text("v12.kml", ogr_vrt), "boundary_form_unknown"),
        "v12 OGR VRT in an archive": (
            archive(folder / "v12.zip", {"a.shp": ogr_vrt.encode()}), "boundary_damaged"
        ),
        "v14b GML as kml": (text("v14b.kml", gml), "boundary_form_unknown"),
        "v11c a view": (database(folder / "m.gpkg", view), "boundary_database_unsafe"),
        "v11b a trigger": (
            database(
                folder / "n.gpkg",
                "CREATE TRIGGER t AFTER INSERT ON gpkg_contents BEGIN SELECT 1; END",
            ),
            "boundary_database_unsafe",
        ),
        "v12 OGR VRT as geojson": (text("o.geojson", ogr_vrt), "boundary_form_differs"),
        "v13 GDALG": (
            text("q.geojson", json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector convert {foreign}"})),  # noqa: E501
            "boundary_unreadable",
        ),
        "v14c crs link": (
            text(
                "r.geojson",
                json.dumps(
                    {**polygon(SQUARE),
                     "crs": {"type": "link", "properties": {"href": url + "/crs.wkt"}}}
                ),
            ),
            "boundary_crs_unknown",
        ),
        "v15a bow-tie": (
            text("s.geojson", json.dumps(polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]))),  # noqa: E501
            "boundary_self_crosses",
        ),
        "v15c axes": (
            text("v15c.geojson", json.dumps(polygon([[y, x] for x, y in SQUARE]))),
            "boundary_axes_swapped",
        ),
        "v15g metres": (
            text("t.geojson", json.dumps(polygon([[x * 7000, y * -9e6] for x, y in SQUARE]))),
            "boundary_not_degrees",
        ),
        "v15i hole outside": (
            text("u.geojson", json.dumps(polygon(SQUARE, FOREIGN))), "boundary_hole_outside"
        ),
        "a picture": (text("w.geojson", "\x89PNG\r\n"), "boundary_form_differs"),
    }  # fmt: skip


def _shp(path: Path, length: bytes) -> Path:
    path.write_bytes(struct.pack(">i", 9994) + b"\0" * 20 + length + struct.pack("<ii", 1000, 5)
                     + b"\0" * 64)  # fmt: skip
    return path


ROWS = (
    *(
        "v01 zip slip",
        "v01 absolute",
        "v01 link",
        "v01c two shapefiles",
        "v01b no reference system",
    ),
    *("v02b shared bytes", "v02 expands", "v03 a length that lies", "v04 external entity"),
    *("v05 billion laughs", "v07 a great KMZ", "v08 nested lists", "v08b nested objects"),
    *("v09 1e999", "v09 NaN", "v09 Infinity", "v09b 1e300", "v10 140 MB", "v10 600 000 vertices"),
    *("v11d a view of 400 MB", "v11e a virtual table", "v12 OGR VRT as kml"),
    *("v12 OGR VRT in an archive", "v14b GML as kml", "v11c a view", "v11b a trigger"),
    *("v12 OGR VRT as geojson", "v13 GDALG", "v14c crs link", "v15a bow-tie", "v15c axes"),
    *("v15g metres", "v15i hole outside", "a picture"),
)
"""Every row of the threats that is refused; v06, v10b, v15b and v16 have tests of their own,
v15d and v15e in test_misplaced, v17 in test_table."""


@pytest.mark.parametrize("row", ROWS)
def test_every_threat_is_refused_and_shows_nothing(
    row: str,
    threats: dict[str, tuple[Path, str]],
    listener: Listener,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(1)
    path, code = threats[row]
    beside = sorted(path.parent.iterdir())
    start = time.process_time()
    with pytest.raises(RefusedError) as refusal:
        read_boundary(path)
    assert time.process_time() - start < 1
    assert refusal.value.code == code
    said = f"{refusal.value} {refusal.value.facts} {refusal.value.where} {caplog.text}"
    assert SECRET not in said
    assert "root:" not in said
    assert sorted(path.parent.iterdir()) == beside
    assert listener.visits == 0
    starting.let_go()  # until then nobody is told what the children took
    # The largest of all the children there were.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_500_000


def test_no_row_is_left_out(threats: dict[str, tuple[Path, str]]) -> None:
    assert set(ROWS) == set(threats)


HOSTILE = "=HYPERLINK(1) @SUM(1) <img src=x onerror=alert(1)> a\u202eb a\0b"


@pytest.mark.parametrize("ending", [".kml", ".geojson", ".gpkg"])
def test_names_come_back_as_data_from_what_is_written(tmp_path: Path, ending: str) -> None:
    """v16: stored as it is, less what no line of text may hold, and encoded where it is written."""
    path = tmp_path / "named.geojson"
    feature = {"type": "Feature", "properties": {"name": HOSTILE}, "geometry": polygon(SQUARE)}
    path.write_text(json.dumps(feature))
    boundary = read_boundary(path)
    assert boundary.label == HOSTILE.replace("\u202e", "").replace("\0", "")
    out = tmp_path / f"again{ending}"
    write_outline(out, boundary)
    assert read_boundary(out).label == boundary.label


ELSEWHERE = ("{}/b.geojson", "/vsicurl/{}/b.geojson", "CSV:/etc/passwd", "GeoJSON:/etc/passwd")


@pytest.mark.parametrize("name", [*ELSEWHERE, '{{"type":"Point"}}'])
def test_a_name_is_a_name_of_a_file_and_nothing_else(name: str, listener: Listener) -> None:
    with pytest.raises(FileNotFoundError):
        read_boundary(Path(name.format(listener.url)))
    assert listener.visits == 0


def test_links_in_a_kml_are_counted_and_never_followed(tmp_path: Path, listener: Listener) -> None:
    link = f"<NetworkLink><Link><href>{listener.url}/other.kml</href></Link></NetworkLink>"
    path = tmp_path / "links.kml"
    path.write_text(KML.format(link + PLACE))
    boundary = read_boundary(path)
    assert sum(boundary.passed_over.values()) >= 1
    assert listener.visits == 0


def test_a_polygon_of_six_thousand_crossings_is_refused_at_once(tmp_path: Path) -> None:
    teeth = [[110 + i * 1e-6, -1.0 if i % 2 else -0.99] for i in range(3000)]
    other = [[110 + i * 1e-6 + 5e-7, -0.99 if i % 2 else -1.0] for i in reversed(range(3000))]
    path = tmp_path / "teeth.geojson"
    path.write_text(json.dumps(polygon([*teeth, *other, teeth[0]])))
    start = time.process_time()
    with pytest.raises(RefusedError, match="boundary_self_crosses"):
        read_boundary(path)
    assert time.process_time() - start < 30


@pytest.mark.parametrize("reader", [read_boundary, read_layer])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, reader) -> None:
    folder = tmp_path / "folder.geojson"
    folder.mkdir()
    with pytest.raises((RefusedError, IsADirectoryError)):
        reader(folder)


HONEST = ("GPKG", "ESRI Shapefile", "KML", "GeoJSON")


@pytest.mark.parametrize("driver", HONEST)
def test_what_gdal_writes_is_read_back_with_the_same_vertices(tmp_path: Path, driver: str) -> None:
    endings = {"GPKG": "gpkg", "ESRI Shapefile": "SHP", "KML": "kml", "GeoJSON": "json"}
    path = tmp_path / f"Batas Désa.{endings[driver].lower()}"
    frame = geopandas.GeoDataFrame(
        {"nama": ["Désa Ñ"]}, geometry=[shapely.Polygon(SQUARE)], crs=4326
    )
    frame.to_file(path, driver=driver, layer="batas")
    boundary = read_boundary(path)
    assert shapely.equals_exact(
        shapely.normalize(boundary.shape), shapely.normalize(shapely.Polygon(SQUARE)), 1e-12
    )


def test_a_zipped_shapefile_in_capitals_with_latin_letters_is_read(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"NAMA": ["Désa"]},
        geometry=[shapely.box(300_000, 9_890_000, 300_500, 9_890_400)],
        crs=32750,
    )
    frame.to_file(tmp_path / "a.shp", encoding="ISO-8859-1")
    members = {
        f"Folder/BATAS.{suffix.upper()}": (tmp_path / f"a.{suffix}").read_bytes()
        for suffix in ("shp", "shx", "dbf", "prj")
    }
    boundary = read_boundary(archive(tmp_path / "a.zip", members))
    assert boundary.crs.to_epsg() == 32750
    assert "Désa" in boundary.properties.values()
