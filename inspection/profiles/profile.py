"""A rule profile as a value: read from a dated TOML file, checked, never edited by code."""

import hashlib
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Annotated, ClassVar

from annotated_types import Ge, MinLen
from pydantic import ConfigDict, TypeAdapter, ValidationError

from geo.detection_settings import DetectionSettings
from geo.disturbance import GroundClass
from geo.errors import RefusedError
from inspection.model import Source
from inspection.profiles.accuracy_rules import AccuracyRules
from inspection.profiles.values import STRICT, Length, NotNegative, Positive, Share


@dataclass(frozen=True, kw_only=True)
class ClipRules:
    """How much ground is looked at."""

    ring_m: NotNegative
    """Width of the ring around the permit that is inspected too."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class AnalysisRules:
    """How finely ground is looked at."""

    gsd_m: Positive
    """Pixel size wished for; the nearest halving of the flight's own is used."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class PositionRules:
    """How well a flight must know where it lies."""

    unverified_m: NotNegative
    """Uncertainty of a flight that brings no check points."""

    boundary_m: NotNegative
    """Uncertainty of the boundary's own coordinates."""

    limit_m: Positive
    """Largest uncertainty at which the place counts as known."""

    least_check_points: Annotated[int, Ge(1)]
    """Check points below which an accuracy is only indicative."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class CoverageRules:
    """How much of a permit must be seen."""

    least_observed_share: Share

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class RegistrationRules:
    """How well two dates must fit to be compared."""

    search_m: Positive
    """Largest displacement that is looked for."""

    limit_m: Positive
    """Largest residual at which two dates are comparable ..."""

    limit_px: Positive
    """... or this many pixels of the analysis, whichever is more."""

    agreement_px: Positive
    """Two independent estimates further apart than this leave the registration unverified."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class MeasureRules:
    """How well an outline is drawn."""

    border_px: Positive
    """Uncertainty of a finding's outline, in pixels of the analysis."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class ReportRules:
    """How the report is printed."""

    paper: Annotated[str, MinLen(1)] = "A4"
    paper_mm: tuple[Length, Length] = (210.0, 297.0)
    """Width and height."""

    main_findings: Annotated[int, Ge(0)] = 12
    """Findings that are given a page each, gravest first."""

    verify_at: str = ""
    """Address to which the verification code is added in the QR; none where empty."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class LayerRules:
    """How far around a site the features of a layer matter."""

    search_m: Positive = 5000.0
    """Distance from the ground looked at; what lies farther is only counted."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class FlightRules:
    """What a flight should be like; a flight that is not is told, never refused."""

    gsd_min_m: Positive | None = None
    gsd_max_m: Positive | None = None
    """Ground sampling distance outside these two is told."""

    max_agl_m: Positive | None = None
    """Height above ground from which a reader is told."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class PlaceRules:
    """Where on the Earth the authority decides."""

    jurisdiction: tuple[float, float, float, float] | None = None
    """West, south, east and north in degrees: a box around it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class Profile:
    """All numbers that decide an inspection."""

    name: Annotated[str, MinLen(1)]
    version: Annotated[str, MinLen(1)]
    authority: str
    source: str
    clip: ClipRules
    analysis: AnalysisRules
    position: PositionRules
    coverage: CoverageRules
    registration: RegistrationRules
    detection: DetectionSettings
    measure: MeasureRules
    accuracy: AccuracyRules = field(default_factory=AccuracyRules)
    layers: LayerRules = field(default_factory=LayerRules)
    flight: FlightRules = field(default_factory=FlightRules)
    place: PlaceRules = field(default_factory=PlaceRules)
    report: ReportRules = field(default_factory=ReportRules)
    classes: dict[GroundClass, str] = field(default_factory=dict)
    """What the authority calls our classes of disturbed ground, where it has words of its own."""

    origin: Source
    """The file that said all this."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT


def read_profile(name_or_file: str) -> Profile:
    """
    Read a profile by the name of one that comes with the product, or from a file.

    Raises
    ------
    RefusedError
        ``profile_unknown``, ``profile_unreadable``, ``profile_value`` (with the place).
    """
    path = Path(name_or_file)
    if path.suffix == ".toml":
        if not path.is_file():
            raise RefusedError("profile_unknown", known=", ".join(profile_names()))
        content = path.read_bytes()
    elif name_or_file in profile_names():
        content = files("inspection.profiles").joinpath(f"{name_or_file}.toml").read_bytes()
    else:
        raise RefusedError("profile_unknown", known=", ".join(profile_names()))
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RefusedError("profile_unreadable") from error
    origin = Source(
        role="profile",
        name=path.name if path.suffix else f"{name_or_file}.toml",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    try:
        return TypeAdapter(Profile).validate_python({**table, "origin": origin})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RefusedError("profile_value", where=where, problem=first["msg"]) from error


def profile_names() -> tuple[str, ...]:
    """Names of the profiles that come with the product."""
    here = files("inspection.profiles").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in here if f.name.endswith(".toml")))
