"""What waits for the reviewers' decision, the most urgent first."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.clock_telling import clock_told
from api.dependencies import GivenRecords, GivenWords, may
from api.described import IN, problems
from api.inspection_telling import told
from api.queue_schemas import (
    ConcernName,
    QueueAsked,
    QueueCounts,
    QueuedShown,
    QueuePageShown,
    StateCounts,
)
from api.reach import reached
from inspection.access.rights import Action, Actor
from inspection.records.columns import now
from inspection.records.tables.inspections import Concern, InspectionRun, ReviewState
from inspection.review.queue import Count, Which, counts, own_count, queue

router = APIRouter(prefix="/queue", tags=["inspections"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]


@router.get("", responses=problems(*IN, 404, 422))
def list_queue(
    asked: Annotated[QueueAsked, Query()],
    actor: Reader,
    records: GivenRecords,
    words: GivenWords,
) -> QueuePageShown:
    """What waits for a decision: by when it is due, and of one time the gravest first."""
    at = now()
    with records.reading(actor.office_id) as session:
        behind = None
        if asked.behind is not None:
            behind = reached(session, InspectionRun, asked.behind, actor, Action.INSPECTION_READ)
        which = Which(
            review=ReviewState(asked.review),
            permit_id=asked.permit_id,
            text=asked.text,
            concern=Concern[asked.concern.upper()] if asked.concern else None,
            is_overdue=asked.overdue,
            not_by=None if asked.own else actor.user_id,
            behind=behind,
        )
        found = queue(session, which, size=asked.size, after=asked.after, now=at)
        runs = told(session, [one.run for one in found.waiting], words)
        items = [
            QueuedShown(
                **dict(run),
                concerns=_names(one.concerns),
                due_at=one.run.due_at,
                is_overdue=one.run.due_at is not None and one.run.due_at < at,
                clock=clock_told(one.deadline, now=at),
            )
            for run, one in zip(runs, found.waiting, strict=True)
        ]
        return QueuePageShown(items=items, after=found.after)


@router.get("/counts", responses=problems(*IN))
def count_queue(actor: Reader, records: GivenRecords) -> QueueCounts:
    """How much waits for a decision in the whole office, and of which kinds."""
    with records.reading(actor.office_id) as session:
        found = counts(session, now=now())
        own = own_count(session, actor.user_id)
    return QueueCounts(
        open=_counted(found[ReviewState.OPEN]),
        returned=_counted(found[ReviewState.RETURNED]),
        own=own,
    )


def _counted(count: Count) -> StateCounts:
    concerns = {_name(one): many for one, many in count.concerns.items()}
    return StateCounts(every=count.every, overdue=count.overdue, concerns=concerns)


def _names(concerns: Concern) -> list[ConcernName]:
    return [_name(one) for one in sorted(concerns, reverse=True)]


def _name(concern: Concern) -> ConcernName:
    return ConcernName(str(concern.name).lower())
