"""Change: how far two dates differ, measured in the noise of the pair itself."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.appearance import Appearance, Band

type Noise = tuple[float, ...]
"""What unchanged ground of this pair differs by, in the channels of `Appearance.channels`."""

BULK = 0.35
"""Quantile of the differences that is still unchanged ground, even where half of it changed."""

BULK_OF_NORMAL = 0.4538
"""The same quantile of the absolute value of a standard normal number."""

STRUCTURE = 2.0
"""Variance of lightness below which there is no structure to compare."""

NOT_COMPARED = 255
"""Score of ground that was not seen on both dates."""


def noise(pairs: Sequence[tuple[Appearance, Appearance]], *, least: Noise, most: Noise) -> Noise:
    """
    Measure what the pair's own unchanged ground differs by.

    Read from the bulk of the absolute differences, not from their spread: what truly
    changed lies beyond the bulk and does not move it.

    Parameters
    ----------
    pairs
        Windows of the two dates, the first relit.
    least, most
        Bounds of what is believed: rounding leaves the least; more than the most means
        that most of the ground changed and the bulk is no longer unchanged.
    """
    found = []
    channels = [(first.channels, second.channels) for first, second in pairs]
    seen = [first.valid & second.valid for first, second in pairs]
    for channel, (low, high) in enumerate(zip(least, most, strict=True)):
        parts = [
            np.abs(first[channel] - second[channel])[both]
            for (first, second), both in zip(channels, seen, strict=True)
        ]
        pooled = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        bulk = float(np.quantile(pooled, BULK)) / BULK_OF_NORMAL if pooled.size else low
        found.append(min(max(bulk, low), high))
    return tuple(found)


def distance(before: Appearance, after: Appearance, *, noise: Noise, tolerance_px: int) -> Band:
    """
    Distance of the two dates in colour and roughness, in units of the noise.

    A pixel is compared with the range of values within `tolerance_px` on the other date,
    both ways, and the smaller distance counts: an edge that moved by less is no change.
    """
    size = 2 * tolerance_px + 1
    around = np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
    there: Band = np.zeros_like(before.lightness)
    back: Band = np.zeros_like(before.lightness)
    for first, second, scale in zip(before.channels, after.channels, noise, strict=True):
        for total, one, other in ((there, first, second), (back, second, first)):
            beyond = _outside(one, other, around)
            beyond /= np.float32(scale)
            np.add(total, np.square(beyond, out=beyond), out=total)
    nearer = np.minimum(there, back, out=there)
    return np.sqrt(nearer, out=nearer)


def likeness(before: Appearance, after: Appearance, *, radius_px: int) -> Band:
    """
    Correlation of the two dates around each pixel, 0-1; what light does leaves it high.

    The zero-mean normalised cross-correlation of lightness, drawn to zero where there is
    hardly any structure to compare.
    """
    size = (2 * radius_px + 1, 2 * radius_px + 1)
    both = before.valid & after.valid
    whole = bool(both.all())
    seen = both.astype(np.float32)
    share = np.maximum(cv2.blur(seen, size), np.float32(1e-3))

    def mean(values: Band) -> Band:
        if whole:  # a mean over ground that all was seen needs no share
            return np.asarray(cv2.blur(values, size), np.float32)
        around = np.asarray(cv2.blur(values * seen, size), np.float32)
        around /= share
        return around

    first = before.lightness - mean(before.lightness)
    second = after.lightness - mean(after.lightness)
    spread = mean(first * first)
    spread *= mean(second * second)
    # Means of what is quite black may fall a little below nothing: they are sums that move along.
    np.sqrt(np.maximum(spread, 0, out=spread), out=spread)
    spread += np.float32(STRUCTURE)
    alike = mean(np.multiply(first, second, out=first))
    alike /= spread
    return np.clip(alike, 0, 1, out=alike)


def score(change: Band) -> NDArray[np.uint8]:
    """
    Change on a scale of 0-100.

    Parameters
    ----------
    change
        In thresholds: the score is 50 at one threshold, 75 at two.
    """
    return np.rint(100 * (1 - np.exp2(-change))).astype(np.uint8)


def _outside(value: Band, other: Band, around: NDArray[np.uint8]) -> Band:
    """By how much a value lies outside the range of the other date around it."""
    low = np.asarray(cv2.erode(other, around), np.float32)
    high = np.asarray(cv2.dilate(other, around), np.float32)
    # In the room that is there: windows are large, and there are many of them.
    beyond: Band = np.subtract(low, value, out=low)
    np.maximum(beyond, np.subtract(value, high, out=high), out=beyond)
    return np.maximum(beyond, np.float32(0), out=beyond)
