"""Land cover: what kind of ground a pixel shows, by limits calibrated on the flight itself."""

from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.appearance import Appearance
from geo.raster import Mask

type Cover = NDArray[np.uint8]
"""(rows, columns) of `Kind` values."""


class Kind(IntEnum):
    """What a pixel shows."""

    UNSEEN = 0
    VEGETATION = 1
    BARE = 2
    BUILT = 3
    WATER = 4
    SHADOW = 5


DISTURBED = (Kind.BARE, Kind.BUILT)
"""Ground without its plants, as far as a pixel can tell."""

_IS_DISTURBED = np.zeros(256, np.uint8)
_IS_DISTURBED[list(DISTURBED)] = 1

PRIOR_VEGETATION = 3.0
PRIOR_BARE = 11.0
PRIOR_SPREAD = 3.0
"""Bareness of plants and of soil on labelled aerial pictures of several countries and hazes."""

PRIOR_WEIGHT = 0.02
"""How much of the sample the prior counts as: what speaks where only one kind is there."""


GREEN_SHARE = 0.4
LEAST_CONTRAST = 6.0
LEAST_SAMPLE = 50
"""Where the limit of green lies, and the contrast of a* and the pixels it takes to tell."""

TWO_MODES = 2.0
"""Distance of two normal distributions, in spreads, from which they make two modes."""


@dataclass(frozen=True, kw_only=True)
class CoverLimits:
    """The limits between kinds of ground in one inspection, for all its dates."""

    bareness: float
    """Above: soil, rock, built; below: plants, water, shadow."""

    dark: float
    """Lightness below which ground that is not green is shadow (or coal, or deep water)."""

    green: float
    """CIE a* above which ground, though dark, is too little green to be plants: it is shaded."""

    smooth: float
    """Roughness below which a dark or colourless plain is water."""


def bareness_limit(sample: NDArray[np.float32]) -> float:
    """
    Bareness that parts plants from soil, for the light of this flight.

    Two normal distributions are fitted by expectation and maximisation, each held by a
    prior. The limit is where a pixel is as likely of one kind as of the other. Where the
    two do not part (a flight that shows only forest, or only mine) the limit is the usual
    one. Two modes part where their distance D of Ashman et al. (1994) passes two.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> forest, soil = random.normal(1, 2, 900), random.normal(14, 2, 100)
    >>> 5 < bareness_limit(np.concatenate([forest, soil]).astype(np.float32)) < 10
    True
    """
    prior = np.array([PRIOR_VEGETATION, PRIOR_BARE])
    spreads = np.array([PRIOR_SPREAD, PRIOR_SPREAD])
    weight = max(PRIOR_WEIGHT * sample.size, 1.0)
    values = sample.astype(np.float64)
    means = _halves(values, otherwise=prior)
    common = np.array([0.5, 0.5])
    for _ in range(30):
        # One kind after the other: sums over long rows are several times as quick as over pairs.
        likely = [
            n * np.exp(-(((values - mean) / spread) ** 2) / 2) / spread + 1e-12
            for n, mean, spread in zip(common, means, spreads, strict=True)
        ]
        both = likely[0] + likely[1]
        parts = [one / both for one in likely]
        count = np.array([part.sum() for part in parts])
        total = np.array([(part * values).sum() for part in parts])
        means = (total + weight * prior) / (count + weight)
        off = [part * (values - mean) ** 2 for part, mean in zip(parts, means, strict=True)]
        square = np.array([one.sum() for one in off]) + weight * PRIOR_SPREAD**2
        spreads = np.sqrt(square / (count + weight))
        common = (count + weight) / (count + weight).sum()
    apart = (means[1] - means[0]) * np.sqrt(2 / (spreads**2).sum())
    if apart < TWO_MODES:
        return (PRIOR_VEGETATION + PRIOR_BARE) / 2
    line = np.linspace(means[0], means[1], 201)
    scores = [
        np.log(n) - (((line - m) / s) ** 2) / 2 - np.log(s)
        for n, m, s in zip(common, means, spreads, strict=True)
    ]
    return float(line[int(np.argmin(np.abs(scores[0] - scores[1])))])


def green_limit(
    green_red: NDArray[np.float32], bareness: NDArray[np.float32], *, limit: float
) -> float:
    """
    CIE a* above which ground below the limit of bareness is soil in the shade, not plants.

    It lies `GREEN_SHARE` of the way from the usual green of the plants to the usual colour
    of the soil; where the two are of one colour (dry savanna) shade cannot be told so.
    """
    plants, soil = green_red[bareness < limit], green_red[bareness > limit + 2]
    if min(plants.size, soil.size) < LEAST_SAMPLE:
        return np.inf
    green, brown = float(np.median(plants)), float(np.median(soil))
    if brown - green < LEAST_CONTRAST:
        return np.inf
    return green + GREEN_SHARE * (brown - green)


def _halves(values: NDArray[np.float64], *, otherwise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the means of the two parts that differ most, to start from (Otsu 1979)."""
    if not values.size:
        return otherwise
    ordered = np.sort(values.ravel())
    count = np.arange(1, ordered.size)
    total = np.cumsum(ordered)
    low, high = total[:-1] / count, (total[-1] - total[:-1]) / (ordered.size - count)
    between = count * (ordered.size - count) * (high - low) ** 2
    at = int(np.argmax(between)) if count.size else 0
    return np.array([low[at], high[at]]) if count.size else otherwise


def cover(seen: Appearance, *, limits: CoverLimits, plain_px: int) -> Cover:
    """
    Name the kind of ground under each pixel.

    Parameters
    ----------
    seen
        One date, in the light that the limits were calibrated for.
    plain_px
        Radius of the smallest plain that is called water rather than shadow.
    """
    kinds = np.where(seen.bareness > limits.bareness, Kind.BARE, Kind.VEGETATION).astype(np.uint8)
    bare = kinds == Kind.BARE
    # Soil is never blue: roofs, tarpaulins and machines are.
    kinds[(seen.blue_yellow < -12) & (seen.lightness > limits.dark + 8)] = Kind.BUILT  # noqa: PLR2004
    green = (seen.green_red < -5) & (seen.blue_yellow > 4)  # noqa: PLR2004
    shaded = (seen.green_red > limits.green) & ~bare
    kinds[shaded | ((seen.lightness < limits.dark) & ~green)] = Kind.SHADOW
    plain = (seen.roughness < limits.smooth) & ~green & ~bare
    # Discs that fit into plain ground: mostly there are none, and all that follows is in vain.
    cores = cv2.erode(plain.astype(np.uint8), _disc(plain_px))
    if cores.any():
        water = cv2.dilate(cores, _disc(plain_px))
        # Near the shore the shore itself makes the water look rough.
        shore = cv2.dilate(water, _disc(2 * plain_px)).astype(np.bool_)
        kinds[water.astype(np.bool_) | (shore & ~bare & ~green)] = Kind.WATER
    kinds[~seen.valid] = Kind.UNSEEN
    return kinds


def is_disturbed(kinds: Cover) -> Mask:
    """Mark ground without its plants."""
    return np.asarray(cv2.LUT(kinds, _IS_DISTURBED), np.uint8).view(np.bool_)


def _disc(radius: int) -> NDArray[np.uint8]:
    size = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
