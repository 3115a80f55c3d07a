"""The gaps of a flight: each piece of permit and ring that it did not show, measured by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import shapely
from pyproj import CRS
from shapely import Geometry, Polygon

from geo.area import area_m2
from geo.crs import LONLAT, moved_shape
from geo.partition import SNAP_M, common, less
from inspection.degrees import DEGREE_DIGITS, Rings, rings
from inspection.document import Inspection
from inspection.report.scene import Scene

HECTARE_M2: Final = 1e4
LEAST_WIDTH_M: Final = 10 * SNAP_M
"""What the cut along the boundary leaves over is no gap: it is as wide as places are rounded."""

type Where = Literal["permit", "ring"]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One piece of ground that was not seen."""

    code: str
    """``G1`` is the largest in the permit, ``R1`` the largest in the ring around it."""

    where: Where
    reason: str
    area_ha: float
    longitude: float
    latitude: float
    """A place within it."""

    vertices: Rings


@dataclass(frozen=True, kw_only=True, eq=False)
class Gaps:
    """All gaps of an inspection: those in the permit first, the largest first."""

    crs: CRS
    """In which they were cut."""

    gaps: tuple[Gap, ...]

    def among(self, where: Where) -> tuple[Gap, ...]:
        """Those of the permit, or of the ring."""
        return tuple(one for one in self.gaps if one.where == where)


def gaps_of(inspection: Inspection) -> Gaps:
    """Cut what the document draws as not seen along the boundary, and measure each piece."""
    scene = Scene.of(inspection)
    inside = [
        (reason, piece)
        for reason, shape in scene.unseen.items()
        for piece in pieces(common(shape, scene.permit))
    ]
    around = [
        (reason, piece)
        for reason, shape in scene.unseen.items()
        for piece in pieces(less(shape, scene.permit))
    ]
    found = (*_told("permit", "G", inside, scene.crs), *_told("ring", "R", around, scene.crs))
    return Gaps(crs=scene.crs, gaps=found)


def pieces(shape: Geometry) -> Iterator[Polygon]:
    """The polygons of a shape, without what cutting leaves between two lines that are one."""
    for part in shapely.get_parts(shape):
        if not shapely.is_empty(shapely.buffer(part, -LEAST_WIDTH_M / 2)):
            yield part


def _told(where: Where, letter: str, pieces: list[tuple[str, Polygon]], crs: CRS) -> Iterator[Gap]:
    measured = sorted(
        ((area_m2(piece, crs), reason, piece) for reason, piece in pieces),
        key=lambda one: (-one[0], one[1], one[2].bounds),
    )
    for number, (square_metres, reason, piece) in enumerate(measured, start=1):
        place = moved_shape(shapely.point_on_surface(piece), source=crs, target=LONLAT)
        yield Gap(
            code=f"{letter}{number}",
            where=where,
            reason=reason,
            area_ha=round(square_metres / HECTARE_M2, 6),
            longitude=round(float(shapely.get_x(place)), DEGREE_DIGITS),
            latitude=round(float(shapely.get_y(place)), DEGREE_DIGITS),
            vertices=rings(shapely.orient_polygons(piece), crs),
        )
