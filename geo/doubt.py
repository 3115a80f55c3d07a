"""Whether all ties bear out the movement that the most trusted of them gather around."""

import numpy as np
from affine import Affine

from geo.grid import Grid
from geo.movement import GATE_PX, agreeing, trust
from geo.plain_fit import plain_movement
from geo.raster import Mask
from geo.second_opinion import largest_difference_m
from geo.ties import Ties

DOUBTED_PX = 1.5
"""Distance between the sharp and the plain movement past which one of the two is wrong."""

WORTH_IT = 0.95
"""Share of the squared distance at held-back ties to which the plain movement must lower it."""


def doubt_m(last: Ties, grid: Grid) -> float | None:
    """
    Largest distance, over the corners and the centre of a grid, to what all ties say.

    Parameters
    ----------
    last
        Ties measured with the movement applied, the held-back among them.
    grid
        The picture that they were measured in.

    Returns
    -------
    float or None
        Metres; None where too few ties agree to say anything.
    """
    plain = _plain(last, agreeing(last, grid), grid)
    return None if plain is None else largest_difference_m(Affine.identity(), plain, grid)


def freed_movement(moved: Affine, last: Ties, grid: Grid) -> Affine | None:
    """
    Give the plain movement of the ties that may enter a fit, where it is the better one.

    Too few freedoms, or ties that lean alike in one corner, carry the sharp movement away at the
    far end of the picture. Ties that entered neither fit tell which of the two it was, each as
    far as it is trusted: crowns, which are many and weak, must not carry the ground away.

    Parameters
    ----------
    moved
        The sharp movement.
    last
        Ties measured with it applied.
    grid
        The picture that they were measured in.

    Returns
    -------
    Affine or None
        Ground to ground, metres; None where the sharp movement stands.
    """
    doubted_m = doubt_m(last, grid)
    plain = _plain(last, agreeing(last, grid) & ~last.held_back, grid)
    weights = trust(last)[last.held_back]
    if doubted_m is None or plain is None or weights.sum() == 0:
        return None
    there, offsets = last.positions_m[last.held_back], last.offsets_m[last.held_back]
    remain = there + offsets - np.stack(plain @ tuple(there.T), axis=1)
    with_it, without = (
        np.average(np.minimum(np.hypot(*one.T), GATE_PX * grid.pixel_size) ** 2, weights=weights)
        for one in (remain, offsets)
    )
    better = doubted_m > DOUBTED_PX * grid.pixel_size and with_it < WORTH_IT * without
    return plain @ moved if better else None


def _plain(last: Ties, among: Mask, grid: Grid) -> Affine | None:
    gate_m = GATE_PX * grid.pixel_size
    return plain_movement(last.positions_m[among], last.offsets_m[among], gate_m=gate_m)
