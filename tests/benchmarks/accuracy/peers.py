"""Common ways to find change without training, as their authors describe them: our own code.

Each gives a score, more where more changed, and the mask that it flags by default. All of them see
the same pixels; what was not seen is filled with the mean and never counted.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv

from tests.benchmarks.accuracy.pairs import Mask, Pair
from tests.benchmarks.accuracy.sources import Pixels

type Score = NDArray[np.float32]

CERTAIN = 0.99
"""Probability that chi-squared must leave behind, where that is the threshold."""

FITTED_PX = 40_000
SETTLED = 1e-4
"""Change of the correlations at which a further turn is idle."""

SHIFT_PX = 2
BLOCK_PX = 5
COMPONENTS = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Flagged:
    """What one method says of one pair."""

    score: Score
    mask: Mask


type Peer = Callable[[Pair], Flagged]


def otsu(score: Score, seen: Mask) -> float:
    """The threshold between two groups that part best; it takes for granted that there are two."""
    values = score[seen]
    top = float(np.percentile(values, 99.8)) or 1.0
    counts, edges = np.histogram(np.clip(values, 0, top), bins=256, range=(0, top))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts).astype(float)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1:][np.nanargmax(np.nan_to_num(apart))])


def _by_otsu(score: Score, pair: Pair) -> Flagged:
    return Flagged(score=score, mask=(score > otsu(score, pair.seen)) & pair.seen)


def _bands(pixels: Pixels, seen: Mask) -> Score:
    """Smoothed a little, each band of mean 0 and deviation 1 where seen."""
    smooth = cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), 1.0)
    known = smooth[seen]
    return (smooth - known.mean(axis=0)) / np.maximum(known.std(axis=0), 1e-3) * seen[..., None]


def cva(pair: Pair) -> Flagged:
    """Change vector analysis: length of the difference of standardised bands."""
    first, second = _bands(pair.before, pair.seen), _bands(pair.after, pair.seen)
    return _by_otsu(np.linalg.norm(first - second, axis=2).astype(np.float32), pair)


def pca_kmeans(pair: Pair) -> Flagged:
    """Celik 2009: blocks of the difference on their principal axes, two groups by k-means."""
    first, second = _bands(pair.before, pair.seen), _bands(pair.after, pair.seen)
    difference = np.linalg.norm(first - second, axis=2).astype(np.float32)
    rows, columns = difference.shape
    reach = BLOCK_PX // 2
    wide = np.pad(difference, reach, mode="reflect")
    around = np.lib.stride_tricks.sliding_window_view(wide, (BLOCK_PX, BLOCK_PX))
    around = around.reshape(rows * columns, -1)
    apart = around.reshape(rows, columns, -1)[::BLOCK_PX, ::BLOCK_PX].reshape(-1, BLOCK_PX**2)
    mean = apart.mean(axis=0)
    _, _, axes = np.linalg.svd(apart - mean, full_matrices=False)
    features = ((around - mean) @ axes[:COMPONENTS].T).astype(np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 30, 1e-3)
    cv2.setRNGSeed(1)
    known = np.flatnonzero(pair.seen.ravel())[::3]
    _, labels, centres = cv2.kmeans(features[known], 2, None, criteria, 3, cv2.KMEANS_PP_CENTERS)
    means = [difference.ravel()[known][labels.ravel() == group].mean() for group in (0, 1)]
    changed = int(np.argmax(means))
    far = [np.linalg.norm(features - centre, axis=1) for centre in centres]
    score = (far[1 - changed] - far[changed]).reshape(rows, columns).astype(np.float32)
    return Flagged(score=score, mask=(score > 0) & pair.seen)


def mad_chi2(pair: Pair, *, turns: int = 30) -> NDArray[np.float64]:
    """Nielsen 2007, iteratively reweighted: chi-squared of every seen pixel.

    The transformation is fitted on evenly spread pixels and applied to all.
    """
    known = np.hstack(
        [
            cv2.GaussianBlur(one.astype(np.float32), (0, 0), 1.0)[pair.seen].astype(np.float64)
            for one in (pair.before, pair.after)
        ]
    )
    sample = known[:: max(1, len(known) // FITTED_PX)]
    bands = known.shape[1] // 2
    weight, before = np.ones(len(sample)), np.zeros(bands)
    for _ in range(turns):
        mean = np.average(sample, axis=0, weights=weight)
        off = sample - mean
        whole = (off * weight[:, None]).T @ off / weight.sum() + 1e-6 * np.eye(2 * bands)
        one, cross, other = whole[:bands, :bands], whole[:bands, bands:], whole[bands:, bands:]
        roots = [np.linalg.inv(np.linalg.cholesky(part)) for part in (one, other)]
        left, alike, right = np.linalg.svd(roots[0] @ cross @ roots[1].T)
        alike = np.clip(alike, 0, 1 - 1e-9)
        axes = np.vstack([roots[0].T @ left, -roots[1].T @ right.T]) / np.sqrt(2 * (1 - alike))
        if np.abs(alike - before).max() < SETTLED:
            break
        before = alike
        chi2 = ((off @ axes) ** 2).sum(axis=1)
        weight = np.maximum(1 - gammainc(bands / 2, chi2 / 2), 1e-6)
    result: NDArray[np.float64] = (((known - mean) @ axes) ** 2).sum(axis=1)
    return result


def _ir_mad(pair: Pair) -> Score:
    score = np.zeros(pair.seen.shape, np.float32)
    score[pair.seen] = np.sqrt(mad_chi2(pair))
    return score


def ir_mad_chi2(pair: Pair) -> Flagged:
    """IR-MAD, flagged where chi-squared says with 99 % that there is change."""
    score = _ir_mad(pair)
    limit = np.sqrt(2 * gammaincinv(pair.before.shape[2] / 2, CERTAIN))
    return Flagged(score=score, mask=(score > limit) & pair.seen)


def ir_mad_otsu(pair: Pair) -> Flagged:
    """IR-MAD, flagged by Otsu."""
    return _by_otsu(_ir_mad(pair), pair)


def tolerant_lab(pair: Pair) -> Flagged:
    """CVA in CIE Lab, each pixel against the nearest colour within 2 pixels, both ways."""
    first, second = (_lab(one, pair.seen) for one in (pair.before, pair.after))
    scale = 1.4826 * np.median(np.abs(first - second)[pair.seen], axis=0) + 0.3
    there = _nearest(first / scale, second / scale)
    back = _nearest(second / scale, first / scale)
    score = cv2.GaussianBlur(np.minimum(there, back), (0, 0), 1.0)
    return _by_otsu(score, pair)


def _lab(pixels: Pixels, seen: Mask) -> Score:
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    middle = np.median(lab[seen], axis=0)
    spread = 1.4826 * np.median(np.abs(lab[seen] - middle), axis=0)
    return ((lab - middle) / np.maximum(spread, 1.0)).astype(np.float32)


def _nearest(one: Score, other: Score) -> Score:
    rows, columns = one.shape[:2]
    wide = np.pad(other, ((SHIFT_PX, SHIFT_PX), (SHIFT_PX, SHIFT_PX), (0, 0)), mode="edge")
    best = np.full((rows, columns), np.inf, np.float32)
    for down in range(2 * SHIFT_PX + 1):
        for right in range(2 * SHIFT_PX + 1):
            off = one - wide[down : down + rows, right : right + columns]
            np.minimum(best, np.einsum("ijk,ijk->ij", off, off), out=best)
    return np.sqrt(best)


def everything(pair: Pair) -> Flagged:
    """All of it changed."""
    return Flagged(score=np.ones(pair.seen.shape, np.float32), mask=pair.seen.copy())


def nothing(pair: Pair) -> Flagged:
    """None of it changed."""
    unmarked = np.zeros(pair.seen.shape, np.bool_)
    return Flagged(score=unmarked.astype(np.float32), mask=unmarked)


PEERS: dict[str, Peer] = {
    "CVA + Otsu": cva,
    "PCA-Kmeans": pca_kmeans,
    "IR-MAD, chi2 .99": ir_mad_chi2,
    "IR-MAD + Otsu": ir_mad_otsu,
    "tolerant Lab CVA + Otsu": tolerant_lab,
    "all flagged": everything,
    "none flagged": nothing,
}
PLAIN = ("all flagged", "none flagged")
"""Rows that show what no method at all would score."""
