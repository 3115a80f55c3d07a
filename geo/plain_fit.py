"""The affine movement that ties speak for when each of them has an equal say."""

import numpy as np
from affine import Affine
from numpy.typing import NDArray

FEWEST = 6
"""Ties below which such a map tells of their errors, not of the ground: twice what fixes it."""

ROUNDS = 12
"""Reweightings; the weights have settled by then."""


def plain_movement(
    positions_m: NDArray[np.float64], offsets_m: NDArray[np.float64], *, gate_m: float
) -> Affine | None:
    """
    Fit an affine map to ties, all of which count alike.

    `geo.tie_fit.fitted_movement` closes in on the ties that lie densest and are trusted most, and
    on the fewest freedoms that explain them. That is sharp, and where things stand high it is at
    times their movement and not the ground's. This one is blunt: it errs by what things lean on
    the whole, wherever they stand, and by no more. Least squares with Tukey's weights
    (Beaton and Tukey, *Technometrics* 16, 1974) of a width that does not shrink.

    Parameters
    ----------
    positions_m
        (n, 2); where the ground is once a movement already found has been applied.
    offsets_m
        (n, 2); how far it still moved from there.
    gate_m
        Distance at which a tie has no say any more.

    Returns
    -------
    Affine or None
        Ground to ground, metres, close to no movement; None where there are fewer than `FEWEST`
        ties.
    """
    if len(positions_m) < FEWEST:
        return None
    origin = positions_m.mean(axis=0)
    reach = max(float(np.abs(positions_m - origin).max()), gate_m)
    design = np.column_stack([np.ones(len(positions_m)), (positions_m - origin) / reach])
    solution = np.zeros((3, 2))
    for _ in range(ROUNDS):
        apart = np.hypot(*(design @ solution - offsets_m).T)
        root = np.clip(1 - (apart / gate_m) ** 2, 0, None)[:, None]
        solution = np.linalg.lstsq(design * root, offsets_m * root)[0]
    (east, north), (a, d), (b, e) = (solution / [[1], [reach], [reach]]).tolist()
    x, y = origin.tolist()
    about_origin = Affine(1 + a, b, east, d, 1 + e, north)
    return Affine.translation(x, y) @ about_origin @ Affine.translation(-x, -y)
