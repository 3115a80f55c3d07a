"""For anybody: how far a permit is, by the code that its office gave out."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints

from api.dependencies import GivenRecords, GivenWords
from api.described import problems
from api.permit_schemas import NewerShown, PublicStatusShown
from inspection.errors import AbsentError
from inspection.records.tracking import LONGEST, grouped_code, plain_code, public_status
from inspection.records.wall import there

router = APIRouter(prefix="/status", tags=["public"])
Code = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


@router.get("/{code}", responses=problems(404, 422))
def show_status(code: Code, records: GivenRecords, words: GivenWords) -> PublicStatusShown:
    """The step of what was decided last, and what is under way since; not whose permit it is."""
    with records.reading_all() as session:
        found = public_status(session, code)
    if found is None:
        raise AbsentError("absent")
    sentence = words.say(f"status.{found.step}")
    newer = found.newer
    text = words.say(
        "status.text",
        code=grouped_code(plain_code(code)),
        sentence=sentence,
        since=there(found.since, found.time_zone),
    )
    if newer is not None:
        text = f"{text} {words.say(f'status.short_{newer.step}')}"
    return PublicStatusShown(
        step=found.step,
        since=found.since,
        time_zone=found.time_zone,
        sentence=sentence,
        text=text,
        newer=None
        if newer is None
        else NewerShown(
            step=newer.step, since=newer.since, sentence=words.say(f"status.newer_{newer.step}")
        ),
        objections_open=found.objections_open,
        objections_answered=found.objections_answered,
    )
