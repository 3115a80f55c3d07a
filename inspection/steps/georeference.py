"""Georeference: say where the current flight lies, and how well that is known."""

from dataclasses import replace

from affine import Affine

from geo.control_points import (
    ControlPointList,
    Residual,
    Role,
    accuracy,
    fitted_affine,
    residuals,
)
from geo.errors import about
from geo.grid import Grid
from geo.site import Site
from inspection.model import Case, Flight, Placement
from inspection.profiles.profile import Profile


def georeference(case: Case, profile: Profile) -> Placement:
    """
    Place the current flight by its control points, or else where its file says it lies.

    A placement that points have not checked is taken as the profile takes it: with an
    uncertainty of its own, and unverified.
    """
    flight, points = case.current, case.control_points
    site = Site.around(case.boundary, ring_m=profile.clip.ring_m, near=flight.orthophoto.grid.crs)
    if points is None:
        site.require_seen_by(flight.orthophoto.grid)
        return Placement(
            flight=flight,
            site=site,
            method="as_delivered",
            accuracy=None,
            uncertainty_m=profile.position.unverified_m,
            residuals=(),
        )
    source = case.control_points_source
    with about(source.name if source else "control points"):
        placed, missed = _fitted(flight, points, site)
    site.require_seen_by(placed.orthophoto.grid)
    checked = accuracy([residual for residual in missed if residual.role is Role.CHECK])
    return Placement(
        flight=placed,
        site=site,
        method="control_points",
        accuracy=checked,
        uncertainty_m=checked.ce90_m if checked else profile.position.unverified_m,
        residuals=missed,
    )


def _fitted(
    flight: Flight, points: ControlPointList, site: Site
) -> tuple[Flight, tuple[Residual, ...]]:
    """Give the flight moved to where its control points say, and what that leaves at each point."""
    measured = points.on(site.crs)
    fit = fitted_affine(measured.of(Role.CONTROL))
    stated = flight.orthophoto.grid
    grid = Grid(crs=site.crs, transform=fit, rows=stated.rows, columns=stated.columns)
    orthophoto = replace(flight.orthophoto, grid=grid)
    heights = flight.heights
    if heights is not None and heights.grid.crs == stated.crs == site.crs:
        # The surface comes from the same flight: what was wrong with one was with the other.
        moved = fit @ ~stated.transform @ heights.grid.transform
        heights = replace(heights, grid=replace(heights.grid, transform=Affine(*moved[:6])))
    return (
        replace(flight, orthophoto=orthophoto, heights=heights),
        residuals(fit, measured.points),
    )
