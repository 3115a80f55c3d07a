"""The boundaries of a permit: listed, drawn, and a new one brought as a file."""

from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api.dependencies import GivenRecords, GivenSettings, may
from api.described import IN, problems
from api.passing import passing_file
from api.permit_schemas import BoundaryShown
from api.reach import reached
from api.record_schemas import BoundaryAsked, BoundaryFeature
from inspection.access.rights import Action, Actor
from inspection.errors import AbsentError, RefusedError
from inspection.objects.store import ObjectStore
from inspection.records.bounding import BoundaryStated, add_boundary, drawn, outline_from
from inspection.records.store import Records
from inspection.records.tables.permits import BoundaryVersion, Permit

CHUNK: Final = 2**20

router = APIRouter(prefix="/permits/{permit_id}/boundaries", tags=["permits"])
Reader = Annotated[Actor, Depends(may(Action.PERMIT_READ))]
Bringer = Annotated[Actor, Depends(may(Action.BOUNDARY_CHANGE))]
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_FILE: Final = {"requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}}


@router.get("", responses=problems(*IN, 404, 422))
def list_boundaries(permit_id: UUID, actor: Reader, records: GivenRecords) -> list[BoundaryShown]:
    """All boundaries of a permit; the last one is in force."""
    with records.reading(actor.office_id) as session:
        permit = reached(session, Permit, permit_id, actor, Action.PERMIT_READ)
        asked = select(BoundaryVersion).where(BoundaryVersion.permit_id == permit.id)
        in_order = session.scalars(asked.order_by(BoundaryVersion.sequence))
        return [BoundaryShown.model_validate(one) for one in in_order]


@router.post(
    "", status_code=201, responses=problems(*IN, 404, 409, 413, 415, 422), openapi_extra=_FILE
)
async def bring_boundary(
    permit_id: UUID,
    request: Request,
    asked: Annotated[BoundaryAsked, Query()],
    actor: Bringer,
    records: GivenRecords,
    settings: GivenSettings,
) -> BoundaryShown:
    """Bring the permit's next boundary: a vector file of any form, or GeoJSON as it is."""
    await run_in_threadpool(_require_permit, permit_id, actor, records)
    state = request.app.state
    async with (
        passing_file(request, settings.data / "passing", asked.name) as path,
        state.importing,
    ):
        return await run_in_threadpool(
            _brought, path, permit_id, asked, actor, records, state.objects
        )


@router.get("/{boundary_id}", responses=problems(*IN, 404, 422))
def show_boundary(
    permit_id: UUID, boundary_id: UUID, actor: Reader, records: GivenRecords
) -> BoundaryFeature:
    """One boundary as GeoJSON."""
    with records.reading(actor.office_id) as session:
        permit = reached(session, Permit, permit_id, actor, Action.PERMIT_READ)
        row = session.get(BoundaryVersion, boundary_id)
        if row is None or row.permit_id != permit.id:
            raise AbsentError("absent")
        return BoundaryFeature(
            type="Feature",
            id=row.id,
            bbox=[row.west, row.south, row.east, row.north],
            geometry=drawn(row),
            properties=BoundaryShown.model_validate(row),
        )


def _brought(
    path: Path,
    permit_id: UUID,
    asked: BoundaryAsked,
    actor: Actor,
    records: Records,
    objects: ObjectStore,
) -> BoundaryShown:
    stated = BoundaryStated(
        stage=asked.stage,
        source=asked.source,
        as_of=asked.as_of,
        feature=asked.feature,
        crs=asked.crs,
    )
    with path.open("rb") as file:
        kept = objects.put(iter(lambda: file.read(CHUNK), b""))
    try:
        outline = outline_from(path, stated, sha256=kept.sha256)
    except RefusedError as error:
        error.file = asked.name
        raise
    with records.writing(actor.office_id) as session:
        permit = reached(session, Permit, permit_id, actor, Action.BOUNDARY_CHANGE)
        row = add_boundary(session, permit, outline, stated, by=actor.user_id)
        return BoundaryShown.model_validate(row)


def _require_permit(permit_id: UUID, actor: Actor, records: Records) -> None:
    with records.reading(actor.office_id) as session:
        reached(session, Permit, permit_id, actor, Action.BOUNDARY_CHANGE)
