"""Outlines across the 180th meridian: cut there for maps, whole for measuring."""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import MultiPolygon, Polygon, box

from geo.fault import Fault, Faulty, unsound
from geo.outline import area_of

_TURN = 360.0
_EDGE = 180.0
_FAR = 90.0


def split(shape: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """
    The same ground, cut where its outline jumps from 180 to -180 degrees.

    An edge that spans more than half the globe is taken the short way round: no land that
    anybody inspects is so wide. What jumps nowhere is given back as it is.

    Parameters
    ----------
    shape
        In degrees, longitude first.

    Raises
    ------
    Faulty
        ``antimeridian`` where an outline goes round a pole; what `geo.fault.unsound` finds
        in an outline that is to be cut.
    """
    polygons = list(shape.geoms) if isinstance(shape, MultiPolygon) else [shape]
    if not any(_jumps(one) for one in polygons):
        return shape
    return area_of([part for one in polygons for part in (_cut(one) if _jumps(one) else [one])])


def joined(shape: Polygon | MultiPolygon, crs: CRS) -> Polygon | MultiPolygon:
    """
    The same outline without the seam that `split` makes: it is no edge of the ground.

    Longitudes west of the meridian then go on beyond 180.
    """
    west, _, east, _ = shapely.bounds(shape)
    if not crs.is_geographic or (west, east) != (-_EDGE, _EDGE):
        return shape
    moved = [_shifted(part, _TURN) if part.centroid.x < 0 else part for part in shape_parts(shape)]
    return area_of(shape_parts(shapely.union_all(moved)))


def shape_parts(shape: shapely.Geometry) -> list[Polygon]:
    """The polygons of a shape."""
    return [one for one in shapely.get_parts(shape) if isinstance(one, Polygon)]


def _jumps(polygon: Polygon) -> bool:
    west, _, east, _ = polygon.bounds
    return east - west > _EDGE and any(
        (np.abs(np.diff(shapely.get_coordinates(ring)[:, 0])) > _EDGE).any()
        for ring in (polygon.exterior, *polygon.interiors)
    )


def _cut(polygon: Polygon) -> list[Polygon]:
    shell = _unrolled(shapely.get_coordinates(polygon.exterior))
    holes = [_unrolled(shapely.get_coordinates(ring)) for ring in polygon.interiors]
    beside = [
        hole + np.array([_TURN * round((shell[0, 0] - hole[0, 0]) / _TURN), 0.0]) for hole in holes
    ]
    whole = Polygon(shell, beside)
    if faulty := unsound(whole):
        raise faulty
    parts = []
    for turn in (-1, 0, 1):
        span = box(_TURN * turn - _EDGE, -_FAR, _TURN * turn + _EDGE, _FAR)
        found = shape_parts(shapely.intersection(whole, span))
        parts += [_shifted(part, -_TURN * turn) for part in found]
    return parts


def _unrolled(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ring whose longitudes go on beyond 180 where they would jump."""
    turns = -np.round(np.diff(ring[:, 0]) / _TURN)
    unrolled = ring + np.column_stack(
        [_TURN * np.concatenate([[0], np.cumsum(turns)]), 0 * ring[:, 1]]
    )
    if unrolled[0, 0] != unrolled[-1, 0]:
        raise Faulty(Fault.ANTIMERIDIAN)
    return unrolled


def _shifted(polygon: Polygon, degrees: float) -> Polygon:
    return shapely.transform(polygon, lambda points: points + np.array([degrees, 0.0]))


def box_outline(bounds: tuple[float, float, float, float]) -> Polygon:
    """
    Outline of a box of degrees, whole also where it reaches across the 180th meridian.

    Parameters
    ----------
    bounds
        West, south, east, north; west is the larger one across the meridian.

    Returns
    -------
    shapely.Polygon
        From west on eastwards: its longitudes go on beyond 180 where the box does.
    """
    west, south, east, north = bounds
    return box(west, south, west + ((east - west) % _TURN or _TURN), north)
