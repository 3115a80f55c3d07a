"""What is asked and answered of inspections that are asked for together."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.inspection_schemas import InspectionAsked, InspectionProblem
from api.schemas import Answer, Asked
from inspection.jobs.batches import MOST
from inspection.records.tables.batches import TABLE_NAME_LENGTH
from inspection.records.tables.inspections import InspectionState, ReviewState


class BatchAsked(Asked):
    """Several inspections in one call."""

    inspections: Annotated[list[InspectionAsked], Field(min_length=1, max_length=MOST)]


class TableGiven(BaseModel):
    """A table whose rows are inspections; the body is its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=rf"^[^\x00-\x1f\x7f]{{1,{TABLE_NAME_LENGTH}}}$")]
    """What it is called: its ending says what it claims to be."""

    dry_run: bool = True
    """Only judge its rows; nothing starts."""


class BatchItemTold(Answer):
    """One of a batch: the inspection and its state, or why none was put in line."""

    position: int
    row: int | None
    """In the table that it is from."""

    permit_id: UUID | None
    permit_reference: str | None
    """Of one that was not put in line, as its row in the table names it; so `flight_name`."""

    flight_name: str | None
    inspection_id: UUID | None
    """Of one that was tried again, the newest."""

    state: InspectionState | None
    step: str | None
    share: float
    """Of the present step, from 0 to 1."""

    review: ReviewState | None
    problem: InspectionProblem | None
    """Of a refused item, or of an inspection that ended without a result."""


class BatchCounts(Answer):
    """Several inspections that were asked for together, and how many are how far."""

    id: UUID
    submitted_by: UUID
    created_at: datetime
    table_name: str | None
    """Of the file that the rows were sent in."""

    states: dict[InspectionState, int]
    """How many inspections are in each state, those that none is in left out."""

    refused: int
    """Items of which no inspection was put in line."""


class BatchTold(BatchCounts):
    """The same with each of them."""

    items: list[BatchItemTold]
    """In the order in which they were sent."""


class BatchPage(Answer):
    """Some of the batches, the newest first."""

    items: list[BatchCounts]
    after: str | None


class RowTold(Answer):
    """A row of a table: what it asks for, as it is written, or why it cannot be inspected."""

    row: int
    where: str
    permit: str | None
    current: str | None
    baseline: str | None
    profile: str | None
    problem: InspectionProblem | None


class TableTold(Answer):
    """A table as it was judged, and the batch that was made of it."""

    batch_id: UUID | None
    """Null where nothing was started."""

    ready: int
    refused: int
    rows: list[RowTold]
