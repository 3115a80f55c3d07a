"""Resampled pixels are the linear mean of the seen ones around them, rounded to even."""

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from geo.grid import Grid
from geo.resampling import SEEN_SHARE, resampled

ROWS, COLUMNS = 90, 120
GRID = Grid(crs=CRS.from_epsg(32750), transform=Affine.identity(), rows=80, columns=100)


def means(values, seen, at):
    """The slow, obvious way: (bands, rows, columns) and where enough was seen."""
    rim = 40
    weights = np.pad(seen / 255.0, rim)
    colours = np.pad(values.astype(np.float64), ((0, 0), (rim, rim), (rim, rim))) * weights
    column, row = (np.floor(one).astype(int) for one in at)
    right, down = at[0] - column, at[1] - row
    total, share = 0.0, 0.0
    for y, x, part in (
        (0, 0, (1 - down) * (1 - right)),
        (0, 1, (1 - down) * right),
        (1, 0, down * (1 - right)),
        (1, 1, down * right),
    ):
        here = (row + y + rim, column + x + rim)
        share = share + weights[here] * part
        total = total + colours[:, *here] * part
    valid = share > SEEN_SHARE
    return np.rint(total / np.where(valid, share, 1.0)) * valid, valid


@pytest.mark.parametrize("bands", [1, 2, 3])
@pytest.mark.parametrize("beyond", [0.0, 25.0])
@pytest.mark.parametrize("unseen", [0, 30])
def test_pixels_are_the_means_of_what_was_seen(bands, beyond, unseen):
    draw = np.random.default_rng(bands)
    values = draw.integers(0, 256, (bands, ROWS, COLUMNS)).astype(np.uint8)
    seen = np.full((ROWS, COLUMNS), 255, np.uint8)
    seen[draw.integers(0, ROWS, unseen), draw.integers(0, COLUMNS, unseen)] = 0
    # Steps of a thirty-second, so that means are exact and many lie halfway between two numbers.
    rows, columns = np.mgrid[0 : GRID.rows, 0 : GRID.columns]
    at = (columns * 1.0625 + 3.5 - beyond, rows * 1.03125 + 2.25 - beyond)
    made = resampled(values, seen, tuple(one.astype(np.float32) for one in at), GRID)
    expected, valid = means(values, seen, at)
    assert valid.all() == (beyond == 0 and unseen == 0)
    np.testing.assert_array_equal(made.valid, valid)
    apart = np.abs(made.values - expected)[:, valid]
    assert apart.max() <= (0 if unseen == 0 and beyond == 0 else 1)
    assert not made.values[:, ~valid].any()
