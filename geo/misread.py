"""Numbers that cannot be what their file says: degrees beyond the Earth, metres too small."""

import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from geo.crs_detective import NOTHING
from geo.crs_readings import STATED, stated_system
from geo.errors import Fact, RefusedError
from geo.outline import beyond_degrees


def not_degrees(shape: Polygon | MultiPolygon, crs: CRS) -> RefusedError | None:
    """
    Why numbers that are said to be longitude and latitude are none; None where they may be.

    Where all would be degrees if x and y were exchanged, that is the likely mistake:
    ``boundary_axes_swapped``; else ``boundary_not_degrees``. The error has the box of the
    numbers, so that `geo.misplaced` can offer readings of them.
    """
    faulty = beyond_degrees(shape)
    if faulty is None:
        return None
    swapped = not beyond_degrees(shapely.transform(shape, lambda points: points[:, ::-1]))
    facts = box_of(shape, crs)
    if swapped:
        return RefusedError("boundary_axes_swapped", where=faulty.where, **facts)
    return RefusedError("boundary_not_degrees", where=faulty.where, **facts)


def not_metres(shape: Polygon | MultiPolygon, crs: CRS) -> RefusedError | None:
    """
    Why numbers of an outline too small for any ground are no metres; None where they may be.

    Degrees in a file that names a projected system make an outline of some millimetres:
    ``boundary_not_metres``.
    """
    if crs.is_geographic or beyond_degrees(shape) or max(map(abs, shape.bounds)) <= 1:
        return None
    return RefusedError("boundary_not_metres", where=None, **box_of(shape, crs))


def box_of(shape: Polygon | MultiPolygon, crs: CRS | None) -> dict[str, Fact]:
    """Facts of an error about numbers that nobody can place: their box, the system stated."""
    left, bottom, right, top = shape.bounds
    return {
        "candidates": NOTHING,
        "system": stated_system(crs).code if crs else STATED,
        "left": left,
        "bottom": bottom,
        "right": right,
        "top": top,
    }
