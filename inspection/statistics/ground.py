"""
How much ground lies open, by the ledgers of inspections: by permit, by district and by year.

Of each permit the inspection counts whose flight is the latest; what another superseded does not,
nor one whose result reviewers did not confirm. Where they did, it is the ground that they let
count: what they rejected does not. What nobody decided on yet counts as measured. What was not
comparable says nothing of what is new or recovered: that is not known, and not none.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from inspection.records.calendar import zone_named
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun, InspectionState, ReviewState
from inspection.records.tables.offices import Office
from inspection.records.tables.permits import Permit
from inspection.statistics.districts import NOWHERE, Place, places_of

HA_DIGITS: Final = 6


@dataclass(frozen=True, kw_only=True)
class Open:
    """Hectares of one ledger, or of several together."""

    permit_ha: float
    disturbed_ha: float
    """Standing, and new where that is told apart."""

    new_ha: float | None
    """None where nothing was comparable."""

    recovered_ha: float | None
    not_observed_ha: float

    @classmethod
    def together(cls, ledgers: Sequence[Self]) -> Self:
        """The sum; what is new and recovered, of those that were compared."""

        def known(parts: Iterable[float | None]) -> float | None:
            told = [one for one in parts if one is not None]
            return _sum(told) if told else None

        return cls(
            permit_ha=_sum(one.permit_ha for one in ledgers),
            disturbed_ha=_sum(one.disturbed_ha for one in ledgers),
            new_ha=known(one.new_ha for one in ledgers),
            recovered_ha=known(one.recovered_ha for one in ledgers),
            not_observed_ha=_sum(one.not_observed_ha for one in ledgers),
        )


@dataclass(frozen=True, kw_only=True)
class PermitGround:
    """A permit's ground as its latest flight shows it."""

    permit_id: UUID
    reference: str
    place: Place
    inspection_id: UUID
    seen_at: datetime
    """When the flight was flown as it claims; where it claims nothing, when it was asked for."""

    is_decided: bool
    ground: Open


@dataclass(frozen=True, kw_only=True)
class GroundSum:
    """The ground of several permits."""

    permits: int
    compared: int
    """Of these, those of which it is known what is new."""

    undecided: int
    """Those whose result nobody has decided on yet."""

    ground: Open


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """All that the latest inspections say."""

    total: GroundSum
    permits: list[PermitGround]
    """The most disturbed first."""

    districts: list[tuple[Place, GroundSum]]
    """The most disturbed first; those whose place is not on record together."""

    years: list[tuple[int, GroundSum]]
    """As of each year's end: of every permit flown in it, the latest flight of that year."""

    unread: int
    """Results whose ledger has not been read yet; a worker does so."""


def grounds(session: Session) -> Grounds:
    """How much ground lies open in the whole office."""
    office = session.scalars(select(Office)).one()
    zone = zone_named(office.time_zone)
    seen, unread = _all(session)
    latest = _latest(seen, lambda one: one.permit_id)
    in_years = _latest(seen, lambda one: (one.seen_at.astimezone(zone).year, one.permit_id))
    years: dict[int, list[PermitGround]] = defaultdict(list)
    for one in in_years:
        years[one.seen_at.astimezone(zone).year].append(one)
    places: dict[Place, list[PermitGround]] = defaultdict(list)
    for one in latest:
        places[one.place].append(one)
    by_place = [(place, _sum_of(some)) for place, some in places.items()]
    return Grounds(
        total=_sum_of(latest),
        permits=sorted(latest, key=lambda one: (-one.ground.disturbed_ha, one.reference)),
        districts=sorted(by_place, key=lambda one: (-one[1].ground.disturbed_ha, one[0].key)),
        years=[(year, _sum_of(years[year])) for year in sorted(years)],
        unread=unread,
    )


def _all(session: Session) -> tuple[list[PermitGround], int]:
    asked = (
        select(
            InspectionRun.id,
            InspectionRun.permit_id,
            InspectionRun.created_at,
            InspectionRun.review,
            InspectionRun.ledger_ha,
            InspectionRun.counted_ha,
            Flight.claimed_at,
            Permit.reference,
        )
        .join(Flight, Flight.id == InspectionRun.current_id)
        .join(Permit, Permit.id == InspectionRun.permit_id)
        .where(
            InspectionRun.state == InspectionState.DONE,
            or_(InspectionRun.review.is_(None), InspectionRun.review != ReviewState.DECLINED),
        )
        .order_by(InspectionRun.created_at, InspectionRun.id)
    )
    rows = session.execute(asked).all()
    places = places_of(session, {row.permit_id for row in rows})
    read = [
        PermitGround(
            permit_id=row.permit_id,
            reference=row.reference,
            place=places.get(row.permit_id, NOWHERE),
            inspection_id=row.id,
            seen_at=row.claimed_at or row.created_at,
            is_decided=row.review is ReviewState.APPROVED,
            ground=_open(row.counted_ha or row.ledger_ha),
        )
        for row in rows
        if row.ledger_ha is not None
    ]
    return read, len(rows) - len(read)


def _open(ledger: dict[str, float | None]) -> Open:
    new = ledger["new"]
    return Open(
        permit_ha=ledger["permit"] or 0.0,
        disturbed_ha=_sum((ledger["standing"] or 0.0, new or 0.0)),
        new_ha=new,
        recovered_ha=ledger["recovered"],
        not_observed_ha=ledger["not_observed"] or 0.0,
    )


def _latest(
    seen: Iterable[PermitGround], of: Callable[[PermitGround], Hashable]
) -> list[PermitGround]:
    """Of each kind the one flown last; of one flight the one asked for last, which comes last."""
    latest: dict[Hashable, PermitGround] = {}
    for one in seen:
        known = latest.get(of(one))
        if known is None or one.seen_at >= known.seen_at:
            latest[of(one)] = one
    return list(latest.values())


def _sum_of(some: Sequence[PermitGround]) -> GroundSum:
    return GroundSum(
        permits=len(some),
        compared=sum(one.ground.new_ha is not None for one in some),
        undecided=sum(not one.is_decided for one in some),
        ground=Open.together([one.ground for one in some]),
    )


def _sum(parts: Iterable[float]) -> float:
    return round(math.fsum(parts), HA_DIGITS)
