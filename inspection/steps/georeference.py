"""Georeference: say where the current flight lies, and how well that is known."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from affine import Affine

from geo.control_points import (
    CE90_FACTOR,
    Accuracy,
    ControlPointList,
    Residual,
    Role,
    accuracy,
    residuals,
)
from geo.errors import RefusedError, about
from geo.fitting import Fit, fitted
from geo.grid import Grid
from geo.gross_errors import FEWEST
from geo.layout import require_in_picture, standing_on
from geo.rectify import rectified_grid, rectify
from geo.site import Site
from inspection.language import Json
from inspection.model import Case, Flight
from inspection.placement import Caution, Placement
from inspection.ports import Advance
from inspection.profiles.profile import Profile
from inspection.reference_placement import placed_on_reference

PERHAPS_SWAPPED = (
    "boundary_outside_image",
    "control_points_crs_unrelated",
    "control_points_mirrored",
)
"""What is wrong with points whose x and y were exchanged."""

FAR = 5.0
"""Times the error of the other check points from which one of them is named."""

LEAST_OTHERS = 2


def georeference(case: Case, profile: Profile, *, desk: Path, advance: Advance) -> Placement:
    """
    Place the current flight by a reference, by its control points, or where its file says.

    A placement that points have not checked is taken as the profile takes it: with an
    uncertainty of its own, and unverified. A picture that must be bent to fit its points is
    written anew on the desk.
    """
    flight, points, reference = case.current, case.control_points, case.reference
    near = reference.grid.crs if reference else flight.orthophoto.grid.crs
    site = Site.around(case.boundary, ring_m=profile.clip.ring_m, near=near)
    if reference is not None:
        stated_m = case.reference_accuracy_m
        reference_m = profile.position.unverified_m if stated_m is None else stated_m
        with about(flight.orthophoto.source.name):
            return placed_on_reference(
                flight, reference, site, reference_m=reference_m, desk=desk, advance=advance
            )
    if points is None:
        return _as_delivered(flight, site, profile)
    source = case.control_points_source or flight.orthophoto.source
    with about(source.name):
        held = _held(points, flight, site, most_m=profile.position.unverified_m)
    moved, cautions = _moved(flight, site, held, desk=desk, advance=advance)
    if case.control_points_source is None:
        cautions.append(Caution(code="control_points_of_file"))
    return _placed(moved, site, held, profile, cautions)


def _as_delivered(flight: Flight, site: Site, profile: Profile) -> Placement:
    site.require_seen_by(flight.orthophoto.grid)
    return Placement(
        flight=flight,
        site=site,
        method="as_delivered",
        accuracy=None,
        uncertainty_m=profile.position.unverified_m,
        residuals=(),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Held:
    """A picture held by its points, in the site's reference system."""

    fit: Fit
    grid: Grid
    """Where it lies, once it is rectified if it has to be."""

    points: ControlPointList


def _held(points: ControlPointList, flight: Flight, site: Site, *, most_m: float) -> _Held:
    """Fit the picture to its points; an exchange of x and y is offered, never made."""
    try:
        return _fitted(points, flight, site, most_m=most_m)
    except RefusedError as error:
        if error.code not in PERHAPS_SWAPPED:
            raise
        try:
            _fitted(points.swapped(), flight, site, most_m=most_m)
        except RefusedError:
            raise error from None
        raise RefusedError("control_points_swapped") from error


def _fitted(points: ControlPointList, flight: Flight, site: Site, *, most_m: float) -> _Held:
    measured = points.on(site.crs)
    rows, columns = flight.orthophoto.grid.shape
    require_in_picture(measured.of(Role.CHECK), rows=rows, columns=columns)
    fit = fitted(measured.of(Role.CONTROL), rows=rows, columns=columns, most_m=most_m)
    if fit.affine is not None:
        grid = Grid(crs=site.crs, transform=fit.affine, rows=rows, columns=columns)
    else:
        grid = rectified_grid(fit.transformation, rows=rows, columns=columns, crs=site.crs)
    site.require_seen_by(grid)
    return _Held(fit=fit, grid=grid, points=measured)


