"""A boundary as somebody wrote it: read from any vector form, checked, never repaired unasked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from geo.antimeridian import joined, split
from geo.area import area_m2, perimeter_m
from geo.choice import chosen
from geo.crs import LONLAT, moved_shape
from geo.errors import RefusedError
from geo.fault import Fault, Faulty, unsound
from geo.intake.outlines import MAX_BYTES, read_outlines
from geo.misread import box_of, not_degrees, not_metres
from geo.refusal import boundary_refusal
from geo.vector.system import system_of_code
from geo.vector.unfit import Unfit
from geo.vector.written import Feature, SystemFrom, Written

MAX_VERTICES = 500_000
"""A concession has some thousand vertices at most; what has more was not meant as one."""

MIN_AREA_M2 = 1.0

CODE = re.compile(r"(?:EPSG:)?(\d{4,6})", re.IGNORECASE)

FOLLOW_STEP_DEG = 0.001
"""About 100 m: a parallel drawn straight on a map leaves the true one by less than 1 mm."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Boundary:
    """The outline of a permit, in the reference system it was given in."""

    shape: Polygon | MultiPolygon
    """x (longitude or easting) before y; edges are straight in `crs`."""

    crs: CRS
    crs_from: SystemFrom = SystemFrom.FORM
    """Who said that this is its reference system."""

    label: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    """What the file notes beside the outline, as text; claimed, never proven."""

    passed_over: Mapping[str, int] = field(default_factory=dict)
    """What the file points at and was not fetched, by kind."""

    @property
    def area_m2(self) -> float:
        """Ellipsoidal area in square metres."""
        return area_m2(self.shape, self.crs)

    @property
    def perimeter_m(self) -> float:
        """Ellipsoidal length of all its rings in metres."""
        return perimeter_m(joined(self.shape, self.crs), self.crs)

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


def read_boundary(path: Path, *, feature: int | None = None, crs: CRS | None = None) -> Boundary:
    """
    Read a boundary from a vector file or a coordinate table.

    Parameters
    ----------
    path
        The file, in one of the forms of `geo.intake.form.Form`.
    feature
        Number of the feature meant, from 1, in the order of the file; needed where the file
        holds several areas.
    crs
        Reference system that the caller answers for; it counts whatever the file says.

    Raises
    ------
    RefusedError
        ``boundary_has_several``, ``boundary_feature_absent``, ``boundary_not_polygon``,
        ``boundary_crs_missing``, and what `geo.refusal.boundary_refusal` gives.
    """
    written, outline = read_outline(path, feature=feature)
    try:
        return boundary_of(written, outline, crs=crs)
    except Faulty as faulty:
        raise boundary_refusal(faulty) from faulty


def declared_system(code: str) -> CRS:
    """
    Reference system that a caller names by its code, as ``EPSG:32750``.

    Raises
    ------
    RefusedError
        ``boundary_code_unknown``.
    """
    named = CODE.fullmatch(code.strip())
    if named is None:
        raise RefusedError("boundary_code_unknown")
    try:
        return system_of_code(int(named.group(1)))
    except Faulty as faulty:
        raise RefusedError("boundary_code_unknown") from faulty


def read_outline(path: Path, *, feature: int | None = None) -> tuple[Written, Feature]:
    """What a file holds, and the feature of it that is meant; nothing is judged yet."""
    try:
        written = read_outlines(
            path, subject="boundary", most_bytes=MAX_BYTES, most_vertices=MAX_VERTICES
        )
        return written, chosen(written.features, feature)
    except (Faulty, Unfit) as error:
        raise boundary_refusal(error) from error


def boundary_of(written: Written, outline: Feature, *, crs: CRS | None) -> Boundary:
    """
    The boundary that one feature is, where it is sound.

    Raises
    ------
    RefusedError
        ``boundary_crs_missing``, and what `geo.misread` finds.
    Faulty
        What is wrong with the outline.
    """
    system = crs or written.crs
    told_by = SystemFrom.CALLER if crs else written.crs_from
    (shape,) = outline.shapes
    if not isinstance(shape, Polygon | MultiPolygon):
        raise Faulty(Fault.WRONG_KIND)
    if system is None or told_by is None:
        raise RefusedError("boundary_crs_missing", where=None, **box_of(shape, None))
    if system.is_geographic:
        if misread := not_degrees(shape, system):
            raise misread
        shape = split(shape)
    if faulty := unsound(shape):
        raise faulty
    boundary = Boundary(
        shape=shape,
        crs=system,
        crs_from=told_by,
        label=outline.label,
        properties=outline.properties,
        passed_over=written.passed_over,
    )
    if not boundary.area_m2 >= MIN_AREA_M2:
        raise not_metres(shape, system) or Faulty(Fault.WITHOUT_AREA)
    return boundary
