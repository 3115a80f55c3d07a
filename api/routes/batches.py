"""Several inspections in one call, or by one table, and how far they are together."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.batch_schemas import (
    BatchAsked,
    BatchCounts,
    BatchItemTold,
    BatchPage,
    BatchTold,
    RowTold,
    TableGiven,
    TableTold,
)
from api.dependencies import GivenRecords, GivenSettings, GivenWords, may, settings_of
from api.described import BODY, IN, problems
from api.inspection_telling import in_words
from api.passing import passing_file
from api.reach import reached
from api.schemas import PageAsked
from inspection.access.rights import Action, Actor
from inspection.batch.office_table import Judged, Usual, judged, office_lines
from inspection.batch.table import Line
from inspection.errors import RefusedError
from inspection.jobs.batches import (
    ItemNow,
    OfTable,
    Several,
    ask_all,
    counts_of,
    items_of,
    retry_failed,
)
from inspection.language import Language
from inspection.objects.store import ObjectStore
from inspection.records.columns import now
from inspection.records.paging import page
from inspection.records.store import Records
from inspection.records.tables.batches import Batch
from inspection.records.tables.inspections import InspectionState
from inspection.records.tables.offices import Office
from inspection.wiring import verify_page
from inspection.wording.catalogue import Wording

router = APIRouter(prefix="/batches", tags=["inspections"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
Submitter = Annotated[Actor, Depends(may(Action.INSPECTION_SUBMIT))]
_FILE: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("", responses=problems(*IN, 422))
def list_batches(
    asked: Annotated[PageAsked, Query()], actor: Reader, records: GivenRecords
) -> BatchPage:
    """The batches of one's office, the newest first, and how many of each are how far."""
    with records.reading(actor.office_id) as session:
        found = page(session, select(Batch), Batch, size=asked.size, after=asked.after)
        counts = counts_of(session, found.rows)
        items = [_counts(one, counts[one.id]) for one in found.rows]
    return BatchPage(items=items, after=found.after)


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
    usual = _usual(records, actor, verify_page(settings_of(request)))
    batch_id = ask_all(
        records,
        request.app.state.objects,
        actor.office_id,
        Several(
            items=[
                one.wanted(
                    profile=usual.profile, language=usual.language, verify_at=usual.verify_at
                )
                for one in asked.inspections
            ]
        ),
        by=actor.user_id,
        at=now(),
    )
    response.headers["Location"] = f"{request.url.path}/{batch_id}"
    with records.reading(actor.office_id) as session:
        return _told(session, session.get_one(Batch, batch_id), words)


@router.post("/tables", responses=problems(*IN, 413, 415, 422), openapi_extra=_FILE)
async def submit_table(
    request: Request,
    asked: Annotated[TableGiven, Query()],
    actor: Submitter,
    records: GivenRecords,
    settings: GivenSettings,
    words: GivenWords,
) -> TableTold:
    """Judge every row of a table; with `dry_run=false` a batch is made of those that are fit."""
    usual = _usual(records, actor, verify_page(settings))
    objects = request.app.state.objects
    importing = request.app.state.importing
    async with passing_file(request, settings.data / "passing", asked.name) as path, importing:
        found = await run_in_threadpool(_judged, path, asked.name, actor, records, objects, usual)
    batch_id = None
    if not asked.dry_run and any(one.wanted for one in found):
        batch_id = await run_in_threadpool(
            ask_all,
            records,
            objects,
            actor.office_id,
            Several(
                items=[one.wanted or one.problem or {} for one in found],
                table=asked.name,
                lines=[_line(one.line) for one in found],
            ),
            by=actor.user_id,
            at=now(),
        )
    return TableTold(
        batch_id=batch_id,
        ready=sum(one.wanted is not None for one in found),
        refused=sum(one.wanted is None for one in found),
        rows=[_row(one, words) for one in found],
    )


@router.get("/{batch_id}", responses=problems(*IN, 404, 422))
def show_batch(
    batch_id: UUID, actor: Reader, records: GivenRecords, words: GivenWords
) -> BatchTold:
    """Several inspections that were asked for together, and how many are how far."""
    with records.reading(actor.office_id) as session:
        batch = reached(session, Batch, batch_id, actor, Action.INSPECTION_READ)
        return _told(session, batch, words)


@router.post("/{batch_id}/retry", status_code=202, responses=problems(*IN, 404, 422))
def retry_batch(
    batch_id: UUID,
    actor: Submitter,
    records: GivenRecords,
    words: GivenWords,
    request: Request,
) -> BatchTold:
    """Put in line again all of a batch that failed or was kept apart."""
    with records.writing(actor.office_id) as session:
        batch = reached(session, Batch, batch_id, actor, Action.INSPECTION_SUBMIT)
        retry_failed(session, request.app.state.objects, batch, by=actor.user_id)
        session.flush()
        return _told(session, batch, words)


def _usual(records: Records, actor: Actor, verify_at: str) -> Usual:
    with records.reading(actor.office_id) as session:
        office = session.get_one(Office, actor.office_id)
        language = Language(office.language)
        return Usual(profile=office.profile, language=language, verify_at=verify_at)


def _judged(
    path: Path, name: str, actor: Actor, records: Records, objects: ObjectStore, usual: Usual
) -> list[Judged]:
    try:
        lines = office_lines(path)
    except RefusedError as error:
        error.file = name
        raise
    with records.reading(actor.office_id) as session:
        return judged(session, objects, lines, usual, at=now())


def _line(line: Line) -> OfTable:
    cells = line.cells
    return OfTable(
        line=line.number, line_permit=cells.get("permit"), line_current=cells.get("current")
    )


def _row(one: Judged, words: Wording) -> RowTold:
    cells = one.line.cells
    return RowTold(
        row=one.line.number,
        where=one.line.where,
        permit=cells.get("permit"),
        current=cells.get("current"),
        baseline=cells.get("baseline"),
        profile=cells.get("profile"),
        problem=in_words(one.problem, words) if one.problem else None,
    )


def _told(session: Session, batch: Batch, words: Wording) -> BatchTold:
    items = items_of(session, batch)
    states = Counter(one.run.state for one in items if one.run is not None)
    refused = sum(one.run is None for one in items)
    return BatchTold(
        **dict(_counts(batch, (states, refused))), items=[_item(one, words) for one in items]
    )


def _counts(batch: Batch, counted: tuple[Counter[InspectionState], int]) -> BatchCounts:
    states, refused = counted
    return BatchCounts(
        id=batch.id,
        submitted_by=batch.submitted_by,
        created_at=batch.created_at,
        table_name=batch.table_name,
        states=dict(states),
        refused=refused,
    )


def _item(one: ItemNow, words: Wording) -> BatchItemTold:
    run = one.run
    problem = one.item.problem if run is None else run.problem
    return BatchItemTold(
        position=one.item.position,
        row=one.item.line,
        permit_id=run.permit_id if run else None,
        permit_reference=one.permit or one.item.line_permit,
        flight_name=one.flight or one.item.line_current,
        inspection_id=run.id if run else None,
        state=run.state if run else None,
        step=run.step if run else None,
        share=run.share if run else 0.0,
        review=run.review if run else None,
        problem=in_words(problem, words) if problem else None,
    )
