"""Point files of QGIS' georeferencer: ``mapX,mapY,sourceX,sourceY,enable,…``."""

from collections.abc import Sequence

from pyproj import CRS

from geo.control_points import Role
from geo.errors import RefusedError
from geo.points.listing import Listing, Row
from geo.points.system import system_named
from geo.points.text import fields_of, number

_HEADERS = (["mapx", "mapy", "sourcex", "sourcey"], ["mapx", "mapy", "pixelx", "pixely"])
_ON = "1"
_SLACK_PX = 1.0


def read_qgis(lines: Sequence[tuple[int, str]]) -> Listing | None:
    """
    Read such a file; None where it is none.

    QGIS counts the rows of a picture downwards from zero with a minus sign. Of a picture that
    has a place already it writes places of its own system instead, which are no pixels.

    Raises
    ------
    RefusedError
        ``control_points_value`` with the line; ``control_points_pixels_placed`` if the file
        was made with a placed picture.
    """
    crs: CRS | None = None
    body = list(lines)
    while body and body[0][1].startswith("#") and "mapX" not in body[0][1]:
        word, _, system = body.pop(0)[1].partition(":")
        if word == "#CRS":
            crs = system_named(system.strip())
    if not body:
        return None
    header = [word.casefold() for word in fields_of(body.pop(0)[1].lstrip("# "), ",")]
    if header[:4] not in _HEADERS:
        return None
    enable = header.index("enable") if "enable" in header else None
    rows = tuple(
        _row(at, line, fields_of(text, ","), enable=enable)
        for at, (line, text) in enumerate(body, start=1)
    )
    if any(row.pixel and row.pixel[1] < -_SLACK_PX for row in rows):
        raise RefusedError("control_points_pixels_placed")
    return Listing(crs=crs, rows=rows)


def _row(at: int, line: int, fields: Sequence[str], *, enable: int | None) -> Row:
    match [number(field) for field in fields[:4]]:
        case [float(x), float(y), float(column), float(up)]:
            used = enable is None or enable >= len(fields) or fields[enable] == _ON
            return Row(
                line=line,
                name=str(at),
                ground=(x, y),
                pixel=(column, -up),
                role=Role.CONTROL if used else Role.UNUSED,
            )
    raise RefusedError("control_points_value", where=f"line {line}")
