"""Layers held against a site: truth in metres by construction, areas against another oracle."""

import json
import time
import tomllib
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

import inspection.wording
from geo.boundary import Boundary, read_boundary
from geo.crs import LONLAT, moved_shape
from geo.errors import RefusedError
from geo.fault import Fault
from geo.intake.digest import sha256_of
from geo.layer import read_layer
from geo.site import Site
from inspection.errors import UsageError
from inspection.evidence.canonical import canonical_bytes
from inspection.evidence.verify import verify
from inspection.model import BroughtLayer, Source
from inspection.overlaps import MOST_NAMED, MOST_VERTICES, layer_note
from inspection.terminal.layer_option import layer_files
from tests.inspection.conftest import ACROSS, MOMENT, NEW_CLEARING, PERMIT, UTM, box, run
from tests.inspection.test_evidence import reseal

SEARCH_M, UNCERTAINTY_M = 5000.0, 1.5
WGS84 = Geod(ellps="WGS84")
FINDINGS = {"F001": NEW_CLEARING, "F002": ACROSS}


def degrees(shape):
    return moved_shape(shape, source=UTM, target=LONLAT)


def oracle_ha(shape):
    """Area on the ellipsoid as pyproj's own geodesics give it, edges followed in steps."""
    followed = degrees(shapely.segmentize(shape, 1.0))
    return abs(WGS84.geometry_area_perimeter(shapely.orient_polygons(followed))[0]) / 1e4


