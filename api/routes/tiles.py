"""Tiles of what an inspection drew, for whoever may read the inspection."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from api.dependencies import GivenRecords, GivenSettings, GivenWords, may
from api.described import IN, problems
from api.reach import reached
from inspection.access.rights import Action, Actor, authorize
from inspection.errors import AbsentError
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.permits import Permit
from inspection.tiles import Drawings, Layer, Tile, Tiles, drawings_of
from inspection.wmts import Shown, capabilities

router = APIRouter(prefix="/tiles", tags=["tiles"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
Number = Annotated[int, Path(ge=0, lt=2**31)]

KEEP: Final = "private, max-age=3600"
_PICTURE: Final = {"schema": {"type": "string", "format": "binary"}}
_EXACT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "the tile, 256 pixels a side", "content": {"image/png": _PICTURE}}
}
_TOLD: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the layers, their reach, and where their tiles lie",
        "content": {"application/xml": {"schema": {"type": "string"}}},
    }
}
_DRAWN: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the tile, 256 pixels a side",
        "content": dict.fromkeys(("image/jpeg", "image/webp", "image/png"), _PICTURE),
    },
    204: {"description": "nothing was drawn there"},
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One tile of one layer of one inspection."""

    inspection: UUID
    layer: Layer
    tile: Tile


async def asked_of(inspection_id: UUID, layer: Layer, z: Number, x: Number, y: Number) -> Asked:
    """Which tile an address names."""
    return Asked(inspection=inspection_id, layer=layer, tile=Tile(z=z, x=x, y=y))


GivenTile = Annotated[Asked, Depends(asked_of)]


def drawings_within_reach(
    tiles: Tiles, records: Records, actor: Actor, inspection: UUID
) -> Drawings:
    """What an inspection drew that this person may read, as their rights are at this moment."""
    known = tiles.known(inspection)
    if known is not None:
        authorize(actor, Action.INSPECTION_READ, known)
        return known
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection, actor, Action.INSPECTION_READ)
        found = drawings_of(session, run)
    if found is None:
        raise AbsentError("absent")
    tiles.keep(inspection, found)
    return found


@router.get(
    "/{inspection_id}/{layer}/{z}/{x}/{y}.png",  # noqa: FAST003 - as below
    response_class=Response,
    responses=_EXACT | problems(*IN, 404, 422),
)
def show_exact_tile(
    asked: GivenTile, actor: Reader, records: GivenRecords, request: Request
) -> Response:
    """One tile for a GIS: with every pixel as it is, and see-through where nothing was drawn."""
    return _answer(request, asked, actor, records, is_exact=True)


@router.get(
    "/{inspection_id}/{layer}/{z}/{x}/{y}",  # noqa: FAST003 - the tile is made of three
    response_class=Response,
    responses=_DRAWN | problems(*IN, 404, 422),
)
def show_tile(asked: GivenTile, actor: Reader, records: GivenRecords, request: Request) -> Response:
    """One tile of this flight, of the earlier one, or of the change score between them."""
    return _answer(request, asked, actor, records, is_exact=False)


def _answer(
    request: Request, asked: Asked, actor: Actor, records: Records, *, is_exact: bool
) -> Response:
    tiles: Tiles = request.app.state.tiles
    tile = asked.tile
    drawings = drawings_within_reach(tiles, records, actor, asked.inspection)
    sha256 = drawings.rasters.get(asked.layer)
    if sha256 is None or not tile.exists:
        raise AbsentError("absent")
    tag = f'"{sha256[:32]}-{tile.z}-{tile.x}-{tile.y}{"-exact" if is_exact else ""}"'
    headers = {"Cache-Control": KEEP, "ETag": tag}
    if tag == request.headers.get("if-none-match"):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    drawn = tiles.drawn(sha256, asked.layer, tile, is_exact=is_exact)
    if drawn is None:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    return Response(drawn.content, media_type=drawn.kind, headers=headers)


@router.get(
    "/{inspection_id}/WMTSCapabilities.xml",
    response_class=Response,
    responses=_TOLD | problems(*IN, 404, 422),
)
def show_capabilities(
    inspection_id: UUID,
    actor: Reader,
    records: GivenRecords,
    words: GivenWords,
    settings: GivenSettings,
    request: Request,
) -> Response:
    """What a GIS needs to show the layers of an inspection: OGC WMTS 1.0.0."""
    tiles: Tiles = request.app.state.tiles
    drawings = drawings_within_reach(tiles, records, actor, inspection_id)
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
        permit = session.get_one(Permit, run.permit_id)
        title = words.say("maps.title", inspection=run.document_id, permit=permit.reference)
    shown = [
        Shown(layer=layer, title=words.say(f"maps.{layer}"), reach=tiles.reach(sha256))
        for layer, sha256 in drawings.rasters.items()
    ]
    base = settings.address or str(request.base_url)
    document = capabilities(title, shown, f"{base.rstrip('/')}{router.prefix}/{inspection_id}")
    return Response(document, media_type="application/xml", headers={"Cache-Control": KEEP})
