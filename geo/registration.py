"""Registration: how the ground of one flight lies on another's, to a fraction of a pixel."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Literal

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geo.block_edges import without_block_edges
from geo.chance import chance_of
from geo.doubt import doubt_m, freed_movement
from geo.grid import Grid
from geo.movement import (
    GATE_PX,
    agreeing,
    coarse_movement,
    improved_movement,
    standard_error_px,
    trust,
)
from geo.raster import Mask, Read
from geo.second_opinion import largest_difference_m, second_movement, second_picture
from geo.tie_fit import Kind
from geo.ties import Ties, spread_tiles, ties, tile_side_px, tile_surfaces

FINE_TILES = 225
"""Tiles laid over the picture; a third is held back. More cost time and add little."""

SEEN_OF_FRAME, MOST_TIMES = 0.5, 16
"""Share of its frame of which ground shows less where more tiles are laid, and how many times."""

ENOUGH_FOR_HALF = 150
"""Tiles, of those that show ground, from which every other one is looked at first."""

ENOUGH_PX = 0.03
"""Standard error of their mean, in pixels, at which the others have nothing to add."""

LAST_RADIUS_PX = 8
"""Search of the last measurement, wide against the gate so that agreement by chance is rare."""

TRUSTED_SHARE = 0.7
"""Share of the trust that the ground under the second opinion must hold."""

STRONG_BY_CHANCE = 0.2
"""Share of tiles that have a strong peak between unlike pictures, at most: drawn ones, mostly."""

CHANCE = 1e-6
"""Probability of as much agreement between unlike pictures, past which there is no tie at all."""

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
    """Root mean square length of what the agreeing ties still measure once `moved` is applied,
    weighed by trust; of the held-back ties alone where any were held back."""

    held_back: int
    """Agreeing ties that no fit has seen; zero on a picture too small to spare any."""

    tie_points: int
    """Ties that agree: strong ones, within `GATE_PX` pixels."""

    tie_share: float
    """Share of the tiles seen on both flights that agree."""

    agreement_m: float | None
    """Largest distance over the corners and the centre of the grid to two other estimates: one
    that knows nothing of the ties, and one that all agreeing ties, the held-back among them, have
    an equal say in, measured before such ties freed the movement. None where one of them has no
    answer."""

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
    give ties, half of them at first and for good where they leave no doubt; a robust fit of the
    ties gives a translation, similarity or affine, whichever the held-back residual supports.
    Everything is then measured again with the movement applied; where ties that all count alike
    say otherwise, and the held-back ones bear them out, once more with theirs.

    Parameters
    ----------
    before, after
        The earlier and the later flight.
    grid
        The ground to compare, in pixels no coarser than they must be: crowns lit from another
        side look displaced by a good part of a metre, and fine detail tells them from ground.
        A metric reference system.
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
    after = without_block_edges(after, grid)
    rough = coarse_movement(before, after, grid, search_m=search_m)
    tell(0.2)
    side = tile_side_px(grid)
    # Where ground is a strip through its frame, tiles that show none of it are no loss.
    missed = max(SEEN_OF_FRAME / max(rough.share, SEEN_OF_FRAME / MOST_TIMES), 1)
    every = spread_tiles(grid, side_px=side, at_most=round(FINE_TILES * missed))
    half = sorted(every, key=itemgetter(1))[::2]  # of those to fit, and of those held back
    tiles = half if len(every) * rough.share >= ENOUGH_FOR_HALF else every
    # Each turn looks at the same tiles of the later flight; only the earlier one is moved.
    surfaces = partial(tile_surfaces, before, after, grid, remembered={})

    def looked_at(moved: Affine, within: float, *, held_back: bool = False) -> Ties:
        wanted = [laid for laid in tiles if held_back or not laid[1]]
        radius = math.ceil(within) + 1
        return ties(surfaces(tiles=wanted, moved=moved, radius_px=radius), grid, within_px=within)

    first = looked_at(rough.moved, min(side // 4, rough.within_px))
    moved, kind = improved_movement(rough.moved, first, grid)
    if standard_error_px(first, grid, applied=rough.moved, fitted=moved) > ENOUGH_PX:
        tiles = every
    tell(0.4)
    moved, kind = improved_movement(moved, looked_at(moved, LAST_RADIUS_PX - 3), grid)
    tell(0.6)
    last = looked_at(moved, LAST_RADIUS_PX, held_back=True)
    tell(0.9)
    failure = failure_of(last, grid)
    if failure:
        return failure
    doubted_m, freed = doubt_m(last, grid), freed_movement(moved, last, grid)
    anew = None if freed is None else looked_at(freed, LAST_RADIUS_PX, held_back=True)
    if freed is not None and anew is not None and failure_of(anew, grid) is None:
        moved, kind, last = freed, "affine", anew
    picture = second_picture(grid)
    where = _trusted(last, grid, picture)
    starts = [rough.shift, moved]
    # Without ties held back nothing witnesses that fewer freedoms are enough: a turn that tiles
    # too few to tell left out must not be missing from the second opinion too.
    free: Kind = kind if last.held_back.any() else "affine"
    second = second_movement(before, after, picture, where=where, starts=starts, kind=free)
    tell(1.0)
    others_m = (None if second is None else largest_difference_m(moved, second, grid), doubted_m)
    return _registration(last, (moved, kind), grid, others_m=others_m)


def failure_of(last: Ties, grid: Grid) -> RegistrationFailure | None:
    """
    Why ties agree no better than those of unlike pictures would; None where they do.

    Parameters
    ----------
    last
        Ties measured within `LAST_RADIUS_PX`.
    grid
        The picture that they were measured in.
    """
    tiles = len(last.strengths)
    if tiles == 0:
        return RegistrationFailure(reason="no_common_ground", tiles=0, agreeing=0)
    agrees = agreeing(last, grid)
    judges = last.held_back if last.held_back.any() else np.ones(tiles, np.bool_)
    # Where the pictures show different ground, a peak falls anywhere in the searched disc.
    share_by_chance = STRONG_BY_CHANCE * (GATE_PX / LAST_RADIUS_PX) ** 2
    if chance_of(int(agrees[judges].sum()), int(judges.sum()), share_by_chance) <= CHANCE:
        return None
    return RegistrationFailure(reason="no_agreement", tiles=tiles, agreeing=int(agrees.sum()))


def _trusted(last: Ties, grid: Grid, picture: Grid) -> Mask:
    """Pixels of a coarser picture under the tiles that hold most of the trust."""
    weights = trust(last) * agreeing(last, grid)
    order = np.argsort(-weights)
    enough = int(np.searchsorted(np.cumsum(weights[order]), TRUSTED_SHARE * weights.sum())) + 1
    half = tile_side_px(grid) / 2 * grid.pixel_size / picture.pixel_size
    where = np.zeros(picture.shape, np.bool_)
    for position in last.positions_m[order[:enough]]:
        column, row = ~picture.transform @ tuple(position)
        (top, bottom), (left, right) = (
            (max(round(v - half), 0), round(v + half)) for v in (row, column)
        )
        where[top:bottom, left:right] = True
    return where


def _registration(
    last: Ties, fit: tuple[Affine, Kind], grid: Grid, *, others_m: tuple[float | None, ...]
) -> Registration:
    moved, kind = fit
    agrees = agreeing(last, grid)
    held_back = agrees & last.held_back
    counted = held_back if held_back.any() else agrees
    squares = (last.offsets_m[counted] ** 2).sum(axis=1)
    weights = trust(last)[counted]
    centre = grid.transform @ (grid.columns / 2, grid.rows / 2)
    there = moved @ centre
    answers_m = [other for other in others_m if other is not None]
    return Registration(
        moved=moved,
        kind=kind,
        shift_m=(there[0] - centre[0], there[1] - centre[1]),
        residual_m=math.sqrt(np.average(squares, weights=weights)),
        held_back=int(held_back.sum()),
        tie_points=int(agrees.sum()),
        tie_share=float(agrees.mean()),
        agreement_m=max(answers_m) if len(answers_m) == len(others_m) else None,
        ties=last.table,
    )
