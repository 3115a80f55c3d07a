"""A rule profile as a value: read from a dated TOML file, checked, never edited by code."""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar

from annotated_types import Ge, MinLen
from pydantic import ConfigDict, TypeAdapter, ValidationError

from geo.detection_settings import DetectionSettings
from geo.disturbance import GroundClass
from geo.errors import about
from inspection.language import Language
from inspection.model import Source
from inspection.profiles.accuracy_rules import AccuracyRules
from inspection.profiles.certainty import Certainty, LeftOut, condensed
from inspection.profiles.doubt_rules import DoubtRules
from inspection.profiles.problem import NOT_IN_FILE, problem_of, require_known
from inspection.profiles.reading import merged_profile
from inspection.profiles.requirements import (
    BoundaryRules,
    ControlPointRules,
    DatumRules,
    FlightRules,
    PlaceRules,
)
from inspection.profiles.scoring_rules import ScoringRules
from inspection.profiles.values import STRICT, Day, Length, NotNegative, Positive, Share
from inspection.profiles.working_time import CalendarRules


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
    """Another estimate further off than this leaves the registration unverified."""

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
class Profile:
    """All numbers that decide an inspection."""

    name: Annotated[str, MinLen(1)]
    title: str = ""
    """Name for people; the name where empty."""

    version: Day
    """The day it is of."""

    authority: str
    source: str
    clip: ClipRules
    analysis: AnalysisRules
    position: PositionRules
    coverage: CoverageRules
    registration: RegistrationRules
    detection: DetectionSettings
    measure: MeasureRules
    datum: DatumRules
    accuracy: AccuracyRules = field(default_factory=AccuracyRules)
    flight: FlightRules = field(default_factory=FlightRules)
    place: PlaceRules = field(default_factory=PlaceRules)
    boundary: BoundaryRules = field(default_factory=BoundaryRules)
    control_points: ControlPointRules = field(default_factory=ControlPointRules)
    layers: LayerRules = field(default_factory=LayerRules)
    scoring: ScoringRules = field(default_factory=ScoringRules)
    doubts: DoubtRules = field(default_factory=DoubtRules)
    report: ReportRules = field(default_factory=ReportRules)
    calendar: CalendarRules = field(default_factory=CalendarRules)
    classes: dict[GroundClass, str] = field(default_factory=dict)
    """What the authority calls our classes of disturbed ground, where it has words of its own."""

    translations: dict[Language, dict[str, str]] = field(default_factory=dict)
    """Its titles, authorities and sources as another language has them, by the text itself."""

    origin: Source = field(metadata=NOT_IN_FILE)
    """The file that said all this ..."""

    parents: tuple[Source, ...] = field(default=(), metadata=NOT_IN_FILE)
    """... and those that it extends, the nearest first."""

    certainty: Mapping[str, Certainty] = field(default_factory=dict, metadata=NOT_IN_FILE)
    """How sure each value is, by its dotted name, or by that of the table it stands in."""

    left_out: tuple[LeftOut, ...] = field(default=(), metadata=NOT_IN_FILE)
    """Values that are not sure enough, and so did not decide."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    def said(self, text: str, language: Language) -> str:
        """What it says of itself, in this language where somebody translated it."""
        return self.translations.get(language, {}).get(text, text)


def read_profile(name_or_file: str) -> Profile:
    """
    Read a profile by the name of one that comes with the product, or from a file.

    Raises
    ------
    RefusedError
        ``profile_unknown``, ``profile_unreadable``, ``profile_extends_itself``, and with the
        place ``profile_value``, ``profile_value_missing``, ``profile_value_unknown``.
    """
    path = Path(name_or_file)
    with about(path.name) if path.suffix else nullcontext():
        return _read(name_or_file)


def _read(name_or_file: str) -> Profile:
    merged = merged_profile(name_or_file)
    require_known(merged.table, Profile)
    told = {
        "origin": asdict(merged.origins[0]),
        "parents": [asdict(one) for one in merged.origins[1:]],
        "certainty": {name: asdict(one) for name, one in condensed(merged.certainty).items()},
        "left_out": [asdict(one) for one in merged.left_out],
    }
    # As JSON and strict: a list may become a tuple, but no text becomes a number.
    whole = json.dumps({**merged.table, **told}, default=str)
    try:
        return TypeAdapter(Profile).validate_json(whole, strict=True)
    except ValidationError as error:
        raise problem_of(error) from error
