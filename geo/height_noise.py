"""How much the mean of noisy heights errs, by the area that it is taken over."""

import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from geo.raster import Mask

NMAD = 1.4826
"""Turns the median absolute deviation into the standard deviation of a normal distribution."""

LEVEL_95 = 1.96
"""Half the width of a 95 % interval, in standard deviations."""

FEWEST_SQUARES = 12
"""Squares of one size whose means tell a spread."""

INDEPENDENT = -0.5
"""How the logarithm of a mean's error falls with that of the area where cells err independently."""

LEAST_LEFT = 0.5
"""Share of a spread that a fit leaves, at the least."""

LEAST_FREEDOM = 3.0
"""Fewer would tell nothing: a spread of four."""

MOST_ALIKE = 0.7
"""Neighbours are not taken to err more alike than this: nothing would be left to tell."""

KNOWN_SHARE = 0.5
"""Share of a square that must be stable ground."""


@dataclass(frozen=True, kw_only=True)
class HeightNoise:
    """
    Standard deviation of the mean error of a square of ground, by the area of the square.

    Errors of neighbouring cells are alike, over how far differs from flight to flight: so the
    spread of means is measured at every size on the ground that stood still, rather than worked
    out from that of one cell (Rolstad, Haug and Denby, Journal of Glaciology 55, 2009; Hugonnet
    and others, IEEE JSTARS 15, 2022).
    """

    areas_m2: tuple[float, ...]
    """Rising; the first is one cell."""

    sigmas_m: tuple[float, ...]
    """As much larger as the number of squares leaves unsure (Student)."""

    def sigma_m(self, area_m2: float) -> float:
        """
        Give the standard deviation of the mean error over an area of any form.

        Past the largest square that could be measured it goes on falling as it did before.
        """
        if area_m2 <= 0:
            return 0.0
        areas, sigmas = np.log(self.areas_m2), np.log(np.maximum(self.sigmas_m, 1e-9))
        beyond = math.log(area_m2) - areas[-1]
        if beyond <= 0 or len(areas) == 1:
            fall = INDEPENDENT
        else:
            fall = (sigmas[-1] - sigmas[-2]) / (areas[-1] - areas[-2])
        fall = min(max(fall, INDEPENDENT), 0.0)
        inside = np.interp(math.log(area_m2), areas, sigmas)
        return float(np.exp(inside + fall * max(beyond, 0.0)))


def height_noise(remaining: NDArray[np.float64], where: Mask, *, cell_m: float) -> HeightNoise:
    """
    Measure the noise of the change of height on stable ground that was laid level.

    Parameters
    ----------
    remaining
        (rows, columns); what is left of the change there.
    where
        (rows, columns); the stable ground.
    cell_m
        Side of a cell.
    """
    areas, sigmas = [cell_m**2], [nmad(remaining[where])]
    sums, counts = np.where(where, remaining, 0.0), where.astype(np.float64)
    side = 1
    while min(sums.shape) > 1:
        side *= 2
        sums, counts = _halved(sums), _halved(counts)
        full = counts >= KNOWN_SHARE * side**2
        squares = int(full.sum())
        if squares < FEWEST_SQUARES:
            break
        areas.append((side * cell_m) ** 2)
        means = np.full(sums.shape, np.nan)
        means[full] = sums[full] / counts[full]
        # Errors that are independent halve with the side; none fall faster.
        sigmas.append(max(spread(means), sigmas[-1] / 2))
    return HeightNoise(areas_m2=tuple(areas), sigmas_m=tuple(sigmas))


def nmad(values: NDArray[np.float64]) -> float:
    """Hoehle and Hoehle, ISPRS Journal of Photogrammetry and Remote Sensing 64 (2009)."""
    return NMAD * float(np.median(np.abs(values - np.median(values))))


def spread(means: NDArray[np.float64], *, fitted: int = 1) -> float:
    """
    Standard deviation of means of squares, as much wider as their number leaves it unsure.

    Squares side by side err alike, and so are worth fewer: of what a fit with so many terms took
    away, and of what is known of the spread itself (Student).
    """
    shared, count = alike(means), int(np.isfinite(means).sum())
    left = max(1 - fitted * worth(shared) / count, LEAST_LEFT)
    freedom = max(count * worth(shared**2) ** -1 - fitted, LEAST_FREEDOM)
    student = float(scipy.special.stdtrit(freedom, 0.975)) / LEVEL_95
    return float(np.nanstd(means)) / math.sqrt(left) * student


def worth(shared: float) -> float:
    """As many squares with this correlation tell as much of a mean as a single independent one."""
    return ((1 + shared) / (1 - shared)) ** 2


def alike(means: NDArray[np.float64]) -> float:
    """Correlation of squares with those beside and below them; NaN where one is not known."""
    centred = means - np.nanmedian(means)
    pairs = np.concatenate(
        [(centred[:, 1:] * centred[:, :-1]).ravel(), (centred[1:] * centred[:-1]).ravel()]
    )
    variance = float(np.nanmean(centred**2))
    pairs = pairs[np.isfinite(pairs)]
    if variance == 0 or pairs.size == 0:
        return 0.0
    return min(max(float(pairs.mean()) / variance, 0.0), MOST_ALIKE)


def _halved(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of two by two cells; a last odd row or column is left."""
    rows, columns = (length // 2 * 2 for length in values.shape)
    whole = values[:rows, :columns]
    return whole[::2, ::2] + whole[1::2, ::2] + whole[::2, 1::2] + whole[1::2, 1::2]
