"""What followed on a permit: its flights, reviews, decisions, receipts and objections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from inspection.records.history import NEWEST
from inspection.records.tables.flights import Flight, Upload, UploadState
from inspection.records.tables.inspections import Decision, Finding, InspectionRun, Review
from inspection.records.tables.reports import Objection, Receipt, Report, TrackingCode

_IN_ONE_QUESTION: Final = 400


@dataclass(frozen=True, kw_only=True)
class Proceedings:
    """The newest of each kind, no more than `NEWEST`."""

    flights: Sequence[Flight]
    reviews: Sequence[tuple[Review, Finding]]
    decisions: Sequence[Decision]
    receipts: Sequence[Receipt]
    objections: Sequence[Objection]
    uploads: Mapping[UUID, Mapping[str, UUID]]
    """Of each flight, by role, the upload by which its file came: of these it can be inspected."""

    codes: Sequence[TrackingCode]
    """By which the permit can be followed."""


def proceedings(session: Session, permit_id: UUID) -> Proceedings:
    """What followed on a permit of the session's office."""
    runs = select(InspectionRun.id).where(InspectionRun.permit_id == permit_id)
    reports = select(Report.id).where(Report.permit_id == permit_id)
    flights = select(Flight).where(Flight.permit_id == permit_id)
    reviews = (
        select(Review, Finding)
        .join(Finding, Finding.id == Review.finding_id)
        .where(Finding.inspection_id.in_(runs))
        .order_by(Review.created_at.desc(), Review.id.desc())
    )
    decisions = select(Decision).where(Decision.inspection_id.in_(runs))
    receipts = select(Receipt).where(Receipt.report_id.in_(reports))
    objections = select(Objection).where(Objection.report_id.in_(reports))
    codes = select(TrackingCode).where(
        TrackingCode.permit_id == permit_id, TrackingCode.ended_at.is_(None)
    )
    flown = session.scalars(
        flights.order_by(Flight.created_at.desc(), Flight.id.desc()).limit(NEWEST)
    ).all()
    return Proceedings(
        flights=flown,
        reviews=[(one, of) for one, of in session.execute(reviews.limit(NEWEST)).all()],
        decisions=session.scalars(
            decisions.order_by(Decision.created_at.desc(), Decision.id.desc()).limit(NEWEST)
        ).all(),
        receipts=session.scalars(receipts.order_by(Receipt.number.desc()).limit(NEWEST)).all(),
        # Those that still wait for their answer first.
        objections=session.scalars(
            objections.order_by(
                Objection.answered_at.is_not(None), Objection.created_at.desc()
            ).limit(NEWEST)
        ).all(),
        uploads=_uploads(session, permit_id, flown),
        codes=session.scalars(codes.order_by(TrackingCode.created_at.desc()).limit(NEWEST)).all(),
    )


def _uploads(
    session: Session, permit_id: UUID, flights: Sequence[Flight]
) -> dict[UUID, dict[str, UUID]]:
    roles = {one.id: {"orthophoto": one.sha256, **one.files} for one in flights}
    brought: dict[object, UUID] = {}
    for some in batched(
        {str(sha) for named in roles.values() for sha in named.values()}, _IN_ONE_QUESTION
    ):
        asked = select(Upload.claimed_sha256, Upload.id).where(
            Upload.claimed_sha256.in_(some),
            Upload.state == UploadState.COMPLETE,
            or_(Upload.permit_id.is_(None), Upload.permit_id == permit_id),
        )
        brought |= {row.claimed_sha256: row.id for row in session.execute(asked)}
    return {
        flight: {role: brought[sha] for role, sha in named.items() if sha in brought}
        for flight, named in roles.items()
    }
