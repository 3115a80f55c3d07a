"""Polygons go along pixel edges and come back as the same pixels."""

import numpy as np
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyproj import CRS

from geo.grid import Grid
from geo.polygons import absorbed, ground, grounds, numbered, outlines, touched_blocks

GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.25, 0, 300_000, 0, -0.25, 9_630_000),
    rows=12,
    columns=9,
)
CODES = arrays(np.uint8, GRID.shape, elements=st.integers(0, 3))


@given(CODES)
def test_drawing_outlines_gives_back_every_pixel(codes: np.ndarray) -> None:
    parts = outlines(codes, grid=GRID)
    numbers = numbered([outline for _, outline in parts], grid=GRID)
    named = np.array([0, *(code for code, _ in parts)], np.uint8)
    assert (named[numbers] == codes).all()


@given(CODES)
def test_outlines_are_valid_disjoint_and_add_up(codes: np.ndarray) -> None:
    shapes = [outline for _, outline in outlines(codes, grid=GRID)]
    pixels = np.count_nonzero(codes)
    assert all(shape.is_valid for shape in shapes)
    assert np.isclose(sum(shape.area for shape in shapes), pixels * 0.25**2)
    assert np.isclose(shapely.union_all(shapes).area, pixels * 0.25**2)


@given(CODES)
def test_the_ground_of_each_code_is_outlined_as_it_is_alone(codes: np.ndarray) -> None:
    shapes = grounds(codes, grid=GRID)
    assert set(shapes) == set(np.unique(codes).tolist())
    for code, shape in shapes.items():
        assert shapely.equals(shape, ground(codes == code, grid=GRID))


def test_outlines_keep_holes_and_leave_out_what_does_not_count() -> None:
    codes = np.zeros(GRID.shape, np.uint8)
    codes[2:9, 2:8] = 5
    codes[4, 4] = 0
    where = np.ones(GRID.shape, np.bool_)
    where[8] = False
    ((code, outline),) = outlines(codes, grid=GRID, where=where)
    assert code == 5
    assert len(outline.interiors) == 1
    assert outline.area == (6 * 6 - 1) * 0.25**2


def test_small_parts_and_holes_go_to_their_neighbour_but_not_into_the_unseen() -> None:
    codes = np.zeros(GRID.shape, np.uint8)
    codes[2:9, 2:8] = 5
    codes[4, 4] = 0
    codes[11, 0] = 3
    seen = np.ones(GRID.shape, np.bool_)
    seen[6, 6] = False
    settled = absorbed(codes, least_px=4, where=seen)
    assert settled[4, 4] == 5
    assert settled[11, 0] == 0
    assert ground((settled != 0) & seen, grid=GRID).area == (7 * 6 - 1) * 0.25**2
    assert (absorbed(codes, least_px=1) == codes).all()


def test_nothing_marked_is_no_ground() -> None:
    assert ground(np.zeros(GRID.shape, np.bool_), grid=GRID).is_empty
    assert not numbered([], grid=GRID).any()


@given(st.floats(-3, 3), st.integers(-2, 9), st.integers(-2, 12))
def test_every_pixel_that_a_shape_needs_lies_in_a_block_it_touches(
    turned: float, column: int, row: int
) -> None:
    grid = Grid(
        crs=GRID.crs,
        transform=GRID.transform @ Affine.rotation(turned * 30),
        rows=GRID.rows,
        columns=GRID.columns,
    )
    x, y = grid.transform @ (column + 0.5, row + 0.5)
    marked = touched_blocks(shapely.Point(x, y).buffer(0.2), grid=grid, side=4, margin=1)
    assert marked.shape == (3, 3)
    for down, right in ((-1, 0), (0, 0), (1, 0), (0, -1), (0, 1)):
        if 0 <= row + down < grid.rows and 0 <= column + right < grid.columns:
            assert marked[(row + down) // 4, (column + right) // 4]
    assert marked.sum() <= 4
