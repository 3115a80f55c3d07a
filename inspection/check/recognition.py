"""What a file is, told by its first bytes and, where these leave it open, by its name."""

import json
import re
from pathlib import Path
from typing import Final

from geo.intake.filetype import file_type, tiff_variant
from geo.vector.geojson import KINDS
from inspection.check.checked import Kind
from inspection.check.photo_table import COLUMNS as PHOTO_COLUMNS
from inspection.check.processing import MARK
from inspection.flight_log.reading import ENTRIES

_HEAD_BYTES: Final = 64 << 10
_WHOLE_BYTES: Final = 1 << 20
"""JSON up to this size is parsed to know it: permits, flight logs, statistics."""

_SHAPE_START: Final = b"\x00\x00\x27\x0a"

WORLD_FILES: Final = (".tfw", ".tifw", ".jgw", ".jpgw", ".pgw", ".pngw", ".wld")
SIDECARS: Final = (*WORLD_FILES, ".aux.xml", ".ovr", ".msk", ".rrd")
"""Files in which other software keeps a position or overviews beside an image; never read."""

SHAPE_PARTS: Final = (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".shp.xml")
SHAPEFILE: Final = "Shapefile"
KNOWN: Final = {
    SHAPEFILE: Kind.BOUNDARY,
    "ZIP": Kind.BOUNDARY,
    "SQLite/GeoPackage": Kind.BOUNDARY,
    "KML": Kind.BOUNDARY,
    "JPEG": Kind.PHOTOS,
    "PNG": Kind.PICTURE,
}

_GEOJSON: Final = frozenset({"Feature", "FeatureCollection", "GeometryCollection", *KINDS})
_SYSTEM_LINE: Final = re.compile(r"(?i)^\ufeff?(epsg:\d|\+proj=|wgs ?84 utm|#crs:)")
_WKT: Final = re.compile(r"(?i)^\ufeff?\s*(srid=\d+;)?\s*(multi)?polygon\b")
_PIXELS: Final = frozenset({"column", "row", "px", "py", "mapx", "sourcex", "pixelx", "pixel_x"})
_GROUND: Final = re.compile(r"(?i)bujur|lintang|longitude|latitude|easting|°")


def kind_of(path: Path) -> Kind:
    """
    Recognise a file by content; by its name only where many forms look alike.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    name = path.name.lower()
    if name.endswith((*SIDECARS, *SHAPE_PARTS)):
        return Kind.SIDECAR if name.endswith(SIDECARS) else Kind.SHAPE_PART
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if tiff_variant(head) or name.endswith((".tif", ".tiff")):
        return Kind.ORTHOPHOTO
    found = SHAPEFILE if head.startswith(_SHAPE_START) else file_type(head[:1024])
    if found == "JSON":
        return _json_kind(path, head)
    if found == "XML":
        return _xml_kind(name, head)
    return _text_kind(name, head) if found is None else KNOWN.get(found, Kind.UNKNOWN)


def _json_kind(path: Path, head: bytes) -> Kind:
    by_name = Kind.BOUNDARY if path.suffix.lower() == ".geojson" else Kind.UNKNOWN
    if path.stat().st_size > _WHOLE_BYTES:
        shapes = any(f'"{kind}"'.encode() in head for kind in _GEOJSON)
        by_content = Kind.BOUNDARY if shapes else by_name
        return Kind.PROCESSING if MARK.encode() in head else by_content
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return by_name
    if not isinstance(found, dict):
        return by_name
    signs = (
        (MARK in found, Kind.PROCESSING),
        (str(found.get("form")).startswith("tinjau.flight-log/"), Kind.FLIGHT_LOG),
        (str(found.get("type")) in _GEOJSON, Kind.BOUNDARY),
        ("id" in found and "schema" not in found, Kind.PERMIT),
        (not found.keys().isdisjoint(ENTRIES), Kind.FLIGHT_LOG),
    )
    return next((kind for is_so, kind in signs if is_so), by_name)


def _xml_kind(name: str, head: bytes) -> Kind:
    """Tell by the first element, which stands behind declarations and remarks."""
    if name.endswith(".kml") or re.search(rb"(?i)<(\w+:)?kml\b", head):
        return Kind.BOUNDARY
    return Kind.CONTROL_POINTS if b"<marker" in head else Kind.UNKNOWN


def _text_kind(name: str, head: bytes) -> Kind:
    text = head.decode("utf-8", errors="replace")
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    cells = {cell.strip().strip('"\ufeff') for cell in re.split(r"[,;\t]", lines[0])}
    lower = {cell.lower() for cell in cells}
    has_pixels = not lower.isdisjoint(_PIXELS) or bool(_SYSTEM_LINE.match(lines[0]))
    is_list = {"x", "y"} <= lower and not lower.isdisjoint({"name", "role", "label"})
    is_table = name.endswith((".csv", ".txt", ".tsv"))
    signs = (
        (name.endswith(".toml"), Kind.PROFILE),
        (name.endswith((".dxf", ".wkt")) or bool(_WKT.match(text)), Kind.BOUNDARY),
        ("\0" in text, Kind.UNKNOWN),
        (cells >= PHOTO_COLUMNS, Kind.PHOTO_TABLE),
        (has_pixels or is_list or name.endswith(".points"), Kind.CONTROL_POINTS),
        (is_table and bool(_GROUND.search("\n".join(lines[:8]))), Kind.BOUNDARY),
    )
    return next((kind for is_so, kind in signs if is_so), Kind.UNKNOWN)
