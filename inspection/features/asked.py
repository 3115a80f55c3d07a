"""What is asked of a collection: where, when, how much; each value read from an address."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.crs import LONLAT
from inspection.errors import UsageError

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""Longitude and latitude on WGS 84: of all that is given, and of boxes without another word."""

FEWEST, USUAL, MOST = 1, 100, 1000
"""Features of a page; whoever asks for more gets the most."""

_EPSG: Final = re.compile(r"http://www\.opengis\.net/def/crs/EPSG/[\d.]{1,8}/(\d{4,5})")
_OPEN: Final = ("", "..")
_EDGES, _EDGES_WITH_HEIGHT = 4, 6
_LONGITUDES, _LATITUDES = 180.0, 90.0
_STEPS: Final = 32

type Box = tuple[float, float, float, float]
"""West, south, east, north."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """From when to when, both moments included; None where it is open."""

    start: datetime | None
    end: datetime | None


def boxes_of(text: str, crs: str | None) -> tuple[Box, ...]:
    """
    Boxes in degrees: two, where one reaches across the antimeridian.

    A box of another system is followed along its edges; the box in degrees around that is meant.

    Raises
    ------
    UsageError
        ``box_impossible``, ``query_crs``.
    """
    try:
        edges = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise UsageError("box_impossible", where="bbox") from error
    if len(edges) == _EDGES_WITH_HEIGHT:  # nothing here has a height to be held against
        edges = [edges[0], edges[1], edges[3], edges[4]]
    if len(edges) != _EDGES or not all(math.isfinite(edge) for edge in edges):
        raise UsageError("box_impossible", where="bbox")
    system = _system(crs)
    if system is not None:
        edges = _in_degrees(edges, system)
    west, south, east, north = edges
    in_reach = max(abs(west), abs(east)) <= _LONGITUDES and south >= -_LATITUDES
    if not (in_reach and south <= north <= _LATITUDES):
        raise UsageError("box_impossible", where="bbox")
    if west <= east:
        return ((west, south, east, north),)
    return (west, south, _LONGITUDES, north), (-_LONGITUDES, south, east, north)


def _system(crs: str | None) -> CRS | None:
    if crs in (None, CRS84):
        return None
    named = _EPSG.fullmatch(crs or "")
    if named is None:
        raise UsageError("query_crs", where="bbox-crs")
    try:
        return CRS.from_epsg(int(named.group(1)))
    except CRSError as error:
        raise UsageError("query_crs", where="bbox-crs") from error


def _in_degrees(edges: list[float], system: CRS) -> list[float]:
    # Axes are in the order of the register, as the standard says: often north first.
    if system.axis_info and system.axis_info[0].direction in ("north", "south"):
        edges = [edges[1], edges[0], edges[3], edges[2]]
    if edges[0] > edges[2] or edges[1] > edges[3]:
        raise UsageError("box_impossible", where="bbox")
    passage = Transformer.from_crs(system, LONLAT, always_xy=True)
    # What lies nowhere comes back infinite.
    bounds = passage.transform_bounds(edges[0], edges[1], edges[2], edges[3], densify_pts=_STEPS)
    if not all(math.isfinite(edge) for edge in bounds):
        raise UsageError("box_impossible", where="bbox")
    return list(bounds)


def interval_of(text: str) -> Interval:
    """
    A moment, a day, or from one to another: ``..`` or nothing stands for an open end.

    Raises
    ------
    UsageError
        ``query_datetime``, also where no zone is named or the end comes before the start.
    """
    start, slash, end = text.partition("/")
    if not slash:
        interval = Interval(start=_moment(start, is_end=False), end=_moment(start, is_end=True))
    else:
        interval = Interval(
            start=None if start in _OPEN else _moment(start, is_end=False),
            end=None if end in _OPEN else _moment(end, is_end=True),
        )
        if interval.start is None and interval.end is None:
            raise _no_time()
    if interval.start and interval.end and interval.end < interval.start:
        raise _no_time()
    return interval


def _moment(text: str, *, is_end: bool) -> datetime:
    try:
        if len(text) == len("2026-01-01"):
            day = date.fromisoformat(text)
            return datetime.combine(day, time.max if is_end else time.min, UTC)
        # In an address a plus sign stands for a blank.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _no_time() from error
    raise _no_time()


def _no_time() -> UsageError:
    return UsageError("query_datetime", where="datetime")


def size_of(text: str) -> int:
    """
    How many features a page shall have.

    Raises
    ------
    UsageError
        ``query_limit``.
    """
    if not (text.isascii() and text.isdecimal()) or int(text[:9]) < FEWEST:
        raise UsageError("query_limit", where="limit", fewest=FEWEST, most=MOST)
    return min(int(text[:9]), MOST)


def place_of(text: str) -> UUID:
    """
    After which feature a page begins.

    Raises
    ------
    UsageError
        ``page_unknown``.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise UsageError("page_unknown", where="after") from error
