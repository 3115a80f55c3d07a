"""How much of a permit an image shows, and which part of it is missing."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from geo.area import area_m2
from geo.boundary import Boundary
from geo.crs import LONLAT, moved_shape
from geo.crs_detective import NOTHING
from geo.errors import RefusedError
from geo.grid import Grid, Tile
from geo.intake.glance import Glance
from geo.polygons import ground
from geo.sanity import STEPS
from geo.site import FOLLOW_STEP_M, Site
from inspection.check.checked import Coverage
from inspection.check.limits import CheckLimits

HECTARE_M2 = 1e4
DEGREE_DIGITS = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Meeting:
    """An image and the permit that it meets."""

    site: Site
    grid: Grid

    @classmethod
    def of(cls, grid: Grid, boundary: Boundary, limits: CheckLimits) -> "Meeting":
        """
        Bring the two together.

        Raises
        ------
        RefusedError
            ``boundary_outside_image`` with the distance; ``image_position_impossible`` if the
            image cannot be seen from the permit at all.
        """
        site = Site.around(boundary, ring_m=limits.ring_m, near=grid.crs)
        outline = shapely.segmentize(grid.footprint, grid.pixel_size * max(grid.shape) / STEPS)
        shown = moved_shape(outline, source=grid.crs, target=site.crs)
        if not all(math.isfinite(one) for one in shown.bounds):
            raise RefusedError("image_position_impossible", where="transform", candidates=NOTHING)
        site.require_seen_by(grid)
        return cls(site=site, grid=grid)

    @property
    def part(self) -> Tile | None:
        """Part of the image that shows the permit."""
        return self.grid.common(self.grid.covering(self._permit()))

    def _permit(self) -> Polygon | MultiPolygon:
        """Permit on the image's own system, in which pixels have straight edges."""
        followed = shapely.segmentize(self.site.permit, FOLLOW_STEP_M)
        return moved_shape(followed, source=self.site.crs, target=self.grid.crs)

    def coverage(self, glance: Glance | None, *, basis: str) -> Coverage:
        """Measure what is shown: by the outline of the image, refined by a glance at its pixels."""
        permit = self._permit()
        pixels = None if glance is None or glance.seen.all() else glance
        shown = ground(pixels.seen, grid=pixels.of(self.grid)) if pixels else self.grid.footprint
        missing = shapely.difference(permit, shown)
        whole_m2, missing_m2 = (area_m2(one, self.grid.crs) for one in (permit, missing))
        return Coverage(
            share=1 - missing_m2 / whole_m2,
            basis="outline" if glance is None else basis,
            gap_ha=missing_m2 / HECTARE_M2,
            gap=_in_degrees(missing, self.grid.crs),
        )


def _in_degrees(missing: shapely.Geometry, crs: CRS) -> MultiPolygon:
    parts = [one for one in shapely.get_parts(missing) if isinstance(one, Polygon)]
    moved = moved_shape(MultiPolygon(parts), source=crs, target=LONLAT)

    def rounded(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(points, DEGREE_DIGITS)

    gap: MultiPolygon = shapely.transform(moved, rounded)
    return gap
