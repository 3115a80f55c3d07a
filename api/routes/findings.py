"""Findings: listed, spoken of, added by hand; and the reasons that a rejection may have."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, GivenWords, may
from api.described import BODY, IN, problems
from api.reach import reached
from api.review_schemas import FindingAsked, ReviewAsked, word_of
from api.review_shown import (
    FindingPage,
    FindingShown,
    FindingTold,
    GroundShown,
    ReasonShown,
    ReviewPage,
    ReviewTold,
    WordsShown,
)
from api.review_telling import findings_told, reviews_told
from api.schemas import PageAsked
from inspection.access.rights import Action, Actor
from inspection.errors import AbsentError, ConflictError
from inspection.objects.store import ObjectStore
from inspection.records.paging import page
from inspection.records.tables.inspections import Finding, InspectionRun, Review
from inspection.review.adding import add
from inspection.review.ground import counted_ground
from inspection.review.reasons import reasons
from inspection.review.retelling import said_again
from inspection.review.sealed import in_force
from inspection.review.speaking import speak

router = APIRouter(tags=["reviews"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
Reviewer = Annotated[Actor, Depends(may(Action.FINDING_REVIEW))]


@router.get("/inspections/{inspection_id}/findings", responses=problems(*IN, 404, 422))
def list_findings(
    inspection_id: UUID,
    asked: Annotated[PageAsked, Query()],
    actor: Reader,
    records: GivenRecords,
) -> FindingPage:
    """What an inspection found and what people added, each with the last word on it."""
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
        which = select(Finding).where(Finding.inspection_id == run.id)
        found = page(session, which, Finding, size=asked.size, after=asked.after, oldest_first=True)
        items = findings_told(session, found.rows, FindingTold)
        return FindingPage(items=items, after=found.after)


@router.post(
    "/inspections/{inspection_id}/findings",
    status_code=201,
    responses=problems(*IN, *BODY, 404, 409),
)
def add_finding(
    inspection_id: UUID,
    asked: FindingAsked,
    actor: Reviewer,
    records: GivenRecords,
    request: Request,
) -> FindingShown:
    """Add a finding by hand, which counts as accepted; what it covers is measured."""
    with records.writing(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.FINDING_REVIEW)
        finding = add(session, _objects(request), run, asked.seen(), by=actor.user_id)
        session.flush()
        return findings_told(session, [finding], FindingShown)[0]


@router.get("/findings/{finding_id}", responses=problems(*IN, 404, 422))
def show_finding(finding_id: UUID, actor: Reader, records: GivenRecords) -> FindingShown:
    """One finding with its outline, and the last word on it."""
    with records.reading(actor.office_id) as session:
        finding = _found(session, finding_id, actor, Action.INSPECTION_READ)
        return findings_told(session, [finding], FindingShown)[0]


@router.get("/findings/{finding_id}/reviews", responses=problems(*IN, 404, 422))
def list_reviews(
    finding_id: UUID, asked: Annotated[PageAsked, Query()], actor: Reader, records: GivenRecords
) -> ReviewPage:
    """All that was said of a finding, the newest first."""
    with records.reading(actor.office_id) as session:
        finding = _found(session, finding_id, actor, Action.INSPECTION_READ)
        which = select(Review).where(Review.finding_id == finding.id)
        found = page(session, which, Review, size=asked.size, after=asked.after)
        return ReviewPage(items=reviews_told(session, found.rows), after=found.after)


@router.post(
    "/findings/{finding_id}/reviews", status_code=201, responses=problems(*IN, *BODY, 404, 409)
)
def review_finding(
    finding_id: UUID,
    asked: Annotated[ReviewAsked, Body()],
    actor: Reviewer,
    records: GivenRecords,
    request: Request,
) -> ReviewTold:
    """Accept, reject or edit a finding; the last word counts, and those before it stay."""
    with records.writing(actor.office_id) as session:
        finding = _found(session, finding_id, actor, Action.FINDING_REVIEW)
        review = speak(session, _objects(request), finding, word_of(asked), by=actor.user_id)
        session.flush()
        return reviews_told(session, [review])[0]


@router.get("/inspections/{inspection_id}/words", responses=problems(*IN, 404, 409, 422))
def show_words(
    inspection_id: UUID, actor: Reader, records: GivenRecords, words: GivenWords, request: Request
) -> WordsShown:
    """What a finished inspection says, each sentence in the language asked for."""
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
        if run.document_sha256 is None:
            raise ConflictError("review_not_yet")
        inspection = in_force(session, _objects(request), run)
    return WordsShown.model_validate(said_again(inspection, words))


@router.get("/inspections/{inspection_id}/ground", responses=problems(*IN, 404, 409, 422))
def show_ground(
    inspection_id: UUID, actor: Reader, records: GivenRecords, request: Request
) -> GroundShown:
    """How much ground counts after what was said so far; what findings share counts once."""
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
        if run.document_sha256 is None:
            raise ConflictError("review_not_yet")
        return GroundShown.model_validate(counted_ground(session, _objects(request), run))


@router.get("/review-reasons", responses=problems(*IN))
def list_reasons(_actor: Reader, words: GivenWords) -> list[ReasonShown]:
    """Why a finding may be rejected, in the language asked for."""
    return [
        ReasonShown(
            code=one.code,
            sentence=words.say(f"report.review.reasons.{one.code}"),
            needs_note=one.needs_note,
        )
        for one in reasons().values()
    ]


def _found(session: Session, finding_id: UUID, actor: Actor, action: Action) -> Finding:
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise AbsentError("absent")
    # Whose submission it is, the inspection says.
    reached(session, InspectionRun, finding.inspection_id, actor, action)
    return finding


def _objects(request: Request) -> ObjectStore:
    return cast("ObjectStore", request.app.state.objects)
