"""Features: small places of a picture that are known again in another, however it is turned."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.grid import Grid, Tile
from geo.raster import Mask, Raster, Read
from geo.undivided import divided

TILE_PX = 512
"""Features are looked for tile by tile: memory stays bounded, and no lively corner takes all."""

MARGIN_PX = 48
"""Seen around each tile, so that a feature near its rim is described by all that surrounds it."""

FEATURES_A_TILE = 2400
"""So many, because most of them are gone on another day."""

FAINTEST = 0.01
"""Contrast of the faintest feature; haze and shadow leave little."""

CONTRAST = 3.0
CELLS = 8
"""Limit and cells a side of the local equalisation that makes two days alike."""

RIM_PX = 6
"""Distance from unseen ground within which an edge may be its rim."""

UNLIKE = 0.95
"""Distance of the best likeness, as a share of the next best's, past which neither is believed."""

DESCRIPTION = 128

UNIT = 2047
"""Length of a description, in whole numbers: products of them add up to the same sum in whatever
order a machine adds, below two to the 24th, so that no other pairs come of more processors."""

CHUNK = 256
"""Descriptions compared at once with all of the other picture."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Features:
    """Features of one picture."""

    places: NDArray[np.float64]
    """(n, 2); column and row, counted from the outer corner of the first pixel."""

    angles: NDArray[np.float64]
    """(n,); where its edges point, degrees clockwise."""

    sizes: NDArray[np.float64]
    """(n,); pixels."""

    descriptions: NDArray[np.float32]
    """(n, 128); whole numbers, `UNIT` long but for rounding."""


NONE = Features(
    places=np.empty((0, 2)),
    angles=np.empty(0),
    sizes=np.empty(0),
    descriptions=np.empty((0, DESCRIPTION), np.float32),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairs:
    """Features of two pictures that look alike, and what each pair alone says of the two."""

    one: NDArray[np.float64]
    """(m, 2); place in the one picture."""

    other: NDArray[np.float64]
    """(m, 2); place in the other."""

    turns: NDArray[np.float64]
    """(m,); angle from the one to the other, degrees, 0 to 360."""

    stretches: NDArray[np.float64]
    """(m,); size in the other by size in the one, as a power of two."""

    def only(self, where: NDArray[np.bool_]) -> "Pairs":
        """Some of the pairs."""
        return Pairs(
            one=self.one[where],
            other=self.other[where],
            turns=self.turns[where],
            stretches=self.stretches[where],
        )


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
    with divided():
        found = [_of_tile(read, grid, tile) for tile in grid.tiles(TILE_PX)]
    return Features(
        places=np.concatenate([one.places for one in found]),
        angles=np.concatenate([one.angles for one in found]),
        sizes=np.concatenate([one.sizes for one in found]),
        descriptions=np.concatenate([one.descriptions for one in found]),
    )


def _of_tile(read: Read, grid: Grid, tile: Tile) -> Features:
    raster = read(tile.of(grid, margin=MARGIN_PX))
    inner = np.zeros(raster.grid.shape, np.bool_)
    inner[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] = True
    where = inner & _well_seen(raster.valid)
    if not where.any():
        return NONE
    share = tile.rows * tile.columns / TILE_PX**2
    finder = cv2.SIFT.create(
        nfeatures=math.ceil(FEATURES_A_TILE * share), contrastThreshold=FAINTEST
    )
    points, described = finder.detectAndCompute(_equalised(raster), where.astype(np.uint8))
    if not points:
        return NONE
    rows = np.array([(*point.pt, point.size, point.angle) for point in points])
    # Found side by side, they come in no fixed order, on which draws among them would depend.
    order = np.lexsort(rows.T)
    rows, described = rows[order], described[order]
    # OpenCV counts from pixel centres.
    corner = np.array([tile.column - MARGIN_PX + 0.5, tile.row - MARGIN_PX + 0.5])
    root = np.sqrt(described / np.maximum(described.sum(axis=1, keepdims=True), 1e-6))
    return Features(
        places=rows[:, :2] + corner,
        angles=rows[:, 3],
        sizes=rows[:, 2],
        descriptions=np.round(UNIT * root).astype(np.float32),
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
    return np.asarray(equaliser.apply(grey), np.uint8)


def pairs(one: Features, other: Features) -> Pairs:
    """Pair each feature of one picture with the likest of another, where it is clearly so."""
    best = np.zeros(len(one.places), np.intp)
    clear = np.zeros(len(one.places), np.bool_)
    if len(other.places) > 1:
        for start in range(0, len(one.places), CHUNK):
            part = slice(start, start + CHUNK)
            product = one.descriptions[part] @ other.descriptions.T
            best[part] = product.argmax(axis=1)
            first, second = (-np.partition(-product, 1, axis=1)[:, :2]).T
            # Of vectors of one length, the squared distance is that length less the product, twice.
            clear[part] = UNIT**2 - first <= UNLIKE**2 * (UNIT**2 - second)
    here, there = np.flatnonzero(clear), best[clear]
    return Pairs(
        one=one.places[here],
        other=other.places[there],
        turns=(other.angles[there] - one.angles[here]) % 360,
        stretches=np.log2(other.sizes[there] / one.sizes[here]),
    )
