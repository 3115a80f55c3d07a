"""Outlines from an ESRI shapefile, whose rings say by their direction what they are."""

import io
import struct
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapefile
import shapely
from numpy.typing import NDArray
from shapely import Geometry, MultiLineString, MultiPoint, Polygon

from geo.fault import Fault, Faulty, place
from geo.outline import area_of, finite, line_of, polygon_of
from geo.vector.archive import siblings
from geo.vector.label import label_of, notes_of
from geo.vector.system import system_of_text
from geo.vector.text import decoded, in_codec
from geo.vector.unfit import Reason, Unfit
from geo.vector.written import Feature, SystemFrom, Written, feature

COMPANIONS: Final = (".dbf", ".prj", ".cpg")
"""Endings of the files beside the main one, as far as they are read."""

_POINTS: Final = (1, 11, 21)
_MULTIPOINTS: Final = (8, 18, 28)
_LINES: Final = (3, 13, 23)
_POLYGONS: Final = (5, 15, 25)
_HEADER_BYTES: Final = 100
_TABLE_HEADER_BYTES: Final = 32
_CODEPAGES: Final = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252"}
_DBF_END: Final = 2
"""Bytes that may be missing or stand behind the last record of a table."""


def read_zipped_shapefile(path: Path) -> Written:
    """Every record of the one shapefile in an archive, which must hold no other."""
    return _read(siblings(path, ".shp", (".shp", *COMPANIONS)))


def read_shapefile(path: Path) -> Written:
    """
    Every record of a shapefile (ESRI white paper of July 1998).

    Parameters
    ----------
    path
        Its main file. Beside it lie those of `COMPANIONS` that there are, each named as this
        file with its ending behind. The index (``.shx``) is not needed.

    Raises
    ------
    Unfit
        ``damaged`` where a header claims more than the file holds.
    Faulty
        ``crs_unknown`` where the ``.prj`` describes no system that is known.
    """
    beside = {ending: path.with_name(path.name + ending) for ending in COMPANIONS}
    contents = {ending: file.read_bytes() for ending, file in beside.items() if file.is_file()}
    return _read({".shp": path.read_bytes(), **contents})


def _read(parts: Mapping[str, bytes]) -> Written:
    _judge_shapes(parts[".shp"])
    table = parts.get(".dbf")
    if table is not None:
        _judge_table(table)
    described = decoded(parts.get(".prj", b"")).strip()
    crs = system_of_text(described) if described else None
    try:
        with shapefile.Reader(
            shp=io.BytesIO(parts[".shp"]),
            dbf=None if table is None else io.BytesIO(table),
            encoding="latin-1",
        ) as reader:
            shapes = reader.shapes()
            records = [] if table is None else [one.as_dict() for one in reader.records()]
    except (shapefile.ShapefileException, struct.error, ValueError, IndexError, OSError) as error:
        raise Unfit(Reason.DAMAGED) from error
    if table is not None and len(records) != len(shapes):
        raise Unfit(Reason.DAMAGED)
    codec = _codec(parts.get(".cpg"), table)
    return Written(
        crs=crs,
        crs_from=SystemFrom.FILE if crs else None,
        features=tuple(
            _feature(one, records[number] if records else {}, codec)
            for number, one in enumerate(shapes)
        ),
    )


