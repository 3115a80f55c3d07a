"""Several inspections in one call, and how far they are together."""

from collections import Counter
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, GivenWords, may, settings_of
from api.described import BODY, IN, problems
from api.inspection_schemas import BatchAsked, BatchItemTold, BatchTold
from api.inspection_telling import in_words
from api.reach import reached
from inspection.access.rights import Action, Actor
from inspection.jobs.batches import ask_all, items_of
from inspection.language import Language
from inspection.records.columns import now
from inspection.records.tables.batches import Batch, BatchItem
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Office
from inspection.wiring import verify_page
from inspection.wording.catalogue import Wording

router = APIRouter(prefix="/batches", tags=["inspections"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
Submitter = Annotated[Actor, Depends(may(Action.INSPECTION_SUBMIT))]


@router.post("", status_code=202, responses=problems(*IN, *BODY))
def submit_batch(
    asked: BatchAsked,
    actor: Submitter,
    records: GivenRecords,
    words: GivenWords,
    request: Request,
    response: Response,
) -> BatchTold:
    """Put several inspections in line; one that cannot be made is told, and stops no other."""
    with records.reading(actor.office_id) as session:
        office = session.get_one(Office, actor.office_id)
        profile, language = office.profile, Language(office.language)
    at = verify_page(settings_of(request))
    batch_id = ask_all(
        records,
        request.app.state.objects,
        actor.office_id,
        [one.wanted(profile=profile, language=language, verify_at=at) for one in asked.inspections],
        by=actor.user_id,
        at=now(),
    )
    response.headers["Location"] = f"{request.url.path}/{batch_id}"
    with records.reading(actor.office_id) as session:
        return _told(session, session.get_one(Batch, batch_id), words)


@router.get("/{batch_id}", responses=problems(*IN, 404, 422))
def show_batch(
    batch_id: UUID, actor: Reader, records: GivenRecords, words: GivenWords
) -> BatchTold:
    """Several inspections that were asked for together, and how many are how far."""
    with records.reading(actor.office_id) as session:
        batch = reached(session, Batch, batch_id, actor, Action.INSPECTION_READ)
        return _told(session, batch, words)


def _told(session: Session, batch: Batch, words: Wording) -> BatchTold:
    items = items_of(session, batch)
    return BatchTold(
        id=batch.id,
        submitted_by=batch.submitted_by,
        created_at=batch.created_at,
        states=Counter(run.state for _, run in items if run is not None),
        refused=sum(run is None for _, run in items),
        items=[_item(*one, words) for one in items],
    )


def _item(item: BatchItem, run: InspectionRun | None, words: Wording) -> BatchItemTold:
    problem = item.problem if run is None else run.problem
    return BatchItemTold(
        position=item.position,
        permit_id=run.permit_id if run else None,
        inspection_id=item.inspection_id,
        state=run.state if run else None,
        problem=in_words(problem, words) if problem else None,
    )
