"""Bending: how a picture lies on its reference where no straight map lays it there."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy
from affine import Affine
from numpy.typing import NDArray

from geo.beyond import STIFF_KINDS, missed_beyond
from geo.candidates import RECIPES, is_better
from geo.control_points import Positions
from geo.grid import Grid, Tile
from geo.match import Sides
from geo.movement import STRONG
from geo.registration import FINE_TILES, LAST_RADIUS_PX, failure_of
from geo.ties import (
    SMALLEST_TILE_PX,
    TILE_PX,
    Ties,
    TileSurface,
    spread_tiles,
    ties,
    tile_surfaces,
)
from geo.transformation import Transformation, pixels_at, scales, slopes

ROUNDS = 3
"""Measurements that enter fits: the first searches far, the others near."""

FAR_SHARE = 4
"""Part of a tile's side that the first of them searches."""

NEIGHBOURS = 8
ODD = 2.5
ODD_PX = 0.5
"""A tie is odd whose offset differs from the median of its neighbours' by more than so many times
theirs and the noise of one tie."""

LEAST = 20
"""Ties that agree with their neighbours below which nothing is bent."""

STIFF = {kind: recipe for kind, recipe in RECIPES.items() if kind in STIFF_KINDS}
ROOM_FOR_CURVES_PX = 4 * SMALLEST_TILE_PX
"""Shorter side below which tiles overlap so far that neighbours share their errors, and what is
left out of a curve is no test of it."""

LEAST_SCALE, MOST_SCALE = 0.5, 2.0
"""Area of a pixel on the ground, over the usual: past that the picture is folded or torn."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Bent:
    """A transformation, and the ties as they remain once it is applied."""

    transformation: Transformation
    """From the picture's pixels to the ground."""

    last: Ties

    beyond_m: Positions
    """(n,); by how much places spread over the picture may be missed for lying beyond all ties."""


def bent(sides: Sides, common: Grid, *, start: Transformation) -> Bent | None:
    """
    Bend a picture to its reference by ties, as freely as ties left out of the fit support.

    Each tile of the ground is looked for in the picture as that lies there, so that a tile need
    not know how the whole is bent. Ties that differ from their neighbours are left out (the
    normalised median test: Westerweel and Scarano, *Universal outlier detection for PIV data*,
    Experiments in Fluids 39, 2005).

    Parameters
    ----------
    sides
        The two pictures.
    common
        North-up grid of the ground that both may show, in metres.
    start
        About how the picture lies: from its pixels to the ground.

    Returns
    -------
    Bent or None
        None where too few ties agree with their neighbours, or no kind of transformation lays
        the picture there whole.
    """
    side = _side_px(common)
    tiles = spread_tiles(common, side_px=side, at_most=FINE_TILES)
    to_fit = [laid for laid in tiles if not laid[1]]
    transformation, beyond_m = start, np.empty(0)
    for number in range(ROUNDS):
        radius = LAST_RADIUS_PX if number else side // FAR_SHARE
        found = _measured(sides, common, to_fit, laid=transformation, radius_px=radius)
        fitted = _fitted(found, sides.extent, common, transformation)
        if fitted is None:
            return None
        transformation, beyond_m = fitted
    last = _measured(sides, common, tiles, laid=transformation, radius_px=LAST_RADIUS_PX)
    if failure_of(last, common):
        return None
    return Bent(transformation=transformation, last=last, beyond_m=beyond_m)


def _side_px(common: Grid) -> int:
    """Side of the tiles: a quarter of the shorter side, so that many lie half apart."""
    return min(max(min(common.shape) // 4, SMALLEST_TILE_PX), TILE_PX, *common.shape) // 2 * 2


def _measured(
    sides: Sides,
    common: Grid,
    tiles: list[tuple[Tile, bool]],
    *,
    laid: Transformation,
    radius_px: int,
) -> Ties:
    extent = sides.extent
    middles = np.array(
        [
            common.transform @ (tile.column + tile.columns / 2, tile.row + tile.rows / 2)
            for tile, _ in tiles
        ]
    )
    there = pixels_at(laid, middles, rows=extent.rows, columns=extent.columns)
    known = np.isfinite(there).all(axis=1)
    slope = slopes(laid, np.where(known[:, None], there, 0.0))

    def surfaces() -> Iterator[TileSurface]:
        for number in np.flatnonzero(known):
            (a, b), (d, e) = slope[number].tolist()
            (x, y), (column, row) = middles[number].tolist(), there[number].tolist()
            near = Affine.translation(x, y) @ Affine(a, b, 0, d, e, 0)
            yield from tile_surfaces(
                sides.picture,
                sides.reference,
                common,
                tiles=[tiles[number]],
                moved=near @ Affine.translation(-column, -row) @ ~extent.transform,
                radius_px=radius_px + 1,
            )

    return ties(surfaces(), common, within_px=radius_px)


def _fitted(
    found: Ties, extent: Grid, common: Grid, laid: Transformation
) -> tuple[Transformation, Positions] | None:
    """Fit anew to ties that were measured with another transformation applied."""
    believed = found.strengths >= STRONG
    if believed.sum() < LEAST:
        return None
    positions, offsets = found.positions_m[believed], found.offsets_m[believed]
    alike = _like_neighbours(positions, offsets, noise_m=ODD_PX * common.pixel_size)
    if alike.sum() < LEAST:
        return None
    positions, offsets = positions[alike], offsets[alike]
    pixels = pixels_at(laid, positions, rows=extent.rows, columns=extent.columns)
    ground = positions + offsets
    best: Transformation | None = None
    least = None
    tried = RECIPES if min(common.shape) >= ROOM_FOR_CURVES_PX else STIFF
    for recipe in tried.values():
        left_out = recipe.left_out(pixels, ground)
        if least is not None and not is_better(left_out, least):
            continue
        transformation = recipe.fit(pixels, ground)
        if _is_whole(transformation, extent):
            best, least = transformation, left_out
    if best is None:
        return None
    return best, missed_beyond(best, pixels, ground, extent)


def _like_neighbours(
    positions: Positions, offsets: Positions, *, noise_m: float
) -> NDArray[np.bool_]:
    """(n,); True for offsets like those around them."""
    _, near = scipy.spatial.cKDTree(positions).query(positions, k=NEIGHBOURS + 1)
    around = offsets[near[:, 1:]]
    middle = np.median(around, axis=1)
    usual = np.median(np.hypot(*np.moveaxis(around - middle[:, None], 2, 0)), axis=1)
    alike: NDArray[np.bool_] = np.hypot(*(offsets - middle).T) <= ODD * (usual + noise_m)
    return alike


def _is_whole(transformation: Transformation, extent: Grid) -> bool:
    """Whether no part of the picture is folded, torn or shrunk beyond belief."""
    size = scales(transformation, rows=extent.rows, columns=extent.columns)
    if not np.isfinite(size).all():
        return False
    share = size / float(np.median(size))
    usual = math.copysign(1.0, float(np.median(size)))
    return bool((share > LEAST_SCALE).all() and (share < MOST_SCALE).all() and usual < 0)
