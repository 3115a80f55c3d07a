"""The inspection as one document: what report, page and API print, computing nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from inspection.model import Json, Language, Location, RegistrationStatus, Verdict
from inspection.provenance import BoundaryNote, Flights, LayerNote, ProfileNote, Warn

SCHEMA: Final = "tinjau.inspection/1"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One of the five questions of page one, answered."""

    verdict: Verdict
    value: float | None
    uncertainty: float | None
    limit: float | None
    unit: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The five: right place, seen wholly, comparable, outside the boundary, over the limits."""

    place: Answer
    observed: Answer
    comparable: Answer
    outside: Answer
    limits: Answer


@dataclass(frozen=True, kw_only=True)
class LimitCheck:
    """One limit of the permit against what was measured."""

    code: str
    verdict: Verdict
    value: float | str | None
    uncertainty: float | None
    limit: float | str | None
    unit: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Ground of the permit that was not seen, or not counted, by cause."""

    reason: str
    area_ha: float


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How much of the permit the current flight saw."""

    observed_share: float
    not_observed_ha: float
    compared_share: float | None
    gaps: list[Gap]


@dataclass(frozen=True, kw_only=True)
class PointResidual:
    """By how much the picture misses a surveyed place, in metres east and north."""

    name: str
    role: str
    east_m: float
    north_m: float


@dataclass(frozen=True, kw_only=True)
class Position:
    """How the current flight was placed on the ground and how well that is known."""

    method: str
    verified: bool
    rmse_m: float | None
    ce90_m: float | None
    check_points: int
    control_points: int
    uncertainty_m: float
    terms_m: dict[str, float]
    control_points_sha256: str | None
    residuals: list[PointResidual]
    accuracy_class: Annotated[str | None, Field(alias="class")] = None
    rule: str | None = None


@dataclass(frozen=True, kw_only=True)
class RegistrationNote:
    """How the two dates were brought over one another."""

    status: RegistrationStatus
    verified: bool | None
    shift_m: tuple[float, float] | None
    residual_m: float | None
    agreement_m: float | None
    tie_points: int
    tie_share: float | None
    reason: str | None
    """Why the two could not be brought together, as a code."""

    affine: list[float] | None


@dataclass(frozen=True, kw_only=True)
class SurfacesNote:
    """How the surfaces of the two flights were laid level, and what they can tell."""

    offset_m: float
    """Taken off the later one."""

    nmad_m: float
    """Robust standard deviation of their difference on stable ground."""

    detection_limit_m: float
    """Smallest change of height of one cell that is no noise, with 95 % confidence."""

    stable_cells: int


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The permit's ground, once each, in hectares; the parts add up to the permit exactly."""

    permit: float
    undisturbed: float
    standing: float
    new: float | None
    recovered: float | None
    not_observed: float


@dataclass(frozen=True, kw_only=True)
class Areas:
    """New and standing disturbance of permit and ring by location, in hectares."""

    inside: float
    outside: float
    uncertain: float


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One piece of ground that changed or stands disturbed."""

    id: str
    ground_class: Annotated[str, Field(alias="class")]
    epoch: str
    location: Location
    area_m2: float
    area_uncertainty_m2: float
    area_inside_m2: float
    area_uncertain_m2: float
    area_outside_m2: float
    confidence: Annotated[float, Field(ge=0, le=1)]
    robustness: str
    distance_outside_m: float | None
    volume_m3: float | None
    volume_uncertainty_m3: float | None
    cut_m3: float | None
    fill_m3: float | None
    longitude: float
    latitude: float
    reasons: list[str]
    may_be_false_because: list[str]
    evidence: dict[str, float]
    vertices: list[list[list[tuple[float, float]]]]


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """All that an inspection says; report, page and API print this and compute nothing."""

    schema_: Annotated[Literal["tinjau.inspection/1"], Field(alias="schema")]
    id: str
    created_at: str
    language: Language
    profile: ProfileNote
    permit: Mapping[str, Json] | None
    permit_sha256: str | None
    answers: Answers
    limits: list[LimitCheck]
    boundary: BoundaryNote
    flights: Flights
    coverage: Coverage
    position: Position
    registration: RegistrationNote
    surfaces: SurfacesNote | None
    layers: list[LayerNote]
    ledger_ha: Ledger
    areas_ha: Areas
    left_out: list[Gap]
    """Open or flooded ground that is not counted as disturbed: natural water, farm fields."""

    findings: list[Finding]
    parameters: Mapping[str, Json]
    software: Mapping[str, str]
    warnings: list[Warn]
