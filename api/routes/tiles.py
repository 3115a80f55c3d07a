"""Tiles of what an inspection drew, for whoever may read the inspection."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from api.dependencies import GivenRecords, may
from api.described import IN, problems
from api.reach import reached
from inspection.access.rights import Action, Actor
from inspection.errors import AbsentError
from inspection.objects.lending import Lending
from inspection.records.tables.inspections import InspectionRun
from inspection.tiles import Layer, Tile, draw, raster_of

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


def tile_of(z: Number, x: Number, y: Number) -> Tile:
    """Which tile an address names."""
    return Tile(z=z, x=x, y=y)


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
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
        sha256 = raster_of(session, run, layer)
    if sha256 is None or not tile.exists:
        raise AbsentError("absent")
    tag = f'"{sha256[:32]}-{tile.z}-{tile.x}-{tile.y}"'
    headers = {"Cache-Control": KEEP, "ETag": tag}
    if tag == request.headers.get("if-none-match"):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    rasters: Lending = request.app.state.rasters
    with rasters.lent(sha256) as path:
        drawn = draw(path, layer, tile)
    if drawn is None:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    return Response(drawn.content, media_type=drawn.kind, headers=headers)
