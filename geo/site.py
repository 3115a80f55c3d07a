"""A site: the ground of a permit and the ring around it, in metres."""

import math
from dataclasses import dataclass
from typing import Self

import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from geo.boundary import Boundary
from geo.crs import LONLAT, metric_crs, moved_shape
from geo.crs_detective import NOTHING
from geo.errors import RefusedError
from geo.grid import Grid, Tile
from geo.misplaced import offers, shown_by

FOLLOW_STEP_M = 100.0
"""Step at which outlines are followed into another reference system."""

PADDING_PX = 64
"""Sides of our images are multiples of this, so that each overview covers it exactly."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Site:
    """Ground that is looked at, in a reference system of metres."""

    boundary: Boundary
    """The permit as it was given."""

    crs: CRS
    permit: Polygon | MultiPolygon
    looked_at: Polygon | MultiPolygon
    """The permit and the ring around it."""

    @classmethod
    def around(cls, boundary: Boundary, *, ring_m: float, near: CRS) -> Self:
        """
        Site of a boundary, in the image's own system where that is metric.

        Parameters
        ----------
        boundary
            The permit's outline.
        ring_m
            Width of the ring in metres.
        near
            Reference system of the image.
        """
        longitude, latitude = boundary.place()
        crs = metric_crs(near, longitude=longitude, latitude=latitude)
        permit = boundary.on(crs)
        return cls(boundary=boundary, crs=crs, permit=permit, looked_at=permit.buffer(ring_m))

    def is_where(self, near: CRS) -> bool:
        """Whether the site would be in the same system if this were that of its image."""
        longitude, latitude = self.boundary.place()
        return metric_crs(near, longitude=longitude, latitude=latitude) == self.crs

    def looked_at_on(self, crs: CRS) -> Polygon | MultiPolygon:
        """Give the ground looked at in another reference system."""
        if crs == self.crs:
            return self.looked_at
        followed = shapely.segmentize(self.looked_at, FOLLOW_STEP_M)
        return moved_shape(followed, source=self.crs, target=crs)

    def require_seen_by(self, grid: Grid) -> None:
        """
        Require that an image with this grid shows some of the permit.

        Raises
        ------
        RefusedError
            ``boundary_outside_image`` with the distance between the two, and the readings of
            the image's numbers, and of the boundary's, that would bring them together
            (`geo.crs_detective`).
        """
        away_m = self._away_m(grid)
        if away_m > 0:
            raise self._outside(grid, away_m)

    def _outside(self, grid: Grid, away_m: float) -> RefusedError:
        boundary, ground = self.boundary, shown_by(grid)
        return RefusedError(
            "boundary_outside_image",
            distance_km=away_m / 1000,
            candidates=offers(grid.footprint, grid.crs, boundary.on(LONLAT)),
            boundary_candidates=(
                offers(boundary.shape, boundary.crs, ground) if ground else NOTHING
            ),
        )

    def _away_m(self, grid: Grid) -> float:
        return float(self._footprint(grid).distance(self.permit))

    def _footprint(self, grid: Grid) -> Polygon:
        outline = shapely.segmentize(grid.footprint, grid.pixel_size * PADDING_PX)
        return moved_shape(outline, source=grid.crs, target=self.crs)

    def part_of(self, grid: Grid) -> Tile:
        """
        Part of an image that shows ground looked at.

        Raises
        ------
        RefusedError
            ``boundary_outside_image`` with the distance of the permit, if it shows none of it.
        """
        part = grid.common(grid.covering(self.looked_at_on(grid.crs)))
        if part is None:
            raise self._outside(grid, self._away_m(grid))
        return part

    def clip_grid(self, grid: Grid) -> Grid:
        """
        Grid of the clipped image: north up, on the image's own pixels where it can be.

        Parameters
        ----------
        grid
            Where the whole image lies; it must show ground looked at.
        """
        if not grid.is_north_up:
            grid = _north_up(grid)
        part = self.part_of(grid).of(grid)
        return part.window(row=0, column=0, rows=_padded(part.rows), columns=_padded(part.columns))

    @staticmethod
    def halvings(gsd_m: float, *, wished_m: float) -> int:
        """How often an image is made half as fine to come nearest to a wished pixel size."""
        return max(0, round(math.log2(wished_m / gsd_m)))

    def analysis_grid(self, clipped: Grid, *, image: Grid, gsd_m: float, wished_m: float) -> Grid:
        """
        Grid on which ground is compared: metres, north up, no finer than the image.

        Parameters
        ----------
        clipped
            Grid of the clipped image.
        image
            Grid of the whole image; ground that it cannot show is not analysed.
        gsd_m
            Side of one of its pixels on the ground.
        wished_m
            Pixel size wished for. The one used is the image's own times a power of two,
            which is an overview that the clipped image already has.
        """
        factor = 2 ** self.halvings(gsd_m, wished_m=wished_m)
        ground = self._footprint(image).intersection(self.looked_at)
        if clipped.crs == self.crs:
            return clipped.coarser(factor).covering(ground)
        return Grid.over(ground.bounds, crs=self.crs, pixel=gsd_m * factor)


def _padded(length: int) -> int:
    return math.ceil(length / PADDING_PX) * PADDING_PX


def _north_up(grid: Grid) -> Grid:
    return Grid.over(grid.bounds, crs=grid.crs, pixel=grid.pixel_size)
