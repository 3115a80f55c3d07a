"""The permits of an office, and all that is on their record."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select

from api.dependencies import GivenRecords, may
from api.described import IN, problems
from api.office_schemas import StepShown
from api.permit_schemas import (
    BoundaryShown,
    DecisionShown,
    FlightShown,
    InspectionShown,
    LimitShown,
    NameShown,
    PermitHistory,
    PermitPage,
    PermitPageAsked,
    PermitShown,
    ReportShown,
    ReviewShown,
    TrackingCodeShown,
    ValueShown,
)
from api.permit_telling import listed
from api.reach import reached
from api.record_schemas import NearAsked, NearPage, NearShown
from api.report_schemas import ReceiptTold
from api.routes.corrections import shown_clocks
from api.routes.objections import shown_objection
from inspection.access.rights import Action, Actor, authorize
from inspection.errors import AbsentError
from inspection.objections.answering import told
from inspection.records.history import history
from inspection.records.paging import page
from inspection.records.proceedings import proceedings
from inspection.records.searching import Place, box_of, lying_in, nearest, saying
from inspection.records.stepping import steps_of
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import Finding, Review
from inspection.records.tables.permits import Permit
from inspection.records.tracking import issue_code, objection_counts

METRES_A_KM = 1000.0

router = APIRouter(prefix="/permits", tags=["permits"])
Reader = Annotated[Actor, Depends(may(Action.PERMIT_READ))]
Tracker = Annotated[Actor, Depends(may(Action.PERMIT_TRACK))]


@router.get("", responses=problems(*IN, 422))
def list_permits(
    asked: Annotated[PermitPageAsked, Query()], actor: Reader, records: GivenRecords
) -> PermitPage:
    """The permits of one's office, the newest first."""
    which = select(Permit)
    if asked.reference is not None:
        which = which.where(Permit.reference == asked.reference)
    if asked.text is not None:
        which = saying(which, asked.text)
    if asked.bbox is not None:
        which = lying_in(which, box_of(asked.bbox))
    with records.reading(actor.office_id) as session:
        found = page(session, which, Permit, size=asked.size, after=asked.after)
        return PermitPage(items=listed(session, found.rows), after=found.after)


@router.get("/near", responses=problems(*IN, 422))
def list_near(
    asked: Annotated[NearAsked, Query()], actor: Reader, records: GivenRecords
) -> NearPage:
    """The permits around a place, the nearest first, by the boxes around their boundaries."""
    place = Place(
        longitude=asked.longitude, latitude=asked.latitude, reach_m=asked.km * METRES_A_KM
    )
    with records.reading(actor.office_id) as session:
        found = nearest(session, place, size=asked.size, after=asked.after)
        permits = listed(session, [one.permit for one in found.found])
        items = [
            NearShown(
                **permit.model_dump(),
                boundary=BoundaryShown.model_validate(one.boundary),
                distance_m=one.distance_m,
            )
            for permit, one in zip(permits, found.found, strict=True)
        ]
        return NearPage(items=items, after=found.after)


@router.get("/{permit_id}", responses=problems(*IN, 404, 422))
def show_permit(permit_id: UUID, actor: Reader, records: GivenRecords) -> PermitHistory:
    """One permit with its whole history; what sources say differently stands side by side."""
    with records.reading(actor.office_id) as session:
        found = history(session, permit_id)
        if found is None:
            raise AbsentError("absent")
        authorize(actor, Action.PERMIT_READ, found.permit)
        then = proceedings(session, permit_id)
        objections = [shown_objection(one) for one in told(session, then.objections)]
        return PermitHistory(
            **PermitShown.model_validate(found.permit).model_dump(),
            names=[NameShown.model_validate(one) for one in found.names],
            values={field: ValueShown.model_validate(said) for field, said in found.values.items()},
            boundaries=[BoundaryShown.model_validate(one) for one in found.boundaries],
            limits=[LimitShown.model_validate(one) for one in found.limits],
            clocks=shown_clocks(session, permit_id),
            steps=[StepShown.model_validate(one) for one in steps_of(session, permit_id)],
            flights=[_flight(one, then.uploads[one.id]) for one in then.flights],
            inspections=[InspectionShown.model_validate(one) for one in found.inspections],
            reviews=[_review(one, of) for one, of in then.reviews],
            decisions=[DecisionShown.model_validate(one) for one in then.decisions],
            reports=[ReportShown.model_validate(one) for one in found.reports],
            receipts=[ReceiptTold.model_validate(one) for one in then.receipts],
            objections=objections,
            open_objections=objection_counts(session, permit_id)[0],
            tracking_codes=[TrackingCodeShown.model_validate(one) for one in then.codes],
        )


@router.post("/{permit_id}/tracking-codes", status_code=201, responses=problems(*IN, 404, 422))
def track_permit(permit_id: UUID, actor: Tracker, records: GivenRecords) -> TrackingCodeShown:
    """Give out a code by which anybody may follow the permit."""
    with records.writing(actor.office_id) as session:
        permit = reached(session, Permit, permit_id, actor, Action.PERMIT_TRACK)
        code = issue_code(session, permit, by=actor.user_id)
        return TrackingCodeShown.model_validate(code)


def _flight(flight: Flight, uploads: Mapping[str, UUID]) -> FlightShown:
    columns = {
        name: getattr(flight, name) for name in FlightShown.model_fields if name != "uploads"
    }
    return FlightShown(**columns, uploads=dict(uploads))


def _review(review: Review, finding: Finding) -> ReviewShown:
    return ReviewShown(
        inspection_id=finding.inspection_id,
        finding=finding.code,
        outcome=review.outcome,
        reason_code=review.reason_code,
        reviewed_by=review.reviewed_by,
        created_at=review.created_at,
    )
