"""What a flight left open: ground that it did not show, and what the inspection warned of."""

import json
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.dependencies import GivenReader, GivenRecords, GivenWords, may
from api.described import IN, problems
from api.files import apart
from api.inspection_schemas import GapsAsked, WarningTold
from api.reach import reached
from inspection.access.rights import Action, Actor
from inspection.delivery.reading import Reader
from inspection.document import Inspection
from inspection.errors import AbsentError
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.permits import Permit
from inspection.refly.forms import XML, Form, Sheet, geojson
from inspection.refly.gaps import gaps_of
from inspection.refly.warned import warned_of
from inspection.schema import from_json

router = APIRouter(prefix="/inspections", tags=["inspections"])
Seer = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
KINDS: Final = {
    Form.GEOJSON: "application/geo+json",
    Form.KML: "application/vnd.google-earth.kml+xml",
    Form.GPX: "application/gpx+xml",
}
_TOLD: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the gaps, in the form asked for",
        "content": {
            KINDS[Form.GEOJSON]: {"schema": {"type": "object"}},
            KINDS[Form.KML]: {"schema": {"type": "string"}},
            KINDS[Form.GPX]: {"schema": {"type": "string"}},
        },
    }
}


@router.get(
    "/{inspection_id}/not-observed",
    response_class=Response,
    responses=_TOLD | problems(*IN, 404, 409, 422),
)
def show_not_observed(
    inspection_id: UUID,
    asked: Annotated[GapsAsked, Query()],
    actor: Seer,
    records: GivenRecords,
    reader: GivenReader,
    words: GivenWords,
) -> Response:
    """Each gap of permit and ring that this flight left: outline, area, place and cause."""
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
        permit = session.get_one(Permit, run.permit_id).reference
    inspection = _sealed(run, reader)
    sheet = Sheet(
        title=words.say("refly.title", permit=permit, inspection=inspection.id),
        gaps=gaps_of(inspection),
        words=words,
    )
    if asked.form is Form.GEOJSON:
        counted = inspection.coverage
        content = {
            **geojson(sheet, asked.where),
            "observed_share": counted.observed_share,
            "not_observed_ha": counted.not_observed_ha,
            "least_observed_share": inspection.answers.observed.limit,
        }
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    else:
        body = XML[asked.form](sheet, asked.where)
    name = f"not-observed-{inspection.id}.{asked.form}"
    return Response(body, media_type=KINDS[asked.form], headers=apart(name))


@router.get("/{inspection_id}/warnings", responses=problems(*IN, 404, 409, 422))
def list_warnings(
    inspection_id: UUID, actor: Seer, records: GivenRecords, reader: GivenReader, words: GivenWords
) -> list[WarningTold]:
    """What a reader of the result must know that did not stop the inspection."""
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
    return [WarningTold.model_validate(one) for one in warned_of(_sealed(run, reader), words)]


def _sealed(run: InspectionRun, reader: Reader) -> Inspection:
    """The document of a finished inspection."""
    if run.document_sha256 is None:
        raise AbsentError("absent")
    return from_json(json.loads(b"".join(reader.whole(run.document_sha256))))
