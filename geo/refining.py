"""Refining: a rough match made exact, straight where that serves and bent where ties ask for it."""

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geo.agreement import Agreement
from geo.bending import bent
from geo.beyond import missed_beyond
from geo.errors import RefusedError
from geo.grid import Grid
from geo.match import Match, Sides, match_of
from geo.movement import GATE_PX, STRONG
from geo.polynomial import Polynomial
from geo.raster import Raster, Read
from geo.registration import Registration, estimate_registration
from geo.rivalry import standing
from geo.ties import SMALLEST_TILE_PX
from geo.transformation import Transformation, pixels_at

RIVALRY = 0.4
"""Share of what speaks for a match with which another makes it ambiguous."""

LEAST_STANDING = 12.0
"""Height of the correlation where the picture was laid, in standard deviations of what lies
around: true matches stand at 20 and more even over years, pictures of other places below 8."""

LEAST_SIDE_PX = 2 * SMALLEST_TILE_PX
"""Shorter side of what both show, in pixels of the coarser, below which too few places that do not
overlap could witness for one another."""

STRAIGHT_PX = 0.5
"""A straight map as good as this is kept: to bend a picture is to resample it."""

BEND_WORTH_IT = 0.7
"""Share of what a straight map misses that a curved one may miss, to be taken."""


def refined(sides: Sides, found: Agreement, *, reach_m: float) -> Match:
    """
    Lay the picture exactly where it lies about.

    Parameters
    ----------
    sides
        The two pictures.
    found
        From the picture's plane to the ground, roughly.
    reach_m
        By how much that may be off.

    Raises
    ------
    RefusedError
        ``reference_match_thin``, ``reference_match_small``, ``reference_match_ambiguous``.
    """
    model = found.model
    common = _common_ground(sides.extent, sides.search, model)
    placed = _moved_read(sides.picture, model)
    stands = standing(placed, sides.reference, common, sides.search)
    if stands is None or stands.here < LEAST_STANDING:
        raise RefusedError("reference_match_thin", agreeing=found.agreeing)
    if stands.elsewhere > RIVALRY * stands.here:
        raise RefusedError("reference_match_ambiguous")
    fine = estimate_registration(placed, sides.reference, common, search_m=reach_m)
    if isinstance(fine, Registration):
        model = fine.moved @ model
    laid = Polynomial.of_affine(model @ sides.extent.transform)
    straight = (
        _judged(laid, fine.ties, common)
        if isinstance(fine, Registration)
        else RefusedError("reference_match_thin", agreeing=fine.agreeing)
    )
    if isinstance(straight, Match) and straight.ce90_m <= STRAIGHT_PX * common.pixel_size:
        return straight
    if isinstance(fine, Registration):
        beyond_m = _beyond(laid, fine.ties, sides.extent, gate_m=GATE_PX * common.pixel_size)
        straight = _judged(laid, fine.ties, common, beyond_m=beyond_m)
    bend = bent(sides, common, start=laid)
    if bend is not None:
        curved = _judged(bend.transformation, bend.last.table, common, beyond_m=bend.beyond_m)
        if isinstance(curved, Match) and (
            not isinstance(straight, Match) or curved.rmse_m < BEND_WORTH_IT * straight.rmse_m
        ):
            return curved
    if isinstance(straight, Match):
        return straight
    raise straight


def _beyond(
    laid: Transformation, measured: NDArray[np.float64], extent: Grid, *, gate_m: float
) -> NDArray[np.float64]:
    """By how much a straight map that misses its ties may miss what lies beyond them."""
    # Ground that changed between two days witnesses for nothing, least of all further out.
    agrees = np.hypot(*measured[:, 2:4].T) <= gate_m
    strong = measured[(measured[:, 4] >= STRONG) & agrees]
    pixels = pixels_at(laid, strong[:, :2], rows=extent.rows, columns=extent.columns)
    return missed_beyond(laid, pixels, strong[:, :2] + strong[:, 2:4], extent)


def _judged(
    transformation: Transformation,
    measured: NDArray[np.float64],
    common: Grid,
    *,
    beyond_m: NDArray[np.float64] | None = None,
) -> Match | RefusedError:
    try:
        return match_of(transformation, measured, common, beyond_m=beyond_m)
    except RefusedError as error:
        return error


def require_room(grid: Grid) -> None:
    """
    Require that a picture is large enough to be matched at all.

    Raises
    ------
    RefusedError
        ``reference_match_small`` with its shorter side in pixels.
    """
    side = min(grid.shape)
    if side < LEAST_SIDE_PX:
        raise RefusedError("reference_match_small", side=side, limit=LEAST_SIDE_PX)


def _common_ground(extent: Grid, search: Grid, model: Affine) -> Grid:
    """North-up grid where both may lie, in pixels of the coarser of the two."""
    placed = Grid(
        crs=search.crs, transform=model @ extent.transform, rows=extent.rows, columns=extent.columns
    )
    ground = placed.footprint.intersection(search.footprint)
    if not ground.area > 0:
        raise RefusedError("reference_match_thin", agreeing=0)
    size = max(placed.pixel_size, search.pixel_size)
    common = Grid.over(ground.bounds, crs=search.crs, pixel=size)
    require_room(common)
    return common


def _moved_read(picture: Read, model: Affine) -> Read:
    def read(grid: Grid) -> Raster:
        there = Grid(
            crs=grid.crs, transform=~model @ grid.transform, rows=grid.rows, columns=grid.columns
        )
        raster = picture(there)
        return Raster(values=raster.values, valid=raster.valid, grid=grid)

    return read
