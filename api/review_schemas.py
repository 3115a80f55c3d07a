"""What is asked and answered of reviews: words on findings, findings by hand, decisions."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas import Answer, Asked
from inspection.records.tables.inspections import DecisionOutcome, ReviewOutcome, ReviewState
from inspection.records.tables.reports import ReissueState
from inspection.review.adding import Epoch, GroundClass, Seen
from inspection.review.deciding import Verdict
from inspection.review.outline import outline_of
from inspection.review.speaking import Word

Note = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]{0,2000}$")]
NeededNote = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]{0,2000}$", min_length=1)
]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,64}$")]
GivenClass = Annotated[GroundClass, Field(strict=False)]
GivenEpoch = Annotated[Epoch, Field(strict=False)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

Degrees = Annotated[float, Field(allow_inf_nan=False)]
Position = Annotated[list[Degrees], Field(min_length=2, max_length=2)]
Ring = Annotated[list[Position], Field(max_length=20_000)]
Rings = Annotated[list[Ring], Field(max_length=2_000)]


class PolygonAsked(Asked):
    """An outline of one part, as GeoJSON writes it: degrees, longitude first, rings closed."""

    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygonAsked(Asked):
    """An outline of several parts, as GeoJSON writes it."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Rings], Field(max_length=2_000)]


OutlineAsked = Annotated[PolygonAsked | MultiPolygonAsked, Field(discriminator="type")]


class AcceptAsked(Asked):
    """That a finding counts as it stands."""

    outcome: Literal["accepted"]
    note: Note = ""


class RejectAsked(Asked):
    """That a finding does not count, and why."""

    outcome: Literal["rejected"]
    reason_code: ReasonCode
    """One of `/review-reasons`."""

    note: Note = ""


class EditAsked(Asked):
    """What counts in place of the finding's own outline or class; what it covers is measured."""

    outcome: Literal["edited"]
    outline: OutlineAsked | None = None
    ground_class: GivenClass | None = None
    note: Note = ""


ReviewAsked = Annotated[AcceptAsked | RejectAsked | EditAsked, Field(discriminator="outcome")]


def word_of(asked: AcceptAsked | RejectAsked | EditAsked) -> Word:
    """As the review takes it."""
    edit = asked if isinstance(asked, EditAsked) else None
    return Word(
        outcome=ReviewOutcome(asked.outcome),
        note=asked.note,
        reason_code=asked.reason_code if isinstance(asked, RejectAsked) else None,
        outline=outline_of(_parts(edit.outline)) if edit and edit.outline else None,
        ground_class=str(edit.ground_class) if edit and edit.ground_class else None,
    )


class FindingAsked(Asked):
    """A finding that a person adds by hand."""

    outline: OutlineAsked
    ground_class: GivenClass
    epoch: GivenEpoch
    note: NeededNote

    def seen(self) -> Seen:
        """As the review takes it."""
        return Seen(
            outline=outline_of(_parts(self.outline)),
            ground_class=self.ground_class,
            epoch=self.epoch,
            note=self.note,
        )


class DecisionAsked(Asked):
    """A decision on an inspection."""

    outcome: Annotated[DecisionOutcome, Field(strict=False)]
    note: Note = ""
    reviews_sha256: Sha256
    """As the inspection stated it when it was looked at: another word since makes it another."""

    def verdict(self) -> Verdict:
        """As the review takes it."""
        return Verdict(outcome=self.outcome, note=self.note, reviews_sha256=self.reviews_sha256)


class ReasonShown(Answer):
    """Why a finding may be rejected."""

    code: str
    sentence: str
    needs_note: bool


class ReviewTold(Answer):
    """A person's word on a finding."""

    id: UUID
    finding_id: UUID
    sequence: int
    """Counts the words on the finding from 1; the last one counts."""

    outcome: ReviewOutcome
    reason_code: str | None
    note: str
    edit: dict[str, Any] | None
    """What counts in place of the finding's own values, as measured."""

    reviewed_by: UUID
    created_at: datetime


class FindingTold(Answer):
    """A finding as the inspection or a person stated it, and the last word on it."""

    id: UUID
    inspection_id: UUID
    code: str
    ground_class: str
    epoch: str
    location: str
    area_m2: float
    west: float
    south: float
    east: float
    north: float
    added_by: UUID | None
    """Who added it by hand; null for what the inspection itself found."""

    created_at: datetime
    review: ReviewTold | None = None


class FindingShown(FindingTold):
    """A finding with all that is stated of it, its outline too."""

    document: dict[str, Any]


class FindingPage(Answer):
    """Some of an inspection's findings, in the order of its report."""

    items: list[FindingTold]
    after: str | None


class ReviewPage(Answer):
    """Some of the words on a finding, the newest first."""

    items: list[ReviewTold]
    after: str | None


class ReissueProblem(Answer):
    """Why the report could not be written again."""

    code: str
    file: str | None = None
    where: str | None = None


class DecisionTold(Answer):
    """A decision, and the report that says so."""

    id: UUID
    inspection_id: UUID
    outcome: DecisionOutcome
    note: str
    reviews_sha256: str
    decided_by: UUID
    created_at: datetime
    reissue: ReissueState | None = None
    """How far the report with the decision is; null for one that is returned, which has none."""

    report_id: UUID | None = None
    problem: ReissueProblem | None = None


class DecisionPage(Answer):
    """Some of the decisions on an inspection, the newest first."""

    items: list[DecisionTold]
    after: str | None


class StandingShown(Answer):
    """Where the review of a finished inspection stands."""

    state: ReviewState
    open: int
    """Findings that nobody has spoken of."""

    accepted: int
    rejected: int
    edited: int
    added: int
    """Of all these, those that people added by hand."""

    reviews_sha256: str
    """To be sent with a decision."""

    decision: DecisionTold | None
    """The last one."""

    report_id: UUID
    """The inspection's report in force: the one with the decision, where there is one."""


def _parts(outline: PolygonAsked | MultiPolygonAsked) -> list[list[list[list[float]]]]:
    if isinstance(outline, PolygonAsked):
        return [outline.coordinates]
    return outline.coordinates
