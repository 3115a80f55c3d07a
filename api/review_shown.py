"""What is answered of reviews: findings and words on them, sentences, decisions, standing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from api.schemas import Answer
from inspection.language import Language
from inspection.records.tables.inspections import DecisionOutcome, ReviewOutcome, ReviewState
from inspection.records.tables.reports import ReissueState


class ReasonShown(Answer):
    """Why a finding may be rejected."""

    code: str
    sentence: str
    needs_note: bool


class PersonTold(Answer):
    """Somebody of the office, and the role in which they spoke."""

    name: str
    role: str


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
    by: PersonTold
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


class SentenceShown(Answer):
    """A sentence, and the language that it is in."""

    text: str
    language: Language


class FindingWordsShown(Answer):
    """Why a finding is believed, and why it may be false."""

    reasons: list[SentenceShown]
    may_be_false_because: list[SentenceShown]


class WordsShown(Answer):
    """What an inspection says, in the language asked for."""

    report_language: Language
    """In which the report itself is written."""

    answers: dict[str, SentenceShown]
    next_steps: list[SentenceShown]
    warnings: list[SentenceShown]
    findings: dict[str, FindingWordsShown]
    """By code."""


class AreasShown(Answer):
    """Hectares by where they lie."""

    inside: float
    outside: float
    uncertain: float


class GroundShown(Answer):
    """Ground that counts after what was said so far; what several findings cover counts once."""

    reviews_sha256: str
    """Of the words that it follows from, as `standing` states it."""

    new: AreasShown
    disturbed: AreasShown
    """New and standing together: what the decided report states as `review.areas_ha`."""


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
    by: PersonTold
    created_at: datetime
    reissue: ReissueState | None = None
    """How far the report with the decision is; null for one that is returned, which has none."""

    attach: bool = False
    """Whether that report is attached to the permit's record as soon as it is written."""

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
