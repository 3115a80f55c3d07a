"""Gross errors: control points that no honest fit of the others comes near."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.candidates import RECIPES, Flags, Recipe, is_better
from geo.control_points import Positions
from geo.transformation import Kind

FEWEST = RECIPES["affine"].firm
"""Points below which one that is wrong cannot be told: the rest would explain each of them."""

_FALSE_ALARM = 0.01
"""Chance that a list without any gross error is taken to hold one, errors normal."""

_MOST_SHARE = 0.25
"""Larger parts of a list are no gross errors but another picture of the ground."""

_STEPS = 20
"""Long lists are gone through by twentieths; a point taken out too soon is let in again."""

_SPLINE_SIGMAS = 8.0
_RAYLEIGH_MEDIAN = 1.1774
"""Median length of a two-dimensional normal error of deviation one."""

_OWN = 0.5
"""Share of a miss that is a point's own, at the least, if its neighbours do not bear it out."""

_ROUNDING = 1e-12
"""Share of the sum of squares below which a rest is exact but for rounding."""


@dataclass(frozen=True, kw_only=True)
class Gross:
    """Control points that are wrong."""

    places: tuple[int, ...]
    """Which of the points, the worst first."""

    missed_m: tuple[float, ...]
    """By how much the fit to the others misses each."""

    rest_m: float
    """Root mean square of what the others are missed by, each left out of its fit."""


def gross_errors(pixels: Positions, ground: Positions, *, least_m: float) -> Gross | None:
    """
    Points that are wrong beyond doubt; None where none is, or where it cannot be told.

    Each kind of transformation that the points carry is fitted without the points that it
    finds wrong, and the kind is chosen as if those did not exist. A point is wrong if that
    kind finds it so and no freer one, bent by the point's neighbours, comes half as near again:
    ground that is truly bent is not taken for an error.

    Parameters
    ----------
    pixels, ground
        (n, 2), ground in metres.
    least_m
        Misses below this are no gross errors, however well the others fit.

    Notes
    -----
    Points are set aside, those first that add most to the sum of squares, until the rest holds
    no outlier. An outlier fails the F test of its deleted residual,
    Bonferroni corrected (Cook and Weisberg, *Residuals and Influence in Regression*, 1982,
    2.2.2); for the spline, which has no such test, it lies eight robust deviations off.
    """
    judges = {kind: recipe for kind, recipe in RECIPES.items() if len(pixels) >= recipe.firm}
    aside = {kind: _set_aside(pixels, ground, recipe) for kind, recipe in judges.items()}
    if not any(flags.any() for flags in aside.values()):
        return None
    chosen = _chosen(pixels, ground, aside)
    wrong = aside[chosen]
    missed = _missed(pixels, ground, ~wrong, judges[chosen])
    for kind in list(RECIPES)[list(RECIPES).index(chosen) + 1 :]:
        if np.count_nonzero(~wrong) >= RECIPES[kind].fewest:
            borne_out = _missed(pixels, ground, ~aside[chosen], RECIPES[kind]) < _OWN * missed
            wrong = wrong & ~borne_out
    good = ~wrong
    places = [int(p) for p in np.argsort(-missed) if wrong[p] and missed[p] >= least_m]
    if not places:
        return None
    left = judges[chosen].left_out(pixels[good], ground[good])
    return Gross(
        places=tuple(places),
        missed_m=tuple(float(missed[place]) for place in places),
        rest_m=math.sqrt(float((left**2).sum(axis=1).mean())),
    )


def _missed(pixels: Positions, ground: Positions, good: Flags, recipe: Recipe) -> Positions:
    """How far every point lies from the fit to the good ones."""
    away: Positions = np.hypot(*(recipe.fit(pixels[good], ground[good]).ground(pixels) - ground).T)
    return away


def _chosen(pixels: Positions, ground: Positions, aside: dict[Kind, Flags]) -> Kind:
    """The kind that the points carry, judged where no kind finds one wrong."""
    common = ~np.logical_or.reduce(list(aside.values()))
    chosen, least = None, None
    for kind, flags in aside.items():
        missed = np.full_like(ground, np.nan)
        missed[~flags] = RECIPES[kind].left_out(pixels[~flags], ground[~flags])
        if chosen is None or least is None or is_better(missed[common], least):
            chosen, least = kind, missed[common]
    if chosen is None:
        raise ValueError("no kind was asked")
    return chosen


def _set_aside(pixels: Positions, ground: Positions, recipe: Recipe) -> Flags:
    """Fewest points without which the rest holds no outlier, if they fail against the rest."""
    count = len(pixels)
    good = np.ones(count, np.bool_)
    for _ in range(max(1, int(_MOST_SHARE * count)) + 1):
        if good.sum() < recipe.fewest:
            break
        weight, outlying = _judged(pixels, ground, good, recipe)
        if not outlying[good].any():
            return outlying
        heaviest = np.argsort(np.where(good, -weight, np.inf), kind="stable")
        good[heaviest[: max(1, count // _STEPS)]] = False
    return np.zeros(count, np.bool_)


def _judged(
    pixels: Positions, ground: Positions, good: Flags, recipe: Recipe
) -> tuple[Positions, Flags]:
    """How much each point adds to the misses of a set, and whether it is an outlier of it."""
    missed = recipe.fit(pixels[good], ground[good]).ground(pixels) - ground
    left_out = missed.copy()
    left_out[good] = recipe.left_out(pixels[good], ground[good])
    if recipe.numbers is None:
        away = np.hypot(*left_out.T)
        limit = _SPLINE_SIGMAS * float(np.median(away[good])) / _RAYLEIGH_MEDIAN
        return away, np.greater(away, limit)
    # For least squares, the share of a point in the sum of squares is its residual times
    # what it is missed by when left out; a point outside is tested as if it were let in.
    weight = np.where(good, (missed * left_out).sum(axis=1), (missed**2).sum(axis=1))
    total = (missed[good] ** 2).sum()
    rest = np.maximum(total - np.where(good, weight, 0.0), _ROUNDING * (1 + total))
    freedom = 2 * (good.sum() - np.where(good, 1, 0)) - recipe.numbers
    chance = _f_beyond(weight / rest, freedom) * len(pixels)
    return weight, np.less(chance, _FALSE_ALARM)


def _f_beyond(ratio: Positions, freedom: NDArray[np.int64]) -> Positions:
    """
    Chance of a larger F than of this ratio of sums of squares, its first having two freedoms.

    With two freedoms against n, F is n / 2 of the ratio and lies beyond x with the chance
    (1 + 2 x / n) ** (-n / 2): the incomplete beta function of Abramowitz and Stegun 26.6.2
    has a closed form there.
    """
    beyond: Positions = (1 + ratio) ** (-freedom / 2)
    return np.where(freedom > 0, beyond, np.nan)
