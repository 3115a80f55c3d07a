"""Projects of QGIS: one file that opens all layers of a permit."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.dependencies import GivenRecords, GivenWords, Host, may
from api.described import IN, problems
from api.files import apart, whole
from api.reach import reached
from inspection.access.rights import Action, Actor, authorize
from inspection.features.project import project_of
from inspection.features.qgis import MEDIA, project_file
from inspection.records.tables.permits import Permit

router = APIRouter(prefix="/permits", tags=["ogc"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]


@router.get(
    "/{permit_id}/qgis", response_class=Response, responses=whole(MEDIA) | problems(*IN, 404, 422)
)
def read_project(
    permit_id: UUID, actor: Reader, records: GivenRecords, words: GivenWords, host: Host
) -> Response:
    """A project of QGIS with the permit's layers; it names where they are, and holds no token."""
    authorize(actor, Action.PERMIT_READ)
    with records.reading(actor.office_id) as session:
        permit = reached(session, Permit, permit_id, actor, Action.PERMIT_READ)
        project = project_of(session, permit, words, host)
        name = f"{permit.reference}.qgz"
    return Response(project_file(project), media_type=MEDIA, headers=apart(name.replace("/", "-")))
