"""Images that do not say where they lie, under check: what an inspection would have to be told."""

import math
from typing import Final

import shapely

from geo.control_points import ControlPointList, Role
from geo.crs import LONLAT, metric_crs, moved_shape
from geo.errors import GeoError
from geo.fitting import fitted, rough_grid
from geo.grid import Grid
from geo.intake.probe import Probe
from geo.misplaced import SIDES
from inspection.pictures import own_points
from inspection.problem import Problem, refusal, warning

WITHOUT_SYSTEM: Final = frozenset({"image_crs_local", "image_crs_unknown", "image_without_crs"})
"""What refuses an image that is accepted once its reference system is named."""

WITHOUT_PLACE: Final = frozenset(
    {
        "image_needs_camera_model",
        "image_needs_position",
        "image_needs_rectifying",
        "image_without_crs",
        "image_without_position",
    }
)
"""What refuses an image that is accepted once something places it."""


def to_supply(error: GeoError) -> Problem:
    """Tell what an inspection must be told beside the file; the refusal where nothing would do."""
    says_where = error.facts.keys() >= {*SIDES} or error.code != "image_without_crs"
    if error.code in WITHOUT_SYSTEM and says_where:
        return warning("image_system_to_supply", candidates=error.facts["candidates"])
    if error.code in WITHOUT_PLACE:
        return warning("image_place_to_supply")
    return refusal(error)


def placed_by_own_points(probe: Probe) -> Grid | None:
    """Where the control points in its file put an image, if they are all it has and will do."""
    points = own_points(probe)
    if points is None or misfit(points, rows=probe.rows, columns=probe.columns):
        return None
    return rough_grid(points, rows=probe.rows, columns=probe.columns)


def misfit(points: ControlPointList, *, rows: int, columns: int) -> Problem | None:
    """What keeps points from holding a picture, if anything."""
    places = shapely.MultiPoint([(point.x, point.y) for point in points.points])
    try:
        middle = moved_shape(places, source=points.crs, target=LONLAT).centroid
        crs = metric_crs(points.crs, longitude=middle.x, latitude=middle.y)
        control = points.on(crs).of(Role.CONTROL)
        fitted(control, rows=rows, columns=columns, most_m=math.inf)
    except GeoError as error:
        return refusal(error)
    return None
