"""STAC: the inspected flights of an office as a catalogue, with their pictures."""

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from api.dependencies import GivenRecords, GivenWords, Host, may
from api.described import IN, problems
from api.ogc_schemas import ItemsAsked
from inspection.access.rights import Action, Actor
from inspection.errors import AbsentError
from inspection.features.collections import COVERAGE
from inspection.features.documents import GEOJSON, JSON, items_told
from inspection.features.paging import asked_of, extent_of, found, one_of
from inspection.features.stac import FLIGHTS, catalogue, collection, items

PREFIX: Final = "/stac"
HERE: Final = f"/collections/{FLIGHTS}"

router = APIRouter(prefix=PREFIX, tags=["stac"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]


def _described(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "told", "content": {kind: {"schema": {"type": "object"}}}}}


def _answer(document: dict[str, Any], kind: str = JSON) -> Response:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Response(body, media_type=kind)


@router.get("", response_class=Response, responses=_described(JSON) | problems(*IN))
def show_catalogue(_actor: Reader, words: GivenWords, host: Host) -> Response:
    """Where software that reads STAC begins."""
    return _answer(catalogue(words, f"{host}{PREFIX}", host))


@router.get("/collections", response_class=Response, responses=_described(JSON) | problems(*IN))
def list_flight_collections(
    actor: Reader, records: GivenRecords, words: GivenWords, host: Host
) -> Response:
    """The one collection there is."""
    with records.reading(actor.office_id) as session:
        told = collection(words, extent_of(session, COVERAGE), f"{host}{PREFIX}")
    return _answer({"collections": [told], "links": told["links"][1:2]})


@router.get(HERE, response_class=Response, responses=_described(JSON) | problems(*IN))
def show_flight_collection(
    actor: Reader, records: GivenRecords, words: GivenWords, host: Host
) -> Response:
    """The inspected flights of the office."""
    with records.reading(actor.office_id) as session:
        return _answer(collection(words, extent_of(session, COVERAGE), f"{host}{PREFIX}"))


@router.get(
    HERE + "/items", response_class=Response, responses=_described(GEOJSON) | problems(*IN, 400)
)
def list_flights(
    _asked: Annotated[ItemsAsked, Query()],
    request: Request,
    actor: Reader,
    records: GivenRecords,
    host: Host,
) -> Response:
    """A page of flights, narrowed as the collection `coverage` of OGC API Features."""
    query, base = request.query_params.multi_items(), f"{host}{PREFIX}"
    wanted = asked_of(COVERAGE, query)
    with records.reading(actor.office_id) as session:
        some = found(session, COVERAGE, wanted)
        told = items(session, some.rows, base, host)
    return _answer(items_told(told, some, query, f"{base}{HERE}/items"), GEOJSON)


@router.get(
    HERE + "/items/{item_id}",
    response_class=Response,
    responses=_described(GEOJSON) | problems(*IN, 404),
)
def show_flight(item_id: str, actor: Reader, records: GivenRecords, host: Host) -> Response:
    """One flight."""
    with records.reading(actor.office_id) as session:
        row = one_of(session, COVERAGE, item_id)
        if row is None:
            raise AbsentError("absent")
        (told,) = items(session, [row], f"{host}{PREFIX}", host)
    return _answer(told, GEOJSON)
