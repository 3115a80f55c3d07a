"""Rivalry: whether a picture fits the reference better where it was laid than all around."""

from typing import NamedTuple

import numpy as np
import shapely

from geo.correlation import PEAK_PX, correlation_surface, edge_spectrum
from geo.grid import Grid
from geo.raster import Read

PICTURE_PX = 768
"""Longer side of the pictures compared; both are held in memory whole."""

NEAR_PX = 4 * PEAK_PX
"""Shift from which another fit is another place."""


class Standing(NamedTuple):
    """Heights of a correlation surface, in standard deviations of what lies far from its middle."""

    here: float
    elsewhere: float


def standing(placed: Read, reference: Read, ground: Grid, search: Grid) -> Standing | None:
    """
    Compare how a placed picture fits its place and how it fits at any other shift.

    Parameters
    ----------
    placed
        The picture where it is believed to lie.
    reference
        The picture that it was laid on.
    ground
        North-up grid of what both show.
    search
        Ground that may be looked at; shifts up to the size of `ground` are tried within it.

    Returns
    -------
    Standing or None
        None where either picture shows nothing, or is too small to be shifted.
    """
    around = _around(ground, search)
    radius = min(around.shape) // 2 - 1
    if radius <= NEAR_PX:
        return None
    known, seen = placed(around), reference(around)
    if not (known.valid.any() and seen.valid.any()):
        return None
    surface = correlation_surface(edge_spectrum(known), edge_spectrum(seen), radius_px=radius)
    shifts = np.arange(-radius, radius + 1)
    far = np.hypot(*np.meshgrid(shifts, shifts)) > NEAR_PX
    noise = max(float(surface[far].std()), 1e-6)
    return Standing(
        here=float(surface[~far].max()) / noise, elsewhere=float(surface[far].max()) / noise
    )


def _around(ground: Grid, search: Grid) -> Grid:
    left, bottom, right, top = ground.bounds
    wide, high = right - left, top - bottom
    area = shapely.box(left - wide, bottom - high, right + wide, top + high)
    bounds = area.intersection(search.footprint).bounds
    longer = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    return Grid.over(bounds, crs=ground.crs, pixel=max(longer / PICTURE_PX, ground.pixel_size))
