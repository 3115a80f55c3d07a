"""Resampling: pixels between those of an image, made of the ones that were seen."""

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.grid import Grid
from geo.raster import Raster

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
    weights = seen.astype(np.float32)
    weights /= 255
    # Colours and weight together: positions are worked out once for all of them. OpenCV rounds
    # positions where there are just two, so that a third goes with them.
    layers = [np.multiply(pixels, weights, dtype=np.float32) for pixels in values]
    layers += [weights] * max(1, 3 - len(values))
    warped = cv2.remap(cv2.merge(layers), *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    *bands, share = cv2.split(warped)[: len(values) + 1]
    valid: NDArray[np.bool_] = share > SEEN_SHARE
    weight = np.where(valid, share, np.float32(1.0))
    out = np.empty((len(values), *grid.shape), np.uint8)
    for band, into in zip(bands, out, strict=True):
        np.divide(band, weight, out=band)
        np.clip(np.rint(band, out=band), 0, 255, out=band)
        np.multiply(band, valid, out=into, casting="unsafe")
    return Raster(values=out, valid=valid, grid=grid)
