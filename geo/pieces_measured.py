"""Pieces measured: their outlines, and the means of what was seen within each."""

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from geo.clusters import clusters
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
    parts: list[tuple[int, Polygon]] = []
    for window, own in clusters(codes):
        flown = marked(sight[window], Sight.SEEN)
        rim = _rim(codes[window], window, codes.shape)
        part = absorbed(
            np.pad(codes[window] * own, rim),
            least_px=least_px,
            where=np.pad(flown, rim, constant_values=True),
        )
        inner = tuple(
            slice(before, before + side) for (before, _), side in zip(rim, flown.shape, strict=True)
        )
        start = window[0].start, window[1].start
        parts += outlines(part[inner], grid=grid, where=flown, start=start)
    least_m2 = least_px * grid.pixel_size**2 * 0.999
    return [(Piece(code), part) for code, part in parts if part.area >= least_m2]


def _rim(
    codes: NDArray[np.uint8], window: tuple[slice, slice], shape: tuple[int, ...]
) -> list[tuple[int, int]]:
    """
    Width of a rim around a window that stands for the ground without a code beyond it.

    It is as large as all that is marked: to small parts that border on it, it is the largest
    neighbour, as the ground it stands for is. There is none where the grid ends.
    """
    goes_on = [
        (side.start > 0, side.stop < length) for side, length in zip(window, shape, strict=True)
    ]
    along = sum(goes_on[0]) * codes.shape[1] + sum(goes_on[1]) * codes.shape[0]
    width = np.count_nonzero(codes) // along + 1 if along else 0
    return [(width * before, width * after) for before, after in goes_on]


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
