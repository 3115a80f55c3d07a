"""Placing a flight by a reference picture: one whose position is trusted."""

import math
from dataclasses import replace
from pathlib import Path

from affine import Affine
from pyproj import CRS

from geo.crs import moved_shape
from geo.grid import Grid
from geo.match import Match
from geo.matching import matched
from geo.rectify import rectified_grid, rectify
from geo.site import Site
from geo.transformation import Preceded
from geo.warp import opened
from inspection.model import Flight, Orthophoto
from inspection.placement import Caution, Placement
from inspection.ports import Advance

LEAST_SCALE, MOST_SCALE = 0.3, 3.0
"""By how much the pixel size that a file states may be wrong; past that it is another picture."""


def placed_on_reference(
    flight: Flight,
    reference: Orthophoto,
    site: Site,
    *,
    reference_m: float,
    desk: Path,
    advance: Advance,
) -> Placement:
    """
    Match a flight to a reference, wherever it says that it lies.

    The uncertainty is that of the ties kept out of the fit and of the reference itself. A
    picture that must be bent to fit is written anew on the desk.
    """
    picture = flight.orthophoto
    plane = _plane(picture, site.crs)
    extent = Grid.over(plane.bounds, crs=site.crs, pixel=1.0)
    ground = _ground(reference, site.crs)
    stated_m = picture.gsd_m if picture.is_placed else None
    scales = None if stated_m is None else (LEAST_SCALE * stated_m, MOST_SCALE * stated_m)
    with (
        opened(picture.path, placed=plane) as ours,
        opened(reference.path, placed=reference.grid) as theirs,
    ):
        match = matched(ours, extent, theirs, ground, scales=scales, advance=advance)
    into = ~extent.transform @ plane.transform
    moved, cautions = _moved(flight, site, match, into, desk=desk, advance=advance)
    cautions.append(
        Caution(
            code="placed_by_reference",
            facts={"ties": match.held_back, "missed": match.ce90_m, "reference": reference_m},
        )
    )
    return Placement(
        flight=moved,
        site=site,
        method="reference",
        accuracy=None,
        uncertainty_m=math.hypot(match.ce90_m, reference_m),
        residuals=(),
        match=match,
        reference_m=reference_m,
        cautions=tuple(cautions),
    )


def _plane(picture: Orthophoto, crs: CRS) -> Grid:
    """Plane of the picture's pixels, as long and as wide as the file says, and not mirrored."""
    stated = picture.grid
    if picture.is_placed:
        outline = moved_shape(stated.footprint, source=stated.crs, target=crs).exterior.coords
        (x, y), (right_x, right_y), _, (down_x, down_y) = outline[:4]
        shaped = Affine(
            (right_x - x) / stated.columns,
            (down_x - x) / stated.rows,
            0,
            (right_y - y) / stated.columns,
            (down_y - y) / stated.rows,
            0,
        )
        side = math.sqrt(abs(shaped.determinant))
        if math.isfinite(side) and side > 0:
            return replace(stated, crs=crs, transform=Affine.scale(1 / side) @ shaped)
    return Grid.of_pixels(stated.rows, stated.columns, crs=crs)


def _ground(reference: Orthophoto, crs: CRS) -> Grid:
    """Ground that the reference shows, north up in metres, in its own pixels."""
    outline = moved_shape(reference.grid.footprint, source=reference.grid.crs, target=crs)
    return Grid.over(outline.bounds, crs=crs, pixel=reference.gsd_m)


def _moved(
    flight: Flight, site: Site, match: Match, into: Affine, *, desk: Path, advance: Advance
) -> tuple[Flight, list[Caution]]:
    """Give the flight at its new place, and what of it could not be moved."""
    picture = flight.orthophoto
    rows, columns = picture.grid.shape
    if match.affine is not None:
        placed = match.affine @ into
        grid = Grid(crs=site.crs, transform=Affine(*placed[:6]), rows=rows, columns=columns)
        site.require_seen_by(grid)
        return _with_heights(flight, grid)
    curve = Preceded(first=into, then=match.transformation)
    whole = rectified_grid(curve, rows=rows, columns=columns, crs=site.crs)
    site.require_seen_by(whole)
    grid, out = site.part_of(whole).of(whole), desk / "rectified.tif"
    rectify(picture.path, out, grid, transformation=curve, advance=advance)
    moved = replace(flight, orthophoto=replace(picture, path=out, grid=grid), heights=None)
    cautions = [Caution(code="reference_bent", facts={"ties": match.tie_points})]
    if flight.heights is not None:
        cautions.append(Caution(code="heights_not_moved"))
    return moved, cautions


def _with_heights(flight: Flight, grid: Grid) -> tuple[Flight, list[Caution]]:
    """Give the flight at its new place; its surface goes with it where it can."""
    picture, heights = flight.orthophoto, flight.heights
    moved = replace(flight, orthophoto=replace(picture, grid=grid))
    if heights is None:
        return moved, []
    if not picture.is_placed or not heights.grid.crs == picture.grid.crs == grid.crs:
        return replace(moved, heights=None), [Caution(code="heights_not_moved")]
    there = grid.transform @ ~picture.grid.transform @ heights.grid.transform
    own = replace(heights.grid, transform=Affine(*there[:6]))
    return replace(moved, heights=replace(heights, grid=own)), []
