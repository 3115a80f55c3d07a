"""What is done to every method's mask alike before it is counted: ours among them."""

import cv2
import numpy as np

from tests.benchmarks.accuracy.pairs import Mask


def pieces(mask: Mask) -> tuple[int, np.ndarray, np.ndarray]:
    """Number of connected pieces, their numbers from 1 per pixel, and the pixels of each."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    return count - 1, labels, stats[1:, cv2.CC_STAT_AREA]


def large(mask: Mask, least_px: int) -> Mask:
    """The pieces of at least this size."""
    _, labels, sizes = pieces(mask)
    return np.concatenate([[False], sizes >= least_px])[labels]


def settled(mask: Mask, seen: Mask, least_px: int) -> Mask:
    """Small holes filled, small pieces dropped, nothing where nothing was seen."""
    open_ground = large(~mask, least_px)
    return large(~open_ground & seen, least_px)
