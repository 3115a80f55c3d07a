"""What anybody may ask and is told without signing in, and what the office sees of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from api.schemas import Answer, Asked, PageAsked
from inspection.objections.filing import Objecting
from inspection.objections.judging import Verdict
from inspection.records.tables.inspections import DecisionOutcome
from inspection.records.tables.reports import AnswerOutcome
from inspection.records.tracking import LONGEST

LEAST, MOST = 10, 4000


def _enough(text: str) -> str:
    if len(text.strip()) < LEAST:
        raise ValueError("too short")
    return text


# All but the control characters that no text has; what it is shown in makes the rest harmless.
Words = Annotated[
    str,
    StringConstraints(
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$", min_length=LEAST, max_length=MOST
    ),
    AfterValidator(_enough),
]
Mark = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f -]{16,100}$")]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z -]{1,32}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FindingCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{1,32}$")]
Contact = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]


class LaterShown(Answer):
    """The report that took the place of another."""

    sha256: str
    code: str
    created_at: datetime


class PublicReportShown(Answer):
    """What anybody may know of a report: its permit's number, and nothing of whose it is."""

    permit_reference: str
    sha256: str
    code: str
    created_at: datetime
    decision: DecisionOutcome | None
    """None where nobody decided yet: it is no final word."""

    attached_at: datetime | None
    time_zone: str
    """Of its office: the days of its reports are told by it."""

    superseded_by: LaterShown | None
    """The decided report that took its place: one that nobody reviewed takes none."""

    newer_under_review: bool
    """It is in force, and a later inspection of the permit waits for its decision."""


class FlawShown(Answer):
    """One way in which a report differs from what was sealed."""

    code: str
    file: str
    message: str


class VerificationShown(Answer):
    """What can be said of a report that somebody holds in their hands."""

    verdict: Verdict
    sentence: str
    report: PublicReportShown | None
    flaws: list[FlawShown]


class PublicFindingShown(Answer):
    """A finding by its code and figures, enough to know it by: no outline and no place."""

    code: str
    ground_class: str
    epoch: str
    location: str
    area_m2: float
    area_uncertainty_m2: float | None
    area_outside_m2: float | None
    distance_outside_m: float | None
    direction: str
    """Where it lies seen from the middle of the permit: `north`, `northeast` and so on."""

    from_middle_m: float
    """How far from there, to ten metres."""

    is_edited: bool
    """A reviewer states these figures in place of the inspection's."""


class PublicFindings(Answer):
    """A report, and what was found in it: each of these can be objected to."""

    report_sha256: str
    code: str
    created_at: datetime
    decision: DecisionOutcome | None
    superseded_by: LaterShown | None
    findings: list[PublicFindingShown]
    rejected: int
    """How many findings the review rejected: they count no more, and are not listed."""
    time_zone: str
    is_compared: bool
    """Whether two flights were compared: one alone cannot tell since when ground lies open."""


class ObjectionAsked(Asked):
    """
    What somebody objects to: a permit's newest report by tracking code, or one by its hash.

    Exactly one of `tracking_code` and `report_sha256` is given; the problem is else
    `objection_about`.
    """

    tracking_code: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)] | None = None
    report_sha256: Sha256 | None = None
    finding: FindingCode | None = None
    """Code of the finding; without it, the whole report."""

    text: Words
    contact: Contact | None = None
    """How the office reaches the person; only who may answer sees it."""

    def objecting(self) -> Objecting:
        """As it is filed."""
        return Objecting(**self.model_dump())


class ObjectionFiled(Answer):
    """That an objection is on the record."""

    number: str
    created_at: datetime
    sentence: str


class PublicAnswerShown(Answer):
    """What the office answered."""

    outcome: AnswerOutcome
    text: str
    created_at: datetime


class PublicObjectionShown(Answer):
    """An objection as whoever has its number sees it."""

    number: str
    created_at: datetime
    report_sha256: str
    finding: str | None
    due_at: datetime | None
    """Until when the office must answer; null once it did, or where it states no term."""

    time_zone: str
    """Of its office: its days and hours are told by it."""

    sentence: str
    answers: list[PublicAnswerShown]


class ObjectionAnswerShown(PublicAnswerShown):
    """What the office answered, and who of it."""

    id: UUID
    answered_by: UUID


class ObjectionShown(Answer):
    """An objection as the office sees it, without how to reach the person."""

    id: UUID
    number: str
    created_at: datetime
    report_id: UUID
    permit_id: UUID
    permit_reference: str
    inspection_id: UUID
    sequence: int
    """Of the report among those of its permit."""

    finding: str | None
    text: str
    has_contact: bool
    due_at: datetime | None
    """Until when it must be answered; null once it was, or where the office states no term."""

    answered_at: datetime | None
    answers: list[ObjectionAnswerShown]


class ObjectionsAsked(PageAsked):
    """Which part of an office's objections."""

    inspection: UUID | None = None
    """Only those to the reports of this inspection."""


class ObjectionPage(Answer):
    """Some of the objections."""

    items: list[ObjectionShown]
    after: str | None


class ContactShown(Answer):
    """How to reach the person who objects."""

    contact: str | None


class AnswerAsked(Asked):
    """An answer of the office."""

    outcome: Annotated[AnswerOutcome, Field(strict=False)]
    text: Words
