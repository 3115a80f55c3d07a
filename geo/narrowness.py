"""Narrowness: what lies near a mask, and which parts of it are narrow: roads, not pits."""

import cv2
import numpy as np

from geo.raster import Mask


def near(mask: Mask, radius: int) -> Mask:
    """
    Mark what lies within a distance of a mask, itself included.

    Parameters
    ----------
    mask
        (rows, columns)
    radius
        Largest distance between the centres of two pixels, in pixels.
    """
    around = _around(mask, radius)
    found = np.zeros_like(mask)
    if around is not None:
        far = (~mask[around]).astype(np.uint8)
        away = cv2.distanceTransform(far, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        found[around] = away <= radius
    return found


def strips(mask: Mask, *, radius: int) -> Mask:
    """
    Mark the parts of a mask into which no disc of the radius fits: roads, not pits.

    Parameters
    ----------
    mask
        (rows, columns); gaps narrower than two thirds of the radius count as filled.
    radius
        In pixels.
    """
    narrow = np.zeros_like(mask)
    # A rim without the mask stands for all that lies beyond it.
    around = _around(mask, radius + 3)
    if around is not None:
        part = mask[around]
        whole = ~near(~near(part, radius // 3), radius // 3)
        cores = ~near(~whole, radius)
        narrow[around] = part & ~near(cores, radius + 2)
    return narrow


def strips_reach_px(radius: int) -> int:
    """Pixels beyond a window that can have a say in which of its parts are narrow."""
    return 2 * (radius // 3) + radius + (radius + 2) + 3


def _around(mask: Mask, margin: int) -> tuple[slice, slice] | None:
    """Smallest window that holds a mask and, where there is room, a margin around it."""
    window = []
    for axis in (1, 0):
        marked = np.flatnonzero(mask.any(axis=axis))
        if not marked.size:
            return None
        window.append(slice(max(marked[0] - margin, 0), marked[-1] + margin + 1))
    rows, columns = window
    return rows, columns
