"""What is asked and answered of permits, by their office and by anybody."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, StringConstraints

from api.schemas import Answer, Asked, PageAsked, Title
from inspection.records.tables.inspections import InspectionState
from inspection.records.tables.permits import BoundaryStage
from inspection.records.tracking import PublicStep


class PermitPageAsked(PageAsked):
    """Which part of the permits, perhaps those that the office calls so."""

    reference: Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,128}$")] | None = None


class PermitShown(Answer):
    """A permit in a list."""

    id: UUID
    reference: str
    created_at: datetime


class PermitPage(Answer):
    """Some of the permits."""

    items: list[PermitShown]
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
    state: InspectionState
    created_at: datetime
    finished_at: datetime | None


class ReportShown(Answer):
    """A report on the permit."""

    id: UUID
    sequence: int
    sha256: str
    inspection_id: UUID
    supersedes_id: UUID | None
    created_at: datetime


class PermitHistory(PermitShown):
    """All that is on record of a permit."""

    names: list[NameShown]
    values: dict[str, ValueShown]
    boundaries: list[BoundaryShown]
    limits: list[LimitShown]
    inspections: list[InspectionShown]
    reports: list[ReportShown]


class ImportAsked(Asked):
    """How a file of permits is taken in."""

    model_config = ConfigDict(extra="forbid", strict=False)

    mapping: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
    """Name of a mapping that comes with the product."""

    name: Title = "export"
    """Of the file, as its bringer calls it."""

    stage: BoundaryStage = BoundaryStage.GRANTED
    """What its outlines are to their permits."""

    dry_run: bool = True


class ChangeShown(Answer):
    """One value that comes in beside what is there."""

    field: str
    source: str
    value: Any
    where: str
    before: list[Any]
    """What the same source said until now."""

    differs_from: list[tuple[str, Any]]
    """Other sources that say something else, and what."""


class PermitChangeShown(Answer):
    """What the file brings to one permit."""

    reference: str
    permit_id: UUID | None
    """None for one that is not on the record yet."""

    is_unclear: bool
    """Whether nothing is done, since it could be one of several."""

    candidates: list[UUID]
    changes: list[ChangeShown]
    new_names: int
    new_boundary: int | None


class ImportProblem(Answer):
    """Something that was not taken, or not as it stands."""

    code: str
    where: str | None
    message: str


class Imported(Answer):
    """What a file brings, and whether it is on the record now."""

    import_id: UUID | None
    """None for a dry run, and for a file that was taken in before."""

    sha256: str
    mapping: str
    was_taken: bool
    records: int
    refused: int
    dropped: dict[str, int]
    """How often personal data were left out, by the name of their field."""

    new: int
    changed: int
    unclear: int
    permits: list[PermitChangeShown]
    """The first of them; the numbers above are of all."""

    problems: list[ImportProblem]


class TrackingCodeShown(Answer):
    """A code by which anybody may follow the permit."""

    id: UUID
    code: str
    created_at: datetime


class PublicStatusShown(Answer):
    """What anybody may know who has the code."""

    step: PublicStep
    since: datetime
    sentence: str
    text: Annotated[str, StringConstraints(max_length=160)]
    """The same in one short message."""
