"""OGC API Features: what is on the record by place, for GIS software."""

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from api.dependencies import GivenActor, GivenRecords, GivenWords, Host
from api.described import IN, problems
from api.ogc_schemas import ItemsAsked
from inspection.access.rights import Action, allowed, authorize
from inspection.errors import AbsentError, ForbiddenError
from inspection.features.asked import CRS84
from inspection.features.collections import COLLECTIONS, PERMITS, Collection, collection_named
from inspection.features.documents import (
    GEOJSON,
    JSON,
    SCHEMA,
    collection_told,
    collections_told,
    conformance,
    item_told,
    items_told,
    landing,
    schema_told,
)
from inspection.features.paging import asked_of, extent_of, found, one_of
from inspection.features.telling import features

PREFIX: Final = "/ogc"

ONE: Final = "/collections/{collection}"

router = APIRouter(prefix=PREFIX, tags=["ogc"])

_CRS: Final = {"Content-Crs": f"<{CRS84}>"}


def action_of(collection: Collection) -> Action:
    """What whoever reads a collection must be allowed to do."""
    return Action.PERMIT_READ if collection is PERMITS else Action.INSPECTION_READ


async def collection_of(collection: str, actor: GivenActor) -> Collection:
    """The collection that an address names, for whoever may read it."""
    named = collection_named(collection)
    authorize(actor, action_of(named))
    return named


Named = Annotated[Collection, Depends(collection_of)]


def _described(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "told", "content": {kind: {"schema": {"type": "object"}}}}}


def _answer(document: dict[str, Any], kind: str = JSON, **headers: str) -> Response:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Response(body, media_type=kind, headers=headers)


@router.get("/", response_class=Response, include_in_schema=False)
@router.get("", response_class=Response, responses=_described(JSON) | problems(*IN))
def show_landing(_actor: GivenActor, words: GivenWords, host: Host) -> Response:
    """Where GIS software begins: what there is, and where."""
    return _answer(landing(words, f"{host}{PREFIX}", host))


@router.get("/conformance", response_class=Response, responses=_described(JSON) | problems(*IN))
def show_conformance(_actor: GivenActor) -> Response:
    """Which parts of the standards are kept."""
    return _answer(conformance())


@router.get("/collections", response_class=Response, responses=_described(JSON) | problems(*IN))
def list_collections(
    actor: GivenActor, records: GivenRecords, words: GivenWords, host: Host
) -> Response:
    """The collections that one may read."""
    may = allowed(actor)
    shown = [one for one in COLLECTIONS.values() if action_of(one) in may]
    if not shown:
        raise ForbiddenError("not_allowed")
    base = f"{host}{PREFIX}"
    with records.reading(actor.office_id) as session:
        told = [collection_told(words, one, extent_of(session, one), base) for one in shown]
    return _answer(collections_told(told, base))


@router.get(
    ONE,
    response_class=Response,
    responses=_described(JSON) | problems(*IN, 404),
)
def show_collection(
    named: Named, actor: GivenActor, records: GivenRecords, words: GivenWords, host: Host
) -> Response:
    """One collection: what it holds, where that lies, and how it is read."""
    with records.reading(actor.office_id) as session:
        extent = extent_of(session, named)
    return _answer(collection_told(words, named, extent, f"{host}{PREFIX}"))


@router.get(
    ONE + "/queryables",
    response_class=Response,
    responses=_described(SCHEMA) | problems(*IN, 404),
)
def show_queryables(named: Named, words: GivenWords, host: Host) -> Response:
    """By which properties its items are narrowed."""
    address = f"{host}{PREFIX}/collections/{named.name}/queryables"
    return _answer(schema_told(words, named, named.queryables, address), SCHEMA)


@router.get(
    ONE + "/schema",
    response_class=Response,
    responses=_described(SCHEMA) | problems(*IN, 404),
)
def show_schema(named: Named, words: GivenWords, host: Host) -> Response:
    """All properties that its items have."""
    address = f"{host}{PREFIX}/collections/{named.name}/schema"
    return _answer(schema_told(words, named, named.properties, address), SCHEMA)


@router.get(
    ONE + "/items",
    response_class=Response,
    responses=_described(GEOJSON) | problems(*IN, 400, 404),
)
def list_items(
    named: Named,
    _asked: Annotated[ItemsAsked, Query()],
    request: Request,
    actor: GivenActor,
    records: GivenRecords,
    host: Host,
) -> Response:
    """A page of features; each queryable of the collection is a parameter too."""
    query = request.query_params.multi_items()
    wanted = asked_of(named, query)
    with records.reading(actor.office_id) as session:
        some = found(session, named, wanted)
        told = features(session, named, some.rows)
    here = f"{host}{PREFIX}/collections/{named.name}/items"
    return _answer(items_told(told, some, query, here), GEOJSON, **_CRS)


@router.get(
    ONE + "/items/{item_id}",
    response_class=Response,
    responses=_described(GEOJSON) | problems(*IN, 404),
)
def show_item(
    named: Named, item_id: str, actor: GivenActor, records: GivenRecords, host: Host
) -> Response:
    """One feature."""
    with records.reading(actor.office_id) as session:
        row = one_of(session, named, item_id)
        if row is None:
            raise AbsentError("absent")
        (told,) = features(session, named, [row])
    here = f"{host}{PREFIX}/collections/{named.name}"
    return _answer(item_told(told, here), GEOJSON, **_CRS)
