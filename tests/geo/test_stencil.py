"""A stencil shows the pixels whose centre lies in a shape, however it is cut into tiles."""

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from rasterio.features import geometry_mask

from geo.grid import Grid
from geo.stencil import CROSSED, INSIDE, OUTSIDE, Stencil

GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.05, 0, 300_000, 0, -0.05, 9_630_000),
    rows=640,
    columns=896,
)


def drawn(shape, side):
    stencil, whole = Stencil(shape, GRID, side=side), np.zeros(GRID.shape, np.bool_)
    for tile in stencil.tiles():
        whole[tile.slices] = stencil.mask(tile)
    return whole


corners = st.tuples(st.floats(-20.013, 64.017), st.floats(-20.013, 52.019))


@settings(max_examples=40, deadline=None)
@given(st.lists(corners, min_size=3, max_size=9), st.sampled_from([64, 128, 512]))
def test_the_pixels_are_those_of_the_whole_drawn_at_once(places, side):
    ring = [(300_000 + x, 9_630_000 - y) for x, y in places]
    shape = shapely.MultiPoint(ring).convex_hull.buffer(0.731)
    shape -= shapely.centroid(shape).buffer(0.517)
    known = geometry_mask([shape], GRID.shape, GRID.transform, invert=True)
    assert np.array_equal(drawn(shape, side), known)


def test_only_tiles_on_the_outline_are_drawn():
    shape = shapely.box(300_000 + 5, 9_630_000 - 30, 300_000 + 44, 9_630_000 - 0.5)
    kinds = Stencil(shape, GRID, side=64).kinds
    assert {OUTSIDE, INSIDE, CROSSED} == set(kinds.ravel().tolist())
    assert (kinds == INSIDE).sum() == 8 * 11
    assert (kinds[9:] == CROSSED).sum() == 13


def test_a_shape_elsewhere_shows_nothing():
    assert not list(Stencil(shapely.box(0, 0, 1, 1), GRID, side=64).tiles())


@pytest.mark.parametrize("side", [64, 512])
def test_a_shape_all_around_shows_everything(side):
    assert drawn(GRID.footprint.buffer(10), side).all()
