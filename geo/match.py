"""A match of a picture with a reference, judged by ties that its fit has not seen."""

import math
from dataclasses import dataclass

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from shapely import MultiPoint

from geo.control_points import CE90_FACTOR
from geo.errors import RefusedError
from geo.grid import Grid
from geo.movement import GATE_PX, STRONG
from geo.polynomial import Polynomial
from geo.raster import Read
from geo.transformation import Transformation

LEAST_HELD_BACK = 8
"""Ties that must test the fit: with fewer, its accuracy is a guess."""

LEAST_SPREAD = 0.25
"""Share of the common ground that the agreeing ties must span."""

LEAST_SHARE = 0.1
"""Share of the tiles that must agree: on ground without marks few can say anything at all."""

LEAST_AGREEMENT = 0.75
"""Share of the strong ties that must agree: where two days differ ties are weak, not wrong."""

SHARED_PX = 0.1
"""Error that all ties may share and so cannot tell: resampling draws peaks to whole pixels."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sides:
    """The two pictures, as `geo.matching.matched` is given them."""

    picture: Read
    extent: Grid
    reference: Read
    search: Grid


@dataclass(frozen=True, kw_only=True, eq=False)
class Match:
    """Where a picture lies on a reference, and how well ties kept out of the fit confirm it."""

    transformation: Transformation
    """From pixels of the picture's grid to the ground."""

    tie_points: int
    """Ties that agree."""

    held_back: int
    """Strong ties that no fit has seen, whether they agree or not: the accuracy is theirs."""

    rmse_m: float
    """Radial, at the held-back ties."""

    ce90_m: float
    """The larger of 1.5175 times that and of what nine ties in ten keep, with what the picture may
    be missed by where it lies beyond all ties, and what all may share."""

    ties: NDArray[np.float64]
    """As `geo.registration.Registration.ties`."""

    @property
    def affine(self) -> Affine | None:
        """Six numbers that lay the picture as it is; None where it must be rectified."""
        found = self.transformation
        return found.affine if isinstance(found, Polynomial) and found.order == 1 else None


def match_of(
    transformation: Transformation,
    ties: NDArray[np.float64],
    common: Grid,
    *,
    beyond_m: NDArray[np.float64] | None = None,
) -> Match:
    """
    Judge a transformation as the match of a picture with a reference.

    Parameters
    ----------
    transformation
        From pixels of the picture's grid to the ground.
    ties
        (n, 6); as `geo.registration.Registration.ties`, with the transformation applied.
    common
        Ground where both may lie.
    beyond_m
        (n,); what places spread over the picture may be missed by for lying beyond all ties.

    Raises
    ------
    RefusedError
        ``reference_match_thin`` where too few ties agree, or on too little of the ground.
    """
    positions, offsets, strong = ties[:, :2], ties[:, 2:4], ties[:, 4] >= STRONG
    distances = np.hypot(*offsets.T)
    agrees = strong & (distances <= GATE_PX * common.pixel_size)
    judges = strong & (ties[:, 5] > 0)
    spanned = MultiPoint(positions[agrees]).convex_hull.area
    thin = (
        int(judges.sum()) < LEAST_HELD_BACK
        or agrees.mean() < LEAST_SHARE
        or agrees.sum() < LEAST_AGREEMENT * strong.sum()
        or spanned < LEAST_SPREAD * common.footprint.area
    )
    if thin:
        raise RefusedError("reference_match_thin", agreeing=int(agrees.sum()))
    # Not of the agreeing ones alone: what a picture bends, its strong ties must be able to say.
    rmse = math.sqrt(float((distances[judges] ** 2).mean()))
    missed = max(CE90_FACTOR * rmse, float(np.quantile(distances[judges], 0.9)))
    if beyond_m is not None:
        missed = float(np.quantile(np.hypot(missed, beyond_m), 0.9))
    return Match(
        transformation=transformation,
        tie_points=int(agrees.sum()),
        held_back=int(judges.sum()),
        rmse_m=rmse,
        ce90_m=math.hypot(missed, SHARED_PX * common.pixel_size),
        ties=ties,
    )
