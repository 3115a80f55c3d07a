"""The heading of a coordinate table: which columns hold which axis."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from geo.vector.angle import WORDS, Hemisphere, Part, tokens

type Cells = Sequence[str]


class Column(Enum):
    """What a column of a coordinate table is for."""

    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    EASTING = "easting"
    NORTHING = "northing"
    PART = "part"
    OTHER = "other"


_MEANINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.LONGITUDE: ("bujur", "longitude", "longitud", "long", "lon", "lng", "bt", "bb"),
    Column.LATITUDE: ("lintang", "latitude", "lat", "lu", "ls"),
    Column.EASTING: ("x", "easting", "east", "timur", "absis", "me"),
    Column.NORTHING: ("y", "northing", "north", "utara", "ordinat", "mn"),
    Column.PART: ("bagian", "part", "blok", "poligon", "polygon", "ring"),
}
_X: Final = (Column.LONGITUDE, Column.EASTING)
_Y: Final = (Column.LATITUDE, Column.NORTHING)
_WORD: Final = re.compile(r"[^\W\d_]+")
_UNITS: Final = frozenset({"derajat", "menit", "detik", "deg", "min", "sec", "degrees"})
_LEAST_FIGURES: Final = 2


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Columns of a table by their number, from 0."""

    x: tuple[int, ...]
    y: tuple[int, ...]
    part: int | None
    is_degrees: bool
    """Whether the words are those of longitude and latitude."""

    x_hemisphere: Hemisphere | None
    """As the heading says for the whole column; None where it does not, or names both."""

    y_hemisphere: Hemisphere | None
    row: int
    """Number of the row with the names of the axes, from 0."""


def heading_of(rows: Sequence[Cells]) -> Heading | None:
    """Heading among the rows above the first vertex; None where the axes are not named."""
    for number, cells in enumerate(rows):
        columns = _columns(cells)
        x = tuple(at for at, column in enumerate(columns) if column in _X)
        y = tuple(at for at, column in enumerate(columns) if column in _Y)
        if not x or not y or _figures(cells) >= _LEAST_FIGURES:
            continue
        below = rows[number:]
        return Heading(
            x=x,
            y=y,
            part=columns.index(Column.PART) if Column.PART in columns else None,
            is_degrees=columns[x[0]] is Column.LONGITUDE and columns[y[0]] is Column.LATITUDE,
            x_hemisphere=_hemisphere(below, x),
            y_hemisphere=_hemisphere(below, y),
            row=number,
        )
    return None


def _figures(cells: Cells) -> int:
    """How many numbers a row holds: one of two or more is a vertex, whatever else it says."""
    return sum(isinstance(one, Part) for one in tokens(" ".join(cells)))


def _columns(cells: Cells) -> list[Column]:
    """What each column is for; a blank one belongs to the name at its left, as merged cells do."""
    found: list[Column] = []
    for cell in cells:
        if cell.strip() and not _is_unit(cell):
            found.append(_meaning(cell))
        else:
            above = found[-1] if found else Column.OTHER
            found.append(Column.OTHER if above is Column.PART else above)
    return found


def _is_unit(cell: str) -> bool:
    """Whether a cell only names the unit of a figure, and leaves the axis to its neighbour."""
    words = {word.lower() for word in _WORD.findall(cell)}
    return words <= _UNITS and not any(sign.isdigit() for sign in cell)


def _meaning(cell: str) -> Column:
    words = [word.lower() for word in _WORD.findall(cell)]
    for column, names in _MEANINGS.items():
        if any(word in names for word in words):
            return column
    return Column.OTHER


def _hemisphere(rows: Sequence[Cells], columns: tuple[int, ...]) -> Hemisphere | None:
    told = {
        WORDS[word.upper()]
        for cells in rows
        for at in columns
        if at < len(cells)
        for word in _WORD.findall(cells[at])
        if word.upper() in WORDS and len(word) > 1
    }
    return told.pop() if len(told) == 1 else None
