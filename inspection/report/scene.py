"""The shapes that maps draw, read from the document, in metres."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import shapely
from pyproj import CRS
from shapely import Geometry, GeometryCollection, LineString, MultiPolygon, Point

from geo.boundary import Boundary
from geo.crs import LONLAT, moved_shape
from inspection.degrees import Rings
from inspection.document import Finding, Inspection
from inspection.layer_notes import LayerShapes
from inspection.review_note import ReviewedValues


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """The permit, its ring, what was not seen, and every finding."""

    crs: CRS
    permit: Geometry
    looked_at: Geometry
    unseen: Mapping[str, Geometry]
    findings: Sequence[tuple[Finding, Geometry]]
    stated: Mapping[str, Geometry]
    """What people drew in a review, by the finding: in place of its outline, or by hand."""

    layers: Sequence[Geometry]
    """What of each layer lies on the ground looked at."""

    @classmethod
    def of(cls, inspection: Inspection) -> Self:
        """Lay everything out in the system that the inspection measured in."""
        crs = CRS.from_user_input(inspection.position.system.crs)
        permit = Boundary(shape=polygons(inspection.boundary.vertices), crs=LONLAT).on(crs)
        return cls(
            crs=crs,
            permit=permit,
            looked_at=permit.buffer(ring_m(inspection)),
            unseen={
                one.reason: _placed(one.vertices, crs) for one in inspection.coverage.not_observed
            },
            findings=[(one, _placed(one.vertices, crs)) for one in inspection.findings],
            stated={name: _placed(values.vertices, crs) for name, values in stated_in(inspection)},
            layers=[
                moved_shape(_collected(one.shapes), source=LONLAT, target=crs)
                for one in inspection.layers
            ],
        )

    def shape(self, finding: Finding) -> Geometry:
        """Outline of a finding."""
        return next(shape for one, shape in self.findings if one.id == finding.id)


def stated_in(inspection: Inspection) -> Iterator[tuple[str, ReviewedValues]]:
    """What people state in a review of ground that they outlined themselves."""
    review = inspection.review
    if review is None:
        return
    found = {one.id: one.vertices for one in inspection.findings}
    latest = {one.id: one.values for one in review.added}
    latest |= {one.finding: one.values for one in review.findings if one.values is not None}
    for name, values in latest.items():
        if values.vertices != found.get(name):
            yield name, values


def ring_m(inspection: Inspection) -> float:
    """Width of the ring that was looked at around the permit."""
    clip = inspection.parameters["clip"]
    width = clip["ring_m"] if isinstance(clip, Mapping) else None
    if not isinstance(width, int | float):
        raise TypeError("the document does not state the ring's width")
    return float(width)


def polygons(vertices: Rings) -> MultiPolygon:
    """Polygons as the document states them."""
    return MultiPolygon([(shell, holes) for shell, *holes in vertices])


def _collected(shapes: LayerShapes) -> GeometryCollection:
    lines = [LineString(line) for line in shapes.lines]
    points = [Point(point) for point in shapes.points]
    return GeometryCollection([*polygons(shapes.polygons).geoms, *lines, *points])


def _placed(vertices: Rings, crs: CRS) -> Geometry:
    shape = moved_shape(polygons(vertices), source=LONLAT, target=crs)
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure")
