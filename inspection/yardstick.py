"""Measuring what a person outlines: as the inspection measured its own findings, and no other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

import shapely
from pyproj import CRS
from shapely import Geometry

from geo.area import area_m2
from geo.boundary import Boundary
from geo.crs import LONLAT, moved_shape
from geo.errors import RefusedError
from geo.partition import Division, common, union
from inspection.degrees import DEGREE_DIGITS, Rings, rings
from inspection.document import Inspection
from inspection.language import Json
from inspection.location import areas_of, border_m2, least_finding_m2, placed
from inspection.report.scene import polygons, ring_m
from inspection.review_note import ReviewedAreas, ReviewedValues

ROUNDING_M: Final = 0.01
"""How far past the ground looked at an outline may reach: what writing in degrees may move it."""

HECTARE_M2: Final = 1e4
HA_DIGITS: Final = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Yardstick:
    """What the findings of one inspection were measured with."""

    crs: CRS
    division: Division
    minimum_area_m2: float
    border_m: float

    @classmethod
    def of(cls, inspection: Inspection) -> Self:
        """The one that a document states."""
        crs = CRS.from_user_input(inspection.position.system.crs)
        boundary = Boundary(shape=polygons(inspection.boundary.vertices), crs=LONLAT)
        permit = boundary.on(crs)
        pixel_m = _number(inspection.parameters, "analysis_gsd_m")
        return cls(
            crs=crs,
            division=Division.of(
                permit,
                permit.buffer(ring_m(inspection)),
                uncertainty_m=inspection.position.uncertainty_m,
            ),
            minimum_area_m2=least_finding_m2(
                minimum_area_m2=_number(inspection.parameters, "detection", "minimum_area_m2"),
                minimum_area_px=_number(inspection.parameters, "detection", "minimum_area_px"),
                pixel_m=pixel_m,
            ),
            border_m=_number(inspection.parameters, "measure", "border_px") * pixel_m,
        )

    def values(
        self,
        outline: Geometry,
        *,
        ground_class: str,
        epoch: str,
        instead_of: Geometry | None = None,
    ) -> ReviewedValues:
        """
        Measure an outline that is sound, in degrees, drawn `instead_of` another or by itself.

        Raises
        ------
        RefusedError
            ``outline_beyond_ground`` if it reaches past what was looked at;
            ``outline_too_small`` if it is smaller than the least finding.
        """
        shape = moved_shape(outline, source=LONLAT, target=self.crs)
        before = instead_of and moved_shape(instead_of, source=LONLAT, target=self.crs)
        beyond = shapely.difference(shape, shapely.buffer(self.division.looked_at, ROUNDING_M))
        if beyond.area > 0:
            raise RefusedError("outline_beyond_ground")
        there = placed(shape, self.division, crs=self.crs, minimum_area_m2=self.minimum_area_m2)
        if there is None:
            raise RefusedError("outline_too_small", limit_m2=self.minimum_area_m2)
        whole, areas = there.split.whole, there.areas_m2
        centre = moved_shape(shapely.point_on_surface(whole), source=self.crs, target=LONLAT)
        reach = self.division.distance_outside_m(whole)
        return ReviewedValues(
            ground_class=ground_class,
            epoch=epoch,
            location=there.location,
            area_m2=round(areas["whole"], 2),
            area_uncertainty_m2=round(
                border_m2(whole, self.crs, border_m=self.border_m, instead_of=before), 2
            ),
            area_inside_m2=round(areas["inside"], 2),
            area_uncertain_m2=round(areas["uncertain"], 2),
            area_outside_m2=round(areas["outside"], 2),
            distance_outside_m=None if reach is None else round(reach, 2),
            longitude=round(float(shapely.get_x(centre)), DEGREE_DIGITS),
            latitude=round(float(shapely.get_y(centre)), DEGREE_DIGITS),
            vertices=rings(shapely.orient_polygons(whole), self.crs),
        )

    def is_same_ground(self, one: Rings, other: Rings) -> bool:
        """Whether two outlines differ by no more than writing them in degrees may move them."""
        a, b = (
            moved_shape(polygons(each), source=LONLAT, target=self.crs) for each in (one, other)
        )
        return all(
            shapely.difference(this, shapely.buffer(that, ROUNDING_M)).area == 0
            for this, that in ((a, b), (b, a))
        )

    def areas(self, outlines: Iterable[Rings]) -> ReviewedAreas:
        """Hectares of the ground that any of the outlines covers, by location."""
        shapes = [moved_shape(polygons(one), source=LONLAT, target=self.crs) for one in outlines]
        measured = areas_of(self.division.split(union(shapes)), self.crs)
        return ReviewedAreas(
            **{
                part: round(measured[part] / HECTARE_M2, HA_DIGITS)
                for part in ("inside", "outside", "uncertain")
            }
        )

    def in_permit_ha(self, outlines: Iterable[Rings]) -> float:
        """Hectares of the permit that any of the outlines covers."""
        shapes = [moved_shape(polygons(one), source=LONLAT, target=self.crs) for one in outlines]
        within = common(union(shapes), self.division.permit)
        return round(area_m2(within, self.crs) / HECTARE_M2, HA_DIGITS)


def _number(parameters: Mapping[str, Json], *names: str) -> float:
    """A number that decided, by its place among the parameters."""
    found: object = parameters
    for name in names:
        found = found[name] if isinstance(found, Mapping) else None
    if not isinstance(found, int | float):
        raise TypeError(f"the document does not state {'.'.join(names)}")
    return float(found)
