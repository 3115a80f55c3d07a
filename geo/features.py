"""Features: small places of a picture that are known again in another, however it is turned."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.grid import Grid, Tile
from geo.raster import Mask, Raster, Read

TILE_PX = 512
"""Features are looked for tile by tile: memory stays bounded, and no lively corner takes all."""

MARGIN_PX = 48
"""Seen around each tile, so that a feature near its rim is described by all that surrounds it."""

FEATURES_A_TILE = 900

FAINTEST = 0.01
"""Contrast of the faintest feature; haze and shadow leave little."""

CONTRAST = 3.0
CELLS = 8
"""Limit and cells a side of the local equalisation that makes two days alike."""

RIM_PX = 6
"""Distance from unseen ground within which an edge may be its rim."""

UNLIKE = 0.9
"""Distance of the best likeness, as a share of the next best's, past which neither is believed."""

CHUNK = 512


@dataclass(frozen=True, kw_only=True, eq=False)
class Features:
    """Features of one picture."""

    places: NDArray[np.float64]
    """(n, 2); column and row, counted from the outer corner of the first pixel."""

    descriptions: NDArray[np.float32]
    """(n, 128); unit length."""


def features(read: Read, grid: Grid) -> Features:
    """
    Find the features of a picture, at most `FEATURES_A_TILE` in each tile of it.

    Scale-invariant features (Lowe, *Distinctive Image Features from Scale-Invariant Keypoints*,
    IJCV 60, 2004) of the locally equalised grey picture; their descriptions are compared by
    Hellinger's distance (Arandjelović and Zisserman, *Three things everyone should know to
    improve object retrieval*, CVPR 2012).

    Parameters
    ----------
    read
        The picture.
    grid
        The pixels to look at; read tile by tile.
    """
    found = [_of_tile(read, grid, tile) for tile in grid.tiles(TILE_PX)]
    return Features(
        places=np.concatenate([one.places for one in found]),
        descriptions=np.concatenate([one.descriptions for one in found]),
    )


def _of_tile(read: Read, grid: Grid, tile: Tile) -> Features:
    raster = read(tile.of(grid, margin=MARGIN_PX))
    inner = np.zeros(raster.grid.shape, np.bool_)
    inner[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] = True
    where = inner & _well_seen(raster.valid)
    if not where.any():
        return Features(places=np.empty((0, 2)), descriptions=np.empty((0, 128), np.float32))
    share = tile.rows * tile.columns / TILE_PX**2
    finder = cv2.SIFT_create(
        nfeatures=math.ceil(FEATURES_A_TILE * share), contrastThreshold=FAINTEST
    )
    points, described = finder.detectAndCompute(_equalised(raster), where.astype(np.uint8))
    if not points:
        return Features(places=np.empty((0, 2)), descriptions=np.empty((0, 128), np.float32))
    # OpenCV counts from pixel centres.
    corner = np.array([tile.column - MARGIN_PX + 0.5, tile.row - MARGIN_PX + 0.5])
    root = np.sqrt(described / np.maximum(described.sum(axis=1, keepdims=True), 1e-6))
    return Features(
        places=np.array([point.pt for point in points]) + corner,
        descriptions=root.astype(np.float32),
    )


def _well_seen(valid: Mask) -> Mask:
    square = np.ones((2 * RIM_PX + 1, 2 * RIM_PX + 1), np.uint8)
    seen: Mask = cv2.erode(valid.astype(np.uint8), square, borderValue=1) > 0
    return seen


def _equalised(raster: Raster) -> NDArray[np.uint8]:
    """Grey with its local contrast drawn out; unseen ground as grey as the rest, lest it glare."""
    grey = raster.values[:3].mean(axis=0)
    grey = np.where(raster.valid, grey, np.median(grey[raster.valid])).astype(np.uint8)
    equaliser = cv2.createCLAHE(clipLimit=CONTRAST, tileGridSize=(CELLS, CELLS))
    equalised: NDArray[np.uint8] = equaliser.apply(grey)
    return equalised


def likenesses(one: Features, other: Features) -> NDArray[np.intp]:
    """
    Pair the features that are each other's likest, and clearly so.

    Returns
    -------
    numpy.ndarray
        (m, 2); index in `one`, index in `other`.
    """
    if not len(one.places) or len(other.places) < 2:  # noqa: PLR2004 - a best and a next best
        return np.empty((0, 2), np.intp)
    backward = np.zeros(len(other.places), np.intp)
    highest = np.full(len(other.places), -np.inf, np.float32)
    forward, clear = [], []
    for start in range(0, len(one.places), CHUNK):
        cosine = one.descriptions[start : start + CHUNK] @ other.descriptions.T
        two = np.argpartition(-cosine, 1, axis=1)[:, :2]
        values = np.take_along_axis(cosine, two, axis=1)
        best = np.take_along_axis(two, values.argmax(axis=1)[:, None], axis=1)[:, 0]
        forward.append(best)
        # Of unit vectors, the squared distance is 2 - 2 cosine.
        near, next_near = (np.clip(1 - edge, 0, None) for edge in (values.max(1), values.min(1)))
        clear.append(near <= UNLIKE**2 * next_near)
        rows = cosine.argmax(axis=0)
        tops = cosine[rows, np.arange(cosine.shape[1])]
        better = tops > highest
        highest[better], backward[better] = tops[better], start + rows[better]
    best, sure = np.concatenate(forward), np.concatenate(clear)
    mine = np.arange(len(best))
    mutual = sure & (backward[best] == mine)
    return np.column_stack([mine[mutual], best[mutual]])
