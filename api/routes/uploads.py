"""One's own uploads that are not whole yet, on whichever device they were begun."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select

from api.dependencies import GivenRecords, may
from api.described import IN, problems
from api.inspection_schemas import UploadPage, UploadTold
from api.schemas import PageAsked
from inspection.access.rights import Action, Actor
from inspection.records.columns import now
from inspection.records.paging import page
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.permits import Permit

router = APIRouter(prefix="/uploads", tags=["uploads"])
Bringer = Annotated[Actor, Depends(may(Action.UPLOAD_CHANGE))]


@router.get("", responses=problems(*IN, 422))
def list_uploads(
    asked: Annotated[PageAsked, Query()], actor: Bringer, records: GivenRecords
) -> UploadPage:
    """Files that one began to send and that go on where they were cut, the newest first."""
    which = select(Upload).where(
        Upload.brought_by == actor.user_id,
        Upload.state == UploadState.RECEIVING,
        Upload.expires_at > now(),
    )
    with records.reading(actor.office_id) as session:
        found = page(session, which, Upload, size=asked.size, after=asked.after)
        permits = {one.permit_id for one in found.rows if one.permit_id is not None}
        named = select(Permit.id, Permit.reference).where(Permit.id.in_(permits))
        references = {one.id: one.reference for one in session.execute(named)}
        items = [
            UploadTold(
                **{
                    name: getattr(one, name)
                    for name in UploadTold.model_fields
                    if name != "permit_reference"
                },
                permit_reference=references.get(one.permit_id),
            )
            for one in found.rows
        ]
        return UploadPage(items=items, after=found.after)
