"""What is asked and answered of an office's figures."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas import Answer, TableForm
from inspection.statistics.tables import Table

Month = Annotated[str, StringConstraints(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$")]


class FiguresAsked(BaseModel):
    """Which months: the first and the last; where none is named, the twelve up to the present."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Month | None = None
    until: Month | None = None


class TableAsked(FiguresAsked):
    """Which table of which months, and as what."""

    of: Table
    form: TableForm = TableForm.CSV


class PermitsAsked(BaseModel):
    """Which part of the permits: so many, after so many."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: Annotated[int, Field(ge=1, le=200)] = 50
    skip: Annotated[int, Field(ge=0, le=10**6)] = 0


class MonthShown(Answer):
    """The inspections that were asked for in a month, each by where it is now."""

    month: str
    submitted: int
    done: int
    under_way: int
    refused: int
    failed: int
    cancelled: int
    not_comparable: int
    """Of those that are done."""

    approved: int
    declined: int
    undecided: int


class SpreadShown(Answer):
    """What is usual, and within what nine of ten lie."""

    median: float
    ninety: float


class DecisionsShown(Answer):
    """How long decisions took, from when an inspection was asked for."""

    month: str | None
    """Of the decision; null for all of them together."""

    decided: int
    approved: int
    declined: int
    counted: int
    """Those whose working time a clock counts."""

    working_days: SpreadShown | None
    working_minutes: SpreadShown | None
    elapsed_hours: SpreadShown | None


class JudgedShown(Answer):
    """What became of some findings."""

    name: str | None
    findings: int
    accepted: int
    edited: int
    rejected: int
    share: float | None
    """Accepted or edited, of all of them; null of none."""


class CauseShown(Answer):
    """A cause for which findings are rejected."""

    name: str
    rejected: int
    share: float | None


class ConfirmedShown(Answer):
    """What reviewers confirmed, of inspections decided in these months."""

    all: JudgedShown
    classes: list[JudgedShown]
    causes: list[CauseShown]
    doubts: list[JudgedShown]
    """By what the inspections said may make a finding false; null: nothing."""


class AgeShown(Answer):
    """What has waited for at most so many days; null: for longer."""

    up_to_days: int | None
    findings: int
    inspections: int
    classes: dict[str, int]


class AgeingShown(Answer):
    """Findings that no reviewer has spoken of, at this moment."""

    findings: int
    inspections: int
    oldest_since: datetime | None
    ages: list[AgeShown]


class OpenShown(Answer):
    """Hectares; what is new or recovered is null where nothing was comparable."""

    permit_ha: float
    disturbed_ha: float
    new_ha: float | None
    recovered_ha: float | None
    not_observed_ha: float


class OpenGroundShown(OpenShown):
    """The ground of several permits, each as its latest flight shows it."""

    permits: int
    compared: int
    undecided: int


class DistrictShown(OpenGroundShown):
    """The permits of a district; nulls where the place is not on record."""

    regency: str | None
    district: str | None


class YearShown(OpenGroundShown):
    """The permits flown in a year, each by its latest flight of that year."""

    year: int


class GroundsShown(Answer):
    """How much ground lies open, by the ledgers of the latest inspections."""

    total: OpenGroundShown
    districts: list[DistrictShown]
    years: list[YearShown]
    unread: int
    """Results whose ledger a worker has yet to read."""


class FiguresShown(Answer):
    """What the office did in these months, and what waits and lies open now."""

    since: str
    until: str
    time_zone: str
    made_at: datetime
    inspections: list[MonthShown]
    decisions: list[DecisionsShown]
    confirmed: ConfirmedShown
    open_findings: AgeingShown
    ground: GroundsShown


class PermitGroundShown(OpenShown):
    """A permit's ground as its latest flight shows it."""

    permit_id: UUID
    reference: str
    regency: str | None
    district: str | None
    inspection_id: UUID
    seen_at: datetime
    is_decided: bool


class PermitGroundPage(Answer):
    """Some permits, the most disturbed first."""

    items: list[PermitGroundShown]
    count: int
    """Of all."""
