"""Areas against figures worked out elsewhere, and against laws that every area obeys."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely import box

from geo.area import area_m2, perimeter_m
from geo.crs import LONLAT, moved_shape

# Longitude-latitude boxes whose ellipsoidal hectares were computed with parallels followed.
BOXES = {
    "Bandung": ((107.5, -7 - 18.2 / 3600, 107.5 + 24.5 / 3600, -7.0), 42.0429, 32748),
    "Sanggau": (
        (110 + 20 / 60, -9.1 / 3600, 110 + (20 * 60 + 24.5) / 3600, 9.1 / 3600),
        42.3504,
        32649,
    ),
    "Bontang": (
        (117 + 28 / 60, 8 / 60, 117 + (28 * 60 + 24.5) / 3600, (8 * 60 + 18.2) / 3600),
        42.3503,
        32650,
    ),
}


@pytest.mark.parametrize("name", BOXES)
def test_boxes_have_their_known_hectares(name):
    bounds, hectares, _ = BOXES[name]
    assert area_m2(box(*bounds), LONLAT) / 1e4 == pytest.approx(hectares, abs=5e-5)


@pytest.mark.parametrize("name", BOXES)
def test_the_map_projection_does_not_change_an_area(name):
    bounds, hectares, epsg = BOXES[name]
    utm = CRS.from_epsg(epsg)
    drawn = moved_shape(shapely.segmentize(box(*bounds), 0.0005), source=LONLAT, target=utm)
    assert area_m2(drawn, utm) / 1e4 == pytest.approx(hectares, abs=5e-5)
    assert drawn.area / 1e4 != pytest.approx(hectares, abs=1e-3), "planar hectares are others"


def test_a_hole_is_subtracted():
    whole, hole = box(110, 0, 110.01, 0.01), box(110.002, 0.002, 110.004, 0.004)
    ring = whole.difference(hole)
    assert area_m2(ring, LONLAT) == pytest.approx(area_m2(whole, LONLAT) - area_m2(hole, LONLAT))


def test_lines_and_nothing_have_no_area():
    assert area_m2(shapely.LineString([(0, 0), (1, 1)]), LONLAT) == 0
    assert area_m2(shapely.Polygon(), LONLAT) == 0


def test_perimeter_is_the_geodesic_length_of_every_ring():
    square = box(110, 0, 110.01, 0.01)
    corners = np.array(square.exterior.coords)
    assert perimeter_m(square, LONLAT) == pytest.approx(
        Geod(ellps="WGS84").line_length(corners[:, 0], corners[:, 1]), rel=1e-9
    )


@given(st.floats(100.0, 900.0), st.floats(100.0, 900.0), st.floats(0.1, 0.9), st.floats(-0.5, 0.5))
def test_cutting_a_polygon_loses_no_ground(width, height, share, slant):
    utm = CRS.from_epsg(32750)
    east, north = 300_000.0, 9_630_000.0
    whole = box(east, north, east + width, north + height)
    x = east + share * width
    knife = shapely.Polygon(
        [
            (x, north - 1),
            (x + slant * 50, north + height + 1),
            (east - 500, north + height + 1),
            (east - 500, north - 1),
        ]
    )
    parts = [whole.intersection(knife), whole.difference(knife)]
    assert sum(area_m2(part, utm) for part in parts) == pytest.approx(area_m2(whole, utm), abs=1e-3)
