"""Well-known text and binary, the two forms in which programs hand shapes to one another."""

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final

import shapely
from shapely import Geometry, GeometryCollection, MultiPolygon

from geo.fault import Fault, Faulty
from geo.outline import area_of, finite
from geo.vector.system import system_of_code
from geo.vector.text import decoded
from geo.vector.unfit import Reason, Unfit
from geo.vector.written import SystemFrom, Written, feature

MOST_DEPTH: Final = 32
TEXT: Final = re.compile(
    r"\s*(?:SRID\s*=\s*(\d{1,6})\s*;)?\s*((?:MULTI)?(?:POLYGON|LINESTRING|POINT)"
    r"|GEOMETRYCOLLECTION|CURVEPOLYGON|MULTISURFACE)\b",
    re.IGNORECASE,
)
"""How well-known text begins, with or without the number of its system (EWKT)."""


def read_wkt(path: Path) -> Written:
    """
    The one shape that well-known text describes (OGC 06-103r4, or PostGIS's EWKT).

    Raises
    ------
    Faulty
        ``crs_unknown`` of its number.
    Unfit
        ``unreadable``.
    """
    text = decoded(path.read_bytes())
    begins = TEXT.match(text)
    if begins is None or _depth(text) > MOST_DEPTH:
        raise Unfit(Reason.UNREADABLE)
    code, shape = begins.group(1), text[begins.start(2) :]
    crs = system_of_code(int(code)) if code and int(code) else None
    return Written(
        crs=crs,
        crs_from=SystemFrom.FILE if crs else None,
        features=(feature(lambda: _shapes(lambda: shapely.from_wkt(shape))),),
    )


def from_binary(wkb: bytes) -> tuple[Geometry, ...]:
    """
    Shapes of well-known binary, collections opened.

    Raises
    ------
    Faulty
        ``ring_open``, ``wrong_kind`` of a curve, ``empty``, ``not_finite``, ``unreadable``.
    """
    return _shapes(lambda: shapely.from_wkb(wkb))


def _shapes(read: Callable[[], Geometry]) -> tuple[Geometry, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of numbers that `finite` refuses
            whole = read()
    except NotImplementedError as error:
        raise Faulty(Fault.WRONG_KIND) from error
    except shapely.errors.GEOSException as error:
        raise Faulty(_fault(str(error))) from error
    return _opened(whole)


def _fault(words: str) -> Fault:
    """What the geometry library means by its words."""
    if "closed linestring" in words:
        return Fault.RING_OPEN
    if "Invalid number of points" in words:
        return Fault.WITHOUT_AREA
    return Fault.WRONG_KIND if "Unknown" in words else Fault.UNREADABLE


def _opened(whole: Geometry) -> tuple[Geometry, ...]:
    """A shape as those that it collects, in two dimensions and of finite numbers."""
    if shapely.is_empty(whole):
        raise Faulty(Fault.EMPTY)
    flat = shapely.force_2d(whole)
    finite(shapely.get_coordinates(flat))
    if isinstance(flat, GeometryCollection):
        return tuple(one for part in flat.geoms for one in _opened(part))
    return (area_of(list(flat.geoms)) if isinstance(flat, MultiPolygon) else flat,)


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in re.findall(r"[()]", text):
        depth += 1 if sign == "(" else -1
        deepest = max(deepest, depth)
    return deepest
