"""Coordinate tables: one row a vertex, in degrees of every spelling or in metres."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import LONLAT
from geo.fault import Fault, Faulty
from geo.outline import area_of, polygon_of
from geo.vector.angle import Hemisphere, Part, decimal_sign, degrees_of, number
from geo.vector.heading import Heading, heading_of
from geo.vector.row import Ordinate, Row, Vertex, vertex_of
from geo.vector.system import system_of_code
from geo.vector.unfit import Reason, Unfit
from geo.vector.written import SystemFrom, Written, feature

_STATED: Final = re.compile(r"\bEPSG\s*:?\s*(\d{4,6})\b", re.IGNORECASE)
_HOLE: Final = re.compile(r"\b(?:lubang|hole|enklave|enclave)\b", re.IGNORECASE)
_UNDECIDED: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_QUARTER, _HALF = 90, 180
_LEAST_VERTICES: Final = 3

type Point = tuple[Fraction, Fraction]


@dataclass(frozen=True, kw_only=True)
class Ring:
    """Vertices that follow each other, and what their part is called."""

    name: str
    vertices: tuple[Vertex, ...]


def read_rows(rows: Sequence[Row]) -> Written:
    """
    Outline of a coordinate table.

    Longitude or latitude comes first, as the heading or the words beside the angles say; the
    first vertex may be repeated as the last. Several parts are parted by their names, by the
    repeated vertex or by numbers that begin anew.

    Parameters
    ----------
    rows
        The cells of every line, blank lines among them.

    Raises
    ------
    Unfit
        ``row_unreadable``, ``number_impossible``, ``number_ambiguous``, ``axes_unknown``,
        ``hemisphere_unknown``, ``parts_unknown``, each with the line.
    Faulty
        ``empty`` where no row is a vertex; ``crs_unknown`` of a stated system.
    """
    heading = heading_of([cells for _, cells in rows])
    begin = heading.row + 1 if heading else 0
    found = [vertex_of(row, heading) for row in rows[begin:]]
    vertices = [one for one in found if one]
    if not vertices:
        raise Faulty(Fault.EMPTY)
    titles = " ".join(cell for line, cells in rows if line < vertices[0].line for cell in cells)
    reading = _reading(vertices, heading)
    rings = [(ring.name, reading.positions(ring)) for ring in _rings(found)]
    crs, crs_from = _system(titles, is_degrees=reading.is_degrees and reading.is_worded)
    return Written(
        crs=crs,
        crs_from=crs_from,
        features=(feature(lambda: (area_of([polygon_of(one) for one in _polygons(rings)]),)),),
    )


def _system(titles: str, *, is_degrees: bool) -> tuple[CRS | None, SystemFrom | None]:
    if stated := _STATED.search(titles):
        return system_of_code(int(stated.group(1))), SystemFrom.FILE
    return (LONLAT, SystemFrom.FORM) if is_degrees else (None, None)


def _rings(found: Sequence[Vertex | None]) -> Iterator[Ring]:
    """Rings in the order written; only what is sure parts one from the next."""
    ring: list[Vertex] = []
    was_gap = False
    for one in found:
        if one is None:
            was_gap = bool(ring)
            continue
        if ring and (one.name != ring[0].name or _is_closed(ring) or _begins_anew(one, ring)):
            yield Ring(name=ring[0].name, vertices=tuple(ring))
            ring = []
        elif was_gap and not one.name and (one.label is None or one.label - 1 != ring[-1].label):
            raise Unfit(Reason.PARTS_UNKNOWN, where=f"line {one.line}")
        ring.append(one)
        was_gap = False
    yield Ring(name=ring[0].name, vertices=tuple(ring))


def _is_closed(ring: Sequence[Vertex]) -> bool:
    return len(ring) > _LEAST_VERTICES and _is_same(ring[0], ring[-1])


def _is_same(one: Vertex, other: Vertex) -> bool:
    return (one.first, one.second) == (other.first, other.second)


def _begins_anew(one: Vertex, ring: Sequence[Vertex]) -> bool:
    """Whether the numbers start again, at another place than the ring's first vertex."""
    return one.label is not None and one.label == ring[0].label and not _is_same(one, ring[0])


