"""What is asked and answered of permits, by their office and by anybody."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints

from api.office_schemas import ClockShown, StepShown
from api.public_schemas import ObjectionShown
from api.report_schemas import ReceiptTold
from api.schemas import Answer, PageAsked
from inspection.records.tables.inspections import (
    DecisionOutcome,
    InspectionState,
    ReviewOutcome,
    ReviewState,
)
from inspection.records.tables.permits import BoundaryStage
from inspection.records.tracking import PublicStep


class PermitPageAsked(PageAsked):
    """Which part of the permits: those that the office calls so, that say so, or that lie there."""

    reference: Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,128}$")] | None = None
    text: Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,128}$")] | None = None
    """Words of its numbers, of what it is, of where it is and of who holds it."""

    bbox: Annotated[str, StringConstraints(max_length=128)] | None = None
    """West, south, east and north in degrees, with commas between them."""


class PermitShown(Answer):
    """A permit by its number."""

    id: UUID
    reference: str
    created_at: datetime


class PermitListed(PermitShown):
    """A permit in a list, with what its record says; null where that is unknown or disputed."""

    holder: str | None
    kind: str | None
    place: str | None


class PermitPage(Answer):
    """Some of the permits."""

    items: list[PermitListed]
    after: str | None


class NameShown(Answer):
    """A name by which another system knows the permit."""

    kind: str
    value: str


class StatedShown(Answer):
    """A value as one source states it."""

    source: str
    value: Any
    where: str
    import_id: UUID
    at: datetime


class CorrectedShown(Answer):
    """A value as an officer states it."""

    value: Any
    reason: str
    by: UUID
    at: datetime


class ValueShown(Answer):
    """One field of the record: what counts, and all that is said of it."""

    value: Any
    is_conflict: bool
    stated: list[StatedShown]
    correction: CorrectedShown | None


class BoundaryShown(Answer):
    """One boundary, with the box around it in longitude and latitude."""

    id: UUID
    sequence: int
    stage: BoundaryStage
    source: str
    sha256: str
    stated_crs: str
    area_m2: float
    as_of: date | None
    created_at: datetime
    west: float
    south: float
    east: float
    north: float


class LimitShown(Answer):
    """One thing that the permit allows up to a limit."""

    code: str
    value: Any
    unit: str
    valid_from: date | None
    valid_until: date | None
    source: str


class InspectionShown(Answer):
    """An inspection of the permit."""

    id: UUID
    current_id: UUID
    baseline_id: UUID | None
    state: InspectionState
    created_at: datetime
    finished_at: datetime | None
    is_comparable: bool | None
    review: ReviewState | None


class ReportShown(Answer):
    """A report on the permit."""

    id: UUID
    sequence: int
    sha256: str
    inspection_id: UUID
    supersedes_id: UUID | None
    created_at: datetime


class FlightShown(Answer):
    """A flight over the permit: its picture, and by role the hashes of what else came with it."""

    id: UUID
    name: str
    sha256: str
    files: dict[str, Any]
    claimed_at: datetime | None
    withdrawn_at: datetime | None
    brought_by: UUID
    created_at: datetime
    uploads: dict[str, UUID]
    """By role, the uploads that its files came by: with these it can be inspected again."""


class ReviewShown(Answer):
    """One person's word on a finding."""

    inspection_id: UUID
    finding: str
    outcome: ReviewOutcome
    reason_code: str | None
    reviewed_by: UUID
    created_at: datetime


class DecisionShown(Answer):
    """A decision on an inspection."""

    id: UUID
    inspection_id: UUID
    outcome: DecisionOutcome
    note: str
    decided_by: UUID
    created_at: datetime


class TrackingCodeShown(Answer):
    """A code by which anybody may follow the permit."""

    id: UUID
    code: str
    created_at: datetime


class PermitHistory(PermitShown):
    """All that is on record of a permit."""

    names: list[NameShown]
    values: dict[str, ValueShown]
    boundaries: list[BoundaryShown]
    limits: list[LimitShown]
    clocks: list[ClockShown]
    steps: list[StepShown]
    flights: list[FlightShown]
    inspections: list[InspectionShown]
    reviews: list[ReviewShown]
    decisions: list[DecisionShown]
    reports: list[ReportShown]
    receipts: list[ReceiptTold]
    objections: list[ObjectionShown]
    """Those that wait for their answer first."""

    open_objections: int
    tracking_codes: list[TrackingCodeShown]
    """Those that count, the newest first."""


class NewerShown(Answer):
    """Where an inspection is that was asked for after the one that was decided last."""

    step: PublicStep
    since: datetime
    sentence: str


class PublicStatusShown(Answer):
    """What anybody may know who has the code."""

    step: PublicStep
    since: datetime
    time_zone: str
    """Of the office: the days are told by it."""

    sentence: str
    text: Annotated[str, StringConstraints(max_length=160)]
    """The same in one short message."""

    newer: NewerShown | None
    """A newer inspection that is under way; it takes nothing from what was decided."""

    objections_open: int
    """Objections that wait for their answer."""

    objections_answered: int
