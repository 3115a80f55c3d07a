"""Which form a vector file has, by its content and its name, which must agree."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Final

from geo.intake.filetype import file_type
from geo.vector.archive import judged
from geo.vector.text import decoded
from geo.vector.unfit import Reason, Unfit
from geo.vector.wellknown import TEXT


class Form(StrEnum):
    """Forms of vector files that are read."""

    GEOJSON = "GeoJSON"
    KML = "KML"
    KMZ = "KMZ"
    SHAPEFILE = "Shapefile"
    ZIPPED_SHAPEFILE = "ZIP"
    GEOPACKAGE = "GeoPackage"
    DXF = "DXF"
    WKT = "WKT"
    TABLE = "CSV"
    XLSX = "XLSX"


NAMED: Final = {
    ".geojson": {Form.GEOJSON},
    ".json": {Form.GEOJSON},
    ".kml": {Form.KML},
    ".kmz": {Form.KMZ},
    ".shp": {Form.SHAPEFILE},
    ".zip": {Form.ZIPPED_SHAPEFILE},
    ".gpkg": {Form.GEOPACKAGE},
    ".dxf": {Form.DXF},
    ".wkt": {Form.WKT},
    ".ewkt": {Form.WKT},
    ".csv": {Form.TABLE},
    ".tsv": {Form.TABLE},
    ".txt": {Form.TABLE, Form.WKT},
    ".xlsx": {Form.XLSX},
}
"""Endings of names, lower case, and what must then be inside."""

_START_BYTES: Final = 4096
_SHAPEFILE: Final = bytes.fromhex("0000270a")
_DATABASE: Final = b"SQLite format 3\0"
_DRAWING: Final = re.compile(
    rb"(?:\s*999\r?\n[^\n]*\n)*\s*0\s*\r?\n\s*SECTION\b|AutoCAD Binary DXF"
)
_BLANKS: Final = b"\xef\xbb\xbf \t\r\n"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


def form_of(path: Path) -> Form:
    """
    Form of a vector file.

    Raises
    ------
    Unfit
        ``form_unknown`` where the content is none that is read, ``form_differs`` where it is
        another than the name says, ``unreadable`` where there is none, and whatever
        `geo.vector.archive.judged` finds.
    """
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    if not start.strip(_BLANKS):
        raise Unfit(Reason.UNREADABLE)
    form = _of_content(start, path)
    named = NAMED.get(suffix := path.suffix.lower())
    if form is None and named is None:
        raise Unfit(Reason.FORM_UNKNOWN, found=file_type(start) or "?")
    if form is None and not file_type(start):
        raise Unfit(Reason.UNREADABLE)
    if form is None or (named is not None and form not in named):
        found = str(form or file_type(start))
        raise Unfit(Reason.FORM_DIFFERS, extension=suffix, found=found)
    return form


def _of_content(start: bytes, path: Path) -> Form | None:
    text = start.lstrip(_BLANKS)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_archive(path)
    for form, is_it in (
        (Form.GEOPACKAGE, start.startswith(_DATABASE)),
        (Form.SHAPEFILE, start.startswith(_SHAPEFILE)),
        (Form.GEOJSON, text.startswith((b"{", b"["))),
        (Form.KML, text.startswith(b"<")),
        (Form.DXF, _DRAWING.match(start)),
    ):
        if is_it:
            return form
    if file_type(start) or (b"\0" in start and not start.startswith(_WIDE)):
        return None
    return Form.WKT if TEXT.match(decoded(start)) else Form.TABLE


def _of_archive(path: Path) -> Form | None:
    names = [member.filename.lower() for member in judged(path)]
    for form, is_it in (
        (Form.XLSX, "xl/workbook.xml" in names),
        (Form.ZIPPED_SHAPEFILE, any(name.endswith(".shp") for name in names)),
        (Form.KMZ, any(name.endswith(".kml") for name in names)),
    ):
        if is_it:
            return form
    return None
