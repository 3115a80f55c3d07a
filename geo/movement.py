"""The movement between two flights, improved from a coarse picture to a fine one."""

import math
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geo.correlation import Surface, peak
from geo.grid import Grid
from geo.raster import Read
from geo.tie_fit import Kind, fitted_movement
from geo.ties import Ties, TileSurface, spread_tiles, ties, tile_side_px, tile_surfaces

COARSE_PX = 512
"""Longer side of the picture that the search starts on."""

COARSE_TILES = 100

SLACK = 0.03
"""Share of the half diagonal by which a turn of 1 degree and a scale of 1 % move the rim."""

STRONG = 5.0
"""Peak height, in standard deviations, from which a tile's offset is believed."""

STRENGTH_CAP = 40.0
"""Height from which a tile is trusted wholly."""

TRUSTED_ALIKE = 4
"""Tiles that are trusted wholly in any case: one bright roof must not outvote the ground."""

TRUST_POWER = 3
"""Trust grows with this power of the strength. Crowns lit from the other side look displaced
towards the light, all of them alike; they are many, and only their weakness gives them away."""

GATE_PX = 2.0
"""Offset past which a tile disagrees: trees and slopes lean so much, wrong peaks lie farther."""

MIN_TIES = 3
"""Strong ties below which the common shift of all tiles is better than any fit."""


class Rough(NamedTuple):
    """What a coarse picture says of a movement."""

    shift: Affine
    """What all tiles together favour."""

    moved: Affine
    """What they favour one by one."""

    within_px: float
    """How far it may be off, in pixels of the grid."""

    share: float
    """Of the tiles, those that both flights saw."""


def coarse_movement(before: Read, after: Read, grid: Grid, *, search_m: float) -> Rough:
    """
    Find the movement roughly, without knowing where to look.

    Parameters
    ----------
    before, after
        The earlier and the later flight.
    grid
        The ground to compare.
    search_m
        Largest shift to expect.

    """
    search_px = search_m / grid.pixel_size
    side = tile_side_px(grid)
    wanted = max(max(grid.shape) / COARSE_PX, search_px / (0.4 * side), 1)
    factor = min(math.ceil(wanted), max(min(grid.shape) // side, 1))
    coarse = grid.coarser(factor)
    side = tile_side_px(coarse)
    reach = min(math.ceil(search_px / factor) + 2, side // 2 - 2)
    slack = 3 + SLACK * math.hypot(*coarse.shape) / 2
    tiles = spread_tiles(coarse, side_px=side, at_most=COARSE_TILES)
    found = list(
        tile_surfaces(
            before,
            after,
            coarse,
            tiles=tiles,
            moved=Affine.identity(),
            radius_px=min(math.ceil(reach + slack), side // 2 - 1),
        )
    )
    share = len(found) / len(tiles)
    if not found:
        return Rough(Affine.identity(), Affine.identity(), 3 + search_px, share)
    near = _common_shift(found, within_px=reach)
    t = coarse.transform
    shift = Affine.translation(t.a * near[0] + t.b * near[1], t.d * near[0] + t.e * near[1])
    start = ties(found, coarse, near=near, within_px=slack)
    moved, _ = improved_movement(Affine.identity(), start, coarse, fallback=shift)
    return Rough(shift, moved, 3 + 1.5 * factor, share)


def trust(measured: Ties) -> NDArray[np.float64]:
    """(n,); how much each tie counts, from 0 to 1. Weak ones count nothing."""
    highest = np.sort(measured.strengths)[-TRUSTED_ALIKE:]
    share = np.minimum(measured.strengths / min(highest[0], STRENGTH_CAP), 1)
    weight: NDArray[np.float64] = np.where(measured.strengths >= STRONG, share**TRUST_POWER, 0)
    return weight


def agreeing(measured: Ties, grid: Grid) -> NDArray[np.bool_]:
    """(n,); True for strong ties that lie within `GATE_PX` pixels of no movement."""
    near: NDArray[np.bool_] = np.hypot(*measured.offsets_m.T) <= GATE_PX * grid.pixel_size
    return near & (measured.strengths >= STRONG)


def standard_error_px(measured: Ties, grid: Grid, *, applied: Affine, fitted: Affine) -> float:
    """
    How well ties know their mean offset from a movement that was fitted to them, in pixels.

    Parameters
    ----------
    measured
        The ties, measured with the movement `applied`.
    grid
        The picture that they were measured in.

    Returns
    -------
    float
        Standard error of those that agree; infinity where hardly any do.
    """
    there = measured.positions_m
    foreseen = np.stack((fitted @ ~applied) @ tuple(there.T), axis=1)
    left = replace(measured, offsets_m=there + measured.offsets_m - foreseen)
    offsets = left.offsets_m[agreeing(left, grid)]
    if len(offsets) < MIN_TIES:
        return math.inf
    spread_m = math.hypot(*offsets.std(axis=0, ddof=1))
    return spread_m / math.sqrt(len(offsets)) / grid.pixel_size


def _common_shift(found: list[TileSurface], *, within_px: float) -> tuple[float, float]:
    """Column and row of the shift that all tiles together favour."""
    total: Surface = np.sum([one.surface for one in found], axis=0, dtype=np.float32)
    # A turned or stretched picture smears the common peak: look with a sharp and a wide eye.
    looks = [peak(_blurred(total, eye), within_px=within_px) for eye in (0.7, 2.5)]
    best = max(looks, key=lambda look: look.strength)
    return best.column, best.row


def _blurred(surface: Surface, sigma_px: float) -> Surface:
    blurred = cv2.GaussianBlur(surface, (0, 0), sigma_px, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float32)


def improved_movement(
    moved: Affine,
    measured: Ties,
    grid: Grid,
    *,
    fallback: Affine | None = None,
) -> tuple[Affine, Kind]:
    """
    Fit a new movement to ties that were measured with another one applied.

    Parameters
    ----------
    moved
        The movement applied while the ties were measured.
    measured
        The ties; weak ones are left out.
    grid
        The picture that the ties were measured in.
    fallback
        The answer where strong ties are too few, in place of `moved`.
    """
    strong = measured.strengths >= STRONG
    if strong.sum() < MIN_TIES:
        return moved if fallback is None else fallback, "translation"
    there = measured.positions_m[strong]
    known = np.stack(~moved @ tuple(there.T), axis=1)
    fit = fitted_movement(
        known,
        there + measured.offsets_m[strong] - known,
        weights=trust(measured)[strong],
        gate_m=GATE_PX * grid.pixel_size,
        reach_m=math.hypot(*grid.shape) * grid.pixel_size / 2,
    )
    return fit.movement, fit.kind
