"""Areas and lengths on the ellipsoid, where law and land measure them."""

from collections.abc import Iterator

import shapely
from pyproj import CRS

from geo.crs import moved_shape

STEP_M = 50.0
"""Edges are followed at this step: a straight line of a map is a curve on the ellipsoid."""

STEP_DEG = 0.0005


def area_m2(shape: shapely.Geometry, crs: CRS) -> float:
    """
    Area on the ellipsoid of the shape's own datum, in square metres.

    Parameters
    ----------
    shape
        Polygons; anything else has no area. Holes are subtracted.
    crs
        Reference system of `shape`. Its edges are straight in that system.

    Returns
    -------
    float
        Square metres, never negative.

    Notes
    -----
    Geodesic polygon area after Karney, C. F. F. (2013), Algorithms for geodesics, J. Geod. 87,
    as PROJ computes it, over edges cut so short that the geodesic follows them.

    Examples
    --------
    >>> from shapely import box
    >>> bandung = box(107.5, -7 - 18.2 / 3600, 107.5 + 24.5 / 3600, -7)
    >>> round(area_m2(bandung, CRS.from_epsg(4326)) / 1e4, 4)
    42.0429
    """
    return sum(abs(area) for area, _ in _measured(_polygons(shape), crs))


def perimeter_m(shape: shapely.Geometry, crs: CRS) -> float:
    """Length of all outlines on the ellipsoid, holes included, in metres."""
    return sum(length for _, length in _measured(_polygons(shape), crs))


def _polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(shape, return_index=False)
    flat = [inner for part in parts for inner in shapely.get_parts(part)]
    return [part for part in flat if isinstance(part, shapely.Polygon) and not part.is_empty]


def _measured(polygons: list[shapely.Polygon], crs: CRS) -> Iterator[tuple[float, float]]:
    """Area and perimeter of each polygon; all are moved at once, which is what takes time."""
    step = STEP_DEG if crs.is_geographic else STEP_M / crs.axis_info[0].unit_conversion_factor
    geodetic = crs.geodetic_crs
    geod = crs.get_geod()
    if geodetic is None or geod is None:
        raise ValueError(f"no ellipsoid is known for {crs.name}")
    followed = [shapely.orient_polygons(shapely.segmentize(one, step)) for one in polygons]
    together = shapely.GeometryCollection(followed)
    for degrees in moved_shape(together, source=crs, target=geodetic.to_2d()).geoms:
        area, length = geod.geometry_area_perimeter(degrees)
        yield float(area), float(length)
