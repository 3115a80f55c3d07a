"""Tiles of what an inspection drew, for whoever may read the inspection."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from api.dependencies import GivenRecords, may
from api.described import IN, problems
from api.reach import reached
from inspection.access.rights import Action, Actor, authorize
from inspection.errors import AbsentError
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun
from inspection.tiles import Drawings, Layer, Tile, Tiles, drawings_of

router = APIRouter(prefix="/tiles", tags=["tiles"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]
Number = Annotated[int, Path(ge=0, lt=2**31)]

KEEP: Final = "private, max-age=3600"
_PICTURE: Final = {"schema": {"type": "string", "format": "binary"}}
_DRAWN: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the tile, 256 pixels a side",
        "content": {"image/webp": _PICTURE, "image/png": _PICTURE},
    },
    204: {"description": "nothing was drawn there"},
}


async def tile_of(z: Number, x: Number, y: Number) -> Tile:
    """Which tile an address names."""
    return Tile(z=z, x=x, y=y)


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


GivenTile = Annotated[Tile, Depends(tile_of)]


@router.get(
    "/{inspection_id}/{layer}/{z}/{x}/{y}",  # noqa: FAST003 - the tile is made of three
    response_class=Response,
    responses=_DRAWN | problems(*IN, 404, 422),
)
def show_tile(
    inspection_id: UUID,
    layer: Layer,
    tile: GivenTile,
    actor: Reader,
    records: GivenRecords,
    request: Request,
) -> Response:
    """One tile of this flight, of the earlier one, or of the change score between them."""
    tiles: Tiles = request.app.state.tiles
    sha256 = drawings_within_reach(tiles, records, actor, inspection_id).rasters.get(layer)
    if sha256 is None or not tile.exists:
        raise AbsentError("absent")
    tag = f'"{sha256[:32]}-{tile.z}-{tile.x}-{tile.y}"'
    headers = {"Cache-Control": KEEP, "ETag": tag}
    if tag == request.headers.get("if-none-match"):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    drawn = tiles.drawn(sha256, layer, tile, is_exact=False)
    if drawn is None:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    return Response(drawn.content, media_type=drawn.kind, headers=headers)
