"""Fitting a picture to control points: as simply as they allow, and never through a wrong one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from affine import Affine

from geo.candidates import RECIPES, Recipe, is_better
from geo.control_points import (
    ControlPoint,
    ControlPointList,
    Positions,
    Role,
    ground_of,
    pixels_of,
)
from geo.errors import RefusedError
from geo.grid import Grid
from geo.gross_errors import FEWEST, gross_errors
from geo.layout import cover_of, require_layout
from geo.polynomial import Polynomial, fitted_polynomial
from geo.transformation import Kind, Transformation, scales

type Passed = Literal["too_few_points", "points_cover_too_little", "folds"]
"""Why a kind was not tried, or not believed."""

_GROSS_PX = 3.0
"""A mark can be set by less than three pixels wrong without being a mistake."""

_ENOUGH_PX = 0.5
"""An affine map that is as good as this is kept: to bend a picture is to resample it."""

_COVER_FOR_CURVES = 0.25
"""Share of the picture that points must span before it is bent beyond them."""

_LEAST_COVER = 0.5
"""Share below which much of the picture lies outside the points that hold it."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One kind of transformation as it was weighed."""

    kind: Kind
    left_out_m: float | None
    """Root mean square, radial, of what points are missed by when each is left out of the fit;
    None where that cannot be measured."""

    passed: Passed | None
    """Why it could not be chosen; None where it could."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """How a picture was fitted to its control points."""

    transformation: Transformation
    candidates: tuple[Candidate, ...]

    cover: float
    """Share of the picture that lies between the points."""

    @property
    def kind(self) -> Kind:
        """Kind that was chosen."""
        return self.transformation.kind

    @property
    def left_out_m(self) -> float | None:
        """Left-out error of the kind chosen: indicative, for the choice has seen the points."""
        return next(one.left_out_m for one in self.candidates if one.kind == self.kind)

    @property
    def affine(self) -> Affine | None:
        """Six numbers that place the picture as it is; None where it must be rectified."""
        fitted = self.transformation
        return fitted.affine if isinstance(fitted, Polynomial) and fitted.order == 1 else None

    @property
    def covers_little(self) -> bool:
        """Whether much of the picture is placed by no point near it."""
        return self.cover < _LEAST_COVER


def fitted(points: Sequence[ControlPoint], *, rows: int, columns: int, most_m: float) -> Fit:
    """
    Fit a picture to surveyed places by the simplest transformation that does.

    Affine, perspective, polynomial of the second order and thin-plate spline are tried in
    this order, as far as there are points for them. A freer one is taken only if it misses
    points that it has not seen by clearly less (`geo.candidates.is_better`), and only if the
    affine map misses them by more than half a pixel.

    Parameters
    ----------
    points
        The control points, never check points; x and y in metres.
    rows, columns
        Size of the picture.
    most_m
        Left-out error up to which the points are of use; three pixels always are.

    Raises
    ------
    RefusedError
        ``control_points_too_few`` below three, ``control_points_too_many``,
        ``control_points_outside_image``, ``control_points_same_place``,
        ``control_points_in_line``, ``control_points_mirrored``,
        ``control_points_gross_error`` naming them, ``control_points_disagree``.
    """
    require_layout(points, rows=rows, columns=columns)
    pixels, ground = pixels_of(points), ground_of(points)
    first = fitted_polynomial(pixels, ground, order=1)
    pixel_m = math.sqrt(abs(first.affine.determinant))
    _require_no_gross_error(points, pixels, ground, least_m=_GROSS_PX * pixel_m)
    if first.affine.determinant > 0:
        raise RefusedError("control_points_mirrored")
    cover = cover_of(pixels, rows=rows, columns=columns)
    best: Transformation = first
    least: Positions | None = None
    weighed = []
    for kind, recipe in RECIPES.items():
        passed = _passed(kind, recipe, len(points), cover)
        missed = None if passed else recipe.left_out(pixels, ground)
        is_enough = best.kind == "affine" and (_size(least) or math.inf) < _ENOUGH_PX * pixel_m
        if missed is not None and (least is None or (not is_enough and is_better(missed, least))):
            found = recipe.fit(pixels, ground)
            if _folds(found, rows=rows, columns=columns):
                passed = "folds"
            else:
                best, least = found, missed
        weighed.append(Candidate(kind=kind, left_out_m=_size(missed), passed=passed))
    fit = Fit(transformation=best, candidates=tuple(weighed), cover=cover)
    limit = max(most_m, _GROSS_PX * pixel_m)
    if fit.left_out_m is not None and fit.left_out_m > limit:
        code = "control_points_disagree" if len(points) < FEWEST else "control_points_misfit"
        raise RefusedError(code, count=len(points), missed=fit.left_out_m, limit=limit)
    return fit


def rough_grid(given: ControlPointList, *, rows: int, columns: int) -> Grid:
    """
    Where a picture lies by the points that were given with it, before they are judged.

    Parameters
    ----------
    given
        Points in any system; their control points count.
    rows, columns
        Size of the picture.

    Raises
    ------
    RefusedError
        What `fitted` refuses of the layout of points.
    """
    points = given.of(Role.CONTROL)
    require_layout(points, rows=rows, columns=columns)
    straight = fitted_polynomial(pixels_of(points), ground_of(points), order=1).affine
    if straight.is_degenerate:
        raise RefusedError("control_points_in_line")
    return Grid(crs=given.crs, transform=straight, rows=rows, columns=columns)


def _size(missed: Positions | None) -> float | None:
    if missed is None or not np.isfinite(missed).all():
        return None
    return math.sqrt(float((missed**2).sum(axis=1).mean()))


def _passed(kind: Kind, recipe: Recipe, count: int, cover: float) -> Passed | None:
    if count < recipe.fewest:
        return "too_few_points"
    if kind != "affine" and cover < _COVER_FOR_CURVES:
        return "points_cover_too_little"
    return None


def _folds(found: Transformation, *, rows: int, columns: int) -> bool:
    area = scales(found, rows=rows, columns=columns)
    return not bool((area < 0).all())


def _require_no_gross_error(
    points: Sequence[ControlPoint], pixels: Positions, ground: Positions, *, least_m: float
) -> None:
    wrong = gross_errors(pixels, ground, least_m=least_m)
    if wrong is not None:
        raise RefusedError(
            "control_points_gross_error",
            points=", ".join(points[place].name for place in wrong.places),
            count=len(wrong.places),
            missed=max(wrong.missed_m),
            rest=wrong.rest_m,
        )
