"""Sight: ground is outlined by what was seen of it, exactly along its pixels."""

import numpy as np
import shapely
from affine import Affine
from pyproj import CRS

from geo.grid import Grid
from geo.polygons import ground
from geo.sight import Sight, sighted

GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.3, 0, 300_000.1, 0, -0.3, 9_630_000.7),
    rows=30,
    columns=40,
)


def test_what_was_flown_is_what_was_compared_and_what_only_the_second_date_saw() -> None:
    flown, compared = np.zeros(GRID.shape, np.bool_), np.zeros(GRID.shape, np.bool_)
    flown[3:25, 5:38] = True
    flown[10:12, 10:12] = False
    compared[3:25, 5:20] = flown[3:25, 5:20]
    compared[8, 30] = True
    other = Sight.DARK | Sight.FIRM  # says nothing of who saw it
    sight = flown * np.uint8(Sight.SEEN) | compared * np.uint8(Sight.COMPARED)
    sight[5:8, 5:30] |= np.uint8(other)
    found = sighted(sight, grid=GRID)
    for outlined, mask in zip(found, (flown, ~flown, compared), strict=True):
        assert shapely.equals(outlined, ground(mask, grid=GRID))


def test_what_no_date_saw_is_unflown_alone() -> None:
    found = sighted(np.zeros(GRID.shape, np.uint8), grid=GRID)
    assert found.flown.is_empty
    assert found.compared.is_empty
    assert shapely.equals(found.unflown, GRID.footprint)
