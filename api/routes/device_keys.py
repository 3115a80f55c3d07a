"""Keys of one's own laptops, by which the office knows the parcels that they pack."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select

from api.dependencies import GivenRecords, may
from api.described import BODY, IN, problems
from api.reach import reached
from api.schemas import DeviceKeyAsked, DeviceKeyPage, DeviceKeyShown, PageAsked
from inspection.access.device_keys import add_device_key, end_device_key
from inspection.access.rights import Action, Actor
from inspection.records.paging import page
from inspection.records.tables.offices import DeviceKey

router = APIRouter(prefix="/device-keys", tags=["tokens"])
Reader = Annotated[Actor, Depends(may(Action.TOKEN_READ))]
Owner = Annotated[Actor, Depends(may(Action.TOKEN_CHANGE))]


@router.get("", responses=problems(*IN, 422))
def list_device_keys(
    asked: Annotated[PageAsked, Query()], actor: Reader, records: GivenRecords
) -> DeviceKeyPage:
    """The keys of one's laptops, the newest first."""
    with records.reading(actor.office_id) as session:
        own = select(DeviceKey).where(DeviceKey.user_id == actor.user_id)
        found = page(session, own, DeviceKey, size=asked.size, after=asked.after)
        items = [DeviceKeyShown.model_validate(one) for one in found.rows]
        return DeviceKeyPage(items=items, after=found.after)


@router.post("", status_code=201, responses=problems(*IN, *BODY, 409))
def register_device_key(
    asked: DeviceKeyAsked, actor: Owner, records: GivenRecords
) -> DeviceKeyShown:
    """Tell the office the key that `tinjau pack --key` prints on one's laptop."""
    with records.writing(actor.office_id) as session:
        made = add_device_key(
            session, user_id=actor.user_id, name=asked.name, key=asked.key, by=actor.user_id
        )
        return DeviceKeyShown.model_validate(made)


@router.delete("/{device_key_id}", status_code=204, responses=problems(*IN, 404, 422))
def remove_device_key(device_key_id: UUID, actor: Owner, records: GivenRecords) -> None:
    """Let a key of one's laptops count no more, at once."""
    with records.writing(actor.office_id) as session:
        row = reached(session, DeviceKey, device_key_id, actor, Action.TOKEN_CHANGE)
        end_device_key(session, row, by=actor.user_id)
