"""The majority: the commonest code around each pixel."""

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.raster import Mask


def majority(codes: NDArray[np.uint8], *, radius: int) -> NDArray[np.uint8]:
    """Give each pixel the commonest code around it: specks go, edges stay where they are."""
    found = np.flatnonzero(np.bincount(codes.ravel())).astype(np.uint8)
    if len(found) == 1:
        return codes
    best = np.zeros(codes.shape, np.uint16)
    settled = np.zeros_like(codes)
    for code in found:
        count = counted(codes == code, radius=radius)
        settled[count > best] = code
        np.maximum(best, count, out=best)
    return settled


def counted(mask: Mask, *, radius: int) -> NDArray[np.uint16]:
    """Count the pixels of a mask in the square around each pixel; at the rim it is mirrored."""
    size = (2 * radius + 1, 2 * radius + 1)
    count = cv2.boxFilter(mask.view(np.uint8), cv2.CV_16U, size, normalize=False)
    return np.asarray(count, np.uint16)
