"""The inspection as one document: what report, page and API print, computing nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from inspection.degrees import Rings
from inspection.language import Json, Language, Said
from inspection.layer_notes import LayerNote
from inspection.model import Location, Verdict
from inspection.provenance import (
    BoundaryNote,
    DetectorNote,
    Flights,
    PictureNote,
    ProfileNote,
    SourceNote,
    Warn,
)
from inspection.review_note import Reviewed, ReviewedValues, ReviewNote
from inspection.standing import RecordNote
from inspection.surfaces import EarthNote, SurfacesNote
from inspection.survey import Coverage, Gap, Position, RegistrationNote
from inspection.tested import Tested

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
    said: list[Said]

    @property
    def reply(self) -> str:
        """The verdict, by which its word goes; ``within`` where a share is short of the whole."""
        is_short = self.unit == "1" and self.value is not None and self.value < 1
        return "within" if is_short and self.verdict is Verdict.PASS else str(self.verdict)


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What may be done next, in neutral words; people decide whether."""

    code: str
    sentence: str
    said: Said


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
    said: Said


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
    reasons_said: list[Said]
    may_be_false_because: list[str]
    may_be_false_because_said: list[Said]
    evidence: dict[str, float]
    vertices: Rings
    cut_uncertainty_m3: float | None = None
    fill_uncertainty_m3: float | None = None
    certainty: Literal["sure", "likely", "check"] | None = None
    """What its confidence asks of a reviewer; older inspections do not say it."""


type Counted = Finding | ReviewedValues


def counting(findings: Sequence[Finding], reviewed: Reviewed | None) -> list[Counted]:
    """Findings that count: as they were found, or once people decided as those state them."""
    if reviewed is None:
        return list(findings)
    stated: dict[str, Counted] = {one.id: one for one in findings}
    stated |= {one.id: one.values for one in reviewed.added}
    return [
        one.values or stated[one.finding] for one in reviewed.findings if one.outcome != "rejected"
    ]


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
    record: RecordNote
    answers: Answers
    next_steps: list[NextStep]
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
    sources: list[SourceNote]
    pictures: list[PictureNote]
    tested: Tested
    parameters: Mapping[str, Json]
    software: Mapping[str, str]
    warnings: list[Warn]
    detector: DetectorNote | None = None
    """What scored change; None where how far two dates differ did."""
    earth_moved: EarthNote | None = None
    """Of all findings with a volume together; None where none has one."""

    review: ReviewNote | None = None
    """What people made of it; None until they decided."""
