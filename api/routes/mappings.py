"""How exports are read: the mappings that come along, and those of the office's own."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from pydantic import StringConstraints
from starlette.concurrency import run_in_threadpool

from api.dependencies import GivenRecords, may
from api.described import BODY, IN, problems
from api.import_schemas import MappingNamed, MappingShown
from inspection.access.rights import Action, Actor
from inspection.errors import AbsentError
from inspection.exchange.permits.mapping import (
    COME_ALONG,
    Mapping,
    mapping_from,
    mapping_names,
    read_mapping,
)
from inspection.records.own_mappings import (
    end_mapping,
    kept_mapping,
    kept_mappings,
    mapping_named,
    state_mapping,
)
from inspection.records.store import Records

router = APIRouter(prefix="/mappings", tags=["permits"])
Reader = Annotated[Actor, Depends(may(Action.OFFICE_READ))]
Changer = Annotated[Actor, Depends(may(Action.MAPPING_CHANGE))]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
_TOML: Final = {
    "requestBody": {
        "required": True,
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}


@router.get("", responses=problems(*IN))
def list_mappings(actor: Reader, records: GivenRecords) -> list[MappingNamed]:
    """All mappings by which an import can be read."""
    with records.reading(actor.office_id) as session:
        own = [mapping_named(session, one.name) for one in kept_mappings(session)]
    known = [read_mapping(name) for name in mapping_names()]
    return [_named(one, is_own=one in own) for one in (*own, *known)]


@router.get("/{mapping_name}", responses=problems(*IN, 404, 422))
def show_mapping(mapping_name: Name, actor: Reader, records: GivenRecords) -> MappingShown:
    """One mapping, as it was written."""
    return _shown(mapping_name, actor, records)


@router.put("/{mapping_name}", responses=problems(*IN, 409, *BODY), openapi_extra=_TOML)
async def state_own_mapping(
    mapping_name: Name, request: Request, actor: Changer, records: GivenRecords
) -> MappingShown:
    """Keep a mapping of the office's own (TOML); it may extend one that comes along, by name."""
    content = await request.body()
    return await run_in_threadpool(_stated, mapping_name, content, actor, records)


@router.delete("/{mapping_name}", status_code=204, responses=problems(*IN, 404, 422))
def end_own_mapping(mapping_name: Name, actor: Changer, records: GivenRecords) -> None:
    """Let a mapping of the office's own count no more."""
    with records.writing(actor.office_id) as session:
        end_mapping(session, mapping_name, by=actor.user_id)


def _stated(name: str, content: bytes, actor: Actor, records: Records) -> MappingShown:
    mapping = mapping_from(content, name=name)
    with records.writing(actor.office_id) as session:
        state_mapping(session, mapping, content, by=actor.user_id)
    return _shown(name, actor, records)


def _shown(name: str, actor: Actor, records: Records) -> MappingShown:
    with records.reading(actor.office_id) as session:
        own = kept_mapping(session, name)
        if own is not None and own.content is not None:
            told = _named(mapping_named(session, name), is_own=True).model_dump()
            return MappingShown(
                **told, content=own.content, stated_by=own.stated_by, stated_at=own.created_at
            )
    if name not in mapping_names():
        raise AbsentError("absent")
    content = COME_ALONG.joinpath(f"{name}.toml").read_text("utf-8")
    told = _named(read_mapping(name), is_own=False).model_dump()
    return MappingShown(**told, content=content, stated_by=None, stated_at=None)


def _named(one: Mapping, *, is_own: bool) -> MappingNamed:
    return MappingNamed(
        name=one.name,
        title=one.title,
        version=str(one.version),
        system=one.system,
        form=str(one.form),
        sha256=one.origin.sha256,
        is_own=is_own,
    )