def _judge_shapes(content: bytes) -> None:
    if len(content) < _HEADER_BYTES:
        raise Unfit(Reason.DAMAGED)
    (words,) = struct.unpack(">i", content[24:28])
    if not _HEADER_BYTES <= 2 * words <= len(content):
        raise Unfit(Reason.DAMAGED)
    at = _HEADER_BYTES
    while at < 2 * words:
        head = content[at : at + 12]
        if len(head) < 12:  # noqa: PLR2004 - number, length and kind of a record
            raise Unfit(Reason.DAMAGED)
        (length,) = struct.unpack(">i", head[4:8])
        (kind,) = struct.unpack("<i", head[8:12])
        at += 8 + 2 * length
        if length < 2 or at > len(content):  # noqa: PLR2004 - a kind is two words
            raise Unfit(Reason.DAMAGED)
        if kind in (*_LINES, *_POLYGONS):
            body = content[at - 2 * length : at]
            if len(body) < 44:  # noqa: PLR2004 - kind, box, two counts
                raise Unfit(Reason.DAMAGED)
            pieces, points = struct.unpack("<ii", body[36:44])
            if min(pieces, points) < 0 or 44 + 4 * pieces + 16 * points > len(body):
                raise Unfit(Reason.DAMAGED)


def _judge_table(content: bytes) -> None:
    if len(content) < _TABLE_HEADER_BYTES:
        raise Unfit(Reason.DAMAGED)
    count, header, record = struct.unpack("<IHH", content[4:12])
    if not record or header + count * record > len(content) + _DBF_END:
        raise Unfit(Reason.DAMAGED)


def _codec(stated: bytes | None, table: bytes | None) -> str | None:
    """Codec of the table: as the .cpg says, else as the table's own mark says, else unknown."""
    name = decoded(stated or b"").strip().upper().removeprefix("ANSI ")
    if name:
        return f"cp{name}" if name.isdigit() and not name.startswith("8859") else name
    return _CODEPAGES.get(table[29]) if table else None


def _feature(one: Any, record: Mapping[str, Any], codec: str | None) -> Feature:  # noqa: ANN401
    properties = {
        in_codec(name, codec): in_codec(value, codec) if isinstance(value, str) else value
        for name, value in record.items()
    }
    return feature(
        lambda: (_shape(one),), label=label_of(properties), properties=notes_of(properties)
    )


def _shape(one: Any) -> Geometry:  # noqa: ANN401 - pyshp's shapes have no common type
    kind = one.shapeType
    if kind == shapefile.NULL:
        raise Faulty(Fault.NO_GEOMETRY)
    if kind not in (*_POINTS, *_MULTIPOINTS, *_LINES, *_POLYGONS):
        raise Faulty(Fault.WRONG_KIND)
    points = np.array([point[:2] for point in one.points], dtype=np.float64).reshape(-1, 2)
    if not len(points):
        raise Faulty(Fault.EMPTY)
    if kind in _POINTS:
        return shapely.Point(finite(points)[0])
    if kind in _MULTIPOINTS:
        return MultiPoint(finite(points))
    ends = [*one.parts, len(points)]
    if ends[0] != 0 or any(start >= end for start, end in pairwise(ends)):
        raise Faulty(Fault.UNREADABLE)
    pieces = [points[start:end] for start, end in pairwise(ends)]
    if kind in _LINES:
        return MultiLineString([line_of(piece) for piece in pieces])
    return area_of(_polygons(pieces))


def _polygons(rings: list[NDArray[np.float64]]) -> list[Polygon]:
    """
    Polygons of rings in any order: what runs clockwise is a shell, the rest are holes of it.

    A lone ring is a shell whichever way it runs, and so are all where none runs clockwise.
    """
    whole = [polygon_of([ring]) for ring in rings]
    shells = [one for one in whole if not one.exterior.is_ccw]
    holes = [one for one in whole if one.exterior.is_ccw]
    if not shells:
        return holes
    within: list[list[Polygon]] = [[] for _ in shells]
    for hole in holes:
        start = hole.exterior.coords[0]
        around = [n for n, shell in enumerate(shells) if shell.covers(shapely.Point(start))]
        if not around:
            raise Faulty(Fault.HOLE_OUTSIDE, where=place(list(start)))
        within[min(around, key=lambda n: shells[n].area)].append(hole)
    return [
        polygon_of([np.array(ring.coords) for ring in (shell.exterior, *(h.exterior for h in own))])
        for shell, own in zip(shells, within, strict=True)
    ]
