"""Reference systems: which one to measure in, and how shapes move between two of them."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Proj
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info, query_utm_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import ProjError

from geo.datum import passage
from geo.errors import RefusedError

LONLAT = CRS.from_epsg(4326)

SCALE_TOLERANCE = 0.005
"""Largest scale error of a map projection in which metres still count as metres on the ground."""


def metric_crs(crs: CRS, *, longitude: float, latitude: float) -> CRS:
    """
    Reference system in which one unit is one metre on the ground near a place.

    The system itself when it is projected, in metres, and true to scale there (web
    maps are not: at 60 degrees their metre is half a metre); else the UTM zone that holds
    the place, on the same datum where there is one, so that nothing moves; else a national
    projection on it, as Australia's; else the zone on WGS 84.

    Parameters
    ----------
    crs
        The system of the data.
    longitude, latitude
        The place, in degrees on WGS 84.
    """
    if crs.is_projected and _true_to_scale(crs, longitude, latitude):
        return crs
    here = AreaOfInterest(longitude, latitude, longitude, latitude)
    own = crs.geodetic_crs.name if crs.geodetic_crs else LONLAT.name
    national = (
        one.code
        for one in query_crs_info("EPSG", PJType.PROJECTED_CRS, area_of_interest=here)
        if one.name.startswith(f"{own} /")
    )
    for codes in (_zones(own, here), national, _zones(LONLAT.name, here)):
        known = [CRS.from_epsg(code) for code in sorted(codes, key=int)]
        fit = [one for one in known if _true_to_scale(one, longitude, latitude)]
        if fit:
            # A place on the rim of two zones has two answers; the first by code is as good.
            return min(fit, key=lambda one: round(_scale_error(one, longitude, latitude), 5))
    raise RefusedError("place_beyond_projections", longitude=longitude, latitude=latitude)


def _zones(datum: str, here: AreaOfInterest) -> list[str]:
    return [zone.code for zone in query_utm_crs_info(datum, here)]


def _true_to_scale(crs: CRS, longitude: float, latitude: float) -> bool:
    return _scale_error(crs, longitude, latitude) <= SCALE_TOLERANCE


def _scale_error(crs: CRS, longitude: float, latitude: float) -> float:
    """Give how far a unit is from a metre on the ground, in parts of it."""
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        return math.inf
    try:
        factors = Proj(crs).get_factors(longitude, latitude)
    except ProjError:
        return math.inf
    return max(abs(one - 1) for one in (factors.meridional_scale, factors.parallel_scale))


def moved_shape[S: shapely.Geometry](shape: S, *, source: CRS, target: CRS) -> S:
    """
    The same shape in another reference system, vertex by vertex.

    Edges stay straight between the vertices: `shapely.segmentize` first where an edge is
    long enough for the difference to matter. A change of datum is the one of `geo.datum`.

    Raises
    ------
    RefusedError
        ``place_datum_unrelated``.
    """
    if source is target or source == target or shapely.is_empty(shape):
        return shape
    left, bottom, right, top = shapely.bounds(shape)
    there = passage(source, target, near=((left + right) / 2, (bottom + top) / 2))

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(there(points[:, 0], points[:, 1]))

    moved: S = shapely.transform(shape, move)
    return moved
