"""The words of the trade as values: what is asked, what was brought, what was found."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Ge, MinLen

from geo.area import area_m2
from geo.boundary import Boundary
from geo.control_points import ControlPointList
from geo.grid import Grid
from geo.height_system import HeightSystem
from geo.intake.making import Normalised
from geo.layer import Layer
from geo.sanity import Finding
from inspection.flight_log.claims import Claim
from inspection.language import Json
from inspection.place import Assumption


class Verdict(StrEnum):
    """Outcome of one question."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    UNCERTAIN = "uncertain"
    NOT_APPLICABLE = "not_applicable"


class Location(StrEnum):
    """Where ground lies against the boundary, given how well positions are known."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNCERTAIN = "uncertain"


class RegistrationStatus(StrEnum):
    """Whether two dates may be compared."""

    REGISTERED = "registered"
    NOT_COMPARABLE = "not_comparable"
    NO_BASELINE = "no_baseline"


@dataclass(frozen=True, kw_only=True)
class PermitLimits:
    """What the permit allows; a limit that it does not state is absent."""

    max_disturbed_ha: Annotated[float, Ge(0)] | None = None


@dataclass(frozen=True, kw_only=True)
class Permit:
    """What the inspection needs of a permit's record; the record itself travels along unread."""

    id: Annotated[str, MinLen(1)]
    valid_from: date | None = None
    valid_until: date | None = None
    declared_area_ha: Annotated[float, Ge(0)] | None = None
    limits: PermitLimits = field(default_factory=PermitLimits)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One input file, as it came: what the seal covers."""

    role: str
    name: str
    sha256: str
    size: int


def gsd_m(grid: Grid) -> float:
    """Ground sampling distance: the side of a pixel on the ellipsoid, in metres."""
    return math.sqrt(area_m2(grid.footprint, grid.crs) / math.prod(grid.shape))


@dataclass(frozen=True, kw_only=True)
class Orthophoto:
    """A picture of the ground as a file of our own, and what is known of it."""

    source: Source
    path: Path
    """Our own copy; the original is not opened again."""

    grid: Grid
    """Where it lies, as far as is known at this step."""

    clipped: Grid | None = None
    """Where our own copy lies that was cut to the ground looked at as it was taken in, packed to
    be kept; None where it still has all pixels of `grid`."""

    own_points: ControlPointList | None = None
    """Control points in its file, where that says in no other way where it lies."""

    is_placed: bool = True
    """Whether its file says where it lies; else the grid is only what control points suggest."""

    delivered_rows: int
    """Size of the original, whatever part of it our own copy holds."""

    delivered_columns: int

    captured_at: str | None
    """As the file claims; without zone where it names none."""

    software: str | None

    tags: Mapping[str, str] = field(default_factory=dict)
    """Notes of the file, shortened; never to be trusted."""

    made: Normalised
    """What was done to the original to make our own copy."""

    oddities: tuple[Finding, ...] = ()
    """What is odd about where its file says that it lies, and about what it shows."""

    world_file: Source | None = None
    declared_crs: str | None = None
    assumption: Assumption | None = None

    @property
    def gsd_m(self) -> float:
        """Ground sampling distance, in metres."""
        return gsd_m(self.grid)


@dataclass(frozen=True, kw_only=True)
class HeightModel:
    """Surface heights as a file of our own, and what is known of it."""

    source: Source
    path: Path
    """In metres, where their unit is known; else in whatever they were counted in."""

    grid: Grid
    system: HeightSystem
    """What they were counted in and from, as far as somebody states it."""

    stated_by: Literal["file", "option", "log"] | None
    """Who does; None where nobody does."""


@dataclass(frozen=True, kw_only=True)
class Flight:
    """What one flight brought: its picture and, where there is one, its surface."""

    orthophoto: Orthophoto
    heights: HeightModel | None = None
    claims: Mapping[str, Claim] = field(default_factory=dict)
    """What its log and its picture claim of it, by dotted name."""

    log_source: Source | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class BroughtLayer:
    """Other people's shapes to hold the inspection against: rivers, forest, permits."""

    name: str
    date: str | None
    """The day it is of: as its bringer said, else as its file says; None where neither does."""

    layer: Layer
    source: Source


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """All that was brought to an inspection, taken in and safe to read."""

    boundary: Boundary
    boundary_source: Source
    boundary_companions: tuple[Source, ...] = ()
    """What lay beside the boundary's file and was read with it."""

    current: Flight
    baseline: Flight | None
    reference: Orthophoto | None = None
    reference_accuracy_m: float | None = None
    control_points: ControlPointList | None
    control_points_source: Source | None
    control_point_marks_source: Source | None
    permit: Permit | None
    permit_record: dict[str, Json] | None
    permit_source: Source | None
    layers: tuple[BroughtLayer, ...]

    @property
    def sources(self) -> list[Source]:
        """Every input file, in a fixed order."""
        flights = [flight for flight in (self.current, self.baseline) if flight]
        heights = [flight.heights.source for flight in flights if flight.heights]
        given = [self.boundary_source, *self.boundary_companions]
        given += [*(flight.orthophoto.source for flight in flights), *heights]
        given += [self.reference.source] if self.reference else []
        points = (self.control_points_source, self.control_point_marks_source)
        given += [flight.log_source for flight in flights if flight.log_source]
        given += [one for flight in flights if (one := flight.orthophoto.world_file)]
        given += [s for s in (*points, self.permit_source) if s]
        return given + [brought.source for brought in self.layers]
