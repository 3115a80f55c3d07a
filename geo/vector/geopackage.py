"""Outlines from a GeoPackage, a database that must hold nothing that acts by itself."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pyproj import CRS
from shapely import Geometry

from geo.crs import LONLAT
from geo.fault import Fault, Faulty
from geo.vector.label import label_of, notes_of, printable
from geo.vector.system import system_of_code, system_of_text
from geo.vector.unfit import Reason, Unfit
from geo.vector.wellknown import from_binary
from geo.vector.written import Feature, SystemFrom, Written, feature

_LONGEST_VALUE: Final = 64 << 20
_MOST_COLUMNS: Final = 200
_INDEX: Final = re.compile(
    r"CREATE\s+VIRTUAL\s+TABLE\s+\S.*\bUSING\s+rtree\s*\(", re.IGNORECASE | re.DOTALL
)
_TRIGGERS: Final = re.compile(
    r"rtree_.+_(?:insert|update\d?|delete)|trigger_(?:insert|delete)_feature_count_.+"
    r"|gpkg_(?:tile_matrix|metadata)\w+",
    re.DOTALL,
)
"""Names of the triggers that the standard (OGC 12-128r18) and the common writers put in."""

_TARGETS: Final = re.compile(r"\b(?:INTO|FROM|UPDATE)\s+(\"[^\"]+\"|'[^']+'|\w+)", re.IGNORECASE)
_INDEXED: Final = re.compile(r"rtree_.+|gpkg_.+|on", re.DOTALL)
"""What such a trigger writes to; the last is a word of the messages in some of them."""

_ENVELOPE_DOUBLES: Final = (0, 4, 6, 6, 8)
_EXTENDED, _EMPTY = 0b100000, 0b10000
_UNDEFINED: Final = (-1, 0)
_HIDDEN: Final = 6


def read_geopackage(path: Path) -> Written:
    """
    Every feature of a GeoPackage with one layer.

    Raises
    ------
    Unfit
        ``database_unsafe`` with the name of a view, of a trigger or a virtual table that is
        no spatial index, or of a column that computes; ``several_layers``, ``damaged``.
    Faulty
        ``crs_unknown``, ``empty``.
    """
    try:
        with contextlib.closing(_opened(path)) as database:
            _judge(database)
            table, column, system = _layer(database)
            crs = _system(database, system)
            features = tuple(_features(database, table, column))
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise Unfit(Reason.DAMAGED) from error
    return Written(crs=crs, crs_from=SystemFrom.FILE if crs else None, features=features)


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    database.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, _MOST_COLUMNS)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for switch in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
        database.execute(f"PRAGMA {switch}")
    database.text_factory = lambda content: content.decode("utf-8", errors="replace")
    return database


def _judge(database: sqlite3.Connection) -> None:
    """Refuse what would run while we read, or when somebody else writes."""
    for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master"):
        words = str(sql or "")
        acts = {
            "view": True,
            "trigger": not _is_index_trigger(str(name), words),
            "table": "VIRTUAL" in words[:40].upper() and not _INDEX.match(words),
        }
        if acts.get(str(kind), False):
            raise Unfit(Reason.DATABASE_UNSAFE, where=printable(str(name)))


def _is_index_trigger(name: str, sql: str) -> bool:
    body = re.split(r"\bBEGIN\b", sql, maxsplit=1, flags=re.IGNORECASE)[-1]
    touched = [target.strip("\"'") for target in _TARGETS.findall(body)]
    return bool(_TRIGGERS.fullmatch(name)) and all(map(_INDEXED.fullmatch, touched))


def _layer(database: sqlite3.Connection) -> tuple[str, str, int]:
    found = database.execute(
        "SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_contents c"
        " JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name)"
        " WHERE c.data_type = 'features' ORDER BY g.table_name LIMIT 50"
    ).fetchall()
    if not found:
        raise Faulty(Fault.EMPTY)
    if len(found) > 1:
        names = ", ".join(printable(str(name)) for name, *_ in found)
        raise Unfit(Reason.SEVERAL_LAYERS, where=names, count=len(found))
    ((table, column, system),) = found
    return str(table), str(column), int(system)


def _system(database: sqlite3.Connection, number: int) -> CRS | None:
    if number in _UNDEFINED:
        return None
    row = database.execute(
        "SELECT organization, organization_coordsys_id, definition"
        " FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (number,),
    ).fetchone()
    if row is None:
        raise Faulty(Fault.CRS_UNKNOWN)
    organization, code, definition = row
    if str(organization).upper() == "EPSG":
        return system_of_code(int(code))
    return LONLAT if str(organization).upper() == "OGC" else system_of_text(str(definition))


def _features(database: sqlite3.Connection, table: str, column: str) -> Iterator[Feature]:
    columns = database.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
    if any(one[_HIDDEN] for one in columns):
        raise Unfit(Reason.DATABASE_UNSAFE, where=printable(table))
    names = [str(one[1]) for one in columns]
    if column not in names:
        raise Unfit(Reason.DAMAGED)
    at = names.index(column)
    for row in database.execute(f"SELECT * FROM {_quoted(table)}"):  # noqa: S608 - quoted
        yield _feature(row, names, at)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _feature(row: Sequence[Any], names: Sequence[str], at: int) -> Feature:
    properties = {name: value for name, value in zip(names, row, strict=True) if name != names[at]}
    return feature(
        lambda: _shapes(row[at]), label=label_of(properties), properties=notes_of(properties)
    )


def _shapes(blob: object) -> tuple[Geometry, ...]:
    """Shape in the standard's binary form: a head with flags and an envelope, then WKB."""
    if blob is None:
        raise Faulty(Fault.NO_GEOMETRY)
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:  # noqa: PLR2004
        raise Faulty(Fault.UNREADABLE)
    flags = blob[3]
    kind = flags >> 1 & 0b111
    if kind >= len(_ENVELOPE_DOUBLES) or flags & _EXTENDED:
        raise Faulty(Fault.WRONG_KIND)
    if flags & _EMPTY:
        raise Faulty(Fault.EMPTY)
    return from_binary(blob[8 + 8 * _ENVELOPE_DOUBLES[kind] :])
