"""What is near a piece of ground, with truth in metres known by construction."""

import json

import pytest
import shapely
from pyproj import CRS

from geo import reach as reaching
from geo.crs import LONLAT, moved_shape
from geo.errors import RefusedError
from geo.fault import Fault
from geo.layer import read_layer
from geo.reach import reach

UTM = CRS.from_epsg(32750)
EAST, NORTH = 333_000.0, 9_613_000.0
GROUND = shapely.box(EAST, NORTH, EAST + 100, NORTH + 100)
SEARCH_M = 1000.0


def there(geometry):
    return shapely.geometry.mapping(moved_shape(geometry, source=UTM, target=LONLAT))


@pytest.fixture
def layer(tmp_path):
    def of(*geometries, crs=None):
        path = tmp_path / "layer.geojson"
        features = [
            {"type": "Feature", "properties": {"name": str(n)}, "geometry": one}
            for n, one in enumerate(geometries)
        ]
        named = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **named}))
        return read_layer(path)

    return of


def point(east, north):
    return shapely.Point(EAST + east, NORTH + north)


def found(layer, search_m=SEARCH_M):
    return reach(layer, GROUND, UTM, search_m=search_m)


def labels(seen):
    return [feature.label for feature in seen.near]


def test_near_is_a_distance_in_metres_and_not_a_box(layer):
    seen = found(layer(*map(there, [point(1099, 50), point(1101, 50), point(800, 800)])))
    assert (labels(seen), seen.far) == (["0", "2"], 1)
    # Within the box around the ground and its surroundings, but past the rounded corner.
    corner = found(layer(there(point(850, 850))))
    assert (labels(corner), corner.far) == ([], 1)


def test_a_layer_in_metres_comes_out_where_it_was(layer):
    square = shapely.box(EAST + 20, NORTH + 20, EAST + 40, NORTH + 40)
    for written, crs in ((square, "EPSG:32750"), (square, None)):
        shape = shapely.geometry.mapping(written) if crs else there(written)
        (feature,) = found(layer(shape, crs=crs)).near
        assert shapely.hausdorff_distance(feature.shapes[0], square) < 1e-3


BOW_TIE = shapely.Polygon(
    [(EAST, NORTH), (EAST + 9, NORTH), (EAST, NORTH + 9), (EAST + 9, NORTH + 9), (EAST, NORTH)]
)
HOLE_AWAY = shapely.Polygon(
    GROUND.exterior.coords, [shapely.box(EAST + 200, NORTH, EAST + 210, NORTH + 9).exterior.coords]
)
TWICE = shapely.MultiPolygon([GROUND, shapely.box(EAST + 50, NORTH, EAST + 150, NORTH + 99)])
FLAT = shapely.Polygon([(EAST, NORTH), (EAST + 9, NORTH), (EAST, NORTH), (EAST, NORTH)])
STANDSTILL = shapely.LineString([(EAST, NORTH), (EAST, NORTH)])


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        (BOW_TIE, Fault.SELF_CROSSES),
        (HOLE_AWAY, Fault.HOLE_OUTSIDE),
        (TWICE, Fault.PARTS_OVERLAP),
        (FLAT, Fault.WITHOUT_AREA),
        (STANDSTILL, Fault.WITHOUT_LENGTH),
    ],
)
def test_what_is_near_and_unsound_is_counted_never_mended(layer, spoilt, fault):
    seen = found(layer(there(spoilt), there(point(5, 5))))
    assert (labels(seen), seen.far, seen.unusable) == (["1"], 0, {fault: 1})


def test_what_is_far_is_not_judged(layer):
    away = shapely.affinity.translate(BOW_TIE, 50_000, 0)
    seen = found(layer(there(away), there(point(5, 5))))
    assert (labels(seen), seen.far, seen.unusable) == (["1"], 1, {})


def ring(*positions):
    return {"type": "Polygon", "coordinates": [[*positions, positions[0]]]}


def test_the_antimeridian_is_far_where_it_can_be_and_never_guessed_at(layer):
    fiji = ring([179.9, -17.5], [-179.9, -17.5], [-179.9, -17.0], [179.9, -17.0])
    same_latitude = ring([179.9, -4.0], [-179.9, -4.0], [-179.9, -3.0], [179.9, -3.0])
    split = {
        "type": "MultiPolygon",
        "coordinates": [
            ring([179.9, -4.0], [180, -4.0], [180, -3.0], [179.9, -3.0])["coordinates"],
            ring([-180, -4.0], [-179.9, -4.0], [-179.9, -3.0], [-180, -3.0])["coordinates"],
        ],
    }
    seen = found(layer(fiji, same_latitude, split, there(point(5, 5))))
    assert (labels(seen), seen.far) == (["3"], 2)
    assert seen.unusable == {Fault.ANTIMERIDIAN: 1}


def test_a_shape_as_large_as_a_country_is_cut_before_it_is_moved(layer):
    country = ring([95, -11], [120, -11], [141, -11], [141, 6], [95, 6])
    (feature,) = found(layer(country)).near
    (piece,) = feature.shapes
    assert piece.covers(GROUND.buffer(SEARCH_M))
    assert piece.area < 4 * (2 * SEARCH_M + 100) ** 2


def test_far_parts_of_a_near_feature_are_left_where_they_are(layer):
    other_side = shapely.MultiPoint([(116.5, -3.5), (-64.5, 3.5)])
    near = moved_shape(point(5, 5), source=UTM, target=LONLAT)
    both = shapely.MultiPoint([near, *other_side.geoms])
    (feature,) = found(layer(shapely.geometry.mapping(both))).near
    assert len(feature.shapes) == 1
    assert feature.shapes[0].distance(point(5, 5)) < 1e-3


def test_a_system_that_cannot_hold_the_ground_is_refused(layer):
    switzerland = shapely.geometry.mapping(shapely.Point(2_600_000, 1_200_000))
    with pytest.raises(RefusedError, match="layer_crs_unrelated"):
        found(layer(switzerland, crs="EPSG:2056"))


def test_what_is_far_is_never_moved(layer, monkeypatch):
    moved = []

    def counted(shape, **systems):
        moved.append(shapely.get_num_coordinates(shape))
        return moved_shape(shape, **systems)

    crowd = [there(point(30_000 + 10 * n, 0)) for n in range(500)]
    layer_of_many = layer(*crowd, there(point(5, 5)))
    monkeypatch.setattr(reaching, "moved_shape", counted)
    assert found(layer_of_many).far == 500
    assert moved[-1] == 1
