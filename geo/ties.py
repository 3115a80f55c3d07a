"""Tie points: where the same ground is found on both flights, and how far apart."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geo.ahead import ahead
from geo.correlation import Spectrum, Surface, correlation_surface, edge_spectrum, peak
from geo.grid import Grid, Tile
from geo.raster import Mask, Raster, Read

TILE_PX = 128
"""Side of a tile: large enough for a sure peak, small enough that a degree of turn is no smear."""

SMALLEST_TILE_PX = 48

SEEN_SHARE = 0.4
"""Share of a tile that both flights must have seen."""

AHEAD = 4
"""Tiles read before they are compared."""

ENOUGH_TO_HOLD_BACK = 36
"""Tiles below which each is needed for the fit."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Ties:
    """What a set of tiles says, one row a tile."""

    positions_m: NDArray[np.float64]
    """(n, 2); east and north of the tile's centre."""

    offsets_m: NDArray[np.float64]
    """(n, 2); east and north: the later flight's picture of the ground minus the earlier's."""

    strengths: NDArray[np.float64]
    """(n,); height of the correlation peak in standard deviations of what lies around it."""

    held_back: NDArray[np.bool_]
    """(n,); True where the tile must not enter a fit."""

    @property
    def table(self) -> NDArray[np.float64]:
        """(n, 6): position, offset, strength, and 1 where held back."""
        return np.column_stack([self.positions_m, self.offsets_m, self.strengths, self.held_back])


@dataclass(frozen=True, kw_only=True, eq=False)
class TileSurface:
    """The correlation surface of one tile."""

    tile: Tile
    surface: Surface
    held_back: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class LaterTile:
    """What the later flight shows of a tile: it stays where it is, however the earlier is moved."""

    valid: Mask
    spectrum: Spectrum


type Laid = tuple[Tile, bool]
"""A tile, and whether it is held back."""

type LaterTiles = dict[Tile, LaterTile | None]
"""Of one picture; None where too little of a tile was seen."""


def tile_side_px(grid: Grid) -> int:
    """Side of the tiles for a picture: half its shorter side, but neither vast nor tiny."""
    half = min(grid.shape) // 2
    return min(max(half, SMALLEST_TILE_PX), TILE_PX, *grid.shape) // 2 * 2


def spread_tiles(grid: Grid, *, side_px: int, at_most: int) -> list[Laid]:
    """
    Lay tiles evenly over a picture.

    Parameters
    ----------
    grid
        The picture.
    side_px
        Side of a tile.
    at_most
        How many tiles to lay, roughly. They overlap by half or less where that many do not
        fit side by side, by two thirds on a small picture of fewer than sixteen tiles.

    Returns
    -------
    list
        Tiles row by row, each with whether it is held back: every third, along diagonals.
        Nothing is held back where there are too few.
    """
    small = min(grid.shape) < min(2 * TILE_PX, 4 * side_px)
    step = max(side_px / (3 if small else 2), math.sqrt(grid.rows * grid.columns / at_most))
    places = [
        [round(start) for start in np.linspace(0, max(length - side_px, 0), count)]
        for length in grid.shape
        for count in [1 + max(math.ceil((length - side_px) / step), 0)]
    ]
    tiles = [
        (Tile(row=row, column=column, rows=side_px, columns=side_px), (i + j) % 3 == 0)
        for i, row in enumerate(places[0])
        for j, column in enumerate(places[1])
    ]
    enough = len(tiles) >= ENOUGH_TO_HOLD_BACK
    return [(tile, held_back and enough) for tile, held_back in tiles]


def tile_surfaces(  # noqa: PLR0913 - two flights, where they lie, and what is known of them
    before: Read,
    after: Read,
    grid: Grid,
    *,
    tiles: list[Laid],
    moved: Affine,
    radius_px: int,
    remembered: LaterTiles | None = None,
) -> Iterator[TileSurface]:
    """
    Correlate the tiles of two flights; a few are read on a thread while others are compared.

    Parameters
    ----------
    before, after
        The two flights.
    grid
        The picture that the tiles are cut from.
    tiles
        From `spread_tiles`.
    moved
        What is known so far of where the earlier flight's ground lies in the later one's frame.
    radius_px
        Largest remaining shift along either axis.
    remembered
        What was looked at on the later flight so far, to be kept there for another turn.

    Yields
    ------
    TileSurface
        Only of tiles that both flights saw.
    """
    back = ~moved

    def seen() -> Iterator[tuple[Tile, bool, LaterTile, Raster]]:
        for tile, held_back in tiles:
            later = tile.of(grid)
            last = _later(after, grid, tile, remembered)
            if last is None:
                continue
            known = before(replace(later, transform=back @ later.transform))
            if (last.valid & known.valid).mean() >= SEEN_SHARE:
                yield tile, held_back, last, known

    # A single tile is worth no thread.
    pairs = ahead(seen(), most=AHEAD) if len(tiles) > 1 else seen()
    for tile, held_back, last, known in pairs:
        yield TileSurface(
            tile=tile,
            surface=correlation_surface(edge_spectrum(known), last.spectrum, radius_px=radius_px),
            held_back=held_back,
        )


def _later(after: Read, grid: Grid, tile: Tile, remembered: LaterTiles | None) -> LaterTile | None:
    if remembered is not None and tile in remembered:
        return remembered[tile]
    raster = after(tile.of(grid))
    seen = None
    if raster.valid.mean() >= SEEN_SHARE:
        seen = LaterTile(valid=raster.valid, spectrum=edge_spectrum(raster))
    if remembered is not None:
        remembered[tile] = seen
    return seen


def ties(
    surfaces: Iterator[TileSurface] | list[TileSurface],
    grid: Grid,
    *,
    near: tuple[float, float] = (0.0, 0.0),
    within_px: float,
) -> Ties:
    """
    Take the highest peak of every surface for a tie.

    Parameters
    ----------
    surfaces
        From `tile_surfaces`.
    grid
        The picture that the tiles are cut from.
    near
        Column and row of the shift around which to look.
    within_px
        Radius of the search.
    """
    rows = []
    linear = grid.transform
    for found in surfaces:
        column, row, strength = peak(found.surface, near=near, within_px=within_px)
        tile = found.tile
        x, y = linear @ (tile.column + tile.columns / 2, tile.row + tile.rows / 2)
        east, north = linear.a * column + linear.b * row, linear.d * column + linear.e * row
        rows.append((x, y, east, north, strength, found.held_back))
    table = np.array(rows, np.float64).reshape(-1, 6)
    return Ties(
        positions_m=table[:, :2],
        offsets_m=table[:, 2:4],
        strengths=table[:, 4],
        held_back=table[:, 5] > 0,
    )
