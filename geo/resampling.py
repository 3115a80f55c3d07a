"""Resampling: pixels between those of an image, made of the ones that were seen."""

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.grid import Grid
from geo.raster import Raster

ALL_SEEN = 255

SEEN_SHARE = 0.5
"""Share of a resampled pixel that must be seen for the pixel to count as seen."""


def resampled(
    values: NDArray[np.uint8],
    seen: NDArray[np.uint8],
    at: tuple[NDArray[np.float32], NDArray[np.float32]],
    grid: Grid,
) -> Raster:
    """
    Interpolate linearly, letting only seen pixels speak.

    Parameters
    ----------
    values
        (bands, rows, columns) of an image.
    seen
        (rows, columns), 0-255: how much of each pixel was seen.
    at
        Column and row in the image of each pixel of the grid, centres at whole numbers.
    grid
        Where the pixels made lie.
    """
    bands = len(values)
    # Colours and weight together: positions are worked out once for all of them. OpenCV rounds
    # positions where there are just two, so that a third goes with them.
    layers = _weighed(values, seen, weights=max(1, 3 - bands))
    warped = cv2.remap(layers, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    share = cv2.extractChannel(warped, bands)
    rounded = cv2.split(cv2.convertScaleAbs(warped))[:bands]  # a half to even
    out: NDArray[np.uint8] = np.stack(rounded).astype(np.uint8, copy=False)
    if share.min(initial=1) == 1:
        return Raster(values=out, valid=np.ones(grid.shape, np.bool_), grid=grid)
    valid: NDArray[np.bool_] = share > SEEN_SHARE
    rows, columns = np.nonzero(valid & (share < 1))
    means = warped[rows, columns, :bands] / share[rows, columns, None]
    out[:, rows, columns] = np.clip(np.rint(means), 0, 255).T
    return Raster(values=np.multiply(out, valid, out=out), valid=valid, grid=grid)


def _weighed(
    values: NDArray[np.uint8], seen: NDArray[np.uint8], *, weights: int
) -> cv2.typing.MatLike:
    """(rows, columns, bands + weights): what each pixel weighs, and its colours times that."""
    if not cv2.inRange(seen, 1, ALL_SEEN - 1).any():  # most parts: no pixel is seen in part
        whole = np.minimum(seen, 1)
        bands = values if whole.all() else [cv2.bitwise_and(band, seen) for band in values]
        return np.asarray(cv2.merge([*bands, *[whole] * weights]), np.float32)
    share = seen.astype(np.float32)
    share /= ALL_SEEN
    colours = [np.multiply(band, share, dtype=np.float32) for band in values]
    return cv2.merge([*colours, *[share] * weights])
