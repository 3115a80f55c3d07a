"""Grids: footprints, windows and tiles keep every pixel in its place."""

import math

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import box

from geo.grid import Grid

UTM = CRS.from_epsg(32750)
NORTH_UP = Grid(crs=UTM, transform=Affine(0.2, 0, 300_000, 0, -0.2, 9_630_000), rows=40, columns=60)


def test_a_rotated_footprint_has_the_area_of_its_pixels():
    turned = Grid(
        crs=UTM,
        transform=Affine.translation(300_000, 9_630_000)
        @ Affine.rotation(30)
        @ Affine.scale(0.2, -0.2),
        rows=40,
        columns=60,
    )
    assert turned.footprint.area == pytest.approx(40 * 60 * 0.04, rel=1e-6)
    assert not turned.is_north_up
    assert turned.pixel_size == pytest.approx(0.2)


def test_a_grid_without_pixels_or_ground_cannot_be():
    with pytest.raises(ValueError, match="pixels"):
        Grid(crs=UTM, transform=Affine.identity(), rows=0, columns=5)
    for transform in (Affine(1, 1, 0, 1, 1, 0), Affine(math.nan, 0, 0, 0, 1, 0)):
        with pytest.raises(ValueError, match="inverted"):
            Grid(crs=UTM, transform=transform, rows=5, columns=5)


def test_covering_is_aligned_and_smallest():
    found = NORTH_UP.covering(box(300_000.3, 9_629_999.1, 300_001.1, 9_629_999.7))
    assert (~NORTH_UP.transform @ (found.transform.c, found.transform.f)) == pytest.approx((1, 1))
    assert found.shape == (4, 5)


def test_covering_with_a_margin_is_that_of_a_larger_shape():
    shape = box(300_000.3, 9_629_999.1, 300_001.1, 9_629_999.7)
    assert NORTH_UP.covering(shape, margin=1.7) == NORTH_UP.covering(shape.buffer(1.7))


def test_covering_of_a_block_of_whole_pixels_is_that_block():
    block = NORTH_UP.window(row=7, column=3, rows=11, columns=13)
    assert NORTH_UP.covering(block.footprint).shape == block.shape


@given(
    row=st.integers(-50, 50),
    column=st.integers(-70, 70),
    rows=st.integers(1, 90),
    columns=st.integers(1, 90),
)
def test_common_part_is_what_both_hold(row, column, rows, columns):
    other = NORTH_UP.window(row=row, column=column, rows=rows, columns=columns)
    held = {
        (r, c)
        for r in range(max(row, 0), min(row + rows, NORTH_UP.rows))
        for c in range(max(column, 0), min(column + columns, NORTH_UP.columns))
    }
    tile = NORTH_UP.common(other)
    if tile is None:
        assert not held
    else:
        assert (tile.rows * tile.columns, min(held)) == (len(held), (tile.row, tile.column))


@given(size=st.integers(1, 70))
def test_tiles_hold_every_pixel_once(size):
    seen = [[0] * NORTH_UP.columns for _ in range(NORTH_UP.rows)]
    for tile in NORTH_UP.tiles(size):
        rows, columns = tile.slices
        for r in range(NORTH_UP.rows)[rows]:
            for c in range(NORTH_UP.columns)[columns]:
                seen[r][c] += 1
    assert all(count == 1 for line in seen for count in line)


def test_coarser_keeps_the_corner_and_the_rim():
    coarse = NORTH_UP.coarser(16)
    assert coarse.shape == (3, 4)
    assert coarse.transform @ (0, 0) == NORTH_UP.transform @ (0, 0)
    assert coarse.footprint.covers(NORTH_UP.footprint)


@pytest.mark.parametrize("size", [1, 7, 37, 40, 64])
def test_even_tiles_hold_every_pixel_once_and_none_is_a_sliver(size):
    seen = np.zeros(NORTH_UP.shape, int)
    tiles = list(NORTH_UP.even_tiles(size))
    for tile in tiles:
        seen[tile.slices] += 1
    assert (seen == 1).all()
    assert max(max(tile.rows, tile.columns) for tile in tiles) <= math.ceil(1.125 * size)
    # 37: two rows of 20, and not one of 37 and one of 3.
    assert min(tile.rows for tile in tiles) >= min(NORTH_UP.rows, size) // 2
