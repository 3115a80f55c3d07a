"""Decisions on inspections, and the report that is written again with them."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, may
from api.described import BODY, IN, problems
from api.reach import reached
from api.review_schemas import DecisionAsked
from api.review_shown import DecisionPage, DecisionTold, ReissueProblem, StandingShown
from api.review_telling import decisions_told
from api.schemas import PageAsked
from inspection.access.rights import Action, Actor, authorize
from inspection.errors import ConflictError
from inspection.records.paging import page
from inspection.records.tables.inspections import Decision, InspectionRun, ReviewOutcome
from inspection.records.tables.reports import Reissue, Report
from inspection.review.deciding import decide, write_again
from inspection.review.standing import standing_of

router = APIRouter(prefix="/inspections/{inspection_id}", tags=["reviews"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
Decider = Annotated[Actor, Depends(may(Action.INSPECTION_DECIDE))]


@router.post("/decisions", status_code=201, responses=problems(*IN, *BODY, 404, 409))
def decide_inspection(
    inspection_id: UUID, asked: DecisionAsked, actor: Decider, records: GivenRecords
) -> DecisionTold:
    """Approve, return or decline; a final decision has the report written again by a worker."""
    if asked.attach:
        authorize(actor, Action.REPORT_ATTACH)
    with records.writing(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_DECIDE)
        decision = decide(session, run, asked.verdict(), by=actor.user_id)
        session.flush()
        return _shown(session, [decision])[0]


@router.get("/decisions", responses=problems(*IN, 404, 422))
def list_decisions(
    inspection_id: UUID, asked: Annotated[PageAsked, Query()], actor: Reader, records: GivenRecords
) -> DecisionPage:
    """The decisions on an inspection, the newest first; one at most is final."""
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
        which = select(Decision).where(Decision.inspection_id == run.id)
        found = page(session, which, Decision, size=asked.size, after=asked.after)
        return DecisionPage(items=_shown(session, found.rows), after=found.after)


@router.post("/reissue", status_code=202, responses=problems(*IN, 404, 409, 422))
def write_report_again(inspection_id: UUID, actor: Decider, records: GivenRecords) -> DecisionTold:
    """Put the report with the decision in line once more, where writing it failed."""
    with records.writing(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_DECIDE)
        asked = select(Reissue).where(Reissue.inspection_id == run.id)
        reissue = session.scalars(asked).one_or_none()
        if reissue is None:
            raise ConflictError("reissue_not_failed")
        write_again(session, reissue, by=actor.user_id)
        session.flush()
        return _shown(session, [session.get_one(Decision, reissue.decision_id)])[0]


def standing_shown(session: Session, run: InspectionRun) -> StandingShown | None:
    """Where the review of an inspection stands; None where there is nothing to review yet."""
    if run.review is None:
        return None
    standing = standing_of(session, run.id)
    newest = (
        select(Decision)
        .where(Decision.inspection_id == run.id)
        .order_by(Decision.created_at.desc(), Decision.id.desc())
        .limit(1)
    )
    decision = next(iter(_shown(session, session.scalars(newest).all())), None)
    first = select(Report.id).where(Report.sha256 == run.document_sha256)
    report_id = decision.report_id if decision is not None else None
    return StandingShown(
        state=run.review,
        open=standing.open,
        accepted=standing.count(ReviewOutcome.ACCEPTED),
        rejected=standing.count(ReviewOutcome.REJECTED),
        edited=standing.count(ReviewOutcome.EDITED),
        added=sum(one.is_added for one in standing.findings),
        reviews_sha256=standing.sha256,
        decision=decision,
        report_id=report_id or session.scalars(first).one(),
    )


def _shown(session: Session, decisions: Sequence[Decision]) -> list[DecisionTold]:
    ids = [one.id for one in decisions]
    reissues = {
        one.decision_id: one
        for one in session.scalars(select(Reissue).where(Reissue.decision_id.in_(ids)))
    }
    reports = {
        one.decision_id: one.id
        for one in session.scalars(select(Report).where(Report.decision_id.in_(ids)))
    }
    shown = []
    for one, told in zip(decisions, decisions_told(session, decisions), strict=True):
        reissue = reissues.get(one.id)
        problem = reissue.problem if reissue else None
        shown.append(
            told.model_copy(
                update={
                    "reissue": reissue.state if reissue else None,
                    "attach": reissue is not None and reissue.is_to_attach,
                    "report_id": reports.get(one.id),
                    "problem": ReissueProblem.model_validate(problem) if problem else None,
                }
            )
        )
    return shown
