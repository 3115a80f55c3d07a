"""Beyond: what a fit may miss where a picture lies past the ties that it was fitted to."""

import numpy as np
import scipy
import shapely
import shapely.affinity
from shapely import MultiPoint

from geo.candidates import RECIPES
from geo.control_points import Positions
from geo.grid import Grid
from geo.transformation import Transformation, lattice, slopes

STIFF_KINDS = frozenset({"affine", "perspective"})
"""What these are among their ties they are beyond."""

INNER = 0.75
"""Share of the way from their middle out to the ties' rim within which ties are kept, to see how
fast the fit to them errs beyond."""

BETWEEN = 4
"""A place is beyond its ties where the next is farther than ties have this many others."""

FURTHER_PX = 8.0
"""Distance below which what a tie is missed by is its own noise, not the distance."""


def missed_beyond(
    chosen: Transformation, pixels: Positions, ground: Positions, extent: Grid
) -> Positions:
    """
    By how much a fit may miss what lies beyond its ties.

    Parameters
    ----------
    chosen
        The fit.
    pixels, ground
        (n, 2); its ties, in the picture and in metres.
    extent
        Grid of the whole picture.

    Returns
    -------
    numpy.ndarray
        (m,); metres, at places spread evenly over the picture; zero among the ties.
    """
    rate = _rate_beyond(chosen, pixels, ground)
    return rate * _beyond(pixels, lattice(rows=extent.rows, columns=extent.columns))


def _beyond(ties_px: Positions, places: Positions) -> Positions:
    """(n,); how far places lie from all ties, past what lies between one tie and the next."""
    tree = scipy.spatial.cKDTree(ties_px)
    apart, _ = tree.query(ties_px, k=BETWEEN + 1)
    away, _ = tree.query(places)
    rim = MultiPoint(ties_px).convex_hull
    outside = np.asarray(shapely.distance(shapely.points(places), rim), np.float64)
    beyond: Positions = np.maximum(outside, away - float(np.median(apart[:, -1])))
    return beyond


def _rate_beyond(chosen: Transformation, pixels: Positions, ground: Positions) -> float:
    """
    Metres that the fit errs for each pixel beyond its ties.

    A fit to the inner ties alone shows it at the outer ones. Where a curve follows the ties it
    says nothing of what lies beyond: there the picture may go on bending as it does among them.
    """
    inner = shapely.affinity.scale(MultiPoint(pixels).convex_hull, INNER, INNER)
    apart = np.asarray(shapely.distance(shapely.points(pixels), inner), np.float64)
    left, kept = apart > FURTHER_PX, ~(apart > 0)
    rate, recipe = 0.0, RECIPES[chosen.kind]
    if kept.sum() >= recipe.fewest and left.any():
        missed = recipe.fit(pixels[kept], ground[kept]).ground(pixels[left]) - ground[left]
        rate = float(np.quantile(np.hypot(*missed.T) / apart[left], 0.9))
    if chosen.kind in STIFF_KINDS:
        return rate
    slope = slopes(chosen, pixels)
    straying = np.linalg.norm(slope - slope.mean(axis=0), axis=(1, 2))
    return max(rate, float(straying.max()))
