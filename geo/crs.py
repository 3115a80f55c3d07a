"""Reference systems: which one to measure in, and how shapes move between two of them."""

import warnings
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Proj, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info
from pyproj.exceptions import ProjError
from pyproj.transformer import TransformerGroup

from geo.errors import RefusedError

LONLAT = CRS.from_epsg(4326)

SCALE_TOLERANCE = 0.005
"""Largest scale error of a map projection in which metres still count as metres on the ground."""


def metric_crs(crs: CRS, *, longitude: float, latitude: float) -> CRS:
    """
    Reference system in which one unit is one metre on the ground near a place.

    The system itself when it is projected, in metres, and true to scale there (web
    maps are not: at 60 degrees their metre is half a metre); else the zone of WGS 84 / UTM
    that holds the place.

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
    zones = query_utm_crs_info(datum_name="WGS 84", area_of_interest=here)
    if not zones:
        raise RefusedError("place_beyond_projections", longitude=longitude, latitude=latitude)
    # A place on the rim of two zones has two answers; the first by code is as good, and stable.
    return CRS.from_epsg(min(zone.code for zone in zones))


def _true_to_scale(crs: CRS, longitude: float, latitude: float) -> bool:
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        return False
    try:
        factors = Proj(crs).get_factors(longitude, latitude)
    except ProjError:
        return False
    scales = factors.meridional_scale, factors.parallel_scale
    return all(abs(scale - 1) <= SCALE_TOLERANCE for scale in scales)


def moved_shape[S: shapely.Geometry](shape: S, *, source: CRS, target: CRS) -> S:
    """
    The same shape in another reference system, vertex by vertex.

    Edges stay straight between the vertices: `shapely.segmentize` first where an edge is
    long enough for the difference to matter.
    """
    if source == target:
        return shape
    there = Transformer.from_crs(source, target, always_xy=True)

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(there.transform(points[:, 0], points[:, 1]))

    moved: S = shapely.transform(shape, move)
    return moved


_TOLD_BY_PYPROJ = " (with axis order normalized for visualization)"
"""What it adds to a name where x comes first, as it always does here."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """How positions pass from one reference system to another."""

    name: str
    accuracy_m: float | None
    """As the registry of PROJ states it; None where it states none."""

    transformer: Transformer


def operation_between(
    source: CRS, target: CRS, *, longitude: float, latitude: float
) -> Operation | None:
    """
    Best operation between two systems at a place, of those that can be carried out here.

    Parameters
    ----------
    source, target
        The two systems; coordinates are always x before y.
    longitude, latitude
        The place, in degrees on WGS 84.

    Returns
    -------
    Operation | None
        None where only a guess leads from one to the other: never a ballpark operation.
    """
    here = AreaOfInterest(longitude, latitude, longitude, latitude)
    with warnings.catch_warnings():
        # That a better operation lacks its grid is told by the accuracy of the one taken.
        warnings.simplefilter("ignore", UserWarning)
        known = TransformerGroup(
            source,
            target,
            always_xy=True,
            area_of_interest=here,  # type: ignore[arg-type] # pyproj's types name a twin of it
            allow_ballpark=False,
        )
    if not known.transformers:
        return None
    best = known.transformers[0]
    stated = best.accuracy if best.accuracy is not None and best.accuracy >= 0 else None
    return Operation(
        name=best.description.replace(_TOLD_BY_PYPROJ, ""),
        accuracy_m=stated,
        transformer=best,
    )
