"""For anybody: object to a report, and read later what the office answered."""

from fastapi import APIRouter

from api.dependencies import GivenRecords, GivenWords, Origin
from api.described import BODY, problems
from api.public import GivenPublic
from api.public_schemas import (
    Number,
    ObjectionAsked,
    ObjectionFiled,
    PublicAnswerShown,
    PublicObjectionShown,
)
from inspection.errors import GeoError
from inspection.objections.answering import by_number
from inspection.objections.filing import file_objection
from inspection.records.tracking import plain_code

router = APIRouter(tags=["public"])


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
        sentence=words.say(f"objections.{state}"),
        answers=[PublicAnswerShown.model_validate(one) for one in found.answers],
    )
