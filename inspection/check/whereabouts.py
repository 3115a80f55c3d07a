"""Where something lies, and whether it can lie there."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely import MultiPolygon, Polygon

from geo.boundary import Boundary
from geo.crs import LONLAT, moved_shape
from geo.crs_detective import NOTHING, offers
from geo.frame import frame
from geo.grid import Grid
from inspection.check.checked import Place
from inspection.check.limits import EXTENT_RATIO, PIXEL_ASPECT, CheckLimits
from inspection.datums import datum_relation
from inspection.place import code_of
from inspection.problem import Level, Problem, warning

HALF_CIRCLE, FULL_CIRCLE = 180.0, 360.0
SLACK_DEG = 1e-6
"""What rounding may add to a box: a tenth of a metre."""

SETTLED = frozenset({"changed", "nominal"})
"""Relations of datums of which it is known how far they leave places apart."""

STEPS = 32
"""Pieces that each side of an outline is cut into before it is moved."""


def place_of(
    outline: shapely.Geometry, crs: CRS, *, distance_km: float | None = None
) -> Place | None:
    """Give the place of an outline; None where it has none in longitude and latitude."""
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
    return Place(
        crs=code_of(crs),
        bounds=(left, float(low), right, float(high)),
        distance_km=distance_km,
    )


def _span(longitudes: NDArray[np.float64]) -> tuple[float, float]:
    """West and east; west is the larger one across the 180th meridian, as in GeoJSON."""
    west, east = float(longitudes.min()), float(longitudes.max())
    beyond = np.where(longitudes < 0, longitudes + FULL_CIRCLE, longitudes)
    if east - west > HALF_CIRCLE and np.ptp(beyond) < HALF_CIRCLE:
        return float(beyond.min()), float(beyond.max()) - FULL_CIRCLE
    return west, east


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


def image_doubts(
    grid: Grid, place: Place | None, boundary: Boundary | None, limits: CheckLimits
) -> Iterator[Problem]:
    """What is doubtful about where and how large an image is."""
    across, down = pixel_sides_m(grid)
    if not math.isfinite(across * down) or across * down == 0:
        yield warning("image_pixels_unmeasured")
    else:
        aspect = max(across / down, down / across)
        if aspect > PIXEL_ASPECT:
            yield warning("image_pixels_oblong", value=round(aspect, 2), limit=PIXEL_ASPECT)
        gsd = math.sqrt(across * down)
        if limits.gsd_max_m is not None and gsd > limits.gsd_max_m:
            yield warning("image_gsd_coarse", value=round(gsd, 4), limit=limits.gsd_max_m)
        if limits.gsd_min_m is not None and gsd < limits.gsd_min_m:
            yield warning("image_gsd_fine", value=round(gsd, 4), limit=limits.gsd_min_m)
    if place is not None:
        yield from _area_doubts(grid.crs, place)
        yield from jurisdiction_doubts(place, limits, grid.footprint, grid.crs)
    if boundary is not None and place is not None:
        yield from _extent_doubts(place, boundary)


def jurisdiction_doubts(
    place: Place, limits: CheckLimits, outline: Polygon | MultiPolygon, crs: CRS
) -> Iterator[Problem]:
    """Whether something lies where the authority of the profile decides at all."""
    if limits.jurisdiction is not None and not _within(place.bounds, limits.jurisdiction):
        longitude, latitude = place.centre
        west, south, east, north = limits.jurisdiction
        box = shapely.box(west, south, west + ((east - west) % FULL_CIRCLE or FULL_CIRCLE), north)
        yield warning(
            "place_outside_jurisdiction",
            longitude=longitude,
            latitude=latitude,
            candidates=offers(outline, crs, box),
        )


def _area_doubts(crs: CRS, place: Place) -> Iterator[Problem]:
    code = crs.to_epsg()
    area = crs.area_of_use or (CRS.from_epsg(code).area_of_use if code else None)
    if area is not None and not _within(
        place.bounds, (area.west, area.south, area.east, area.north)
    ):
        yield warning("image_outside_area_of_use", value=place.crs)


def _within(
    inner: tuple[float, float, float, float], box: tuple[float, float, float, float]
) -> bool:
    """Whether one box lies in another; either may reach across the 180th meridian."""
    west, south, east, north = box
    width = (east - west) % FULL_CIRCLE or FULL_CIRCLE
    start = (inner[0] - west) % FULL_CIRCLE
    reach = start + (inner[2] - inner[0]) % FULL_CIRCLE
    beside = width == FULL_CIRCLE or reach <= width + SLACK_DEG
    return south - SLACK_DEG <= inner[1] and inner[3] <= north + SLACK_DEG and beside


def _extent_doubts(place: Place, boundary: Boundary) -> Iterator[Problem]:
    permit = place_of(boundary.shape, boundary.crs)
    if permit is None:
        return
    sizes = [
        math.hypot((e - w) % FULL_CIRCLE, n - s) for w, s, e, n in (place.bounds, permit.bounds)
    ]
    ratio = max(sizes) / min(sizes) if min(sizes) > 0 else math.inf
    if ratio > EXTENT_RATIO and math.isfinite(ratio):
        yield warning("image_extent_unlike_permit", value=round(ratio), limit=EXTENT_RATIO)


def datum_doubts(
    crs: CRS, boundary: Boundary, captured_at: str | None, limits: CheckLimits
) -> Iterator[Problem]:
    """How far image and permit may be apart because they are not stated on one datum."""
    apart_m, relation, facts = datum_relation(boundary, crs, captured_at, limits.datum)
    if apart_m is None:
        return
    doubt = warning(
        "datums_differ",
        value=apart_m,
        boundary=frame(boundary.crs).datum,
        image=frame(crs).datum,
        operation=str(facts.get("name", NOTHING)),
    )
    yield replace(doubt, level=Level.INFO) if relation in SETTLED else doubt
