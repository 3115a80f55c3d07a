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
from shapely import Geometry, MultiLineString, MultiPoint, Polygon

from geo.crs import LONLAT
from geo.fault import Fault, Faulty
from geo.outline import area_of, finite, line_of, polygon_of
from geo.vector.label import label_of, notes_of
from geo.vector.nesting import MOST_DEPTH, depth_of
from geo.vector.system import system_of_code
from geo.vector.text import iso_day
from geo.vector.written import Feature, SystemFrom, Written, feature

KINDS = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
"""What has coordinates of its own; collections hold these."""

DATES = ("date", "timestamp", "timeStamp")
"""Members of a file that say of when it is."""

NAMED_CRS = re.compile(
    r"^(?:urn:ogc:def:crs:)?(?:(OGC):(?:[\d.]+:)?CRS84|EPSG:(?:[\d.]+:)?(\d{4,6}))$"
)

DIMENSIONS = 2


def read_geojson(path: Path) -> Written:
    """
    Everything in a GeoJSON file (RFC 7946, or the older form with a named system).

    Raises
    ------
    Faulty
        ``unreadable``, ``crs_unknown``; what is wrong with one feature stays with it.
    """
    found = document(path.read_bytes())
    stated = (found.get(name) for name in DATES)
    return Written(
        crs=named_crs(found.get("crs")),
        crs_from=SystemFrom.FILE if found.get("crs") is not None else SystemFrom.FORM,
        date=next((day for text in stated if (day := iso_day(text))), None),
        features=tuple(_feature(one) for one in _members(found)),
    )


def _members(found: dict[str, Any]) -> list[Any]:
    """Features of a file; a bare geometry is one, and a bare collection is as many as it holds."""
    kind = found.get("type")
    name = {"FeatureCollection": "features", "GeometryCollection": "geometries"}.get(str(kind))
    if name:
        members = found.get(name)
        if not isinstance(members, list):
            raise Faulty(Fault.UNREADABLE)
        return members if name == "features" else [_as_feature(one) for one in members]
    if kind == "Feature":
        return [found]
    if kind in KINDS:
        return [_as_feature(found)]
    raise Faulty(Fault.UNREADABLE)


def _as_feature(geometry: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry}


def _feature(one: object) -> Feature:
    member = one if isinstance(one, dict) else {}
    properties = member.get("properties")
    named = properties if isinstance(properties, dict) else {}
    return feature(
        lambda: _shapes(member),
        label=label_of(named, own=member.get("id")),
        properties=notes_of(named),
    )


def _shapes(member: dict[str, Any]) -> tuple[Geometry, ...]:
    if member.get("type") != "Feature":
        raise Faulty(Fault.UNREADABLE)
    geometry = member.get("geometry")
    if geometry is None:
        raise Faulty(Fault.NO_GEOMETRY)
    shapes = tuple(shape(part) for part in geometries(geometry))
    if not shapes:
        raise Faulty(Fault.EMPTY)
    return shapes


def document(content: bytes) -> dict[str, Any]:
    """
    Read the JSON object that a file holds; a number that is none is left to what it stands in.

    Raises
    ------
    Faulty
        ``unreadable``, also where it is nested deeper than any outline.
    """
    if depth_of(content) > MOST_DEPTH:
        raise Faulty(Fault.UNREADABLE)
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise Faulty(Fault.UNREADABLE) from error
    if not isinstance(found, dict):
        raise Faulty(Fault.UNREADABLE)
    return found


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
    return system_of_code(int(known.group(2)))


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


def shape(geometry: dict[str, Any]) -> Geometry:
    """
    Shape of one geometry that is no collection, as it was written.

    Raises
    ------
    Faulty
        For every reason that its coordinates alone can show. Whether outlines cross is told
        by `geo.fault.unsound`, whether they are degrees by `geo.outline.beyond_degrees`.
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
            return shapely.Point(finite(_positions([coordinates]))[0])
        case "MultiPoint":
            return MultiPoint(finite(_positions(coordinates)))
        case "LineString":
            return line_of(_positions(coordinates))
        case "MultiLineString":
            return MultiLineString([line_of(_positions(part)) for part in coordinates])
        case "Polygon":
            return _polygon(coordinates)
        case _:
            return area_of([_polygon(rings) for rings in coordinates])


def _polygon(rings: object) -> Polygon:
    if not isinstance(rings, list):
        raise Faulty(Fault.UNREADABLE)
    return polygon_of([_positions(ring) for ring in rings])


def _positions(found: object) -> NDArray[np.float64]:
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
        return np.array(numbers, dtype=np.float64).reshape(-1, DIMENSIONS)
    except OverflowError as error:
        raise Faulty(Fault.NOT_FINITE) from error
