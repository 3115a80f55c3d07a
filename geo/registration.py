"""Registration: how the ground of one flight lies on another's, to a fraction of a pixel."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.stats import binom

from geo.correlation import Surface, peak
from geo.grid import Grid
from geo.raster import Read
from geo.tie_fit import Kind, fitted_movement
from geo.ties import Ties, TileSurface, spread_tiles, ties, tile_side_px, tile_surfaces

COARSE_PX = 512
"""Longer side of the picture that the search starts on."""

COARSE_TILES = 100
FINE_TILES = 225
"""Tiles laid over the picture; a third is held back. More cost time and add little."""

STRONG = 5.0
"""Peak height, in standard deviations, from which a tile's offset is believed."""

STRENGTH_CAP = 15.0
"""Beyond this height a tile gains no more weight: a bright roof must not outvote the ground."""

GATE_PX = 2.0
"""Offset past which a tile disagrees: trees and slopes lean so much, wrong peaks lie farther."""

LAST_RADIUS_PX = 8
"""Search of the last measurement, wide against the gate so that agreement by chance is rare."""

CHANCE = 1e-6
"""Probability of as much agreement between unlike pictures, past which there is no tie at all."""

SLACK = 0.03
"""Share of the half diagonal by which a turn of 1 degree and a scale of 1 % move the rim."""

MIN_TIES = 3
"""Strong ties below which the common shift of all tiles is better than any fit."""

