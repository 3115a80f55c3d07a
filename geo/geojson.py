"""GeoJSON as somebody wrote it: read and judged, never repaired; who reads it finds the words."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Polygon

from geo.crs import LONLAT
from geo.fault import Fault, Faulty, place

MAX_BYTES = 64 << 20

KINDS = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
"""What has coordinates of its own; collections hold these."""

NAMED_CRS = re.compile(
    r"^(?:urn:ogc:def:crs:)?(?:(OGC):(?:[\d.]+:)?CRS84|EPSG:(?:[\d.]+:)?(\d{4,6}))$"
)

DIMENSIONS = 2
MOST_DEGREES = (180.0, 90.0)

LEAST_OF_LINE, LEAST_OF_RING = 2, 4
"""Positions that a line and a closed ring are written with at least."""


def document(path: Path, *, exact: bool) -> dict[str, Any]:
    """
    Read the JSON object in a file of at most `MAX_BYTES`.

    Parameters
    ----------
    path
        The file.
    exact
        Whether a number that is none (NaN, Infinity) makes the whole file unreadable; else it
        is left to what it stands in.

    Raises
    ------
    Faulty
        ``unreadable``.
    """
    constant = _no_number if exact else float
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise Faulty(Fault.UNREADABLE) from error
    if not isinstance(found, dict):
        raise Faulty(Fault.UNREADABLE)
    return found


def _no_number(token: str) -> float:
    raise ValueError(f"{token} is no coordinate")


def named_crs(stated: object) -> CRS:
    """
    Reference system that a ``crs`` member names; longitude and latitude where there is none.

    Raises
    ------
    Faulty
        ``crs_unknown``. Only names are looked up, locally: a link would be fetched, and a
        file decides nothing.
    """
    if stated is None:
        return LONLAT
    properties = stated.get("properties") if isinstance(stated, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    known = NAMED_CRS.match(name.replace("::", ":")) if isinstance(name, str) else None
    if known is None:
        raise Faulty(Fault.CRS_UNKNOWN)
    if known.group(1) or known.group(2) == "4326":
        return LONLAT
    try:
        crs = CRS.from_epsg(int(known.group(2)))
    except ValueError as error:
        raise Faulty(Fault.CRS_UNKNOWN) from error
    if not (crs.is_geographic or crs.is_projected):
        raise Faulty(Fault.CRS_UNKNOWN)
    return crs


def geometries(node: object) -> Iterator[dict[str, Any]]:
    """
    All geometries of a GeoJSON object, collections opened; features without one are passed over.

    Raises
    ------
    Faulty
        ``unreadable`` at what is no GeoJSON object.
    """
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one is None:
            continue
        kind = one.get("type") if isinstance(one, dict) else None
        if not isinstance(one, dict) or not isinstance(kind, str):
            raise Faulty(Fault.UNREADABLE)
        if kind == "Feature":
            waiting.append(one.get("geometry"))
        elif kind in ("FeatureCollection", "GeometryCollection"):
            members = one.get("features" if kind == "FeatureCollection" else "geometries")
            waiting += reversed(members) if isinstance(members, list) else []
        else:
            yield one


def shape(geometry: dict[str, Any], *, degrees: bool) -> Geometry:
    """
    Shape of one geometry that is no collection, as it was written.

    Parameters
    ----------
    geometry
        A GeoJSON geometry.
    degrees
        Whether its coordinates are longitude and latitude and must be possible ones.

    Raises
    ------
    Faulty
        For every reason that its coordinates alone can show. Whether outlines cross is told
        by `unsound`.
    """
    kind, coordinates = geometry["type"], geometry.get("coordinates")
    if kind not in KINDS:
        raise Faulty(Fault.WRONG_KIND)
    if not isinstance(coordinates, list):
        raise Faulty(Fault.UNREADABLE)
    if not coordinates:
        raise Faulty(Fault.EMPTY)
    match kind:
        case "Point":
            return shapely.Point(_positions([coordinates], degrees=degrees)[0])
        case "MultiPoint":
            return MultiPoint(_positions(coordinates, degrees=degrees))
        case "LineString":
            return _line(coordinates, degrees=degrees)
        case "MultiLineString":
            return MultiLineString([_line(part, degrees=degrees) for part in coordinates])
        case "Polygon":
            return _polygon(coordinates, degrees=degrees)
        case _:
            return _several([_polygon(rings, degrees=degrees) for rings in coordinates])


def _several(polygons: list[Polygon]) -> Polygon | MultiPolygon:
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _polygon(rings: object, *, degrees: bool) -> Polygon:
    if not isinstance(rings, list):
        raise Faulty(Fault.UNREADABLE)
    if not rings:
        raise Faulty(Fault.EMPTY)
    shell, *holes = [_ring(ring, degrees=degrees) for ring in rings]
    return Polygon(shell, holes)


def _ring(ring: object, *, degrees: bool) -> NDArray[np.float64]:
    points = _positions(ring, degrees=degrees)
    if (points[0] != points[-1]).any():
        raise Faulty(Fault.RING_OPEN, where=place(points[-1]))
    if len(points) < LEAST_OF_RING:
        raise Faulty(Fault.WITHOUT_AREA)
    return points


def _line(line: object, *, degrees: bool) -> LineString:
    points = _positions(line, degrees=degrees)
    if len(points) < LEAST_OF_LINE:
        raise Faulty(Fault.WITHOUT_LENGTH)
    return LineString(points)


def _positions(found: object, *, degrees: bool) -> NDArray[np.float64]:
    """Positions (n, 2) of a list, x before y; what else a position holds is passed over."""
    if not isinstance(found, list):
        raise Faulty(Fault.UNREADABLE)
    if not found:
        raise Faulty(Fault.EMPTY)
    if {*map(type, found)} != {list} or min(map(len, found)) < DIMENSIONS:
        raise Faulty(Fault.UNREADABLE)
    flat = found if max(map(len, found)) == DIMENSIONS else [one[:DIMENSIONS] for one in found]
    numbers = list(chain.from_iterable(flat))
    # By type and not by kind: true and false are kinds of int.
    if not {*map(type, numbers)} <= {int, float}:
        raise Faulty(Fault.UNREADABLE)
    try:
        points = np.array(numbers, dtype=np.float64).reshape(-1, DIMENSIONS)
    except OverflowError as error:
        raise Faulty(Fault.NOT_FINITE) from error
    largest = np.abs(points).max(axis=0)
    if not np.isfinite(largest).all():
        raise Faulty(Fault.NOT_FINITE)
    if degrees and (largest > MOST_DEGREES).any():
        beyond = (np.abs(points) > MOST_DEGREES).any(axis=1)
        raise Faulty(Fault.NOT_DEGREES, where=place(points[beyond][0]))
    return points
