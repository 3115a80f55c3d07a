"""Outlines as the document states them: longitude and latitude, in degrees on WGS 84."""

import shapely
from pyproj import CRS
from shapely import Geometry

from geo.crs import LONLAT, moved_shape

DEGREE_DIGITS = 9
"""A tenth of a millimetre on the ground."""

type Rings = list[list[list[tuple[float, float]]]]
"""Polygons, rings, positions; the first ring of a polygon is its shell."""


def rings(shape: Geometry, crs: CRS) -> Rings:
    """Give the polygons of a shape with every vertex in its place."""
    degrees = moved_shape(shape, source=crs, target=LONLAT)
    polygons = [p for p in shapely.get_parts(degrees) if isinstance(p, shapely.Polygon)]
    return [
        [
            [(round(x, DEGREE_DIGITS), round(y, DEGREE_DIGITS)) for x, y in ring.coords]
            for ring in (polygon.exterior, *polygon.interiors)
        ]
        for polygon in polygons
    ]