def written(path, shapes, **members):
    """A layer of shapes in the site's system, moved to degrees; a name may come with each."""
    features = []
    for number, given_shape in enumerate(shapes):
        name, shape = given_shape if isinstance(given_shape, tuple) else (f"N{number}", given_shape)
        # GEOS mends what crosses itself when it cuts edges into steps; here it must stay bad.
        followed = shapely.segmentize(shape, 5.0) if shape.is_valid else shape
        geometry = shapely.geometry.mapping(degrees(followed))
        features.append({"type": "Feature", "properties": {"name": name}, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


def note_of(path, findings=FINDINGS, site=None):
    around = Site.around(Boundary(shape=degrees(PERMIT), crs=LONLAT), ring_m=20, near=UTM)
    source = Source(role="layer:L", name=path.name, sha256=sha256_of(path), size=7)
    return layer_note(
        BroughtLayer(name="L", date=None, layer=read_layer(path), source=source),
        site or around,
        findings,
        search_m=SEARCH_M,
        uncertainty_m=UNCERTAINTY_M,
    )


@pytest.fixture
def noted(tmp_path):
    def note(*shapes, **more):
        return note_of(written(tmp_path / "layer.geojson", shapes), **more)

    return note


def test_overlaps_are_those_of_the_ground_drawn(noted):
    # East half of the permit and far beyond it; the clearing's eastern 5 m and all of the other.
    note = noted(box(70, 0, 700, 700))
    assert note.permit_overlap_ha == pytest.approx(oracle_ha(box(70, 30, 120, 130)), abs=1e-6)
    assert note.permit_overlap_share == pytest.approx(50 / 90, abs=1e-5)
    dug = oracle_ha(box(70, 85, 75, 115)) + oracle_ha(ACROSS)
    assert note.disturbed_overlap_ha == pytest.approx(dug, abs=1e-6)
    assert (note.features, note.used, note.far, note.unusable) == (1, 1, 0, {})


def test_ground_under_two_features_is_counted_once(noted):
    note = noted(box(30, 30, 80, 130), box(60, 30, 100, 130))
    assert note.permit_overlap_ha == pytest.approx(oracle_ha(box(30, 30, 100, 130)), abs=1e-6)
    assert [one.feature for one in note.overlaps] == ["N0", "N1"]
    assert note.overlaps[1].permit_overlap_ha == pytest.approx(
        oracle_ha(box(60, 30, 100, 130)), abs=1e-6
    )


def test_a_hole_is_no_overlap(noted):
    ring = box(0, 0, 300, 300).difference(box(20, 20, 200, 200))
    note = noted(ring)
    assert (note.permit_overlap_ha, note.overlapping) == (0.0, 0)
    assert note.used == 1


def test_a_neighbour_that_shares_the_line_does_not_overlap(noted):
    note = noted(box(120, 30, 400, 130), box(-300, 0, 30, 300))
    assert (note.permit_overlap_ha, note.permit_overlap_share, note.overlapping) == (0.0, 0.0, 0)
    inside = noted(box(119.5, 30, 400, 130))
    assert (inside.overlapping, inside.permit_overlap_ha) == (1, pytest.approx(0.005, rel=1e-2))


def test_one_line_that_two_surveys_cut_into_other_steps_is_one_line(tmp_path):
    # Both outlines follow the same parallel, but their steps along it begin elsewhere.
    permit = shapely.box(115.5, -40.51, 115.51, -40.5)
    site = Site.around(Boundary(shape=permit, crs=LONLAT), ring_m=0, near=UTM)
    neighbour = shapely.box(115.4963, -40.5, 115.5137, -40.49)
    path = tmp_path / "layer.geojson"
    path.write_text(json.dumps(shapely.geometry.mapping(neighbour)))
    note = note_of(path, findings={}, site=site)
    assert (note.used, note.overlapping, note.permit_overlap_ha) == (1, 0, 0.0)


def test_an_area_that_touches_the_ground_leaves_no_line_to_draw(tmp_path):
    site = Site.around(Boundary(shape=PERMIT, crs=UTM), ring_m=0, near=UTM)
    path = tmp_path / "layer.geojson"
    stated = {"type": "name", "properties": {"name": "EPSG:32750"}}
    path.write_text(json.dumps({**shapely.geometry.mapping(box(120, 30, 400, 130)), "crs": stated}))
    note = note_of(path, findings={}, site=site)
    assert (note.used, note.overlapping, note.permit_overlap_ha) == (1, 0, 0.0)
    assert (note.shapes.polygons, note.shapes.lines, note.shapes.points) == ([], [], [])


@pytest.mark.parametrize(
    ("shape", "finding", "metres"),
    [
        (box(175, 60, 180, 80), "F002", 35.0),
        (box(-60, 90, -55, 100), "F001", 100.0),
        (shapely.Point(box(170, 120, 170, 120).bounds[:2]), "F002", 50.0),
        (box(0, 95, 45, 100), "F001", 0.0),
        (box(50, 90, 55, 95), "F001", 0.0),
    ],
)
def test_the_nearest_finding_and_how_far_it_is(noted, shape, finding, metres):
    # ACROSS ends at 140 m east and 80 m south; NEW_CLEARING begins at 45 m east.
    nearest = noted(shape, box(2000, 0, 2010, 10)).nearest
    assert (nearest.finding, nearest.feature) == (finding, "N0")
    scale = 0.99995  # at this place a metre of the map is so much of one on the ground
    assert nearest.distance_m == pytest.approx(metres / scale, abs=0.02)
    assert nearest.uncertainty_m == UNCERTAINTY_M


def test_a_river_and_a_house_have_no_area_but_meet_the_permit(noted):
    river = shapely.LineString([(333_000, 9_612_950), (333_200, 9_612_940)])
    note = noted(("Sungai", river), ("Rumah", box(60, 60, 60, 60).centroid))
    assert (note.permit_overlap_ha, note.overlapping) == (0.0, 2)
    assert {one.feature: one.permit_overlap_ha for one in note.overlaps} == {
        "Sungai": 0.0,
        "Rumah": 0.0,
    }
    assert (len(note.shapes.lines), len(note.shapes.points)) == (1, 1)
    # The line is drawn on permit and ring alone: the ring ends at 10 m and at 140 m.
    ends = sorted(longitude for longitude, _ in note.shapes.lines[0])
    there = [degrees(shapely.Point(box(x, 50, x, 50).bounds[:2])).x for x in (10, 140)]
    assert ends[0] == pytest.approx(there[0], abs=2e-6)
    assert ends[-1] == pytest.approx(there[1], abs=2e-6)


def test_without_findings_there_is_no_nearest_and_no_disturbed_overlap(noted):
    note = noted(box(0, 0, 300, 300), findings={})
    assert (note.nearest, note.disturbed_overlap_ha) == (None, 0.0)
    assert note.permit_overlap_share == 1.0


def test_far_features_alone_are_an_answer(noted):
    note = noted(box(9000, 0, 9010, 10))
    assert (note.used, note.far, note.nearest) == (0, 1, None)
    assert (note.permit_overlap_ha, note.shapes.polygons) == (0.0, [])


BOW_TIE = shapely.Polygon([(333_030, 9_612_900), (333_090, 9_612_900), (333_030, 9_612_960),
                           (333_090, 9_612_960)])  # fmt: skip


def test_where_nothing_near_can_be_used_nothing_is_said(noted):
    alone = noted(BOW_TIE, box(9000, 0, 9010, 10))
    assert alone.unusable == {"self_crosses": 1}
    assert alone.permit_overlap_ha is alone.permit_overlap_share is None
    assert alone.disturbed_overlap_ha is None
    beside = noted(BOW_TIE, box(100, 30, 200, 130))
    assert beside.permit_overlap_ha == pytest.approx(oracle_ha(box(100, 30, 120, 130)), abs=1e-6)
    assert (beside.used, beside.features, beside.unusable) == (1, 2, {"self_crosses": 1})


def test_the_largest_are_named_and_all_are_counted(noted):
    strips = [box(30, 31 + 3 * n, 40 + 2 * n, 32 + 3 * n) for n in range(30)]
    note = noted(*strips)
    assert (note.overlapping, len(note.overlaps)) == (30, MOST_NAMED)
    assert [one.feature for one in note.overlaps] == [f"N{n}" for n in range(29, 9, -1)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    west=st.integers(-50, 150),
    north=st.integers(-50, 150),
    wide=st.integers(2, 200),
    high=st.integers(2, 200),
    cut=st.floats(0.1, 0.9),
)  # fmt: skip
def test_a_feature_cut_in_two_changes_no_area(noted, west, north, wide, high, cut):
    whole = box(west, north, west + wide, north + high)
    middle = round(west + cut * wide)
    halves = [box(west, north, middle, north + high), box(middle, north, west + wide, north + high)]
    one = noted(whole)
    two = noted(*(half for half in halves if half.area))
    assert 0 <= one.permit_overlap_share <= 1
    # Edges of up to 200 m are drawn twice, each within a tenth of a millimetre.
    assert two.permit_overlap_ha == pytest.approx(one.permit_overlap_ha, abs=2e-5)
    assert two.disturbed_overlap_ha == pytest.approx(one.disturbed_overlap_ha, abs=2e-5)
    expected = oracle_ha(whole.intersection(PERMIT)) if whole.intersects(PERMIT) else 0.0
    assert one.permit_overlap_ha == pytest.approx(expected, abs=2e-5)
    nearest = min(whole.distance(shape) for shape in FINDINGS.values())
    assert one.nearest.distance_m == pytest.approx(nearest, rel=1e-3, abs=0.02)


def test_fifty_thousand_far_and_five_thousand_near_take_seconds(tmp_path):
    far = [
        {
            "type": "Feature",
            "properties": None,
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x, y], [x + 1e-4, y], [x + 1e-4, y + 1e-4], [x, y + 1e-4], [x, y]]
                ],
            },
        }
        for x, y in ((100 + n % 250 * 0.05, 2 + n // 250 * 0.01) for n in range(50_000))
    ]
    path = written(
        tmp_path / "l.geojson", [box(2 * n, 0, 2 * n + 1, 9) for n in range(-2000, 3000)]
    )
    document = json.loads(path.read_text())
    document["features"] += far
    path.write_text(json.dumps(document))
    began = time.process_time()
    note = note_of(path)
    took = time.process_time() - began
    assert (note.used, note.far, note.unusable) == (4570, 50_430, {})
    # The ring ends at 140 m, so that what begins at 5 140 m is out of reach.
    assert took < 20, "far more than it needs even on a slow machine"


def test_what_is_drawn_stays_small(noted):
    crowd = [box(30 + n % 60, 30 + n // 60, 30.5 + n % 60, 30.5 + n // 60) for n in range(3000)]
    note = noted(*crowd)
    drawn = note.shapes
    count = sum(len(ring) for polygon in drawn.polygons for ring in polygon) + len(drawn.points)
    assert 0 < count <= MOST_VERTICES
    assert drawn.drawn_within_m > 0


def test_a_real_concession_against_its_neighbours(test_data, tmp_path):
    layer = test_data / "wiup" / "wiup_kalsel.geojson"
    concessions = json.loads(layer.read_text())["features"]
    own = concessions[0]
    path = tmp_path / "boundary.geojson"
    path.write_text(json.dumps(own))
    boundary = read_boundary(path)
    site = Site.around(boundary, ring_m=100, near=UTM)
    note = note_of(layer, findings={"F001": site.permit.centroid.buffer(50)}, site=site)
    assert note.features == len(concessions) == 211
    assert note.used + note.far + sum(note.unusable.values()) == note.features
    assert note.overlaps[0].feature == own["properties"]["kode_wiup"]
    assert note.overlaps[0].permit_overlap_ha == pytest.approx(boundary.area_m2 / 1e4, abs=1e-3)
    assert note.permit_overlap_share == pytest.approx(1.0, abs=1e-6)
    assert note.nearest.distance_m == 0.0
    others = shapely.union_all(
        [
            shape
            for feature in concessions[1:]
            if (shape := shapely.geometry.shape(feature["geometry"])).is_valid
        ]
    )
    shared = shapely.intersection(others, boundary.shape)
    neighbours = sum(one.permit_overlap_ha for one in note.overlaps[1:])
    oracle = sum(
        abs(WGS84.geometry_area_perimeter(shapely.orient_polygons(shapely.segmentize(p, 1e-4)))[0])
        for p in shapely.get_parts(shared)
        if p.area > 0
    )
    assert neighbours == pytest.approx(oracle / 1e4, abs=0.01)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rivers=a.json"], [("rivers", None, "a.json")]),
        (["forest@2023-05-01=b=c.json"], [("forest", "2023-05-01", "b=c.json")]),
        (["A < B & C=x", "نهر=y"], [("A < B & C", None, "x"), ("نهر", None, "y")]),
    ],
)
def test_a_layer_is_named_dated_and_found(words, expected):
    assert [(one.name, one.date, str(one.path)) for one in layer_files(words)] == expected


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["foo"], "layer_malformed"),
        (["=x"], "layer_malformed"),
        ([" =x"], "layer_malformed"),
        (["@2024-05-01=x"], "layer_malformed"),
        (["rivers="], "layer_malformed"),
        (["a\nb=x"], "layer_malformed"),
        (["a\u202eb=x"], "layer_malformed"),
        (["x" * 81 + "=x"], "layer_malformed"),
        (["rivers=x", "rivers@2024-05-01=y"], "layer_repeated"),
        (["rivers@=x"], "layer_date_unreadable"),
        (["rivers@May=x"], "layer_date_unreadable"),
        (["rivers@2024-02-30=x"], "layer_date_unreadable"),
    ],
)
def test_a_layer_named_wrongly_is_a_wrong_call(words, code):
    with pytest.raises(UsageError) as caught:
        layer_files(words)
    assert caught.value.code == code


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_fault_of_a_feature_has_its_words(language):
    path = Path(inspection.wording.__path__[0]) / f"{language}.toml"
    table = tomllib.loads(path.read_text("utf-8"))["layers"]["unusable"]
    assert set(table) == {str(fault) for fault in Fault} - {"crs_unknown"}


