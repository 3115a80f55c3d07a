"""What inspectors brought, as it came: restricted, and each reading on the record."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.dependencies import GivenRecords, may
from api.described import IN, problems
from api.files import ANY_KIND, GivenGiver, Sent, in_parts
from api.reach import reached
from inspection.access.rights import Action, Actor
from inspection.delivery.flights import original_of
from inspection.delivery.reads import deed_on
from inspection.records.tables.flights import Flight

router = APIRouter(prefix="/flights", tags=["flights"])
Seer = Annotated[Actor, Depends(may(Action.UPLOAD_READ))]


@router.get(
    "/{flight_id}/files/{role}",
    response_class=Response,
    responses={**in_parts(*ANY_KIND), **problems(*IN, 404, 409, 416, 422)},
)
def read_original(
    flight_id: UUID, role: str, actor: Seer, records: GivenRecords, giver: GivenGiver
) -> Sent:
    """A file of a flight by its role (`orthophoto`, `dsm`, …), or a part of it (`Range`)."""
    with records.reading(actor.office_id) as session:
        flight = reached(session, Flight, flight_id, actor, Action.UPLOAD_READ)
        file = original_of(session, flight, role)
    deed = deed_on("flight", flight.id, name=role, sha256=file.sha256)
    return giver.file(actor, deed, sha256=file.sha256, name=file.name)
