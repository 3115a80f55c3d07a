"""For anybody: object to a report, and read later what the office answered."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, GivenWords, Origin
from api.described import BODY, problems
from api.public import GivenPublic
from api.public_schemas import (
    Mark,
    Number,
    ObjectionAsked,
    ObjectionFiled,
    PublicAnswerShown,
    PublicFindings,
    PublicFindingShown,
    PublicObjectionShown,
)
from inspection.errors import AbsentError, GeoError
from inspection.objections.about import public_findings, report_about
from inspection.objections.answering import by_number
from inspection.objections.filing import file_objection
from inspection.objections.found import by_mark
from inspection.records.tables.reports import Report
from inspection.records.tracking import LONGEST, plain_code
from inspection.report.seal import verification_code

router = APIRouter(tags=["public"])
Code = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


@router.get("/status/{code}/findings", responses=problems(404, 409, 422, 429))
def list_findings_by_code(
    code: Code, records: GivenRecords, public: GivenPublic, origin: Origin
) -> PublicFindings:
    """What the newest report of a permit found: each by its code and figures, none by its place."""
    public.looking.take(origin)
    with records.reading_all() as session:
        return _found(session, report_about(session, tracking_code=code))


@router.get("/verifications/{mark}/findings", responses=problems(404, 422, 429))
def list_findings_by_mark(
    mark: Mark, records: GivenRecords, public: GivenPublic, origin: Origin
) -> PublicFindings:
    """What a report found, named as for its verification."""
    public.looking.take(origin)
    with records.reading_all() as session:
        known = by_mark(session, mark)
        if known is None:
            raise AbsentError("absent")
        return _found(session, report_about(session, report_sha256=known.sha256))


def _found(session: Session, report: Report) -> PublicFindings:
    return PublicFindings(
        report_sha256=report.sha256,
        code=verification_code(report.sha256),
        created_at=report.created_at,
        findings=[
            PublicFindingShown.model_validate(one) for one in public_findings(session, report)
        ],
    )


@router.post("/objections", status_code=201, responses=problems(404, 409, 429, *BODY))
def object_to(
    asked: ObjectionAsked,
    records: GivenRecords,
    words: GivenWords,
    public: GivenPublic,
    origin: Origin,
) -> ObjectionFiled:
    """Object to a report or to one of its findings, without signing in; it must be answered."""
    public.trying.take(origin)
    # Counted before, so that many at once are not more; what is refused is given back.
    public.objecting.take(origin)
    try:
        filed = file_objection(records, asked.objecting())
    except GeoError:
        public.objecting.give_back(origin)
        raise
    sentence = words.say("objections.filed", number=filed.number)
    return ObjectionFiled(number=filed.number, created_at=filed.created_at, sentence=sentence)


@router.get("/status/objections/{number}", responses=problems(404, 422, 429))
def show_by_number(
    number: Number,
    records: GivenRecords,
    words: GivenWords,
    public: GivenPublic,
    origin: Origin,
) -> PublicObjectionShown:
    """An objection and its answers, for whoever filed it."""
    public.looking.take(origin)
    with records.reading_all() as session:
        found = by_number(session, plain_code(number))
    state = "answered" if found.answers else "open"
    return PublicObjectionShown(
        number=found.objection.number,
        created_at=found.objection.created_at,
        report_sha256=found.report.sha256,
        finding=found.finding,
        due_at=found.due_at,
        sentence=words.say(f"objections.{state}"),
        answers=[PublicAnswerShown.model_validate(one) for one in found.answers],
    )
