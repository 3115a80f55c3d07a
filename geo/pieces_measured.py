"""Pieces measured: their outlines, and the means of what was seen within each."""

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from geo.detection_settings import DetectionSettings
from geo.evidence import ReadHeights, Tally, tally
from geo.grid import Grid, Tile
from geo.look import Look
from geo.pieces import Piece
from geo.polygons import absorbed, numbered, outlines
from geo.raster import Mask
from geo.sight import Sight, marked

AROUND_PX: Final = 8
"""How far beyond codes what was seen is kept; where a piece reaches further, it is seen again."""


def outlined(
    codes: NDArray[np.uint8],
    sight: NDArray[np.uint8],
    grid: Grid,
    *,
    least_px: int,
) -> list[tuple[Piece, Polygon]]:
    """
    Outline what codes mark, without pieces that are too small to count.

    Parameters
    ----------
    codes
        (rows, columns) of `Piece`.
    sight
        (rows, columns), sums of `Sight`: what was not seen is no piece.
    least_px
        Pixels of the smallest piece that counts.
    """
    flown = marked(sight, Sight.SEEN)
    # In the room that is there: both are of the whole site.
    settled = absorbed(codes, least_px=least_px, where=flown)
    settled = np.multiply(settled, flown, out=None if settled is codes else settled)
    parts = outlines(settled, grid=grid)
    least_m2 = least_px * grid.pixel_size**2 * 0.999
    return [(Piece(code), part) for code, part in parts if part.area >= least_m2]


def around(codes: NDArray[np.uint8]) -> Mask:
    """Mark what codes mark, with the gaps and the rim that pieces mostly take in."""
    size = (2 * AROUND_PX + 1,) * 2
    return np.asarray(cv2.dilate(codes, np.ones(size, np.uint8)), np.uint8) > 0


def means_over(
    shapes: Sequence[Polygon],
    look_at: Callable[[Tile, Mask], Look],
    grid: Grid,
    *,
    tiles: Sequence[Tile],
    settings: DetectionSettings,
    heights: ReadHeights | None,
) -> Tally:
    """
    Measure each shape on all tiles that it lies in.

    Parameters
    ----------
    shapes
        Outlines along the edges of the grid's pixels.
    look_at
        Gives what was seen of those pixels of a tile that a mask marks, one after another.
    tiles
        They cover the grid, and share nothing.
    heights
        Gives the change of height on a window.
    """
    measured = Tally(len(shapes))
    tree = shapely.STRtree(shapes)
    for tile in tiles:
        window = tile.of(grid)
        near = np.sort(tree.query(window.footprint))
        parts = shapely.clip_by_rect([shapes[i] for i in near], *window.bounds)
        local = numbered(list(parts), grid=window)
        drawn = local > 0
        if not drawn.any():
            continue
        tally(
            measured,
            look_at(tile, drawn),
            np.concatenate([[0], near + 1])[local[drawn]].astype(np.int32),
            drawn,
            multiples=(1.0, *settings.thresholds),
            heights=heights(window)[drawn] if heights is not None else None,
        )
    return measured
