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
    CLOUD = 6


DISTURBED = (Kind.BARE, Kind.BUILT)
"""Ground without its plants, as far as a pixel can tell."""

PRIOR_VEGETATION = 3.0
PRIOR_BARE = 11.0
PRIOR_SPREAD = 3.0
"""Bareness of plants and of soil on labelled aerial pictures of several countries and hazes."""

PRIOR_WEIGHT = 0.02
"""How much of the sample the prior counts as: what speaks where only one kind is there."""


@dataclass(frozen=True, kw_only=True)
class CoverLimits:
    """The limits between kinds of ground in one inspection, for all its dates."""

    bareness: float
    """Above: soil, rock, built; below: plants, water, shadow."""

    dark: float
    """Lightness below which ground that is not green is shadow (or coal, or deep water)."""

    smooth: float
    """Roughness below which a dark or colourless plain is water."""

    bright: float
    """Lightness above which colourless ground without edges is cloud."""


def bareness_limit(sample: NDArray[np.float32]) -> float:
    """
    Bareness that parts plants from soil, for the light of this flight.

    Two normal distributions are fitted by expectation and maximisation, each held by a
    prior: where a flight shows only forest, or only mine, the other kind stays where it
    usually is. The limit is where a pixel is as likely of one kind as of the other.

    Examples
    --------
    >>> forest, soil = np.full(900, 1.0), np.full(100, 14.0)
    >>> 5 < bareness_limit(np.concatenate([forest, soil]).astype(np.float32)) < 10
    True
    """
    means = np.array([PRIOR_VEGETATION, PRIOR_BARE])
    spreads = np.array([PRIOR_SPREAD, PRIOR_SPREAD])
    prior = means.copy()
    weight = max(PRIOR_WEIGHT * sample.size, 1.0)
    values = sample.astype(np.float64)[:, None]
    for _ in range(30):
        likely = np.exp(-(((values - means) / spreads) ** 2) / 2) / spreads + 1e-12
        part = likely / likely.sum(axis=1, keepdims=True)
        count = part.sum(axis=0)
        means = ((part * values).sum(axis=0) + weight * prior) / (count + weight)
        square = (part * (values - means) ** 2).sum(axis=0) + weight * PRIOR_SPREAD**2
        spreads = np.sqrt(square / (count + weight))
    line = np.linspace(means[0], means[1], 201)
    common = np.log((count + weight) / (count + weight).sum())
    scores = [
        n - (((line - m) / s) ** 2) / 2 - np.log(s)
        for n, m, s in zip(common, means, spreads, strict=True)
    ]
    return float(line[int(np.argmin(np.abs(scores[0] - scores[1])))])


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
    dark = (seen.lightness < limits.dark) & ~green
    kinds[dark] = Kind.SHADOW
    plain = (seen.roughness < limits.smooth) & ~green & ~bare
    water = _opened(plain, plain_px)
    # Near the shore the shore itself makes the water look rough.
    shore = cv2.dilate(water.astype(np.uint8), _disc(plain_px + 2)).astype(np.bool_)
    kinds[water | (shore & ~bare & ~green)] = Kind.WATER
    kinds[~seen.valid] = Kind.UNSEEN
    return kinds


def _opened(mask: Mask, radius: int) -> Mask:
    """Keep the parts of a mask into which a disc of the radius fits."""
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, _disc(radius))
    return opened.astype(np.bool_)


def _disc(radius: int) -> NDArray[np.uint8]:
    size = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
