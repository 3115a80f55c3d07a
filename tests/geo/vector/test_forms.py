"""What each form may hold beside one plain polygon: parts, holes, arcs, layers, the seam."""

import json

import ezdxf
import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.boundary import declared_system, read_boundary
from geo.errors import RefusedError

UTM = "EPSG:32750"
SIDE = ((300_000, 9_890_000), (300_400, 9_890_000), (300_400, 9_890_300), (300_000, 9_890_300))


@pytest.fixture
def drawn(tmp_path):
    """Write polylines (vertices, bulges, closed, layer) into a drawing; read the boundary."""

    def draw(*polylines, feature=None, old=False):
        drawing = ezdxf.new("R12" if old else "R2010")
        for points, bulges, closed, layer in polylines:
            rows = [(x, y, bulge) for (x, y), bulge in zip(points, bulges, strict=True)]
            add = drawing.modelspace()
            add = add.add_polyline2d if old else add.add_lwpolyline
            add(rows, format="xyb", close=closed, dxfattribs={"layer": layer})
        path = tmp_path / "drawing.dxf"
        drawing.saveas(path)
        return read_boundary(path, feature=feature, crs=declared_system(UTM))

    return draw


@pytest.mark.parametrize("old", [False, True], ids=["LWPOLYLINE", "POLYLINE"])
def test_a_closed_polyline_is_an_area_and_its_layer_its_label(drawn, old):
    boundary = drawn((SIDE, [0] * 4, True, "WIUP"), old=old)
    assert boundary.label == "WIUP"
    assert boundary.shape.equals(shapely.Polygon(SIDE))


def test_a_polyline_that_ends_where_it_begins_is_closed_without_the_mark(drawn):
    boundary = drawn(([*SIDE, SIDE[0]], [0] * 5, False, "0"))
    assert boundary.shape.equals(shapely.Polygon(SIDE))


def test_an_open_polyline_is_never_closed(drawn):
    with pytest.raises(RefusedError, match="boundary_not_polygon"):
        drawn((SIDE, [0] * 4, False, "0"))


def test_arcs_are_followed_to_a_millimetre(drawn):
    """Two bulges of 1 make two half circles: a disc, of which the area is known."""
    boundary = drawn((((300_000, 9_890_000), (300_200, 9_890_000)), [1, 1], True, "0"))
    assert boundary.shape.area == pytest.approx(np.pi * 100**2, rel=3e-5)
    off = shapely.hausdorff_distance(
        boundary.shape.exterior,
        shapely.Point(300_100, 9_890_000).buffer(100, quad_segs=2000).exterior,
    )
    assert off < 0.01


def test_layers_of_a_drawing_are_asked_about_and_open_lines_are_not(drawn):
    other = [(x + 1000, y) for x, y in SIDE]
    lines = ((SIDE, [0] * 4, True, "WIUP"), (SIDE[:2], [0] * 2, False, "JALAN"),
             (other, [0] * 4, True, "KEBUN"))  # fmt: skip
    with pytest.raises(RefusedError, match="boundary_has_several") as refusal:
        drawn(*lines)
    assert refusal.value.facts["labels"] == "1 WIUP; 3 KEBUN"
    assert drawn(*lines, feature=3).label == "KEBUN"


def ring(west, south, east, north):
    points = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return "<LinearRing><coordinates>{}</coordinates></LinearRing>".format(
        " ".join(f"{x},{y},0" for x, y in points)
    )


def test_kml_of_parts_and_holes_is_one_area_and_its_links_are_counted(tmp_path):
    hole = f"<innerBoundaryIs>{ring(110.002, -0.998, 110.004, -0.996)}</innerBoundaryIs>"
    first = f"<outerBoundaryIs>{ring(110, -1, 110.01, -0.99)}</outerBoundaryIs>{hole}"
    second = f"<outerBoundaryIs>{ring(110.02, -1, 110.03, -0.99)}</outerBoundaryIs>"
    path = tmp_path / "parts.kml"
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
        "<Placemark><name>WIUP</name><styleUrl>http://127.0.0.1:9/s.kml#a</styleUrl><MultiGeometry>"
        f"<Polygon>{first}</Polygon><MultiGeometry><Polygon>{second}</Polygon></MultiGeometry>"
        "</MultiGeometry></Placemark></Document></kml>"
    )
    boundary = read_boundary(path)
    expected = shapely.union(
        shapely.box(110, -1, 110.01, -0.99) - shapely.box(110.002, -0.998, 110.004, -0.996),
        shapely.box(110.02, -1, 110.03, -0.99),
    )
    assert boundary.shape.equals(expected)
    assert boundary.passed_over == {"network_links": 1, "remote_styles": 1}


def test_an_outline_across_the_antimeridian_is_whole(tmp_path):
    """The same rectangle elsewhere has the same area and the same outline."""
    west = 179.995
    ring = [(west, -1), (west + 0.01, -1), (west + 0.01, -0.99), (west, -0.99)]
    wrapped = [((x + 180) % 360 - 180, y) for x, y in ring]
    path = tmp_path / "seam.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [[*wrapped, wrapped[0]]]}))
    boundary = read_boundary(path)
    area_m2, length_m = Geod(ellps="WGS84").geometry_area_perimeter(
        shapely.segmentize(shapely.box(110, -1, 110.01, -0.99), 0.0005)
    )
    assert boundary.area_m2 == pytest.approx(abs(area_m2), rel=1e-9)
    assert boundary.perimeter_m == pytest.approx(length_m, rel=1e-9)
    assert abs(boundary.place()[0]) > 179.99