def words(site, out, *layers):
    return [
        "inspect", "--boundary", site.file("boundary.geojson"), "--current",
        site.file("current.tif"), "--baseline", site.file("baseline.tif"), "--created-at", MOMENT,
        "--language", "en", "--out", out,
        *(word for layer in layers for word in ("--layer", layer)),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def layered(site, tmp_path_factory):
    """The small site with a river to its east and a forest over its west, one piece of it bad."""
    home = tmp_path_factory.mktemp("layered")
    river = shapely.LineString([box(190, 0, 190, 0).centroid, box(190, 160, 190, 160).centroid])
    rivers = written(home / "r.geojson", [("Sungai < A & B", river)], timeStamp="2024-07-01T00:00Z")
    forest = written(home / "f.geojson", [box(-500, 0, 60, 500), BOW_TIE], date="2001-01-01")
    done = run(*words(site, home / "out", f"rivers={rivers}", f"forest@2023-05-01={forest}"))
    assert done.returncode == 0, done.stderr
    return home, done.stdout


def test_an_inspection_states_where_it_meets_its_layers(layered):
    home, told = layered
    document = json.loads((home / "out" / "inspection.json").read_bytes())
    rivers, forest = document["layers"]
    assert (rivers["name"], rivers["file"], rivers["date"]) == ("rivers", "r.geojson", "2024-07-01")
    assert (rivers["sha256"], rivers["size"]) == (
        sha256_of(home / "r.geojson"),
        (home / "r.geojson").stat().st_size,
    )
    across = [f for f in document["findings"] if f["location"] != "inside"]
    assert len(across) == 1
    nearest = rivers["nearest"]
    assert (nearest["finding"], nearest["feature"]) == (across[0]["id"], "Sungai < A & B")
    # ACROSS reaches to 140 m and is shown at 140.5 m; the river lies at 190 m.
    assert nearest["distance_m"] == pytest.approx(49.5, abs=0.5)
    assert nearest["uncertainty_m"] == document["position"]["uncertainty_m"]
    assert (rivers["permit_overlap_ha"], rivers["overlapping"]) == (0.0, 0)

    assert (forest["date"], forest["unusable"], forest["used"]) == (
        "2023-05-01",
        {"self_crosses": 1},
        1,
    )
    assert forest["permit_overlap_ha"] == pytest.approx(oracle_ha(box(30, 30, 60, 130)), abs=1e-6)
    assert forest["permit_overlap_share"] == pytest.approx(1 / 3, abs=1e-4)
    # Pit and clearing begin at 45 m, and the flight shows them half a metre to the east.
    dug = oracle_ha(box(45.5, 45, 60, 65)) + oracle_ha(box(45.5, 85, 60, 115))
    assert forest["disturbed_overlap_ha"] == pytest.approx(dug, rel=0.03)
    (warning,) = [w for w in document["warnings"] if w["code"] == "layer_features_unusable"]
    assert warning["message"].startswith("Layer forest: 1 of 2 features")
    assert document["parameters"]["layers"] == {"search_m": 5000.0}
    assert "Layer rivers, of 1 July 2024" in " ".join(told.split())


def test_layers_are_sealed_with_the_rest(layered):
    home, _ = layered
    folder = home / "out"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    roles = [source["role"] for source in manifest["inputs"]]
    assert roles[-3:] == ["layer:rivers", "layer:forest", "profile"]
    assert verify(folder).flaws == ()
    path = folder / "inspection.json"
    sealed = path.read_bytes(), (folder / "manifest.json").read_bytes()
    document = json.loads(sealed[0])
    document["layers"][0]["sha256"] = "0" * 64
    path.write_bytes(canonical_bytes(document))
    reseal(folder, "inspection.json")
    assert [flaw.code for flaw in verify(folder).flaws] == ["evidence_disagrees"]
    path.write_bytes(sealed[0])
    (folder / "manifest.json").write_bytes(sealed[1])


@pytest.mark.parametrize(
    ("layer", "exit_code", "code"),
    [
        ("rivers", 2, "layer_malformed"),
        ("rivers=nowhere.geojson", 3, "input_missing"),
        ("rivers={empty}", 3, "layer_empty"),
    ],
)
def test_a_layer_that_cannot_be_used_ends_the_inspection(site, tmp_path, layer, exit_code, code):
    empty = tmp_path / "empty.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}')
    done = run(*words(site, tmp_path / "out", layer.format(empty=empty)))
    told = json.loads(done.stderr.strip().splitlines()[-1])
    assert (done.returncode, told["code"]) == (exit_code, code)
    assert told["file"] in (None, "nowhere.geojson", "empty.geojson")
    assert not (tmp_path / "out").exists()


def test_a_layer_whose_system_cannot_hold_the_site_is_refused_by_name(tmp_path):
    path = tmp_path / "swiss.geojson"
    stated = {"type": "name", "properties": {"name": "EPSG:2056"}}
    point = {"type": "Point", "coordinates": [2_600_000, 1_200_000]}
    path.write_text(json.dumps({**point, "crs": stated}))
    with pytest.raises(RefusedError) as caught:
        note_of(path)
    assert (caught.value.code, caught.value.file) == ("layer_crs_unrelated", "swiss.geojson")
