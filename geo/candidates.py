"""The kinds of transformation that may be chosen, what each asks of the points, and its errors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.control_points import Positions
from geo.perspective import fitted_perspective, perspective_left_out
from geo.polynomial import fitted_polynomial, polynomial_left_out
from geo.spline import fitted_spline, spline_left_out
from geo.transformation import Kind, Transformation

type Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One kind of transformation."""

    numbers: int | None
    """Free numbers for both axes; None where the points themselves decide how many."""

    fewest: int
    """Points that it must have to be tried at all: one left out must not be all its freedom."""

    firm: int
    """Points from which it is trusted to say that a point is wrong, or is not."""

    fit: Callable[[Positions, Positions], Transformation]
    left_out: Callable[[Positions, Positions], Positions]
    """By how much each point is missed by the fit to all others."""


RECIPES: Final[Mapping[Kind, Recipe]] = {
    "affine": Recipe(
        numbers=6,
        fewest=4,
        firm=5,
        fit=partial(fitted_polynomial, order=1),
        left_out=partial(polynomial_left_out, order=1),
    ),
    "perspective": Recipe(
        numbers=8,
        fewest=6,
        firm=8,
        fit=fitted_perspective,
        left_out=perspective_left_out,
    ),
    "polynomial": Recipe(
        numbers=12,
        fewest=8,
        firm=12,
        fit=partial(fitted_polynomial, order=2),
        left_out=partial(polynomial_left_out, order=2),
    ),
    "spline": Recipe(
        numbers=None,
        fewest=10,
        firm=12,
        fit=fitted_spline,
        left_out=spline_left_out,
    ),
}
"""From the simplest to the freest."""

WORTH_IT = 0.85
"""A freer kind must lower the left-out error to this share of the simpler one's: at least a
quarter of what the simpler one misses (as a variance) is then bending of the picture."""

_SURE = 1.0
"""Standard errors by which it must do so: below one, the gain is the luck of a few points."""


def is_better(freer: Positions, simpler: Positions) -> bool:
    """
    Whether a freer kind misses the points that it has not seen by clearly less.

    Parameters
    ----------
    freer, simpler
        (n, 2); what the same points are missed by when each is left out.

    Notes
    -----
    By the margin `WORTH_IT`, and by more than one standard error of the paired difference of
    squared misses (the one-standard-error rule: Breiman and others, *Classification and
    Regression Trees*, 1984, 3.4.3).
    """
    if not np.isfinite(freer).all():
        return False
    ours, theirs = (freer**2).sum(axis=1), (simpler**2).sum(axis=1)
    gain = theirs - ours
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    return bool(ours.mean() < WORTH_IT**2 * theirs.mean() and gain.mean() > _SURE * error)
