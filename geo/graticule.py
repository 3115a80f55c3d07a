"""The graticule: how an outline lies to the parallels and meridians it should follow."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import moved_shape
from geo.fault import place

ARCSECONDS = 3600
SHORT_M = 0.1
"""An edge shorter than a marker is wide was not drawn on purpose."""

ARCSECOND_M = 30.9
"""Of a meridian; a parallel's is shorter."""


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """How often an outline departs from what was asked, and where it does so first."""

    count: int
    of: int
    """Vertices or edges in all."""

    most: float
    where: str


def degrees_of(shape: shapely.Geometry, crs: CRS) -> shapely.Geometry:
    """Longitude and latitude of a shape on its own datum: no shift is added to its numbers."""
    if crs.is_geographic or crs.geodetic_crs is None:
        return shape
    return moved_shape(shape, source=crs, target=crs.geodetic_crs.to_2d())


def off_grid(degrees: shapely.Geometry, *, grid_arcsec: float) -> Deviation | None:
    """
    Vertices that are no multiples of a fraction of an arc-second.

    Parameters
    ----------
    degrees
        Outlines in longitude and latitude.
    grid_arcsec
        The fraction, in arc-seconds.

    Returns
    -------
    Deviation | None
        `most` in arc-seconds; None where all lie on the grid, to the rounding of a number
        that was written with ten decimals.
    """
    points = np.vstack([ring[:-1] for ring in _rings(degrees)])
    units = points * ARCSECONDS / grid_arcsec
    misses = np.abs(units - np.rint(units)).max(axis=1) * grid_arcsec
    return _deviation(misses, misses > grid_arcsec * 0.01, points)


def slanted(degrees: shapely.Geometry, *, tolerance_arcsec: float) -> Deviation | None:
    """
    Edges that run along neither a parallel nor a meridian.

    Parameters
    ----------
    degrees
        Outlines in longitude and latitude.
    tolerance_arcsec
        How far the ends of an edge may lie apart across its direction, in arc-seconds.

    Returns
    -------
    Deviation | None
        `most` in metres, about: how far the worst edge leaves the graticule.
    """
    starts = np.vstack([ring[:-1] for ring in _rings(degrees)])
    ends = np.vstack([ring[1:] for ring in _rings(degrees)])
    across = np.abs(ends - starts).min(axis=1) * ARCSECONDS
    return _deviation(across * ARCSECOND_M, across > tolerance_arcsec, starts)


def short_edges(degrees: shapely.Geometry) -> Deviation | None:
    """
    Edges of no length to speak of, such as a vertex that is written twice.

    Returns
    -------
    Deviation | None
        `most` is the length of the longest of them in metres, about.
    """
    starts = np.vstack([ring[:-1] for ring in _rings(degrees)])
    ends = np.vstack([ring[1:] for ring in _rings(degrees)])
    steps = (ends - starts) * ARCSECONDS * ARCSECOND_M
    lengths = np.hypot(steps[:, 0] * np.cos(np.radians(starts[:, 1])), steps[:, 1])
    return _deviation(lengths, lengths < SHORT_M, starts)


def _deviation(
    sizes: NDArray[np.float64], wrong: NDArray[np.bool_], points: NDArray[np.float64]
) -> Deviation | None:
    if not wrong.any():
        return None
    return Deviation(
        count=int(wrong.sum()),
        of=len(sizes),
        most=float(sizes[wrong].max()),
        where=place(points[wrong][0]),
    )


def _rings(degrees: shapely.Geometry) -> Iterator[NDArray[np.float64]]:
    for part in shapely.get_parts(degrees):
        if isinstance(part, shapely.Polygon):
            for ring in (part.exterior, *part.interiors):
                yield shapely.get_coordinates(ring)
