"""What people made of an inspection, as the document of the report that was issued again says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from inspection.degrees import Rings
from inspection.model import Location


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the office, as it shows them."""

    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class ReviewedValues:
    """What a person states of a piece of ground; measured from the outline, never typed."""

    ground_class: Annotated[str, Field(alias="class")]
    epoch: str
    location: Location
    area_m2: float
    area_uncertainty_m2: float
    area_inside_m2: float
    area_uncertain_m2: float
    area_outside_m2: float
    distance_outside_m: float | None
    longitude: float
    latitude: float
    vertices: Rings


@dataclass(frozen=True, kw_only=True)
class FindingReview:
    """The last word on a finding."""

    finding: str
    outcome: Literal["accepted", "rejected", "edited"]
    reason_code: str | None
    note: str
    by: Person
    at: str
    words: int
    """How many were spoken of it; those before the last stay on the office's record."""

    values: ReviewedValues | None
    """What counts in place of the finding's own values, where it was edited."""


@dataclass(frozen=True, kw_only=True)
class AddedFinding:
    """A finding that a person added by hand; what was made of it stands among the others."""

    id: str
    note: str
    by: Person
    at: str
    values: ReviewedValues


@dataclass(frozen=True, kw_only=True)
class DecisionNote:
    """The decision."""

    outcome: Literal["approved", "declined"]
    note: str
    by: Person
    at: str
    reviews_sha256: str
    """Of the reviews that it refers to."""


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """The review as it was when the decision was made."""

    decision: DecisionNote
    findings: list[FindingReview]
    """The inspection's own in its order, then those added by hand."""

    added: list[AddedFinding]


REVIEWED = TypeAdapter(Reviewed)


@dataclass(frozen=True, kw_only=True)
class ReviewedReport:
    """The report that was reviewed."""

    sha256: str
    version: int
    created_at: str
    software: Mapping[str, str]
    """That measured; what set the report anew stands where it always does."""


@dataclass(frozen=True, kw_only=True)
class ReviewCounts:
    """How many findings of each outcome there are; those added by hand count among them."""

    accepted: int
    rejected: int
    edited: int
    added: int


@dataclass(frozen=True, kw_only=True)
class ReviewedAreas:
    """New and standing disturbance that counts after the review, by location, in hectares."""

    inside: float
    outside: float
    uncertain: float


@dataclass(frozen=True, kw_only=True)
class ReviewNote(Reviewed):
    """What people made of an inspection."""

    of: ReviewedReport
    counts: ReviewCounts
    areas_ha: ReviewedAreas
    """Ground that several findings cover counts once."""
