"""What is known of each input, as the document states it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from inspection.degrees import Rings
from inspection.language import Json


@dataclass(frozen=True, kw_only=True)
class ParentNote:
    """A profile that another one extends."""

    name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class NumberNote:
    """How sure a number of the profile is, and where it comes from."""

    name: str
    """Dotted, as among the parameters; of a table where all its values are alike in this."""

    sure: str
    source: str


@dataclass(frozen=True, kw_only=True)
class ProfileNote:
    """Which rules decided."""

    name: str
    title: str
    version: str
    authority: str
    source: str
    sha256: str
    extends: list[ParentNote]
    """The profiles that filled in what it does not say, the nearest first."""

    numbers: list[NumberNote]
    left_out: list[NumberNote]
    """Numbers that are not verified, and so did not decide."""


@dataclass(frozen=True, kw_only=True)
class Warn:
    """Something a reader must know that did not stop the inspection."""

    code: str
    message: str
    facts: Mapping[str, Json] = field(default_factory=dict)
    """What the message was made of."""


@dataclass(frozen=True, kw_only=True)
class BoundaryNote:
    """The outline that was inspected."""

    area_ha: float
    declared_area_ha: float | None
    """As the permit's record says; None where it does not."""

    perimeter_m: float
    crs: str
    sha256: str
    size: int
    name: str
    version: str
    vertices: Rings
    """As written, in degrees on WGS 84."""

    warnings: list[Warn]
    crs_from: str = "form"
    """Who said that this is its reference system: the file, its form, or the caller."""

    label: str | None = None
    """What its file calls it."""


@dataclass(frozen=True, kw_only=True)
class HeightsNote:
    """The surface model that came with a flight."""

    name: str
    sha256: str
    size: int
    gsd_m: float
    crs: str
    unit_m: float | None = None
    """What one unit of its heights is upwards, in metres; negative for depths. None where nobody
    states it, and then there is no volume."""

    counted_from: str | None = None
    """Level that its heights count from; None where nobody names it."""

    heights_by: Literal["file", "option", "log"] | None = None
    """Who states that; None where nobody does."""


@dataclass(frozen=True, kw_only=True)
class ClaimNote:
    """One entry of what is claimed of a flight; never proven."""

    value: str | int | float
    source: Literal["log", "file"]
    file_says: str | int | float | None = None
    """What the file states where the log states otherwise."""


@dataclass(frozen=True, kw_only=True)
class AssumedNote:
    """A reference system that counted although the orthophoto's file does not say it."""

    crs: str
    stated: str | None
    """As the file says; None where it names none that can be used."""

    by: str
    """Who answers for it, or "not stated"."""


@dataclass(frozen=True, kw_only=True)
class SunNote:
    """Where the sun stood over the permit as a flight began, computed from the claimed time."""

    azimuth_deg: float
    """Clockwise from north."""

    elevation_deg: float
    """Above the horizon; negative where the claimed time is one of night."""


@dataclass(frozen=True, kw_only=True)
class FlightNote:
    """One orthophoto and what is known of it; times and log as claimed."""

    name: str
    captured_at: str | None
    """As the log claims, else as the file does."""

    gsd_m: float
    crs: str
    sha256: str
    size: int
    rows: int
    columns: int
    software: str | None
    heights: HeightsNote | None
    captured_at_source: Literal["log", "file"] | None = None
    captured_at_file: str | None = None
    """As the file itself claims."""

    log: Mapping[str, ClaimNote] = field(default_factory=dict)
    """What the crew's log and the file claim, by dotted name."""

    log_sha256: str | None = None
    crs_assumed: AssumedNote | None = None
    sun: SunNote | None = None
    """None where no time of capture with a time zone is claimed."""


@dataclass(frozen=True, kw_only=True)
class Flights:
    """The flight inspected, and the earlier one it is compared with."""

    current: FlightNote
    baseline: FlightNote | None


@dataclass(frozen=True, kw_only=True)
class DetectorNote:
    """What scored change, where how far two dates differ did not say it."""

    name: str
    version: str
    sha256: str
    """Of its file."""


@dataclass(frozen=True, kw_only=True)
class PictureNote:
    """One picture that the inspection wrote, and that its findings can be looked up in."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class SourceNote:
    """One file that went into the inspection, as it came."""

    role: str
    name: str
    sha256: str
    size: int
    date: str | None
    """As the file itself claims; None where it does not."""
