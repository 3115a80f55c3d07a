"""Other ways to find a movement, as they are commonly used: for the benchmark alone."""

import cv2
import numpy as np
from affine import Affine
from numpy.typing import NDArray

from tests.benchmarks.accuracy.movements import HALF
from tests.benchmarks.accuracy.sources import Pixels

RATIO = 0.8
LEAST_MATCHES = 6


def phase_correlation(before: Pixels, after: Pixels, seen: NDArray[np.bool_]) -> Affine | None:
    """One shift, from the phase of the two spectra."""
    first, second = (_grey(one).astype(np.float64) for one in (before, after))
    second[~seen] = second[seen].mean()
    window = cv2.createHanningWindow(first.shape[::-1], cv2.CV_64F)
    (east, south), _ = cv2.phaseCorrelate(first - first.mean(), second - second.mean(), window)
    return Affine.translation(east, south)


def ecc(before: Pixels, after: Pixels, seen: NDArray[np.bool_]) -> Affine | None:
    """Enhanced correlation coefficient of the grey values, affine, from phase correlation."""
    start = phase_correlation(before, after, seen)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-6)
    warp = np.array([[1, 0, start.c], [0, 1, start.f]], np.float32)
    try:
        _, warp = cv2.findTransformECC(
            _grey(before),
            _grey(after),
            warp,
            cv2.MOTION_AFFINE,
            criteria,
            seen.astype(np.uint8),
            5,
        )
    except cv2.error:
        return None
    return _from_centres(warp)


def sift(before: Pixels, after: Pixels, seen: NDArray[np.bool_]) -> Affine | None:
    """SIFT of equalised pictures by their roots, matched by ratio, affine by MAGSAC."""
    finder = cv2.SIFT_create(nfeatures=4000, contrastThreshold=0.02)
    level = cv2.createCLAHE(2.0, (8, 8))
    described = []
    for pixels, mask in ((before, np.ones_like(seen)), (after, seen)):
        grey = level.apply(_grey(pixels))
        points, words = finder.detectAndCompute(grey, mask.astype(np.uint8))
        if words is None or len(words) < LEAST_MATCHES:
            return None
        rooted = np.sqrt(words / np.maximum(words.sum(axis=1, keepdims=True), 1e-6))
        described.append((cv2.KeyPoint_convert(points), rooted.astype(np.float32)))
    (first, words), (second, others) = described
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(words, others, k=2)
    good = [one for one, next_one in pairs if one.distance < RATIO * next_one.distance]
    if len(good) < LEAST_MATCHES:
        return None
    warp, _ = cv2.estimateAffine2D(
        np.array([first[match.queryIdx] for match in good]),
        np.array([second[match.trainIdx] for match in good]),
        method=cv2.USAC_MAGSAC,
        ransacReprojThreshold=2.0,
        maxIters=10_000,
        confidence=0.999,
    )
    return None if warp is None else _from_centres(warp)


def _grey(pixels: Pixels) -> NDArray[np.uint8]:
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def _from_centres(warp: NDArray[np.floating]) -> Affine:
    return HALF @ Affine(*(float(value) for value in warp.ravel())) @ ~HALF


PEERS = {"SIFT + MAGSAC": sift, "ECC affine": ecc, "phase correlation": phase_correlation}
