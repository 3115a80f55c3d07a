"""One row of a coordinate table: the vertex in it, or that it holds none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from geo.vector.angle import WORDS, Hemisphere, Part, Token, is_garbled, tokens
from geo.vector.heading import Heading
from geo.vector.unfit import Reason, Unfit

type Row = tuple[int, list[str]]
"""Number of a line, from 1, and its cells."""

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_NO_NOTES: Final = frozenset(
    [word.lower() for name in WORDS for word in name.split()] + ["derajat", "menit", "detik"]
)
_POINT: Final = re.compile(r"^\W*(?:[^\W\d_]{1,8}[-. ]?)?\d+[.):]?(?=\s)")
"""Name or number of a point, such as P1 or 1., which is no figure."""

_TRIPLE: Final = 3
_PAIR: Final = 2
_ORDERS: Final = {
    "AA": (0, 1, None, None),
    "AHAH": (0, 2, 1, 3),
    "HAHA": (1, 3, 0, 2),
    "AHA": (0, 2, 1, None),
    "AAH": (0, 1, None, 2),
}
"""Where the ordinates and their hemispheres stand in a row without columns."""


@dataclass(frozen=True, kw_only=True)
class Ordinate:
    """One of the two numbers that place a vertex, as far as its row tells."""

    part: Part
    hemisphere: Hemisphere | None = None


@dataclass(frozen=True, kw_only=True)
class Vertex:
    """The two ordinates of a row, in the order written, or x before y where columns say so."""

    line: int
    first: Ordinate
    second: Ordinate
    label: int | None
    """Number of the vertex; None where it has none."""

    name: str = ""
    """What its part is called."""


def vertex_of(row: Row, heading: Heading | None) -> Vertex | None:
    """
    Vertex of a row; None where the row is a title, a note or blank.

    Raises
    ------
    Unfit
        ``row_unreadable``, with the line, where there are figures that are no vertex.
    """
    line, cells = row
    try:
        return _in_columns(line, cells, heading) if heading else _in_line(line, cells)
    except _NoVertex as error:
        raise Unfit(Reason.ROW_UNREADABLE, where=f"line {line}") from error


class _NoVertex(Exception):  # noqa: N818 - never leaves this module
    pass


def _in_columns(line: int, cells: Sequence[str], heading: Heading) -> Vertex | None:
    x, y = (
        " ".join(cells[at] for at in at_all if at < len(cells)) for at_all in (heading.x, heading.y)
    )
    told = [any(sign.isdigit() for sign in text) for text in (x, y)]
    if not any(told) or _counts(cells) or (not all(told) and _is_note(x + " " + y)):
        return None
    if _is_note(x + " " + y) or is_garbled(x) or is_garbled(y):
        raise _NoVertex
    label = cells[0].strip().rstrip(".") if 0 not in (*heading.x, *heading.y) else ""
    at = heading.part
    return Vertex(
        line=line,
        first=_ordinate(tokens(x)),
        second=_ordinate(tokens(y)),
        label=int(label) if label.isdecimal() else None,
        name=cells[at].strip() if at is not None and at < len(cells) else "",
    )


def _counts(cells: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3) and on."""
    figures = [cell.strip(" ()") for cell in cells if cell.strip()]
    return len(figures) >= _TRIPLE and figures == [str(n + 1) for n in range(len(figures))]


def _is_note(text: str) -> bool:
    return any(word.lower() not in _NO_NOTES for word in _WORD.findall(text))


def _in_line(line: int, cells: Sequence[str]) -> Vertex | None:
    text = " ".join(cells)
    found = tokens(text)
    parts = [one for one in found if isinstance(one, Part)]
    marked = sum(one.is_marked for one in parts)
    if not parts:
        return None
    if marked != _PAIR and _is_note(text):
        if len(parts) > _TRIPLE and len(parts) < len(found):
            raise _NoVertex  # so many figures and a hemisphere: a vertex that was misspelt
        return None
    if is_garbled(_POINT.sub("", text)):
        raise _NoVertex
    label, units = _units(found, is_marked=marked > 0)
    order = _ORDERS.get("".join("H" if isinstance(one, Hemisphere) else "A" for one in units))
    if order is None:
        raise _NoVertex
    first, second, *hemispheres = (None if at is None else units[at] for at in order)
    if not isinstance(first, Part) or not isinstance(second, Part):
        raise _NoVertex
    of_first, of_second = (one if isinstance(one, Hemisphere) else None for one in hemispheres)
    return Vertex(
        line=line,
        first=Ordinate(part=first, hemisphere=of_first),
        second=Ordinate(part=second, hemisphere=of_second),
        label=label,
    )


def _units(found: list[Token], *, is_marked: bool) -> tuple[int | None, list[Token]]:
    """Number of the vertex, and its ordinates and hemispheres, each ordinate in one piece."""
    label = None
    count = sum(isinstance(one, Part) for one in found)
    size = 1 if is_marked else (count // _PAIR) or 1
    if count % _PAIR:
        number, *rest = found
        if not isinstance(number, Part) or number.is_marked or not number.figures[0].isdecimal():
            raise _NoVertex
        label, found = int(number.figures[0]), rest
    if size not in (1, _TRIPLE) or (is_marked and count - (label is not None) != _PAIR):
        raise _NoVertex
    units: list[Token] = []
    waiting: list[Part] = []
    for one in found:
        if isinstance(one, Hemisphere):
            units.append(one)
            continue
        waiting.append(one)
        if len(waiting) == size:
            units.append(_joined(waiting))
            waiting = []
    if waiting:
        raise _NoVertex
    return label, units


def _ordinate(found: list[Token]) -> Ordinate:
    parts = [one for one in found if isinstance(one, Part)]
    hemispheres = {one for one in found if isinstance(one, Hemisphere)}
    if len(parts) not in (1, _TRIPLE) or len(hemispheres) > 1:
        raise _NoVertex
    return Ordinate(part=_joined(parts), hemisphere=next(iter(hemispheres), None))


def _joined(parts: Sequence[Part]) -> Part:
    """Degrees, minutes and seconds of three cells as one angle."""
    if len(parts) == 1:
        return parts[0]
    if any(one.is_marked for one in parts) or any(one.is_negative for one in parts[1:]):
        raise _NoVertex
    figures = tuple(one.figures[0] for one in parts)
    return Part(figures=figures, is_negative=parts[0].is_negative, is_marked=False)
