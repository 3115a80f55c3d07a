"""
Whether an image can lie where it says: doubts about its place, each with its number.

What cannot be true at all is refused before, by `geo.intake.position` (no known system, degrees
beyond the globe, a placement without size); that an image shows none of a permit is refused by
`geo.site.Site.require_seen_by`, with the distance. What is left here is possible and odd.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.antimeridian import box_outline
from geo.boundary import Boundary
from geo.crs import LONLAT, moved_shape
from geo.errors import Fact
from geo.grid import Grid
from geo.misplaced import offers

PIXEL_ASPECT: Final = 2.0
"""Longest side of a pixel in its shortest; photogrammetry writes squares."""

EXTENT_RATIO: Final = 100.0
"""Sizes of image and permit further apart than this were not meant for each other."""

HALF_CIRCLE, FULL_CIRCLE = 180.0, 360.0
SLACK_DEG = 1e-6
"""What rounding may add to a box: a tenth of a metre."""

STEPS = 32
"""Pieces that each side of an outline is cut into before it is moved."""

type Box = tuple[float, float, float, float]
"""West, south, east, north in degrees on WGS 84; west is the larger across the 180th meridian."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is odd about a place, for whoever reads it to judge."""

    code: str
    value: float | None = None
    """What was found ..."""

    limit: float | None = None
    """... and up to where it would be in order."""

    facts: Mapping[str, Fact] = field(default_factory=dict)


def findings(
    grid: Grid,
    *,
    permit: Boundary | None = None,
    jurisdiction: Box | None = None,
    gsd_min_m: float | None = None,
    gsd_max_m: float | None = None,
) -> Iterator[Finding]:
    """
    Tell what is odd about where an image lies and how large it is.

    Parameters
    ----------
    grid
        The whole image.
    permit
        What it should show; its size is compared where it is given.
    jurisdiction
        Where the authority decides at all.
    gsd_min_m, gsd_max_m
        Sides of a pixel on the ground that are asked for, in metres.

    Yields
    ------
    Finding
        ``image_pixels_unmeasured``; ``image_pixels_oblong`` (sides further apart than 2 : 1),
        ``image_gsd_coarse``, ``image_gsd_fine``; ``image_outside_area_of_use`` with the share
        of its box that its reference system is not meant for; ``place_outside_jurisdiction``;
        ``image_extent_unlike_permit`` (diagonals more than 100 times apart).
    """
    across, down = pixel_sides_m(grid)
    if not math.isfinite(across * down) or across * down == 0:
        yield Finding(code="image_pixels_unmeasured")
    else:
        aspect = max(across / down, down / across)
        if aspect > PIXEL_ASPECT:
            yield Finding(code="image_pixels_oblong", value=round(aspect, 2), limit=PIXEL_ASPECT)
        # To the millimetre, as it is told: what is told as equal is equal.
        gsd = round(math.sqrt(across * down), 3)
        if gsd_max_m is not None and gsd > gsd_max_m:
            yield Finding(code="image_gsd_coarse", value=gsd, limit=gsd_max_m)
        if gsd_min_m is not None and gsd < gsd_min_m:
            yield Finding(code="image_gsd_fine", value=gsd, limit=gsd_min_m)
    box = box_deg(grid.footprint, grid.crs)
    if box is None:
        return
    yield from _area_finding(grid.crs, box)
    yield from jurisdiction_finding(grid.footprint, grid.crs, jurisdiction)
    if permit is not None:
        yield from _extent_finding(box, permit)


def pixel_sides_m(grid: Grid) -> tuple[float, float]:
    """Width and height of the pixel in the middle of an image, on the ellipsoid, in metres."""
    column, row = grid.columns / 2, grid.rows / 2
    corners = np.array(
        [grid.transform @ at for at in ((column, row), (column + 1, row), (column, row + 1))]
    )
    geodetic, geod = grid.crs.geodetic_crs, grid.crs.get_geod()
    if geodetic is None or geod is None:
        return math.nan, math.nan
    there = Transformer.from_crs(grid.crs, geodetic.to_2d(), always_xy=True)
    x, y = there.transform(corners[:, 0], corners[:, 1])
    if not np.isfinite([x, y]).all():
        return math.nan, math.nan
    _, _, (across, down) = geod.inv([x[0]] * 2, [y[0]] * 2, x[1:], y[1:])
    return float(across), float(down)


