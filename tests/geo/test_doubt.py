"""What all ties say against the movement that the most trusted of them gather around."""

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from geo.doubt import doubt_m, freed_movement
from geo.grid import Grid
from geo.plain_fit import plain_movement
from geo.ties import Ties

GRID = Grid(
    crs=CRS.from_epsg(32750),
    transform=Affine(0.25, 0, 300_000, 0, -0.25, 9_630_000),
    rows=512,
    columns=512,
)
CENTRE = np.array(GRID.transform @ (256, 256))
SHEAR = (
    Affine.translation(*CENTRE) @ Affine(1, 0.008, 0, 0.008, 1, 0) @ Affine.translation(*-CENTRE)
)


def places():
    steps = np.linspace(48, 464, 7)
    return np.array([GRID.transform @ (column, row) for row in steps for column in steps])


def ties(offsets, *, strengths=None):
    """Seven by seven tiles, every third held back."""
    rows, columns = np.indices((7, 7))
    return Ties(
        positions_m=places(),
        offsets_m=offsets,
        strengths=np.full(49, 20.0) if strengths is None else strengths,
        held_back=((rows + columns) % 3 == 0).ravel(),
    )


def moved_by(movement):
    return np.stack(movement @ tuple(places().T), axis=1) - places()


def noise(size=0.02, seed=1):
    return np.random.default_rng(seed).normal(0, size, (49, 2))


def test_ties_that_count_alike_give_the_affine_map_between_them():
    offsets = moved_by(SHEAR) + noise()
    found = plain_movement(places(), offsets, gate_m=0.5)
    assert np.abs(moved_by(found) - moved_by(SHEAR)).max() < 0.03


def test_ties_past_the_gate_have_no_say():
    offsets = noise()
    offsets[::5] += 3.0
    assert np.abs(moved_by(plain_movement(places(), offsets, gate_m=0.5))).max() < 0.03


@pytest.mark.parametrize("count", [0, 5])
def test_a_handful_of_ties_says_nothing(count):
    assert plain_movement(places()[:count], noise()[:count], gate_m=0.5) is None


def test_ties_on_one_place_do_not_break_the_fit():
    where = np.repeat(places()[:1], 8, axis=0)
    assert plain_movement(where, np.zeros((8, 2)), gate_m=0.5).almost_equals(Affine.identity())


def test_there_is_no_doubt_where_the_ties_scatter_about_nothing():
    last = ties(noise(0.05))
    assert doubt_m(last, GRID) < 0.2
    assert freed_movement(Affine.identity(), last, GRID) is None


def test_a_shear_that_was_left_out_is_doubted_and_taken_in():
    """Held back or not, all ties show it: too few freedoms were granted."""
    last = ties(moved_by(SHEAR) + noise())
    assert doubt_m(last, GRID) > 0.375
    already = Affine.translation(1.0, 2.0)
    freed = freed_movement(already, last, GRID)
    truth = SHEAR @ already
    corners = GRID.footprint.exterior.coords
    assert max(np.hypot(*np.subtract(freed @ c, truth @ c)) for c in corners) < 0.1


def test_many_weak_ties_do_not_carry_the_ground_away():
    """Crowns lean as the light falls; the few strong ties between them lie still."""
    strong = np.zeros(49, bool)
    strong[::4] = True
    offsets = np.where(strong[:, None], 0.0, moved_by(SHEAR)) + noise()
    last = ties(offsets, strengths=np.where(strong, 40.0, 6.0))
    assert doubt_m(last, GRID) > 0.375
    assert freed_movement(Affine.identity(), last, GRID) is None


def test_without_ties_held_back_nobody_tells_who_is_right():
    last = ties(moved_by(SHEAR) + noise())
    nobody = np.zeros(49, bool)
    last = Ties(
        positions_m=last.positions_m,
        offsets_m=last.offsets_m,
        strengths=last.strengths,
        held_back=nobody,
    )
    assert doubt_m(last, GRID) > 0.375
    assert freed_movement(Affine.identity(), last, GRID) is None


def test_weak_ties_say_nothing():
    last = ties(noise(), strengths=np.full(49, 3.0))
    assert doubt_m(last, GRID) is None
    assert freed_movement(Affine.identity(), last, GRID) is None
