"""Numbers that cannot be what their file says: degrees beyond the Earth, metres too small."""

import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from geo.crs_detective import NOTHING
from geo.crs_readings import STATED, stated_system
from geo.errors import RefusedError
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
    code = "boundary_axes_swapped" if swapped else "boundary_not_degrees"
    return unplaced(code, shape, crs, where=faulty.where)


def not_metres(shape: Polygon | MultiPolygon, crs: CRS) -> RefusedError | None:
    """
    Why numbers of an outline too small for any ground are no metres; None where they may be.

    Degrees in a file that names a projected system make an outline of some millimetres:
    ``boundary_not_metres``.
    """
    if crs.is_geographic or beyond_degrees(shape) or max(map(abs, shape.bounds)) <= 1:
        return None
    return unplaced("boundary_not_metres", shape, crs)


def unplaced(
    code: str, shape: Polygon | MultiPolygon, crs: CRS | None, *, where: str | None = None
) -> RefusedError:
    """Refuse numbers that nobody can place, with their box and the system that was stated."""
    left, bottom, right, top = shape.bounds
    return RefusedError(
        code,
        where=where,
        candidates=NOTHING,
        system=stated_system(crs).code if crs else STATED,
        left=left,
        bottom=bottom,
        right=right,
        top=top,
    )
