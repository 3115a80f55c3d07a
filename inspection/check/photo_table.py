"""A table of what photos claim, as exiftool writes it."""

import csv
import math
import re
from collections.abc import Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Final

from geo.errors import RefusedError
from geo.intake.photos import Photo
from geo.intake.xmp import printing

MAX_BYTES: Final = 16 << 20
COLUMNS: Final = frozenset({"SourceFile", "GPSLatitude", "GPSLongitude"})

_ANGLE: Final = re.compile(r"([\d.]+) deg ([\d.]+)' ([\d.]+)\" ([NSEW])")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_SIGNS: Final = {"N": 1, "E": 1, "S": -1, "W": -1}


def read_photo_table(path: Path) -> list[Photo | None]:
    """
    Read a table with a row for each photo; None for a row that states nothing.

    Raises
    ------
    RefusedError
        ``photo_table_unreadable``.
    """
    if path.stat().st_size > MAX_BYTES:
        raise RefusedError("photo_table_unreadable")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.DictReader(StringIO(text)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedError("photo_table_unreadable") from error
    return [_photo(row) for row in rows]


def _photo(row: Mapping[str | None, str | None]) -> Photo | None:
    stated = {name: value for name, value in row.items() if isinstance(name, str) and value}
    if not stated.keys() - {"SourceFile", "FileName"}:
        return None
    camera = " ".join(printing(stated[name]) for name in ("Make", "Model") if name in stated)
    return Photo(
        taken_at=_moment(stated.get("DateTimeOriginal", "")),
        camera=camera or None,
        longitude=_angle(stated.get("GPSLongitude", "")),
        latitude=_angle(stated.get("GPSLatitude", "")),
        altitude_m=_number(stated.get("AbsoluteAltitude", "")),
        above_take_off_m=_number(stated.get("RelativeAltitude", "")),
        pitch_deg=_number(stated.get("GimbalPitchDegree", "")),
        rtk=_number(stated.get("RtkFlag", "")),
    )


def _moment(text: str) -> datetime | None:
    day, _, clock = text.strip().partition(" ")
    try:
        return datetime.fromisoformat(f"{day.replace(':', '-')}T{clock}")
    except ValueError:
        return None


def _angle(text: str) -> float | None:
    """Degrees with a sign, or as exiftool writes them: 8 deg 17' 42.56" S."""
    written = _ANGLE.fullmatch(text.strip())
    if written is None:
        return _number(text)
    try:
        degrees, minutes, seconds = (float(part) for part in written.groups()[:3])
    except ValueError:
        return None
    return _SIGNS[written.group(4)] * (degrees + minutes / 60 + seconds / 3600)


def _number(text: str) -> float | None:
    written = _NUMBER.fullmatch(text.strip())
    number = float(written.group()) if written else math.nan
    return number if math.isfinite(number) else None
