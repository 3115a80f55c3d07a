"""For anybody: object to a report, and read later what the office answered."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, GivenWords, Origin
from api.described import BODY, problems
from api.public import GivenPublic
from api.public_schemas import (
    LaterShown,
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
from inspection.objections.about import PublicFinding, public_findings, report_about
from inspection.objections.answering import by_number
from inspection.objections.filing import file_objection
from inspection.objections.found import by_mark
from inspection.records.tables.reports import Report
from inspection.records.tracking import LONGEST, grouped_code, plain_code

router = APIRouter(tags=["public"])
Code = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


@router.get("/status/{code}/findings", responses=problems(404, 409, 422, 429))
def list_findings_by_code(
    code: Code, records: GivenRecords, public: GivenPublic, origin: Origin
) -> PublicFindings:
    """What the newest decided report of a permit says: each by its figures, none by its outline."""
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
    known = by_mark(session, report.sha256)
    if known is None:
        raise AbsentError("absent")
    found = public_findings(session, report)
    later = known.superseded_by
    return PublicFindings(
        report_sha256=known.sha256,
        code=known.code,
        created_at=known.created_at,
        decision=known.decision,
        superseded_by=LaterShown.model_validate(later) if later else None,
        findings=[_finding(one) for one in found.findings],
        rejected=found.rejected,
        time_zone=known.time_zone,
        is_compared=found.is_compared,
    )


def _finding(one: PublicFinding) -> PublicFindingShown:
    return PublicFindingShown(
        code=one.code,
        ground_class=one.ground_class,
        epoch=one.epoch,
        location=one.location,
        area_m2=one.area_m2,
        area_uncertainty_m2=one.area_uncertainty_m2,
        area_outside_m2=one.area_outside_m2,
        distance_outside_m=one.distance_outside_m,
        direction=one.direction,
        from_middle_m=one.from_middle_m,
        is_edited=one.is_edited,
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
    sentence = words.say("objections.filed", number=grouped_code(filed.number))
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
        time_zone=found.time_zone,
        sentence=words.say(f"objections.{state}"),
        answers=[PublicAnswerShown.model_validate(one) for one in found.answers],
    )
