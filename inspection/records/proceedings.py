"""What followed on a permit: its flights, reviews, decisions, receipts and objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.history import NEWEST
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import Decision, Finding, InspectionRun, Review
from inspection.records.tables.reports import Objection, Receipt, Report


@dataclass(frozen=True, kw_only=True)
class Proceedings:
    """The newest of each kind, no more than `NEWEST`."""

    flights: Sequence[Flight]
    reviews: Sequence[tuple[Review, Finding]]
    decisions: Sequence[Decision]
    receipts: Sequence[Receipt]
    objections: Sequence[Objection]


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
    return Proceedings(
        flights=session.scalars(
            flights.order_by(Flight.created_at.desc(), Flight.id.desc()).limit(NEWEST)
        ).all(),
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
    )
