"""A wall is told by how high ground stands just within an outline over what lies just beyond it."""

import numpy as np
import pytest
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from shapely import Point, Polygon, box

from geo.grid import Grid
from geo.ground_class import WALL_M
from geo.wall import step_up

GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.25, 0, 300_000, 0, -0.25, 9_630_000),
    rows=400,
    columns=400,
)
MIDDLE = (300_050.0, 9_629_950.0)
HOUSE = box(*np.subtract(MIDDLE, (8, 5)), *np.add(MIDDLE, (8, 5)))
DISC = Point(MIDDLE).buffer(10)


def from_middle(window: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the cells of a window lie, from the middle of the ground."""
    columns, rows = np.meshgrid(np.arange(window.columns) + 0.5, np.arange(window.rows) + 0.5)
    x, y = window.transform @ (columns, rows)
    return x - MIDDLE[0], y - MIDDLE[1]


def house(height: float, *, lean: float = 0.0):
    """A flat roof so high, on ground that leans."""

    def read(window: Grid) -> NDArray[np.float32]:
        x, y = from_middle(window)
        inside = (abs(x) < 8) & (abs(y) < 5)
        return np.float32(height * inside + lean * (x + 2 * y) + 700)

    return read


def heap(slope: float, *, radius: float = 10.0):
    """Earth that rises so steeply from a circle."""
    return lambda window: np.float32(
        slope * np.clip(radius - np.hypot(*from_middle(window)), 0, None)
    )


def step_of(read, outline: Polygon = HOUSE, grid: Grid = GRID) -> float | None:
    return step_up(read, grid)(outline)


@pytest.mark.parametrize("lean", [0.0, 0.2])
@pytest.mark.parametrize("height", [3.0, -0.5, 0.0])
def test_what_stands_straight_up_has_all_of_its_height_at_its_edge(height, lean) -> None:
    assert step_of(house(height, lean=lean)) == pytest.approx(height, abs=0.1)


def test_loose_earth_has_no_wall_however_high_it_is() -> None:
    for radius in (6, 10, 20):
        step = step_of(heap(0.75, radius=radius), Point(MIDDLE).buffer(radius))
        assert 0.5 < step < 0.75 * WALL_M
    # A part of it lies high above what is beyond it, by a slope.
    assert 1.0 < step_of(heap(0.75, radius=20), Point(MIDDLE).buffer(12)) < 0.75 * WALL_M


def test_a_part_of_a_roof_does_not_stand_up_from_the_rest_of_it() -> None:
    assert step_of(house(4.0), HOUSE.buffer(-2.5)) == pytest.approx(0.0, abs=0.1)


def test_an_edge_that_is_a_metre_off_still_shows_the_wall() -> None:
    for off in (-0.8, 0.8):
        assert step_of(house(4.0), HOUSE.buffer(off, join_style="mitre")) == pytest.approx(4.0)


def test_among_higher_trees_nothing_stands_up() -> None:
    def crowns(window: Grid) -> NDArray[np.float32]:
        return np.where(house(4.0)(window) > 701, np.float32(704), np.float32(710))

    assert step_of(crowns) == pytest.approx(-6.0)


def test_ground_whose_heights_are_not_known_on_both_sides_has_no_say() -> None:
    def within_alone(window: Grid) -> NDArray[np.float32]:
        read = house(4.0)(window)
        return np.where(read > 701, read, np.float32(np.nan))

    assert step_of(within_alone) is None
    assert step_of(house(4.0), box(0, 0, 10, 10)) is None, "it lies beyond the grid"


def test_at_the_end_of_the_grid_what_is_there_has_the_say() -> None:
    asked: list[Grid] = []
    half = GRID.window(row=0, column=0, rows=400, columns=200)

    def read(window: Grid) -> NDArray[np.float32]:
        asked.append(window)
        return house(4.0)(window)

    assert step_of(read, HOUSE & box(0, 0, MIDDLE[0], 1e8), half) == pytest.approx(4.0)
    assert asked[0].bounds[2] <= half.bounds[2]


def test_what_is_larger_than_any_building_is_not_read() -> None:
    vast = Grid(crs=GRID.crs, transform=GRID.transform, rows=9000, columns=9000)
    assert step_of(heap(0.0), box(300_000, 9_629_000, 301_000, 9_630_000), vast) is None
