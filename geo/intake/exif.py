"""What photos say of themselves: time, place, camera and heights, told in plain values."""

import io
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import exifread

from geo.intake.xmp import drone_fields, printing

_TIME: Final = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d) (\d\d:\d\d:\d\d)")
_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d")
_SIXTIETHS: Final = (1, 60, 3600)


def photo_notes(path: Path, sizes: Sequence[int]) -> dict[str, Any]:
    """
    Describe photos whose first bytes lie one behind the other in one file. Runs in the child.

    Parameters
    ----------
    path
        The file.
    sizes
        Bytes that each photo takes in it.

    Returns
    -------
    dict
        ``photos``: for each one what `geo.intake.photos.Photo` holds, None where it cannot
        be read.
    """
    with path.open("rb") as bundle:
        return {"photos": [_note(bundle.read(size)) for size in sizes]}


def _note(start: bytes) -> dict[str, Any] | None:
    try:
        tags = exifread.process_file(
            io.BytesIO(start), details=False, extract_thumbnail=False, builtin_types=True
        )
        return _told(tags, drone_fields(start))
    except Exception:  # noqa: BLE001 - damaged bytes break a parser in any way it can break
        return None


def _told(tags: Mapping[str, Any], drone: Mapping[str, str]) -> dict[str, Any]:
    longitude = _number(drone.get("GpsLongitude") or drone.get("GpsLongtitude"))
    latitude = _number(drone.get("GpsLatitude"))
    camera = " ".join(
        printing(str(tags[name])) for name in ("Image Make", "Image Model") if name in tags
    )
    return {
        "taken_at": _moment(tags),
        "camera": camera or None,
        # Both say the same where both speak; XMP has more digits, and no hemisphere to lose.
        "longitude": longitude if longitude is not None else _angle(tags, "Longitude", "W"),
        "latitude": latitude if latitude is not None else _angle(tags, "Latitude", "S"),
        "altitude_m": _number(drone.get("AbsoluteAltitude")),
        "above_take_off_m": _number(drone.get("RelativeAltitude")),
        "pitch_deg": _number(drone.get("GimbalPitchDegree")),
        "rtk": _number(drone.get("RtkFlag")),
    }


def _moment(tags: Mapping[str, Any]) -> str | None:
    """Time in ISO form, with its zone where the file states one; None where it is none."""
    for name, offset in (
        ("EXIF DateTimeOriginal", "EXIF OffsetTimeOriginal"),
        ("Image DateTime", "EXIF OffsetTime"),
    ):
        written = _TIME.match(str(tags.get(name, "")))
        if written:
            year, month, day, clock = written.groups()
            zone = _OFFSET.match(str(tags.get(offset, "")))
            return f"{year}-{month}-{day}T{clock}{zone.group() if zone else ''}"
    return None


def _angle(tags: Mapping[str, Any], axis: str, negative: str) -> float | None:
    parts = tags.get(f"GPS GPS{axis}")
    if not isinstance(parts, list) or len(parts) != len(_SIXTIETHS):
        return None
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    degrees = sum(n / scale for n, scale in zip(numbers, _SIXTIETHS, strict=True) if n is not None)
    sign = -1 if str(tags.get(f"GPS GPS{axis}Ref", "")).strip().upper() == negative else 1
    return sign * degrees


def _number(value: object) -> float | None:
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
