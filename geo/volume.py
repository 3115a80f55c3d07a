"""Volumes of earth moved, with their uncertainty."""

import math
from dataclasses import dataclass

import numpy as np

from geo.elevation import LEVEL_95, Heights
from geo.raster import Mask


@dataclass(frozen=True, kw_only=True)
class Volume:
    """Earth taken from and brought to one piece of ground."""

    cut_m3: float
    """Taken away; positive."""

    fill_m3: float
    """Brought; positive."""

    net_m3: float
    """Fill minus cut."""

    uncertainty_m3: float
    """Half the width of the 95 % interval of the net; no less for cut and fill alone."""

    unseen_m2: float
    """Ground inside of which one date or both have no height."""


def volumes(
    change: Heights,
    *,
    inside: Mask,
    detection_limit_m: float,
    level_sigma_m: float,
    correlated_over_m: float,
) -> Volume:
    """
    Add up the change of height over one piece of ground.

    Only cells past the detection limit count (Lane, Westaway and Hicks, 2003). The uncertainty
    has three parts. Random: that of each counted cell, lessened by how many of them err
    independently, sigma A sqrt(pi L^2 / 5 A) (Rolstad, Haug and Denby, Journal of Glaciology 55,
    2009). Systematic: an error of the common level acts on all counted cells alike. Left out: what
    the cells below the limit add up to is not counted, and not known to be nothing (Anderson,
    Earth Surface Processes and Landforms 44, 2019).

    Parameters
    ----------
    change
        From `height_change`, on a grid in metres.
    inside
        (rows, columns); True for the cells of the piece of ground.
    detection_limit_m
        Smallest change of one cell that counts: 1.96 standard deviations of its error.
    level_sigma_m
        Standard deviation of the common level.
    correlated_over_m
        Distance over which errors of neighbouring cells are alike; zero where each errs by
        itself.
    """
    cell_m2 = change.grid.pixel_size**2
    seen = change.values[inside & change.valid].astype(np.float64)
    counted = np.abs(seen) > detection_limit_m
    cut = float(-seen[counted & (seen < 0)].sum()) * cell_m2
    fill = float(seen[counted & (seen > 0)].sum()) * cell_m2
    area_m2 = float(counted.sum()) * cell_m2
    alike_m2 = max(math.pi * correlated_over_m**2 / 5, cell_m2)
    random = detection_limit_m * math.sqrt(area_m2 * min(alike_m2, area_m2))
    systematic = LEVEL_95 * level_sigma_m * area_m2
    left_out = float(seen[~counted].sum()) * cell_m2
    return Volume(
        cut_m3=cut,
        fill_m3=fill,
        net_m3=fill - cut,
        uncertainty_m3=math.hypot(random, systematic, left_out),
        unseen_m2=float((inside & ~change.valid).sum()) * cell_m2,
    )
