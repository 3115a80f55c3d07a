"""Distances to long outlines are those of the outlines, and ties near a place tell of it."""

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS
from rasterio.features import geometry_mask

from geo.grid import Grid
from geo.local_fit import local_fit
from geo.nearness import Outlines, cells_near
from geo.polygons import ground
from geo.registration import Registration

GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.25, 0, 333_000.0, 0, -0.25, 9_613_000.0),
    rows=1024,
    columns=1024,
)


def test_the_distance_is_the_one_to_the_whole_outline():
    draw = np.random.default_rng(7)
    angles = np.sort(draw.uniform(0, 2 * np.pi, 3000))
    reach = 100 + draw.uniform(0, 5, 3000)
    lake = shapely.Polygon(np.column_stack([reach * np.cos(angles), reach * np.sin(angles)]))
    island = shapely.Point(0, 0).buffer(20)
    ring = lake.difference(island)
    outlines = Outlines.of([ring, shapely.box(500, 500, 510, 510), shapely.MultiPolygon()])
    for x, y in [(0, 0), (130, 3), (-40, 120), (480, 505), (1000, -1000)]:
        square = shapely.box(x - 4, y - 4, x + 4, y + 4)
        truth = min(square.distance(ring), square.distance(shapely.box(500, 500, 510, 510)))
        assert outlines.distance_m(square) == pytest.approx(truth, abs=1e-9)


def test_what_touches_is_no_distance_away_and_nothing_is_near_to_none():
    assert Outlines.of([shapely.box(10, 0, 20, 10)]).distance_m(shapely.box(0, 0, 10, 10)) == 0
    assert Outlines.of([shapely.MultiPolygon()]).distance_m(shapely.box(0, 0, 10, 10)) is None
    assert Outlines.of([]).distance_m(shapely.box(0, 0, 10, 10)) is None


def test_cells_near_shapes_are_those_in_the_shapes_once_grown():
    grid = GRID.window(row=0, column=0, rows=90, columns=120)
    draw = np.random.default_rng(3)
    marked = draw.random((30, 40)) > 0.93
    marked[10:18, 10:20] = True
    blob = ground(marked, grid=grid.coarser(3))
    sliver = shapely.box(333_000.3, 9_612_990.11, 333_025.0, 9_612_990.14)  # no centre lies in it
    shapes = [*shapely.get_parts(blob)[::3], sliver, shapely.MultiPolygon()]
    for within_m in (0.05, 0.4, 1.3):
        grown = [shapely.buffer(one, within_m, quad_segs=64) for one in shapes]
        truth = geometry_mask(
            [one for one in grown if not one.is_empty], grid.shape, grid.transform, invert=True
        )
        near = cells_near(shapes, grid=grid, within_m=within_m)
        assert truth.any()
        assert not truth.all()
        np.testing.assert_array_equal(near, truth)
    assert not cells_near([shapely.MultiPolygon()], grid=grid, within_m=5.0).any()


def registration(rows):
    return Registration(
        moved=Affine.identity(),
        kind="translation",
        shift_m=(0.0, 0.0),
        residual_m=0.1,
        held_back=0,
        tie_points=len(rows),
        tie_share=1.0,
        agreement_m=0.1,
        ties=np.array(rows, np.float64),
    )


def lattice(remains, *, strength=9.0):
    """Ties every 32 m over the grid; `remains` gives what is left east of each."""
    return [
        [x, y, remains(x, y), 0.0, strength, 0.0]
        for x in np.arange(333_016.0, 333_256.0, 32.0)
        for y in np.arange(9_612_760.0, 9_613_000.0, 32.0)
    ]


def test_the_fit_near_a_place_is_that_of_its_own_ties():
    found = registration(lattice(lambda x, _: 0.4 if x < 333_100 else 0.05))
    west = shapely.box(333_030, 9_612_870, 333_040, 9_612_880)
    east = shapely.box(333_200, 9_612_870, 333_210, 9_612_880)
    assert local_fit(found, GRID, west).residual_m == pytest.approx(0.4)
    assert local_fit(found, GRID, east).residual_m == pytest.approx(0.05)
    assert local_fit(found, GRID, east).ties == 4


def test_ties_that_do_not_agree_tell_nothing():
    place = shapely.box(333_030, 9_612_870, 333_040, 9_612_880)
    assert local_fit(registration(lattice(lambda *_: 0.1, strength=2.0)), GRID, place) is None
    assert local_fit(registration(lattice(lambda *_: 0.9)), GRID, place) is None
    far = registration(lattice(lambda x, _: 0.1 if x > 333_200 else 0.9))
    assert local_fit(far, GRID, place) is None, "those that agree lie too far off"
