"""A second, independent estimate of the movement between two flights."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geo.grid import Grid
from geo.raster import Mask, Raster, Read
from geo.tie_fit import Kind

PICTURE_PX = 1280
"""Longer side of the pictures compared; both are held in memory whole."""

FINE_PX = 1.0
COARSE_PX = 12.0
"""Edges are smoothed by the one and set against their surroundings within the other."""

LEAST_CORRELATION = 0.15
"""Correlation of edge strength below which pictures of different ground reach too: no answer."""

type Edges = tuple[NDArray[np.float32], NDArray[np.uint8]]
"""Strength of the edges of a picture, and where it may speak."""

STEPS = 80
SETTLED = 1e-5
"""Gain in correlation at which a further step is idle."""

ALIKE_PX = 0.5
"""Distance below which two starts lead up the same summit: that of smoothed edges is far wider."""

WINDOW_PX = 5
"""Width of the smoothing inside each step, odd."""


def second_picture(grid: Grid) -> Grid:
    """Grid of the pictures that a second opinion looks at: at most `PICTURE_PX` pixels long."""
    return grid.coarser(max(math.ceil(max(grid.shape) / PICTURE_PX), 1))


def second_movement(
    before: Read, after: Read, picture: Grid, *, where: Mask, starts: list[Affine], kind: Kind
) -> Affine | None:
    """
    Estimate the movement once more, from the strength of the edges in the whole picture.

    Tile-wise correlation looks at the direction of edges and lets tiles vote; this looks at
    their strength and lets every pixel speak at once. Mistakes of the one are not those of the
    other. Enhanced correlation coefficient: Evangelidis and Psarakis, *Parametric Image
    Alignment Using Enhanced Correlation Coefficient Maximization*, PAMI 30 (2008).

    Parameters
    ----------
    before, after
        The earlier and the later flight.
    picture
        From `second_picture`.
    where
        (rows, columns) of the picture; True where the ground may speak.
    starts
        Movements to climb from; the highest summit is the answer.
    kind
        Freedom of the answer.

    Returns
    -------
    Affine or None
        Ground to ground, metres; None where no start leads to pictures alike enough.
    """
    seen = after(picture)
    later = _edge_strength(seen), (seen.valid & where).astype(np.uint8)
    # Read once, where the first start places it: the others differ from that by little.
    read_at = starts[0]
    known = before(replace(picture, transform=~read_at @ picture.transform))
    earlier = _edge_strength(known), known.valid.astype(np.uint8)
    apart: list[Affine] = []
    for start in starts:
        near = (largest_difference_m(start, other, picture) for other in apart)
        if all(difference >= ALIKE_PX * picture.pixel_size for difference in near):
            apart.append(start)
    summits = [
        _climbed((earlier, later), picture, read_at=read_at, start=start, kind=kind)
        for start in apart
    ]
    height, movement = max(summits, key=lambda summit: summit[0])
    return movement if height >= LEAST_CORRELATION else None


def largest_difference_m(one: Affine, other: Affine, grid: Grid) -> float:
    """Largest distance between two movements over the corners and the centre of a grid."""
    places = [*grid.footprint.exterior.coords[:4], grid.footprint.centroid.coords[0]]
    return max(math.dist(one @ place, other @ place) for place in places)


def _climbed(
    pictures: tuple[Edges, Edges], grid: Grid, *, read_at: Affine, start: Affine, kind: Kind
) -> tuple[float, Affine]:
    """Correlation reached from a start, and the movement; the earlier picture was `read_at` one."""
    (earlier, seen_before), (later, seen_after) = pictures
    # OpenCV counts from pixel centres, and says where in the earlier picture to look.
    half = Affine.translation(0.5, 0.5)
    ground = grid.transform
    first = ~half @ ~ground @ read_at @ ~start @ ground @ half
    try:
        height, warp = cv2.findTransformECCWithMask(
            later,
            earlier,
            seen_after,
            seen_before,
            np.array([first[:3], first[3:6]], np.float32),
            cv2.MOTION_TRANSLATION if kind == "translation" else cv2.MOTION_AFFINE,
            (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, STEPS, SETTLED),
            WINDOW_PX,
        )
    except cv2.error:  # its word for: no step raises the correlation
        return 0.0, start
    looked = half @ Affine(*(float(value) for value in warp.ravel())) @ ~half
    if looked.is_degenerate:
        return 0.0, start
    movement = ground @ ~looked @ ~ground @ read_at
    if kind == "similarity":
        movement = _without_shear(movement, grid.footprint.centroid.coords[0])
    return float(height), movement


def _without_shear(movement: Affine, centre: tuple[float, ...]) -> Affine:
    """Nearest similarity, that moves the centre alike."""
    along, across = (movement.a + movement.e) / 2, (movement.d - movement.b) / 2
    x, y = centre
    there = movement @ (x, y)
    turned = Affine(along, -across, 0, across, along, 0)
    return Affine.translation(*there) @ turned @ Affine.translation(-x, -y)


def _edge_strength(raster: Raster) -> NDArray[np.float32]:
    """Strength of the edges against that of their surroundings; zero near unseen ground."""
    grey = raster.values[:3].mean(axis=0, dtype=np.float32)
    smooth = _averages(raster.valid)(grey, FINE_PX)
    across, down = (cv2.Scharr(smooth, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
    square = np.ones((7, 7), np.uint8)
    core = cv2.erode(raster.valid.astype(np.uint8), square, borderValue=1) > 0
    # The root keeps a few roofs from outweighing all else.
    strength = np.sqrt(np.hypot(across, down))
    averaged = _averages(core)
    detail = averaged(strength, FINE_PX) - averaged(strength, COARSE_PX)
    usual = np.sqrt(averaged(detail**2, COARSE_PX) + 1e-2)
    result: NDArray[np.float32] = np.where(core, detail / usual, 0).astype(np.float32)
    return result


def _averages(where: Mask) -> Callable[[NDArray[np.float32], float], NDArray[np.float32]]:
    """Gaussian averages of the marked pixels alone; how many those are is found once a width."""

    @cache
    def weight(sigma_px: float) -> NDArray[np.float32]:
        counted = cv2.GaussianBlur(where.astype(np.float32), (0, 0), sigma_px)
        marked: NDArray[np.float32] = np.maximum(counted, 1e-3)
        return marked

    def averaged(values: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
        total = cv2.GaussianBlur(values * where, (0, 0), sigma_px)
        return np.asarray(total / weight(sigma_px), np.float32)

    return averaged
