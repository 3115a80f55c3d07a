"""The collections: which rows each is made of, where and when these are, how it is narrowed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from geo.disturbance import Epoch, GroundClass
from inspection.errors import AbsentError
from inspection.features import kinds
from inspection.features.asked import Interval
from inspection.features.kinds import NUMBER, TEXT, Condition, Property, told
from inspection.model import Location
from inspection.records.tables.base import Located, Record
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import (
    Finding,
    InspectionRun,
    InspectionState,
    Review,
    ReviewOutcome,
    ReviewState,
)
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.records.tables.surveys import SurveyedGround

OPEN: Final = "open"
"""The outcome of a finding of which nobody spoke."""

MEASURED: Final = (
    "area_uncertainty_m2",
    "area_inside_m2",
    "area_uncertain_m2",
    "area_outside_m2",
    "distance_outside_m",
    "confidence",
    "volume_m3",
)
"""Of a finding, as its inspection stated it."""


@dataclass(frozen=True, kw_only=True)
class Collection:
    """Features of one kind."""

    name: str
    row: type[Record]
    located: type[Located]
    """What says where a row is: itself, or one beside it."""

    key: InstrumentedAttribute[UUID]
    """Column of `located` that names the row."""

    properties: Mapping[str, Property]
    during: Callable[[Interval], Condition]
    always: tuple[Condition, ...] = field(default=())
    """What holds of every row of it."""

    in_force: tuple[Condition, ...] = field(default=())
    """What holds of `located`, where there may be several of a row."""

    @property
    def is_located(self) -> bool:
        """Whether its rows say themselves where they are."""
        return issubclass(self.row, Located)

    @property
    def queryables(self) -> dict[str, Property]:
        """Properties that narrow it."""
        return {name: one for name, one in self.properties.items() if one.narrow is not None}


def within(moment: InstrumentedAttribute[Any], interval: Interval) -> Condition:
    """Whether a moment is in an interval."""
    parts: list[ColumnElement[bool]] = []
    if interval.start is not None:
        parts.append(moment >= interval.start)
    if interval.end is not None:
        parts.append(moment <= interval.end)
    return and_(*parts)


def in_force() -> Condition:
    """Whether a boundary is the last of its permit."""
    later = aliased(BoundaryVersion)
    return ~exists().where(
        later.permit_id == BoundaryVersion.permit_id, later.sequence > BoundaryVersion.sequence
    )


def latest() -> Condition:
    """Whether an inspection is the last of its permit that is done."""
    later = aliased(InspectionRun)
    return ~exists().where(
        later.permit_id == InspectionRun.permit_id,
        later.state == InspectionState.DONE,
        or_(
            later.created_at > InspectionRun.created_at,
            and_(later.created_at == InspectionRun.created_at, later.id > InspectionRun.id),
        ),
    )


def _inspected(row: type[Finding | SurveyedGround]) -> dict[str, Property]:
    """By what a row is narrowed that belongs to an inspection."""

    def of(*conditions: Condition, is_joined: bool = False) -> Condition:
        runs: Select[UUID] = select(InspectionRun.id)
        if is_joined:
            runs = runs.join(Permit, Permit.id == InspectionRun.permit_id)
        return row.inspection_id.in_(runs.where(*conditions))

    return {
        "permit": kinds.text(lambda value: of(Permit.reference == value, is_joined=True)),
        "permit_id": kinds.key(lambda value: of(InspectionRun.permit_id == value)),
        "inspection": kinds.text(lambda value: of(InspectionRun.document_id == value)),
        "inspection_id": kinds.key(lambda value: row.inspection_id == value),
        "flown_at": told(kinds.MOMENT),
        "review": kinds.listed(ReviewState, lambda value: of(InspectionRun.review == value)),
        "is_latest": kinds.truth(lambda value: of(latest() if value else ~latest())),
    }


def _flown(row: type[Finding | SurveyedGround]) -> Callable[[Interval], Condition]:
    # Of a flight that does not say when it was, nobody can say that it was not then.
    def during(interval: Interval) -> Condition:
        runs = (
            select(InspectionRun.id)
            .join(Flight, Flight.id == InspectionRun.current_id)
            .where(or_(Flight.claimed_at.is_(None), within(Flight.claimed_at, interval)))
        )
        return row.inspection_id.in_(runs)

    return during


def _spoken(value: str) -> Condition:
    if value == OPEN:
        return ~exists().where(Review.finding_id == Finding.id)
    later = aliased(Review)
    is_last = ~exists().where(
        later.finding_id == Review.finding_id, later.sequence > Review.sequence
    )
    return Finding.id.in_(select(Review.finding_id).where(Review.outcome == value, is_last))


def _staged(value: str) -> Condition:
    lying = select(BoundaryVersion.permit_id).where(BoundaryVersion.stage == value, in_force())
    return Permit.id.in_(lying)


PERMITS: Final = Collection(
    name="permits",
    row=Permit,
    located=BoundaryVersion,
    key=BoundaryVersion.permit_id,
    in_force=(in_force(),),
    during=lambda interval: within(Permit.created_at, interval),
    properties={
        "permit": kinds.text(lambda value: Permit.reference == value),
        "permit_id": kinds.key(lambda value: Permit.id == value),
        "holder": told(TEXT),
        "kind": told(TEXT),
        "place": told(TEXT),
        "stage": kinds.listed(BoundaryStage, _staged),
        "area_ha": told(NUMBER),
        "as_of": told(kinds.DAY),
        "boundary": told({"type": "integer"}),
        "source": told(TEXT),
        "on_record_at": told(kinds.MOMENT),
    },
)
FINDINGS: Final = Collection(
    name="findings",
    row=Finding,
    located=Finding,
    key=Finding.id,
    during=_flown(Finding),
    properties={
        **_inspected(Finding),
        "finding": kinds.text(lambda value: Finding.code == value),
        "class": kinds.listed(GroundClass, lambda value: Finding.ground_class == value),
        "epoch": kinds.listed(Epoch, lambda value: Finding.epoch == value),
        "location": kinds.listed(Location, lambda value: Finding.location == value),
        "outcome": kinds.listed((OPEN, *map(str, ReviewOutcome)), _spoken),
        "is_added": kinds.truth(
            lambda value: Finding.added_by.is_not(None) if value else Finding.added_by.is_(None)
        ),
        "area_m2": told(NUMBER),
        **dict.fromkeys(MEASURED, told(NUMBER)),
    },
)
NOT_OBSERVED: Final = Collection(
    name="not_observed",
    row=SurveyedGround,
    located=SurveyedGround,
    key=SurveyedGround.id,
    during=_flown(SurveyedGround),
    always=(SurveyedGround.reason.is_not(None),),
    properties={
        **_inspected(SurveyedGround),
        "gap": kinds.text(lambda value: SurveyedGround.code == value),
        "where": kinds.listed(("permit", "ring"), lambda value: SurveyedGround.ground == value),
        "reason": kinds.text(lambda value: SurveyedGround.reason == value),
        "area_m2": told(NUMBER),
    },
)
COVERAGE: Final = Collection(
    name="coverage",
    row=SurveyedGround,
    located=SurveyedGround,
    key=SurveyedGround.id,
    during=_flown(SurveyedGround),
    always=(SurveyedGround.reason.is_(None),),
    properties={
        **_inspected(SurveyedGround),
        "flight": told(TEXT),
        "observed_share": told(NUMBER),
        "area_m2": told(NUMBER),
    },
)

COLLECTIONS: Final[Mapping[str, Collection]] = {
    one.name: one for one in (PERMITS, FINDINGS, NOT_OBSERVED, COVERAGE)
}


def collection_named(name: str) -> Collection:
    """
    The collection of that name.

    Raises
    ------
    AbsentError
        ``absent``.
    """
    found = COLLECTIONS.get(name)
    if found is None:
        raise AbsentError("absent")
    return found
