"""What is asked and answered of inspections."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from api.clock_schemas import QueueClock
from api.review_shown import StandingShown
from api.schemas import Answer, Asked, PageAsked
from inspection.jobs.preparing import FlightGiven, Wanted
from inspection.language import Language
from inspection.records.tables.inspections import InspectionState, ReviewState
from inspection.refly.forms import Form
from inspection.refly.gaps import Where

Id = Annotated[UUID, Field(strict=False)]
ProfileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]


class FlightAsked(Asked):
    """The uploads that one flight is made of, each by its id."""

    orthophoto: Id
    dsm: Id | None = None
    flight_log: Id | None = None

    def given(self) -> FlightGiven:
        """As the jobs take it."""
        return FlightGiven(**self.model_dump())


class CurrentAsked(FlightAsked):
    """The flight to inspect."""

    control_points: Id | None = None


class InspectionAsked(Asked):
    """An inspection of a permit on the record."""

    permit_id: Id
    boundary_id: Id | None = None
    """One of the permit's boundaries; without it, the one in force."""

    current: CurrentAsked
    baseline: FlightAsked | None = None
    profile: ProfileName | None = None
    """Rules that decide; without it, the office's."""

    language: Annotated[Language, Field(strict=False)] | None = None
    """Of the report; without it, the office's."""

    def wanted(self, *, profile: str, language: Language, verify_at: str) -> Wanted:
        """As the jobs take it, with what the office wants where nothing is said."""
        return Wanted(
            permit_id=self.permit_id,
            boundary_id=self.boundary_id,
            current=self.current.given(),
            baseline=self.baseline.given() if self.baseline else None,
            profile=self.profile or profile,
            language=self.language or language,
            verify_at=verify_at,
        )


class InspectionPageAsked(PageAsked):
    """Which part of the inspections: of a permit, of a person, in a state, or so far reviewed."""

    permit_id: UUID | None = None
    submitted_by: UUID | None = None
    state: InspectionState | None = None
    review: ReviewState | None = None
    """``open`` is the reviewers' queue."""


class GapsAsked(Asked):
    """Which gaps, and in which form."""

    model_config = ConfigDict(extra="forbid", strict=False)

    form: Form = Form.GEOJSON
    where: Where | None = None
    """In the permit, or in the ring around it; without it, both."""


class UploadTold(Answer):
    """A file that is on its way; `/uploads/` and its id is where the rest of it goes."""

    id: UUID
    permit_id: UUID | None
    permit_reference: str | None
    name: str
    kind: str
    size: int
    received: int
    created_at: datetime
    expires_at: datetime


class UploadPage(Answer):
    """Some of the uploads."""

    items: list[UploadTold]
    after: str | None


class WarningTold(Answer):
    """Something that did not stop an inspection, and what to do about it, if anything."""

    code: str
    message: str
    hint: str | None


class InspectionProblem(Answer):
    """Why an inspection ended without a result; the sentences are in the language asked for."""

    code: str
    message: str
    hint: str
    file: str | None = None
    where: str | None = None


class InspectionTold(Answer):
    """An inspection and how far it is."""

    id: UUID
    permit_id: UUID
    permit_reference: str
    boundary_id: UUID
    current_id: UUID
    baseline_id: UUID | None
    flight_name: str
    """What the orthophoto of the flight was called."""

    flown_at: datetime | None
    """When it was flown, as file or crew claim."""

    submitted_by: UUID
    state: InspectionState
    step: str | None
    share: float
    """Of the present step, from 0 to 1."""

    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    problem: InspectionProblem | None
    document_id: str | None
    document_sha256: str | None
    is_comparable: bool | None
    retry_of_id: UUID | None
    review: ReviewState | None
    """The decision that stands, or that there is none yet; null until there is a result."""


class InspectionInFull(InspectionTold):
    """An inspection, how far it is, and where its review stands."""

    standing: StandingShown | None
    """Null until there is a result."""

    due_at: datetime | None
    """While it waits for a decision: when the clock's time is used up, or was."""

    is_overdue: bool
    clock: QueueClock | None
    """While it waits: of the clocks of the permit, the one that is used up first."""


class InspectionPage(Answer):
    """Some of the inspections."""

    items: list[InspectionTold]
    after: str | None
