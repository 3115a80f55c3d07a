"""Tables of control points with a line that names their columns, and Pix4D's, which have none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pyproj import CRS

from geo.control_points import Role
from geo.errors import RefusedError
from geo.points.header import columns_of
from geo.points.listing import Listing, Pair, Row
from geo.points.system import system_named, system_stated
from geo.points.text import cleaned, delimiter_of, fields_of, number

_ROLES: Mapping[str, Role] = {
    **dict.fromkeys(("control", "gcp", "kontrol", "titik kontrol"), Role.CONTROL),
    **dict.fromkeys(("check", "checkpoint", "check point", "icp", "uji", "titik uji"), Role.CHECK),
    **dict.fromkeys(("unused", "tidak dipakai"), Role.UNUSED),
}
_OFF = ("0", "false", "no", "tidak")
_IMAGE = re.compile(r".+\.(?:jpe?g|tiff?|png|dng)", re.IGNORECASE)
_MARK = 4
_PLACE = (4, 6)


def read_table(lines: Sequence[tuple[int, str]], *, marks: bool = False) -> Listing | None:
    """
    Read a table with a header; None where the first line that is no comment names no columns.

    Parameters
    ----------
    lines
        Lines of the file and their numbers. Comments begin with ``#``; one of them may name
        the reference system, as Metashape's ``# CoordinateSystem:`` does, and one may be the
        header.
    marks
        Whether the table says where pictures show the points, so that x and y are pixels.

    Raises
    ------
    RefusedError
        ``control_points_value`` with the line, ``control_points_mixed_crs``,
        ``control_points_crs_unknown``.
    """
    crs: CRS | None = None
    columns, fields, delimiter = None, [""], None
    rest = list(lines)
    while columns is None:
        if not rest:
            return None
        _, line = rest.pop(0)
        bare = line.lstrip("# \t")
        if line.startswith("#") and (named := _named_system(bare)):
            crs = named
            continue
        delimiter = delimiter_of(bare)
        fields = fields_of(bare, delimiter)
        columns = columns_of(fields)
        if columns is None and not line.startswith("#"):
            return None
    if marks and "column" not in columns:
        columns = {{"x": "column", "y": "row"}.get(name, name): n for name, n in columns.items()}
    table = _Table(columns=columns, delimiter=delimiter, width=len(fields))
    rows = tuple(table.row(at, text) for at, text in rest if not text.startswith("#"))
    return Listing(crs=_one_system(table.systems) or crs, rows=rows)


def _named_system(comment: str) -> CRS | None:
    word, colon, rest = comment.partition(":")
    if colon and word.strip().casefold() in ("crs", "coordinatesystem", "epsg"):
        return system_named(rest.strip())
    return system_named(comment)


def _one_system(named: set[str]) -> CRS | None:
    if len(named) > 1:
        raise RefusedError("control_points_mixed_crs", count=len(named))
    return system_stated(named.pop()) if named else None


class _Table:
    """Reads line after line by what the header said."""

    def __init__(self, *, columns: Mapping[str, int], delimiter: str | None, width: int) -> None:
        self._columns, self._delimiter, self._width = columns, delimiter, width
        self.systems: set[str] = set()

    def row(self, line: int, text: str) -> Row:
        fields = fields_of(text, self._delimiter)
        while len(fields) > self._width and not fields[-1]:
            fields.pop()
        if len(fields) > self._width:
            # A decimal comma has split a number in two.
            raise RefusedError("control_points_value", where=f"line {line}")
        said = {name: fields[n] if n < len(fields) else "" for name, n in self._columns.items()}
        if "crs" in said:
            self.systems.add(said["crs"])
        return Row(
            line=line,
            name=cleaned(said.get("name", "")),
            ground=self._pair(said, "x", "y", line),
            pixel=self._pair(said, "column", "row", line),
            image=cleaned(said.get("image", "")),
            role=_role(said, line),
        )

    def _pair(self, said: Mapping[str, str], first: str, second: str, line: int) -> Pair | None:
        if first not in said or second not in said:
            return None
        if not said[first] and not said[second]:
            return None
        comma = self._delimiter != ","
        pair = number(said[first], comma=comma), number(said[second], comma=comma)
        if pair[0] is None or pair[1] is None:
            raise RefusedError("control_points_value", where=f"line {line}")
        return pair[0], pair[1]


def _role(said: Mapping[str, str], line: int) -> Role | None:
    if said.get("enabled", "").casefold() in _OFF:
        return Role.UNUSED
    word = said.get("role", "").casefold()
    if not word:
        return None
    if word not in _ROLES:
        raise RefusedError("control_points_value", where=f"line {line}")
    return _ROLES[word]


def read_bare(lines: Sequence[tuple[int, str]]) -> Listing | None:
    """
    Read a table without a header, as Pix4D takes them; None where it is no such table.

    Places have four or six fields (label, x, y, z and two accuracies), marks have four or
    five that begin with the picture and the label, in either order.
    Their reference system is not in the file.
    """
    delimiter = delimiter_of(lines[0][1]) if lines else None
    if delimiter is None:
        return None
    rows = [_bare_row(line, fields_of(text, delimiter), delimiter != ",") for line, text in lines]
    read = tuple(row for row in rows if row)
    return Listing(crs=None, rows=read, bare=True) if len(read) == len(rows) else None


def _bare_row(line: int, fields: Sequence[str], comma: bool) -> Row | None:  # noqa: FBT001
    numbers = [number(field, comma=comma) for field in fields]
    if len(fields) in _PLACE and None not in numbers[1:]:
        x, y = numbers[1], numbers[2]
        return Row(line=line, name=cleaned(fields[0]), ground=_both(x, y), pixel=None)
    if len(fields) >= _MARK and None not in numbers[2:4]:
        image = next((field for field in fields[:2] if _IMAGE.fullmatch(field)), None)
        if image is not None:
            name = fields[1] if image == fields[0] else fields[0]
            mark = Row(line=line, name=cleaned(name), ground=None, pixel=None)
            return replace(mark, pixel=_both(numbers[2], numbers[3]), image=cleaned(image))
    return None


def _both(x: float | None, y: float | None) -> Pair | None:
    return None if x is None or y is None else (x, y)
