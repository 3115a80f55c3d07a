"""Local fit: how well two registered flights meet near one place."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Geometry

from geo.grid import Grid
from geo.movement import GATE_PX, STRONG
from geo.registration import Registration

NEAREST = 4
"""Ties that tell of a place: more reach too far, fewer say little."""

REACH_TILES = 2.0
"""Distance up to which a tie is near, in spacings of the tiles that were compared."""


@dataclass(frozen=True, kw_only=True)
class LocalFit:
    """What the ties near a place say."""

    residual_m: float
    """Root mean square length of what remains between the flights there."""

    ties: int


def local_fit(found: Registration, grid: Grid, shape: Geometry) -> LocalFit | None:
    """
    How well two flights meet near a shape: by the nearest ties that agree.

    Ties that do not agree lie in changed ground, or agree with nothing: they tell nothing.

    Parameters
    ----------
    found
        The registration, with its ties.
    grid
        The grid that it was estimated on.
    shape
        In the reference system of the grid.

    Returns
    -------
    LocalFit or None
        None where fewer than `NEAREST` agreeing ties lie within `REACH_TILES` spacings.
    """
    remains = np.hypot(*found.ties[:, 2:4].T)
    agrees = (remains <= GATE_PX * grid.pixel_size) & (found.ties[:, 4] >= STRONG)
    places = shapely.points(found.ties[agrees, :2])
    away = shapely.distance(places, shape)
    spacing = math.sqrt(grid.rows * grid.columns / max(len(found.ties), 1)) * grid.pixel_size
    order = np.argsort(away, kind="stable")[:NEAREST]
    if len(order) < NEAREST or away[order[-1]] > REACH_TILES * spacing:
        return None
    squares = remains[agrees][order] ** 2
    return LocalFit(residual_m=math.sqrt(float(squares.mean())), ties=NEAREST)