type Reason = Literal["no_common_ground", "no_agreement"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Registration:
    """Where the earlier flight's ground lies in the later one's frame, and how sure that is."""

    moved: Affine
    """Ground to ground, metres: what the earlier flight shows at p lies at ``moved @ p``."""

    kind: Kind
    """How much freedom the ties supported."""

    shift_m: tuple[float, float]
    """East and north at the centre of the grid: later minus earlier position of the same ground."""

    residual_m: float
    """Root mean square length of what the agreeing ties still measure once `moved` is applied;
    of the held-back ties alone where any were held back."""

    held_back: int
    """Agreeing ties that no fit has seen; zero on a picture too small to spare any."""

    tie_points: int
    """Ties that agree: strong ones, within `GATE_PX` pixels."""

    tie_share: float
    """Share of the tiles seen on both flights that agree."""

    agreement_m: float | None
    """Largest distance between this and a second, independent estimate over the corners and the
    centre of the grid; None where the second has no answer."""

    ties: NDArray[np.float64]
    """(n, 6), one row a tile, after `moved`: east and north of its centre, east and north of what
    remains there, all in metres, the strength of the peak, and 1 where held back."""


@dataclass(frozen=True, kw_only=True)
class RegistrationFailure:
    """Why two flights could not be laid on one another: an observation, not an error."""

    reason: Reason
    tiles: int
    """Tiles that both flights saw."""

    agreeing: int


def estimate_registration(
    before: Read,
    after: Read,
    grid: Grid,
    *,
    search_m: float,
    advance: Callable[[float], None] | None = None,
) -> Registration | RegistrationFailure:
    """
    Estimate the movement that lays the earlier flight on the later one.

    A coarse picture gives the first shift; its tiles, then the tiles of the full picture, twice,
    give ties; a robust fit of the ties gives a translation, similarity or affine, whichever the
    held-back residual supports. Everything is then measured again with the movement applied.

    Parameters
    ----------
    before, after
        The earlier and the later flight.
    grid
        The ground to compare and the pixels to compare it in; a metric reference system.
    search_m
        Largest shift to expect.
    advance
        Told the share of the work that is done, from 0 to 1.

    Returns
    -------
    Registration or RegistrationFailure
        The latter when the tiles agree no better than those of two different places would.
        Whether a residual is good enough is for the caller to say.
    """
    tell = advance or (lambda _: None)
    moved, coarse_px = _coarse_movement(before, after, grid, search_m=search_m)
    tell(0.2)
    side = tile_side_px(grid)
    tiles = spread_tiles(grid, side_px=side, at_most=FINE_TILES)
    to_fit = [laid for laid in tiles if not laid[1]]
    kind: Kind = "translation"
    for turn, within in enumerate((min(side // 4, 3 + 1.5 * coarse_px), LAST_RADIUS_PX - 3)):
        radius = math.ceil(within) + 1
        found = tile_surfaces(before, after, grid, tiles=to_fit, moved=moved, radius_px=radius)
        moved, kind = _improved(moved, ties(found, grid, within_px=within), grid)
        tell(0.4 + 0.2 * turn)
    found = tile_surfaces(
        before, after, grid, tiles=tiles, moved=moved, radius_px=LAST_RADIUS_PX + 1
    )
    last = ties(found, grid, within_px=LAST_RADIUS_PX)
    tell(0.9)
    result = _judged(last, moved, kind, grid)
    tell(1.0)
    return result


def _coarse_movement(
    before: Read, after: Read, grid: Grid, *, search_m: float
) -> tuple[Affine, float]:
    """First movement, and the length of the pixels it was measured in, in pixels of the grid."""
    search_px = search_m / grid.pixel_size
    side = tile_side_px(grid)
    wanted = max(max(grid.shape) / COARSE_PX, search_px / (0.4 * side), 1)
    factor = min(math.ceil(wanted), max(min(grid.shape) // side, 1))
    coarse = grid.coarser(factor)
    side = tile_side_px(coarse)
    reach = min(math.ceil(search_px / factor) + 2, side // 2 - 2)
    slack = 3 + SLACK * math.hypot(*coarse.shape) / 2
    found = list(
        tile_surfaces(
            before,
            after,
            coarse,
            tiles=spread_tiles(coarse, side_px=side, at_most=COARSE_TILES),
            moved=Affine.identity(),
            radius_px=min(math.ceil(reach + slack), side // 2 - 1),
        )
    )
    if not found:
        return Affine.identity(), factor
    near = _common_shift(found, within_px=reach)
    t = coarse.transform
    shift = Affine.translation(t.a * near[0] + t.b * near[1], t.d * near[0] + t.e * near[1])
    start = ties(found, coarse, near=near, within_px=slack)
    return _improved(Affine.identity(), start, coarse, fallback=shift)[0], factor


def _common_shift(found: list[TileSurface], *, within_px: float) -> tuple[float, float]:
    """Column and row of the shift that all tiles together favour."""
    total: Surface = np.sum([one.surface for one in found], axis=0, dtype=np.float32)
    # A turned or stretched picture smears the common peak: look with a sharp and a wide eye.
    looks = [
        peak(gaussian_filter(total, eye, mode="nearest"), within_px=within_px) for eye in (0.7, 2.5)
    ]
    best = max(looks, key=lambda look: look.strength)
    return best.column, best.row


def _improved(
    moved: Affine, measured: Ties, grid: Grid, *, fallback: Affine | None = None
) -> tuple[Affine, Kind]:
    strong = measured.strengths >= STRONG
    if strong.sum() < MIN_TIES:
        return fallback or moved, "translation"
    there = measured.positions_m[strong]
    known = np.stack(~moved @ tuple(there.T), axis=1)
    fit = fitted_movement(
        known,
        there + measured.offsets_m[strong] - known,
        weights=np.minimum(measured.strengths[strong], STRENGTH_CAP) ** 2,
        gate_m=GATE_PX * grid.pixel_size,
        reach_m=math.hypot(*grid.shape) * grid.pixel_size / 2,
    )
    return fit.movement, fit.kind


def _judged(
    last: Ties, moved: Affine, kind: Kind, grid: Grid
) -> Registration | RegistrationFailure:
    tiles = len(last.strengths)
    if tiles == 0:
        return RegistrationFailure(reason="no_common_ground", tiles=0, agreeing=0)
    remaining = np.hypot(*last.offsets_m.T)
    near = remaining <= GATE_PX * grid.pixel_size
    agrees = near & (last.strengths >= STRONG)
    judge = last.held_back if last.held_back.any() else np.ones(tiles, np.bool_)
    # Where the pictures show different ground, a peak falls anywhere in the searched disc.
    by_chance = binom.sf(near[judge].sum() - 1, judge.sum(), (GATE_PX / LAST_RADIUS_PX) ** 2)
    if by_chance > CHANCE or not agrees.any():
        return RegistrationFailure(reason="no_agreement", tiles=tiles, agreeing=int(agrees.sum()))
    counted = agrees & judge if (agrees & judge).any() else agrees
    centre = np.array(grid.transform @ (grid.columns / 2, grid.rows / 2))
    east, north = np.array(moved @ tuple(centre)) - centre
    return Registration(
        moved=moved,
        kind=kind,
        shift_m=(float(east), float(north)),
        residual_m=float(np.sqrt(np.mean(remaining[counted] ** 2))),
        held_back=int((agrees & last.held_back).sum()),
        tie_points=int(agrees.sum()),
        tie_share=float(agrees.mean()),
        agreement_m=None,
        ties=np.column_stack([last.positions_m, last.offsets_m, last.strengths, last.held_back]),
    )