def box_deg(outline: shapely.Geometry, crs: CRS) -> Box | None:
    """Box of an outline, its sides followed in 32 steps; None where it has no place in degrees."""
    west, south, east, north = shapely.bounds(outline)
    longest = max(east - west, north - south)
    if not longest > 0:
        return None
    followed = shapely.segmentize(outline, longest / STEPS)
    degrees = shapely.get_coordinates(moved_shape(followed, source=crs, target=LONLAT))
    if not (len(degrees) and np.isfinite(degrees).all()):
        return None
    (_, low), (_, high) = degrees.min(axis=0), degrees.max(axis=0)
    left, right = _span(degrees[:, 0])
    return left, float(low), right, float(high)


def jurisdiction_finding(
    outline: shapely.Polygon | shapely.MultiPolygon, crs: CRS, jurisdiction: Box | None
) -> Iterator[Finding]:
    """Whether something lies where an authority decides; else the middle, and other readings."""
    box = box_deg(outline, crs)
    if jurisdiction is None or box is None or _outside(box, jurisdiction) == 0:
        return
    longitude, latitude = centre_deg(box)
    yield Finding(
        code="place_outside_jurisdiction",
        facts={
            "longitude": longitude,
            "latitude": latitude,
            "candidates": offers(outline, crs, box_outline(jurisdiction)),
        },
    )


def centre_deg(box: Box) -> tuple[float, float]:
    """Longitude and latitude of the middle of a box."""
    west, south, east, north = box
    middle = west + (east - west) % FULL_CIRCLE / 2
    return (middle + HALF_CIRCLE) % FULL_CIRCLE - HALF_CIRCLE, (south + north) / 2


def _span(longitudes: NDArray[np.float64]) -> tuple[float, float]:
    west, east = float(longitudes.min()), float(longitudes.max())
    beyond = np.where(longitudes < 0, longitudes + FULL_CIRCLE, longitudes)
    if east - west > HALF_CIRCLE and np.ptp(beyond) < HALF_CIRCLE:
        return float(beyond.min()), float(beyond.max()) - FULL_CIRCLE
    return west, east


def _area_finding(crs: CRS, box: Box) -> Iterator[Finding]:
    code = crs.to_epsg()
    area = crs.area_of_use or (CRS.from_epsg(code).area_of_use if code else None)
    if area is None:
        return
    share = _outside(box, (area.west, area.south, area.east, area.north))
    if share > 0:
        named = f"EPSG:{code}" if code else crs.name
        yield Finding(code="image_outside_area_of_use", value=share, facts={"crs": named})


def _width(west: float, east: float) -> float:
    return (east - west) % FULL_CIRCLE or FULL_CIRCLE


def _outside(inner: Box, outer: Box) -> float:
    """Share of one box that lies beyond another; either may cross the 180th meridian."""
    width = _width(outer[0], outer[2])
    start = (inner[0] - outer[0] + SLACK_DEG) % FULL_CIRCLE - SLACK_DEG
    length = (inner[2] - inner[0]) % FULL_CIRCLE
    high = inner[3] - inner[1]
    slack_e, slack_n = (SLACK_DEG / max(side, SLACK_DEG) for side in (length, high))
    # From where it begins eastwards, and once round the globe again.
    across = sum(
        max(min(start + length, turn + width) - max(start, turn), 0.0)
        for turn in (0.0, FULL_CIRCLE)
    )
    up = max(min(inner[3], outer[3]) - max(inner[1], outer[1]), 0.0)
    seen_e, seen_n = across / length if length else 1.0, up / high if high else 1.0
    if seen_e >= 1 - slack_e and seen_n >= 1 - slack_n:
        return 0.0
    return 1 - min(seen_e, 1.0) * min(seen_n, 1.0)


def _extent_finding(box: Box, permit: Boundary) -> Iterator[Finding]:
    other = box_deg(permit.shape, permit.crs)
    if other is None:
        return
    sizes = [math.hypot((e - w) % FULL_CIRCLE, n - s) for w, s, e, n in (box, other)]
    ratio = max(sizes) / min(sizes) if min(sizes) > 0 else math.inf
    if ratio > EXTENT_RATIO and math.isfinite(ratio):
        yield Finding(code="image_extent_unlike_permit", value=round(ratio), limit=EXTENT_RATIO)