def _moved(
    flight: Flight, site: Site, held: _Held, *, desk: Path, advance: Advance
) -> tuple[Flight, list[Caution]]:
    """Give the flight moved to where its points say, and what of it could not be moved."""
    picture, heights = flight.orthophoto, flight.heights
    stated, straight = picture.grid, held.fit.affine
    if straight is not None:
        picture = replace(picture, grid=held.grid)
    else:
        grid = site.part_of(held.grid).of(held.grid)
        out = desk / "rectified.tif"
        rectify(picture.path, out, grid, transformation=held.fit.transformation, advance=advance)
        picture = replace(picture, path=out, grid=grid)
    if heights is None or not flight.orthophoto.is_placed:
        return replace(flight, orthophoto=picture), []
    if straight is None or not heights.grid.crs == stated.crs == site.crs:
        return replace(flight, orthophoto=picture, heights=None), [
            Caution(code="heights_not_moved")
        ]
    # The surface comes from the same flight: what was wrong with one was with the other.
    there = straight @ ~stated.transform @ heights.grid.transform
    moved = replace(heights, grid=replace(heights.grid, transform=Affine(*there[:6])))
    return replace(flight, orthophoto=picture, heights=moved), []


def _placed(
    flight: Flight, site: Site, held: _Held, profile: Profile, cautions: list[Caution]
) -> Placement:
    missed = residuals(held.fit.transformation, held.points.points)
    checks = [residual for residual in missed if residual.role is Role.CHECK]
    checked = accuracy(checks)
    pixel_m = flight.orthophoto.grid.pixel_size
    return Placement(
        flight=flight,
        site=site,
        method="control_points",
        accuracy=checked,
        uncertainty_m=_uncertainty_m(checked, held.fit, profile),
        residuals=missed,
        fit=held.fit,
        points_change=held.points.change,
        cautions=(
            *cautions,
            *_about_the_fit(held.fit, len(held.points.of(Role.CONTROL)), tested=bool(checks)),
            *_about_checks(checks, least_m=3 * pixel_m),
            *_about_places(held.points),
        ),
    )


def _uncertainty_m(checked: Accuracy | None, fit: Fit, profile: Profile) -> float:
    if checked is not None:
        return checked.ce90_m
    # Points left out are no independent test: they may raise what is assumed, never lower it.
    return max(profile.position.unverified_m, CE90_FACTOR * (fit.left_out_m or 0.0))


def _about_the_fit(fit: Fit, count: int, *, tested: bool) -> list[Caution]:
    said = []
    if fit.covers_little:
        said.append(Caution(code="control_points_cover_little", facts={"share": fit.cover}))
    if fit.left_out_m is None:
        said.append(Caution(code="control_points_without_spare", facts={"count": count}))
    elif count < FEWEST:
        said.append(Caution(code="control_points_few", facts={"count": count}))
    if not tested and fit.left_out_m is not None:
        said.append(Caution(code="control_points_left_out", facts={"missed": fit.left_out_m}))
    return said


def _about_checks(checks: list[Residual], *, least_m: float) -> list[Caution]:
    """Name check points that lie far off the others; the accuracy counts them all the same."""
    said = []
    squares = np.array([one.distance_m**2 for one in checks])
    for number, one in enumerate(checks):
        others = np.delete(squares, number)
        if len(others) < LEAST_OTHERS or one.distance_m < least_m:
            continue
        rest_m = float(np.sqrt(others.mean()))
        if one.distance_m > FAR * rest_m:
            facts: dict[str, Json] = {"point": one.name, "missed": one.distance_m, "rest": rest_m}
            said.append(Caution(code="check_point_far", facts=facts))
    return said


def _about_places(points: ControlPointList) -> list[Caution]:
    """Name check points that test no place of the picture but one that it is held by."""
    shared = standing_on(points.of(Role.CHECK), points.of(Role.CONTROL))
    facts: dict[str, Json] = {"points": ", ".join(shared)}
    return [Caution(code="check_points_on_control", facts=facts)] if shared else []
