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
    weights = seen.astype(np.float32)
    weights /= 255
    # Colours and weight together: positions are worked out once for all of them. OpenCV rounds
    # positions where there are just two, so that a third goes with them.
    if seen.min(initial=255) == ALL_SEEN:
        layers = [pixels.astype(np.float32) for pixels in values]
    else:
        layers = [np.multiply(pixels, weights, dtype=np.float32) for pixels in values]
    layers += [weights] * max(1, 3 - len(values))
    warped = cv2.remap(cv2.merge(layers), *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    share = cv2.extractChannel(warped, len(values))
    if share.min(initial=1) == 1:
        # Nothing to divide by, nothing to leave out: only to be rounded, as below to even.
        rounded = cv2.split(cv2.convertScaleAbs(warped))[: len(values)]
        return Raster(values=np.stack(rounded), valid=np.ones(grid.shape, np.bool_), grid=grid)
    bands = cv2.split(warped)[: len(values)]
    valid: NDArray[np.bool_] = share > SEEN_SHARE
    weight = np.where(valid, share, np.float32(1.0))
    out = np.empty((len(values), *grid.shape), np.uint8)
    for band, into in zip(bands, out, strict=True):
        np.divide(band, weight, out=band)
        np.clip(np.rint(band, out=band), 0, 255, out=band)
        np.multiply(band, valid, out=into, casting="unsafe")
    return Raster(values=out, valid=valid, grid=grid)
