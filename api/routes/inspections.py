"""Inspections: asked for, watched, taken back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import select

from api.dependencies import GivenRecords, may
from api.described import BODY, IN, problems
from api.inspection_schemas import (
    InspectionAsked,
    InspectionInFull,
    InspectionPage,
    InspectionPageAsked,
    InspectionTold,
)
from api.routes.decisions import standing_shown
from api.routes.findings import found_run
from inspection.access.rights import Action, Actor
from inspection.errors import ConflictError
from inspection.jobs.asking import ask
from inspection.jobs.submission import cancel, retry
from inspection.language import Language
from inspection.records.columns import now
from inspection.records.paging import page
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Office

router = APIRouter(prefix="/inspections", tags=["inspections"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
Submitter = Annotated[Actor, Depends(may(Action.INSPECTION_SUBMIT))]
Canceller = Annotated[Actor, Depends(may(Action.INSPECTION_CANCEL))]


@router.post("", status_code=202, responses=problems(*IN, *BODY, 404))
def submit_inspection(
    asked: InspectionAsked,
    actor: Submitter,
    records: GivenRecords,
    request: Request,
    response: Response,
) -> InspectionTold:
    """Put an inspection in line; a worker makes it, and `Location` says how far it is."""
    with records.writing(actor.office_id) as session:
        office = session.get_one(Office, actor.office_id)
        wanted = asked.wanted(profile=office.profile, language=Language(office.language))
        run = ask(session, request.app.state.objects, wanted, by=actor.user_id, at=now())
        session.flush()
        told = InspectionTold.model_validate(run)
    response.headers["Location"] = f"{request.url.path}/{told.id}"
    return told


@router.get("", responses=problems(*IN, 422))
def list_inspections(
    asked: Annotated[InspectionPageAsked, Query()], actor: Reader, records: GivenRecords
) -> InspectionPage:
    """The inspections of one's office, the newest first."""
    which = select(InspectionRun)
    if asked.permit_id is not None:
        which = which.where(InspectionRun.permit_id == asked.permit_id)
    if asked.state is not None:
        which = which.where(InspectionRun.state == asked.state)
    if asked.review is not None:
        which = which.where(InspectionRun.review == asked.review)
    with records.reading(actor.office_id) as session:
        found = page(session, which, InspectionRun, size=asked.size, after=asked.after)
        items = [InspectionTold.model_validate(one) for one in found.rows]
        return InspectionPage(items=items, after=found.after)


@router.get("/{inspection_id}", responses=problems(*IN, 404, 422))
def show_inspection(inspection_id: UUID, actor: Reader, records: GivenRecords) -> InspectionInFull:
    """One inspection, how far it is, and where its review stands."""
    with records.reading(actor.office_id) as session:
        run = found_run(session, inspection_id, actor, Action.INSPECTION_READ)
        told = InspectionTold.model_validate(run)
        return InspectionInFull(**dict(told), standing=standing_shown(session, run))


@router.post("/{inspection_id}/cancel", responses=problems(*IN, 404, 409, 422))
def cancel_inspection(
    inspection_id: UUID, actor: Canceller, records: GivenRecords
) -> InspectionTold:
    """Take an inspection back that has not ended; its worker stops within seconds."""
    with records.writing(actor.office_id) as session:
        run = found_run(session, inspection_id, actor, Action.INSPECTION_CANCEL)
        if not cancel(session, run.id, by=actor.user_id):
            raise ConflictError("inspection_ended")
        return InspectionTold.model_validate(run)


@router.post("/{inspection_id}/retry", status_code=202, responses=problems(*IN, 404, 409, 422))
def retry_inspection(
    inspection_id: UUID,
    actor: Submitter,
    records: GivenRecords,
    request: Request,
    response: Response,
) -> InspectionTold:
    """Put in line again what failed, was kept apart or taken back; `Location` is the new one's."""
    with records.writing(actor.office_id) as session:
        before = found_run(session, inspection_id, actor, Action.INSPECTION_SUBMIT)
        run = retry(session, request.app.state.objects, before.id, by=actor.user_id)
        session.flush()
        told = InspectionTold.model_validate(run)
    own = request.url.path.removesuffix(f"{inspection_id}/retry")
    response.headers["Location"] = f"{own}{told.id}"
    return told
