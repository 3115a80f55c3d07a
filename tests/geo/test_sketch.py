"""Sketches: few vertices, nothing vanished, and no farther off than they say."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.sketch import sketch


def test_what_is_small_enough_is_left_alone():
    shapes = [shapely.box(0, 0, 5, 5), shapely.LineString([(0, 0), (1, 9)]), shapely.Point(3, 3)]
    drawn = sketch(shapes, most_vertices=8)
    assert (drawn.vertices, drawn.within_m) == (8, 0.0)
    assert [*drawn.polygons, *drawn.lines, *drawn.points] == shapes


def test_nothing_at_all_is_drawn_as_nothing():
    assert sketch([], most_vertices=8).vertices == 0


@pytest.mark.parametrize("kind", ["circles", "dots", "walks"])
def test_much_is_thinned_and_every_piece_keeps_a_sign_near_it(kind):
    random = np.random.default_rng(5)
    places = random.uniform(0, 800, (600, 2))
    shapes = {
        "circles": [shapely.Point(place).buffer(random.uniform(1, 40)) for place in places],
        "dots": [shapely.Point(place) for place in places],
        "walks": [
            shapely.LineString(place + np.cumsum(random.normal(0, 4, (50, 2)), axis=0))
            for place in places
        ],
    }[kind]
    drawn = sketch(shapes, most_vertices=300)
    assert 4 <= drawn.vertices <= 300
    signs = shapely.GeometryCollection([*drawn.polygons, *drawn.lines, *drawn.points])
    corners = shapely.points(shapely.get_coordinates(shapes))
    assert shapely.distance(corners, signs).max() <= drawn.within_m


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(4, 400))
def test_the_number_of_vertices_is_always_kept(seed, most):
    random = np.random.default_rng(seed)
    dots = [shapely.Point(place) for place in random.normal(0, 500, (500, 2))]
    assert sketch(dots, most_vertices=most).vertices <= most
