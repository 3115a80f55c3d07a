"""Surface models of drawn pairs: how high what each date shows stands, and how they err."""

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.accuracy.drawing import training

type Covers = NDArray[np.uint8]
type Metres = NDArray[np.float32]

TREES_M, TREES_UNEVEN_M, CROWN_M = 10.0, 2.0, 3.0
"""Mean height of trees, and how much it differs over crowns as wide as the last."""

FLAT_M = {"LOW": 0.3, "WATER": -0.5, "BUILDING": 4.0}
"""What stands up from the ground, or lies below it, evenly; all else is the ground itself."""

HEAP_SLOPE, HEAP_M = 0.7, 8.0
"""Loose material rises so steeply from a heap's edge, and no higher than this."""

NOISE_M, WAVY_M, WAVE_M = 0.08, 0.1, 5.0
"""Errors of each date, independent and alike over metres, and how far alike."""

CROWN_NOISE_M = 0.8
"""Errors besides where trees stand: crowns are never modelled twice alike."""


def surfaces(
    covers: tuple[Covers, Covers], pixel_m: float, *, seed: tuple[int, ...]
) -> tuple[Metres, Metres]:
    """Heights of the earlier date and of the later one; the ground under both is the same."""
    random = np.random.default_rng(seed)
    shape = covers[0].shape
    trees = TREES_M + TREES_UNEVEN_M * _field(random, shape, CROWN_M / pixel_m)
    before, after = (_surface(random, cover, trees, pixel_m) for cover in covers)
    return before, after


def _surface(random: np.random.Generator, cover: Covers, trees: Metres, pixel_m: float) -> Metres:
    kinds = training("cover").Cover
    height = np.zeros(cover.shape, np.float32)
    for name, metres in FLAT_M.items():
        height[cover == kinds[name]] = metres
    is_tree, is_heap = cover == kinds["TREE"], cover == kinds["STOCKPILE"]
    height[is_tree] = trees[is_tree]
    inward = cv2.distanceTransform(is_heap.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    height += np.minimum(HEAP_SLOPE * pixel_m * inward, HEAP_M).astype(np.float32)
    errors = NOISE_M * random.standard_normal(cover.shape, np.float32)
    errors += WAVY_M * _field(random, cover.shape, WAVE_M / pixel_m)
    errors += CROWN_NOISE_M * is_tree * _field(random, cover.shape, 1.0 / pixel_m)
    return height + errors


def _field(random: np.random.Generator, shape: tuple[int, ...], wide_px: float) -> Metres:
    """Noise of spread one that is alike over so many pixels."""
    field = cv2.GaussianBlur(random.standard_normal(shape, np.float32), (0, 0), wide_px / 2)
    return np.asarray(field / field.std(), np.float32)
