"""How far an inspection is, told as it changes (server-sent events)."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.dependencies import GivenRecords, may, still_asking
from api.described import IN, problems
from api.reach import reached
from api.watching import Seen, Watch
from inspection.access.rights import Action, Actor, authorize
from inspection.errors import InspectionError
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun

HEARTBEAT_S: Final = 15.0
ASKED_AGAIN_S: Final = 5.0
"""How often it is asked whether who listens still may."""

_KIND: Final = "text/event-stream"
_TOLD: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "events `state` with state, step, share and code; at last one `end`",
        "content": {_KIND: {"schema": {"type": "string"}}},
    },
    204: {"description": "the end was told before, as Last-Event-ID says"},
}
_HEADERS: Final = {"X-Accel-Buffering": "no"}
"""So that a proxy passes each event on."""

router = APIRouter(prefix="/inspections", tags=["inspections"])
Reader = Annotated[Actor, Depends(may(Action.INSPECTION_READ))]


@router.get(
    "/{inspection_id}/events",
    response_class=Response,
    responses={**_TOLD, **problems(*IN, 404, 422, 429)},
)
async def follow_inspection(
    inspection_id: UUID,
    actor: Reader,
    records: GivenRecords,
    request: Request,
    last_event_id: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """Follow an inspection to its end; a connection that broke goes on where it was."""
    first = await run_in_threadpool(_seen, records, inspection_id, actor)
    if first.is_over and last_event_id == _name(first):
        return Response(status_code=204)
    watch: Watch = request.app.state.watch
    watch.require_room()
    told = _events(_Listener(request, records, inspection_id), watch, first, last_event_id)
    return StreamingResponse(told, media_type=_KIND, headers=_HEADERS)


class _Listener:
    """Who listens, asked again and again whether they may."""

    def __init__(self, request: Request, records: Records, inspection_id: UUID) -> None:
        self._request = request
        self._records = records
        self.inspection_id = inspection_id
        self._asked = time.monotonic()

    async def may_go_on(self) -> bool:
        if time.monotonic() - self._asked < ASKED_AGAIN_S:
            return True
        self._asked = time.monotonic()
        return await run_in_threadpool(self._may)

    def _may(self) -> bool:
        actor = still_asking(self._request, self._records)
        try:
            actor = authorize(actor, Action.INSPECTION_READ)
            _seen(self._records, self.inspection_id, actor)
        except InspectionError:
            return False
        return True


async def _events(
    listener: _Listener, watch: Watch, first: Seen, last: str | None
) -> AsyncIterator[str]:
    yield "retry: 3000\n\n"
    said = time.monotonic()
    if last != _name(first):
        yield _event(first)
    last = _name(first)
    if first.is_over:
        return
    async with aclosing(watch.of(listener.inspection_id)) as looks:
        async for seen in looks:
            if not await listener.may_go_on():
                return
            if seen is not None and _name(seen) != last:
                last, said = _name(seen), time.monotonic()
                yield _event(seen)
                if seen.is_over:
                    return
            elif time.monotonic() - said >= HEARTBEAT_S:
                said = time.monotonic()
                yield ": still here\n\n"


def _seen(records: Records, inspection_id: UUID, actor: Actor) -> Seen:
    with records.reading(actor.office_id) as session:
        run = reached(session, InspectionRun, inspection_id, actor, Action.INSPECTION_READ)
        code = str(run.problem["code"]) if run.problem else None
        return Seen(run.state, run.step, run.share, code)


def _name(seen: Seen) -> str:
    return f"{seen.state}.{seen.step or '-'}.{seen.share:.3f}"


def _event(seen: Seen) -> str:
    kind = "end" if seen.is_over else "state"
    data = json.dumps(seen._asdict())
    return f"id: {_name(seen)}\nevent: {kind}\ndata: {data}\n\n"
