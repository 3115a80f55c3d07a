"""A heap is told by how it stands over its rim on the later surface, whatever was there before."""

import numpy as np
import pytest
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from shapely import Point, Polygon, box

from geo.grid import Grid
from geo.heap import rise_inward, wholes

PIXEL_M = 0.25
GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(PIXEL_M, 0, 300_000, 0, -PIXEL_M, 9_630_000),
    rows=400,
    columns=400,
)
MIDDLE = (300_050.0, 9_629_950.0)
DISC = Point(MIDDLE).buffer(10)


def centres(window: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the cells of a window lie, from the middle of the ground."""
    columns, rows = np.meshgrid(np.arange(window.columns) + 0.5, np.arange(window.rows) + 0.5)
    x, y = window.transform @ (columns, rows)
    return x - MIDDLE[0], y - MIDDLE[1]


def cone(slope: float, *, radius: float = 10.0, top: float = np.inf, lean: float = 0.0):
    """Earth that rises so steeply from a circle, perhaps to a flat top, on ground that leans."""

    def read(window: Grid) -> NDArray[np.float32]:
        x, y = centres(window)
        inward = np.clip(radius - np.hypot(x, y), 0, None)
        return np.float32(np.minimum(slope * inward, top) + lean * (x + 2 * y) + 700)

    return read


def slope_of(read, outline: Polygon = DISC) -> float | None:
    return rise_inward(read, GRID)(outline)


@pytest.mark.parametrize("lean", [0.0, 0.3])
def test_loose_earth_rises_as_steeply_as_it_lies_however_the_ground_leans(lean: float) -> None:
    assert slope_of(cone(0.7, lean=lean)) == pytest.approx(0.7, abs=0.05)
    assert slope_of(cone(-0.7, lean=lean)) == pytest.approx(-0.7, abs=0.05)
    # Flat on top, it rises less on the average.
    assert 0.4 < slope_of(cone(0.7, top=3.0, lean=lean)) < 0.7


def test_what_is_flat_to_its_edge_is_none() -> None:
    def roof(window: Grid) -> NDArray[np.float32]:
        x, y = centres(window)
        return np.float32(4.0 * (np.maximum(abs(x), abs(y)) < 8))

    assert slope_of(roof, box(*np.subtract(MIDDLE, 8), *np.add(MIDDLE, 8))) == pytest.approx(0)
    assert abs(slope_of(cone(0.0, lean=0.5))) < 1e-4


def test_crowns_at_the_rim_make_no_heap_of_what_they_stand_around() -> None:
    def crowns(window: Grid) -> NDArray[np.float32]:
        return np.float32(10.0 * (np.hypot(*centres(window)) > 9.5))

    assert slope_of(crowns) < 0


def test_a_rise_of_the_ground_is_none() -> None:
    """Two metres high and fifty wide, all of it cleared or a part."""

    def knoll(window: Grid) -> NDArray[np.float32]:
        return np.float32(np.cos(2 * np.pi * np.hypot(*centres(window)) / 50))

    for radius in (6, 12, 25):
        assert slope_of(knoll, Point(MIDDLE).buffer(radius)) < 0.3


def test_ground_whose_heights_are_not_known_has_no_say() -> None:
    heap = cone(0.7, lean=0.3)

    def half(window: Grid) -> NDArray[np.float32]:
        return np.where(centres(window)[0] > 0, heap(window), np.float32(np.nan))

    def none(window: Grid) -> NDArray[np.float32]:
        return np.full(window.shape, np.nan, np.float32)

    assert slope_of(half) == pytest.approx(0.7, abs=0.05)
    assert slope_of(none) is None


def test_a_large_heap_is_read_coarser_and_told_alike() -> None:
    asked: list[Grid] = []
    large = Point(MIDDLE).buffer(200)

    def read(window: Grid) -> NDArray[np.float32]:
        asked.append(window)
        return cone(0.6, radius=200.0, top=5.0)(window)

    assert slope_of(read, large) == pytest.approx(0.6, abs=0.1)
    assert max(asked[0].shape) <= 512


def test_what_shares_an_edge_is_one_and_what_meets_at_a_corner_is_not() -> None:
    chain = [box(0, 0, 2, 2), box(2, 1, 3, 4), box(3, 3, 5, 4)]
    corner, away = box(5, 4, 6, 5), box(9, 9, 10, 10)
    found = wholes([*chain, corner, away])
    assert [whole.area for whole in found] == [9.0, 9.0, 9.0, 1.0, 1.0]
    assert found[0] is found[2], "asked of once"
    assert wholes([]) == []
