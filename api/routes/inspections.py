"""Inspections: asked for, watched, taken back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import select

from api.clock_telling import clock_told
from api.dependencies import GivenRecords, GivenWords, may, settings_of
from api.described import BODY, IN, problems
from api.inspection_schemas import (
    InspectionAsked,
    InspectionInFull,
    InspectionPage,
    InspectionPageAsked,
    InspectionTold,
)
from api.inspection_telling import told
from api.reach import reached
from api.routes.decisions import standing_shown
from inspection.access.rights import Action, Actor
from inspection.errors import ConflictError
from inspection.jobs.asking import ask
from inspection.jobs.submission import cancel, retry
from inspection.language import Language
from inspection.records.columns import now
from inspection.records.deadlines import WAITING, deadlines
from inspection.records.paging import page
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Office
from inspection.wiring import verify_page

router = APIRouter(prefix="/inspections", tags=["inspections"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
Submitter = Annotated[Actor, Depends(may(Action.INSPECTION_SUBMIT))]
Canceller = Annotated[Actor, Depends(may(Action.INSPECTION_CANCEL))]


@router.post("", status_code=202, responses=problems(*IN, *BODY, 404))
def submit_inspection(
    asked: InspectionAsked,
    actor: Submitter,
    records: GivenRecords,
    words: GivenWords,
    request: Request,
    response: Response,
) -> InspectionTold:
    """Put an inspection in line; a worker makes it, and `Location` says how far it is."""
    with records.writing(actor.office_id) as session:
        office = session.get_one(Office, actor.office_id)
        wanted = asked.wanted(
            profile=office.profile,
            language=Language(office.language),
            verify_at=verify_page(settings_of(request)),
        )
        run = ask(session, request.app.state.objects, wanted, by=actor.user_id, at=now())
        session.flush()
        (submitted,) = told(session, [run], words)
    response.headers["Location"] = f"{request.url.path}/{submitted.id}"
    return submitted


@router.get("", responses=problems(*IN, 422))
def list_inspections(
    asked: Annotated[InspectionPageAsked, Query()],
    actor: Reader,
    records: GivenRecords,
    words: GivenWords,
) -> InspectionPage:
    """The inspections of one's office, the newest first."""
    which = select(InspectionRun)
    if asked.permit_id is not None:
        which = which.where(InspectionRun.permit_id == asked.permit_id)
    if asked.submitted_by is not None:
        which = which.where(InspectionRun.submitted_by == asked.submitted_by)
    if asked.state is not None:
        which = which.where(InspectionRun.state == asked.state)
    if asked.review is not None:
        which = which.where(InspectionRun.review == asked.review)
    with records.reading(actor.office_id) as session:
        found = page(session, which, InspectionRun, size=asked.size, after=asked.after)
        return InspectionPage(items=told(session, found.rows, words), after=found.after)


@router.get("/{inspection_id}", responses=problems(*IN, 404, 422))
def show_inspection(
    inspection_id: UUID, actor: Reader, records: GivenRecords, words: GivenWords
) -> InspectionInFull:
    """One inspection, how far it is, where its review stands, and when it is due."""
    at = now()
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
        (shown,) = told(session, [run], words)
        due_at, clock = None, None
        if run.review in WAITING:
            first = deadlines(session, {run.permit_id}, now=at).get(run.permit_id)
            due_at, clock = run.due_at, clock_told(first, now=at)
        return InspectionInFull(
            **dict(shown),
            standing=standing_shown(session, run),
            due_at=due_at,
            is_overdue=due_at is not None and due_at < at,
            clock=clock,
        )


@router.post("/{inspection_id}/cancel", responses=problems(*IN, 404, 409, 422))
def cancel_inspection(
    inspection_id: UUID, actor: Canceller, records: GivenRecords, words: GivenWords
) -> InspectionTold:
    """Take an inspection back that has not ended; its worker stops within seconds."""
    with records.writing(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_CANCEL)
        if not cancel(session, run.id, by=actor.user_id):
            raise ConflictError("inspection_ended")
        return told(session, [run], words)[0]


@router.post("/{inspection_id}/retry", status_code=202, responses=problems(*IN, 404, 409, 422))
def retry_inspection(
    inspection_id: UUID,
    actor: Submitter,
    records: GivenRecords,
    words: GivenWords,
    request: Request,
    response: Response,
) -> InspectionTold:
    """Put in line again what failed, was kept apart or taken back; `Location` is the new one's."""
    with records.writing(actor.office_id) as session:
        before = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_SUBMIT)
        run = retry(session, request.app.state.objects, before.id, by=actor.user_id)
        session.flush()
        (again,) = told(session, [run], words)
    own = request.url.path.removesuffix(f"{inspection_id}/retry")
    response.headers["Location"] = f"{own}{again.id}"
    return again
