"""What other rules would change in what is published: tried apart, and never published."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, GivenWords, may
from api.described import BODY, IN, problems
from api.files import apart
from api.inspection_telling import in_words
from api.reach import reached
from api.schemas import PageAsked, TableForm
from api.trial_schemas import (
    AnsweredTold,
    ItemsAsked,
    TrialAsked,
    TrialCounts,
    TrialItemTold,
    TrialPage,
    TrialTableAsked,
    TrialTold,
)
from inspection.access.rights import Action, Actor
from inspection.errors import RefusedError
from inspection.exchange.workbook import XLSX, workbook
from inspection.jobs.trial_table import csv_of, rows_of
from inspection.jobs.trials import TrialWanted, cancel_trial, counts_of_trials, try_rules
from inspection.jobs.trying import changes_between
from inspection.records.paging import page
from inspection.records.tables.batches import Batch
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.permits import Permit
from inspection.records.tables.trials import Trial, TrialItem, TrialState
from inspection.wording.catalogue import Wording

router = APIRouter(prefix="/trials", tags=["inspections"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
Submitter = Annotated[Actor, Depends(may(Action.INSPECTION_SUBMIT))]
Ender = Annotated[Actor, Depends(may(Action.INSPECTION_CANCEL))]
_TABLE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the table",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}

type Found = tuple[TrialItem, UUID, str, str]
"""One result with its permit's id and number, and the name of its flight."""


@router.get("", responses=problems(*IN, 422))
def list_trials(
    asked: Annotated[PageAsked, Query()], actor: Reader, records: GivenRecords
) -> TrialPage:
    """The what-ifs of one's office, the newest first."""
    with records.reading(actor.office_id) as session:
        found = page(session, select(Trial), Trial, size=asked.size, after=asked.after)
        counts = counts_of_trials(session, found.rows)
        items = [TrialCounts(**_counts(one, *counts[one.id])) for one in found.rows]
    return TrialPage(items=items, after=found.after)


@router.post("", status_code=202, responses=problems(*IN, *BODY, 404))
def try_other_rules(
    asked: TrialAsked,
    actor: Submitter,
    records: GivenRecords,
    words: GivenWords,
    request: Request,
    response: Response,
) -> TrialTold:
    """Have what is published inspected by other rules, while nothing else waits; it stays."""
    if (asked.profile is None) == (asked.rules is None):
        raise RefusedError("trial_of_one_kind")
    if asked.batch_id is not None and asked.words is not None:
        raise RefusedError("trial_of_one_kind")
    with records.writing(actor.office_id) as session:
        batch = None
        if asked.batch_id is not None:
            batch = reached(session, Batch, asked.batch_id, actor, Action.INSPECTION_READ)
        wanted = TrialWanted(
            profile=asked.profile, rules=asked.rules, batch=batch, words=asked.words
        )
        trial = try_rules(session, wanted, by=actor.user_id)
        session.flush()
        response.headers["Location"] = f"{request.url.path}/{trial.id}"
        return _told(session, trial, words, every=False)


@router.get("/{trial_id}", responses=problems(*IN, 404, 422))
def show_trial(
    trial_id: UUID,
    asked: Annotated[ItemsAsked, Query()],
    actor: Reader,
    records: GivenRecords,
    words: GivenWords,
) -> TrialTold:
    """A what-if: how far it is, and which published answers would be others."""
    with records.reading(actor.office_id) as session:
        trial = reached(session, Trial, trial_id, actor, Action.INSPECTION_READ)
        return _told(session, trial, words, every=asked.all)


@router.get(
    "/{trial_id}/table", response_class=Response, responses=_TABLE | problems(*IN, 404, 422)
)
def show_trial_table(
    trial_id: UUID,
    asked: Annotated[TrialTableAsked, Query()],
    actor: Reader,
    records: GivenRecords,
) -> Response:
    """Every answer and the hectares of every result, before and after, as a table."""
    with records.reading(actor.office_id) as session:
        trial = reached(session, Trial, trial_id, actor, Action.INSPECTION_READ)
        rows = rows_of((one, permit) for one, _, permit, _ in _items(session, trial, every=True))
    if asked.form is TableForm.XLSX:
        return Response(workbook("what-if", rows), media_type=XLSX, headers=apart("what-if.xlsx"))
    return Response(
        csv_of(rows), media_type="text/csv; charset=utf-8", headers=apart("what-if.csv")
    )


@router.post("/{trial_id}/cancel", responses=problems(*IN, 404, 422))
def give_trial_up(
    trial_id: UUID, actor: Ender, records: GivenRecords, words: GivenWords
) -> TrialTold:
    """Give up what of it has not ended yet; what has stays."""
    with records.writing(actor.office_id) as session:
        trial = reached(session, Trial, trial_id, actor, Action.INSPECTION_CANCEL)
        cancel_trial(session, trial, by=actor.user_id)
        return _told(session, trial, words, every=False)


def _counts(trial: Trial, states: dict[TrialState, int], changed: int) -> dict[str, Any]:
    return {
        "id": trial.id,
        "submitted_by": trial.submitted_by,
        "created_at": trial.created_at,
        "profile": trial.profile,
        "is_own": trial.rules is not None,
        "batch_id": trial.batch_id,
        "words": trial.words,
        "states": states,
        "changed": changed,
    }


def _told(session: Session, trial: Trial, words: Wording, *, every: bool) -> TrialTold:
    counts = counts_of_trials(session, [trial])[trial.id]
    items = [_item(one, words) for one in _items(session, trial, every=every)]
    return TrialTold(**_counts(trial, *counts), rules=trial.rules, items=items)


def _items(session: Session, trial: Trial, *, every: bool) -> list[Found]:
    asked = (
        select(TrialItem, Permit.id, Permit.reference, Flight.name)
        .join(InspectionRun, InspectionRun.id == TrialItem.inspection_id)
        .join(Permit, Permit.id == InspectionRun.permit_id)
        .join(Flight, Flight.id == InspectionRun.current_id)
        .where(TrialItem.trial_id == trial.id)
        .order_by(TrialItem.position)
    )
    if not every:
        asked = asked.where(or_(TrialItem.changes > 0, TrialItem.state == TrialState.FAILED))
    return [(one, permit, number, flight) for one, permit, number, flight in session.execute(asked)]


def _item(found: Found, words: Wording) -> TrialItemTold:
    one, permit_id, reference, flight = found
    before: Mapping[str, Any] = one.before or {}
    after: Mapping[str, Any] = one.after or {}
    is_known = bool(before and after)
    return TrialItemTold(
        position=one.position,
        permit_id=permit_id,
        permit_reference=reference,
        inspection_id=one.inspection_id,
        flight_name=flight,
        state=one.state,
        answers=[AnsweredTold.model_validate(a) for a in changes_between(before, after)]
        if is_known
        else [],
        ledger_before_ha=before.get("ledger_ha"),
        ledger_after_ha=after.get("ledger_ha"),
        findings_before=before.get("findings"),
        findings_after=after.get("findings"),
        profile_before=before.get("profile"),
        is_other_version=is_known and before["software"] != after["software"],
        problem=in_words(one.problem, words) if one.problem else None,
    )
