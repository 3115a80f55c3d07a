"""A boundary as somebody wrote it: read from GeoJSON, checked, never repaired unasked."""

from dataclasses import dataclass
from pathlib import Path

import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from geo.area import area_m2, perimeter_m
from geo.crs import LONLAT, moved_shape
from geo.errors import RefusedError
from geo.fault import Fault, Faulty, unsound
from geo.geojson import KINDS, MAX_BYTES, document, geometries, named_crs, shape

MAX_VERTICES = 500_000
"""A concession has some thousand vertices at most; what has more was not meant as one."""

MIN_AREA_M2 = 1.0

FOLLOW_STEP_DEG = 0.001
"""About 100 m: a parallel drawn straight on a map leaves the true one by less than 1 mm."""


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
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise RefusedError("boundary_too_large", megabytes=size >> 20, limit=MAX_BYTES >> 20)
    try:
        boundary = _boundary(path)
    except Faulty as faulty:
        raise _refused(faulty) from faulty
    if boundary.area_m2 < MIN_AREA_M2:
        raise RefusedError("boundary_without_area")
    return boundary


def _boundary(path: Path) -> Boundary:
    found = document(path, exact=True)
    crs = named_crs(found.get("crs"))
    written = list(geometries(found))
    if not written:
        raise Faulty(Fault.EMPTY)
    if len(written) > 1:
        raise RefusedError("boundary_has_several", count=len(written))
    kind = written[0]["type"]
    if kind not in ("Polygon", "MultiPolygon"):
        raise RefusedError("boundary_not_polygon", kind=kind if kind in KINDS else "?")
    outline = shape(written[0], degrees=crs.is_geographic)
    count = int(shapely.get_num_coordinates(outline))
    if count > MAX_VERTICES:
        raise RefusedError("boundary_too_large", vertices=count, limit=MAX_VERTICES)
    if faulty := unsound(outline):
        raise faulty
    if not isinstance(outline, Polygon | MultiPolygon):
        raise Faulty(Fault.UNREADABLE)
    return Boundary(shape=outline, crs=crs)


def _refused(faulty: Faulty) -> RefusedError:
    codes = {
        Fault.CRS_UNKNOWN: "boundary_crs_unknown",
        Fault.EMPTY: "boundary_empty",
        Fault.NOT_DEGREES: "boundary_not_degrees",
        Fault.RING_OPEN: "boundary_ring_open",
        Fault.WITHOUT_AREA: "boundary_without_area",
        Fault.SELF_CROSSES: "boundary_self_crosses",
        Fault.HOLE_OUTSIDE: "boundary_hole_outside",
        Fault.PARTS_OVERLAP: "boundary_parts_overlap",
    }
    return RefusedError(codes.get(faulty.fault, "boundary_unreadable"), where=faulty.where)
