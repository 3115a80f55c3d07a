"""OpenDroneMap's ``gcp_list.txt``: a system, then places with where photos show them."""

from collections.abc import Sequence

from geo.errors import RefusedError
from geo.points.listing import Listing, Row
from geo.points.system import system_named
from geo.points.text import cleaned, number

_PLACE = 4
_MARK = 3
_FULL = 6


def read_odm(lines: Sequence[tuple[int, str]]) -> Listing | None:
    """
    Read such a list; None where the file is none.

    A full line is ``x y z px py image [name]``, fields parted by blanks or tabs. Two cut-down
    forms are told from it, so that a refusal can say what they lack: ``name x y z`` below a
    system, and ``px py image`` without one.

    Raises
    ------
    RefusedError
        ``control_points_value`` with the line, if the list is one of these but for that line.
    """
    if not lines:
        return None
    crs = system_named(lines[0][1].strip())
    body = [(n, line) for n, line in (lines[1:] if crs else lines) if not line.startswith("#")]
    # More than one blank in a name is no name: ODM itself splits at any blank.
    rows = [(n, _row(n, line.split(), below_system=crs is not None)) for n, line in body]
    read = tuple(row for _, row in rows if row)
    if crs is None and (len(read) < len(rows) or any(row.ground for row in read)):
        return None
    for line, row in rows:
        if row is None:
            raise RefusedError("control_points_value", where=f"line {line}")
    return Listing(crs=crs, rows=read)


def _row(line: int, fields: Sequence[str], *, below_system: bool) -> Row | None:
    numbers = [number(field) for field in fields]
    match numbers:
        case [float(x), float(y), float() | None, float(column), float(row), *_] if (
            len(fields) >= _FULL and below_system
        ):
            return Row(
                line=line,
                name=cleaned(fields[_FULL]) if len(fields) > _FULL else "",
                ground=(x, y),
                pixel=(column, row),
                image=cleaned(fields[_FULL - 1]),
            )
        case [_, float(x), float(y), *_] if below_system and len(fields) in (_PLACE - 1, _PLACE):
            return Row(line=line, name=cleaned(fields[0]), ground=(x, y), pixel=None)
        case [float(column), float(row), None] if len(fields) == _MARK and not below_system:
            image = cleaned(fields[2])
            return Row(line=line, name="", ground=None, pixel=(column, row), image=image)
    return None
