"""A boundary as somebody wrote it: read from GeoJSON, checked, never repaired unasked."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon
from shapely.validation import explain_validity

from geo.area import area_m2, perimeter_m
from geo.crs import LONLAT, moved_shape
from geo.errors import RefusedError

MAX_BYTES = 64 << 20
MAX_VERTICES = 500_000
"""A concession has some thousand vertices at most; what has more was not meant as one."""

MIN_AREA_M2 = 1.0

FOLLOW_STEP_DEG = 0.001
"""About 100 m: a parallel drawn straight on a map leaves the true one by less than 1 mm."""

NAMED_CRS = re.compile(
    r"^(?:urn:ogc:def:crs:)?(?:(OGC):(?:[\d.]+:)?CRS84|EPSG:(?:[\d.]+:)?(\d{4,6}))$"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Boundary:
    """The outline of a permit, in the reference system it was given in."""

    shape: Polygon | MultiPolygon
    """x (longitude or easting) before y; edges are straight in `crs`."""

    crs: CRS

    @property
    def area_m2(self) -> float:
        """Ellipsoidal area in square metres."""
        return area_m2(self.shape, self.crs)

    @property
    def perimeter_m(self) -> float:
        """Ellipsoidal length of all its rings in metres."""
        return perimeter_m(self.shape, self.crs)

    def place(self) -> tuple[float, float]:
        """Longitude and latitude of a point inside, in degrees on WGS 84."""
        inside = shapely.point_on_surface(self.shape)
        point = moved_shape(inside, source=self.crs, target=LONLAT)
        return float(point.x), float(point.y)

    def on(self, crs: CRS) -> Polygon | MultiPolygon:
        """Give the outline in another reference system, its long edges followed in steps."""
        if crs == self.crs:
            return self.shape
        step = FOLLOW_STEP_DEG if self.crs.is_geographic else FOLLOW_STEP_DEG * 111_000
        followed = shapely.segmentize(self.shape, step)
        return moved_shape(followed, source=self.crs, target=crs)


def read_boundary(path: Path) -> Boundary:
    """
    Read a boundary from a GeoJSON file (RFC 7946, or the older form with a named system).

    Parameters
    ----------
    path
        The file. It must hold exactly one polygon or multipolygon.

    Raises
    ------
    RefusedError
        ``boundary_unreadable``, ``boundary_too_large``, ``boundary_empty``,
        ``boundary_has_several``, ``boundary_not_polygon``, ``boundary_crs_unknown``,
        ``boundary_not_degrees``, ``boundary_ring_open``, ``boundary_self_crosses``,
        ``boundary_hole_outside``, ``boundary_parts_overlap``, ``boundary_without_area``.
    """
    document = _document(path)
    crs = _crs(document)
    geometries = list(_geometries(document))
    if not geometries:
        raise RefusedError("boundary_empty")
    if len(geometries) > 1:
        raise RefusedError("boundary_has_several", count=len(geometries))
    boundary = Boundary(shape=_shape(geometries[0], crs), crs=crs)
    _require_sound(boundary)
    return boundary


def _document(path: Path) -> dict[str, Any]:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise RefusedError("boundary_too_large", megabytes=size >> 20, limit=MAX_BYTES >> 20)
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RefusedError("boundary_unreadable") from error
    if not isinstance(document, dict):
        raise RefusedError("boundary_unreadable")
    return document


def _no_number(token: str) -> float:
    raise ValueError(f"{token} is no coordinate")


def _crs(document: dict[str, Any]) -> CRS:
    # Only names that are looked up locally: a link would be fetched, and a file decides nothing.
    stated = document.get("crs")
    if stated is None:
        return LONLAT
    properties = stated.get("properties") if isinstance(stated, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    known = NAMED_CRS.match(name.replace("::", ":")) if isinstance(name, str) else None
    if known is None:
        raise RefusedError("boundary_crs_unknown")
    if known.group(1) or known.group(2) == "4326":
        return LONLAT
    try:
        return CRS.from_epsg(int(known.group(2)))
    except ValueError as error:
        raise RefusedError("boundary_crs_unknown") from error


def _geometries(node: object) -> Iterator[dict[str, Any]]:
    """All geometries of a GeoJSON object; features without one are passed over."""
    if not isinstance(node, dict):
        return
    match node.get("type"):
        case "FeatureCollection":
            features = node.get("features")
            for feature in features if isinstance(features, list) else []:
                yield from _geometries(feature)
        case "Feature":
            yield from _geometries(node.get("geometry"))
        case "GeometryCollection":
            members = node.get("geometries")
            for member in members if isinstance(members, list) else []:
                yield from _geometries(member)
        case str():
            yield node
        case _:
            raise RefusedError("boundary_unreadable")


def _shape(geometry: dict[str, Any], crs: CRS) -> Polygon | MultiPolygon:
    kind, coordinates = geometry["type"], geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        known = ("Point", "MultiPoint", "LineString", "MultiLineString")
        raise RefusedError("boundary_not_polygon", kind=kind if kind in known else "?")
    if not isinstance(coordinates, list):
        raise RefusedError("boundary_unreadable")
    parts = [coordinates] if kind == "Polygon" else coordinates
    if not parts or not all(isinstance(rings, list) for rings in parts) or not all(parts):
        raise RefusedError("boundary_empty")
    count = sum(len(ring) for rings in parts for ring in rings if isinstance(ring, list))
    if count > MAX_VERTICES:
        raise RefusedError("boundary_too_large", vertices=count, limit=MAX_VERTICES)
    polygons = []
    for rings in parts:
        shell, *holes = [_ring(ring, crs) for ring in rings]
        polygons.append(Polygon(shell, holes))
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _ring(ring: object, crs: CRS) -> list[tuple[float, float]]:
    if not isinstance(ring, list):
        raise RefusedError("boundary_unreadable")
    positions = [_position(position, crs) for position in ring]
    if not positions:
        raise RefusedError("boundary_empty")
    if positions[0] != positions[-1]:
        raise RefusedError("boundary_ring_open", where=_words(positions[-1]))
    if len(set(positions)) < 3:  # noqa: PLR2004 - the least that can enclose ground
        raise RefusedError("boundary_without_area")
    return positions


def _position(position: object, crs: CRS) -> tuple[float, float]:
    if not isinstance(position, list) or len(position) < 2:  # noqa: PLR2004 - x and y
        raise RefusedError("boundary_unreadable")
    x, y = position[:2]
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in (x, y)):
        raise RefusedError("boundary_unreadable")
    point = float(x), float(y)
    if not all(math.isfinite(value) for value in point):
        raise RefusedError("boundary_unreadable")
    if crs.is_geographic and (abs(point[0]) > 180 or abs(point[1]) > 90):  # noqa: PLR2004
        raise RefusedError("boundary_not_degrees", where=_words(point))
    return point


def _require_sound(boundary: Boundary) -> None:
    reason = explain_validity(boundary.shape)
    if reason != "Valid Geometry":
        kind, _, place = reason.partition("[")
        where = _words(tuple(float(v) for v in place.rstrip("]").split()[:2])) if place else None
        codes = {
            "Hole lies outside shell": "boundary_hole_outside",
            "Holes are nested": "boundary_hole_outside",
            "Nested shells": "boundary_parts_overlap",
            "Too few points in geometry component": "boundary_without_area",
        }
        crossing = "boundary_parts_overlap" if _parts_overlap(boundary) else "boundary_self_crosses"
        raise RefusedError(codes.get(kind.strip(), crossing), where=where)
    if boundary.area_m2 < MIN_AREA_M2:
        raise RefusedError("boundary_without_area")


def _parts_overlap(boundary: Boundary) -> bool:
    """Whether every part is sound by itself, so that only the parts clash."""
    return isinstance(boundary.shape, MultiPolygon) and all(
        part.is_valid for part in boundary.shape.geoms
    )


def _words(position: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.10g}" for value in position)
