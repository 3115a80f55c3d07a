"""What is claimed of a flight, and by whom: its log first, else the picture's own notes."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from geo.intake.xmp import printing
from inspection.flight_log.fields import Capture, FlightLog

type Value = str | int | float

START, END = "capture.start", "capture.end"

OFFICIAL_ZONES: Final = {"WIB": 7, "WITA": 8, "WIT": 9, "UTC": 0}
"""Hours before UTC; those of Indonesia after Keppres 41/1987."""

_SIGN_OF: Final = {"N": 1, "E": 1, "S": -1, "W": -1}
_SIXTIETHS: Final = (1, 60, 3600)
_NUMBERS: Final = re.compile(r"-?\d+(?:\.\d+)?")
_RTK: Final = {"50": "rtk", "16": "autonomous", "0": "autonomous"}
_SAME_TIME: Final = timedelta(hours=24)
"""Cameras and people use different zones; a file that names none may be a day off."""

_SAME_SHARE: Final = 0.01


class Origin(StrEnum):
    """Who claims it."""

    LOG = "log"
    FILE = "file"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One entry of what is claimed."""

    value: Value
    source: Origin
    file_says: Value | None = None
    """What the picture's own notes state where the log states otherwise."""


def claims_of(log: FlightLog | None, tags: Mapping[str, str]) -> dict[str, Claim]:
    """
    Lay a log over what the picture's own notes say; each entry with its origin.

    The log counts where both speak, but for a time without zone where the picture has one of
    its own; what differs is kept beside it.
    """
    logged = dict(_entries(log)) if log else {}
    filed = dict(_noted(tags))
    if START in filed and START in logged and not has_zone(logged[START]):
        del logged[START]
    found = {name: Claim(value=value, source=Origin.FILE) for name, value in filed.items()}
    for name, value in logged.items():
        other = filed.get(name)
        differs = other is not None and not _alike(value, other)
        found[name] = Claim(value=value, source=Origin.LOG, file_says=other if differs else None)
    return {name: found[name] for name in sorted(found)}


def captured_at(claims: Mapping[str, Claim]) -> str | None:
    """When a flight began, as claimed; without zone where none is named."""
    claim = claims.get(START)
    return str(claim.value) if claim else None


def zoned(moment: datetime, capture: Capture) -> datetime:
    """Give a time of a log its zone: its own, told in the one the log names beside it."""
    if capture.zone is None:
        return moment
    hours = OFFICIAL_ZONES.get(capture.zone)
    zone = (
        timezone(timedelta(hours=hours))
        if hours is not None
        else datetime.strptime(capture.zone, "%z").tzinfo or UTC
    )
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _entries(log: FlightLog) -> Iterator[tuple[str, Value]]:
    """Everything that a log states, under dotted names."""
    for moment, name in ((log.capture.start, START), (log.capture.end, END)):
        if moment is not None:
            yield name, zoned(moment, log.capture).isoformat(timespec="seconds")
    stated = dataclasses.asdict(log)
    del stated["form"], stated["capture"]
    yield from _flat(stated)


def _flat(stated: Mapping[str, object], at: str = "") -> Iterator[tuple[str, Value]]:
    for name, value in stated.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{at}{name}.")
        elif isinstance(value, tuple) and value:
            yield f"{at}{name}", len(value)
        elif isinstance(value, str | int | float) and value != "":
            yield f"{at}{name}", value


def _noted(tags: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    """What the notes of a picture say of its flight: tags of TIFF, EXIF and XMP."""
    if start := _moment(tags):
        yield START, start
    parts = [printing(tags[name]) for name in ("EXIF_Make", "EXIF_Model") if name in tags]
    if camera := " ".join(part for part in parts if part):
        yield "camera.model", camera
    for axis in ("Longitude", "Latitude"):
        degrees = _angle(tags.get(f"EXIF_GPS{axis}", ""), tags.get(f"EXIF_GPS{axis}Ref", ""))
        if degrees is not None:
            yield f"position.{axis.lower()}", degrees
    for name, tag in (
        ("heights.above_take_off_m", "XMP_RelativeAltitude"),
        ("heights.above_sea_m", "XMP_AbsoluteAltitude"),
    ):
        if number := _NUMBERS.search(tags.get(tag, "")):
            yield name, float(number.group())
    if method := _RTK.get(tags.get("XMP_RtkFlag", "")):
        yield "gnss.method", method


def _moment(tags: Mapping[str, str]) -> str | None:
    """Time of capture, else of the file, as YYYY:MM:DD HH:MM:SS; ISO form, None where none."""
    for name, offset in (
        ("EXIF_DateTimeOriginal", "EXIF_OffsetTimeOriginal"),
        ("TIFFTAG_DATETIME", ""),
    ):
        day, _, clock = tags.get(name, "").strip().partition(" ")
        try:
            return datetime.fromisoformat(
                f"{day.replace(':', '-')}T{clock}{tags.get(offset, '').strip()}"
            ).isoformat()
        except ValueError:
            continue
    return None


def _angle(written: str, reference: str) -> float | None:
    """Degrees of an EXIF position as GDAL writes it: (8) (17) (42.56), and the hemisphere."""
    numbers = [float(number) for number in _NUMBERS.findall(written)]
    sign = _SIGN_OF.get(reference.strip().upper())
    if len(numbers) != len(_SIXTIETHS) or sign is None:
        return None
    return sign * sum(n / scale for n, scale in zip(numbers, _SIXTIETHS, strict=True))


def has_zone(value: Value) -> bool:
    """Whether a claimed time names its time zone."""
    return datetime.fromisoformat(str(value)).tzinfo is not None


def _alike(logged: Value, filed: Value) -> bool:
    """Whether two claims may mean the same."""
    if isinstance(logged, str) and isinstance(filed, str):
        try:
            first, second = (datetime.fromisoformat(one) for one in (logged, filed))
        except ValueError:
            one, other = logged.casefold(), filed.casefold()
            return one in other or other in one
        if first.tzinfo is None or second.tzinfo is None:
            first, second = first.replace(tzinfo=None), second.replace(tzinfo=None)
        return abs(first - second) <= _SAME_TIME
    if isinstance(logged, str) or isinstance(filed, str):
        return False
    return abs(logged - filed) <= _SAME_SHARE * max(abs(logged), abs(filed), 1.0)
