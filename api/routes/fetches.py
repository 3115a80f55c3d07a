"""For a record system: the light paper of one report, by the key that a message brought."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from api.dependencies import GivenReader, GivenRecords
from api.described import problems
from api.files import MEDIA, Sent, in_parts, sent_file
from inspection.delivery.fetching import LONGEST, fetched
from inspection.errors import AbsentError
from inspection.records.tables.reports import LIGHT_PAPER

router = APIRouter(prefix="/fetches", tags=["record systems"])
Secret = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


@router.get(
    "/{key}",
    response_class=Response,
    responses={**in_parts(MEDIA[".pdf"]), **problems(404, 409, 416, 422)},
)
def fetch(key: Secret, request: Request, records: GivenRecords, reader: GivenReader) -> Sent:
    """The PDF of 2 MB at most; the key opens nothing else, and soon nothing any more."""
    report = fetched(records, key)
    if report.light_sha256 is None:
        raise AbsentError("absent")
    return sent_file(request.headers, reader, sha256=report.light_sha256, name=LIGHT_PAPER)