def _polygons(
    rings: Sequence[tuple[str, NDArray[np.float64]]],
) -> list[list[NDArray[np.float64]]]:
    polygons: list[list[NDArray[np.float64]]] = []
    for name, points in rings:
        if polygons and _HOLE.search(name):
            polygons[-1].append(points)
        else:
            polygons.append([points])
    return polygons


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the figures of one table are to be understood; the same for every row."""

    is_degrees: bool
    is_worded: bool
    """Whether a heading, a hemisphere or signs of degrees say that they are degrees."""

    is_first_x: bool
    sign: str | None
    has_minus: bool
    defaults: tuple[Hemisphere | None, Hemisphere | None]
    """Hemispheres that the heading gives to longitude and latitude."""

    def positions(self, ring: Ring) -> NDArray[np.float64]:
        """Positions (n, 2), x before y, closed; the exact numbers are rounded here, once."""
        points = [self._point(vertex) for vertex in ring.vertices]
        if points[0] != points[-1]:
            points.append(points[0])
        return np.array([[float(x), float(y)] for x, y in points])

    def _point(self, vertex: Vertex) -> Point:
        written = (vertex.first, vertex.second)
        x, y = written if self.is_first_x else reversed(written)
        try:
            return (
                self._value(x, self.defaults[0], most=_HALF),
                self._value(y, self.defaults[1], most=_QUARTER),
            )
        except Unfit as unfit:
            raise Unfit(unfit.reason, where=f"line {vertex.line}") from unfit

    def _value(self, one: Ordinate, default: Hemisphere | None, *, most: int) -> Fraction:
        values = [self._figure(figure) for figure in one.part.figures]
        if not self.is_degrees:
            return -values[0] if one.part.is_negative else values[0]
        value = degrees_of(values)
        if value > most:
            raise Unfit(Reason.NUMBER_IMPOSSIBLE)
        hemisphere = one.hemisphere or default
        if hemisphere and one.part.is_negative:
            raise Unfit(Reason.HEMISPHERE_UNKNOWN)
        if hemisphere:
            return hemisphere.sign * value
        is_decimal = len(values) == 1 and not one.part.is_marked
        if not (self.has_minus or is_decimal or value == 0):
            raise Unfit(Reason.HEMISPHERE_UNKNOWN)
        return -value if one.part.is_negative else value

    def _figure(self, figure: str) -> Fraction:
        if self.sign is None and _UNDECIDED.fullmatch(figure) and not self.is_degrees:
            raise Unfit(Reason.NUMBER_AMBIGUOUS)
        # An angle does not reach a thousand: its one sign parts decimals.
        return number(figure, sign=self.sign or ("," if "," in figure else "."))


def _reading(vertices: Sequence[Vertex], heading: Heading | None) -> Reading:
    ordinates = [one for each in vertices for one in (each.first, each.second)]
    parts = [one.part for one in ordinates]
    worded = any(one.hemisphere or _is_angle(one.part) for one in ordinates)
    sign = decimal_sign(figure for part in parts for figure in part.figures)
    is_first_x, is_degrees = _axes(vertices, heading, sign=sign, is_worded=worded)
    return Reading(
        is_degrees=is_degrees,
        is_worded=worded or bool(heading and heading.is_degrees),
        is_first_x=is_first_x,
        sign=sign,
        has_minus=any(part.is_negative for part in parts),
        defaults=(heading.x_hemisphere, heading.y_hemisphere) if heading else (None, None),
    )


def _is_angle(part: Part) -> bool:
    return part.is_marked or len(part.figures) > 1


def _axes(
    vertices: Sequence[Vertex], heading: Heading | None, *, sign: str | None, is_worded: bool
) -> tuple[bool, bool]:
    """Whether x stands first, and whether the numbers are degrees."""
    told = {True} if heading else set()
    for one in vertices:
        if one.first.hemisphere:
            told.add(one.first.hemisphere.is_of_longitude)
        if one.second.hemisphere:
            told.add(not one.second.hemisphere.is_of_longitude)
        if len(told) > 1:
            raise Unfit(Reason.AXES_UNKNOWN, where=f"line {one.line}")
    if told:
        return told.pop(), is_worded or bool(heading and heading.is_degrees)
    first, second = (
        max(number(part.figures[0], sign=sign or ".") for part in parts)
        for parts in ([v.first.part for v in vertices], [v.second.part for v in vertices])
    )
    # A latitude does not pass 90 degrees: where one column does, it holds the longitudes.
    if max(first, second) > _HALF or (first > _QUARTER) == (second > _QUARTER):
        raise Unfit(Reason.AXES_UNKNOWN, where=f"line {vertices[0].line}")
    return first > _QUARTER, True
