"""How much a request may carry: asked before anything is read, counted while it comes."""

import re
from collections.abc import Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BodyKindError, BodySizeError, problem
from api.observing import PREFIX
from inspection.objections.judging import MOST_BYTES

SMALL: Final = 64 * 1024
"""A JSON object."""

MANY: Final = 1024 * 1024
"""A list of JSON objects, or an outline that somebody drew."""

EXPORT: Final = 64 * 1024 * 1024
"""What another system exports of its permits, or draws of one."""

LARGER: Final[Mapping[re.Pattern[str], int]] = {
    re.compile(f"{PREFIX}/permits/(imports|[^/]*/boundaries)"): EXPORT,
    re.compile(f"{PREFIX}/batches/tables"): EXPORT,
    re.compile(f"{PREFIX}/verifications"): MOST_BYTES,
    re.compile(f"{PREFIX}/batches"): MANY,
    re.compile(f"{PREFIX}/office/calendars"): MANY,
    re.compile(f"{PREFIX}/findings/[^/]*/reviews"): MANY,
    re.compile(f"{PREFIX}/inspections/[^/]*/findings"): MANY,
}
"""Where a body is a file."""

OWN_RULES: Final = "/uploads/"
"""What lies below it takes large files, and judges itself what it is sent."""

_FORMS: Final = ("multipart/", "application/x-www-form-urlencoded")
_TOO_LARGE: Final = 413


class BodyLimit:
    """Refuses bodies that are too large, and forms, which nothing here takes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or not."""
        if scope["type"] != "http" or scope["path"].startswith(OWN_RULES):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        limit = _limit(scope["path"])
        stated = request.headers.get("content-length", "0")
        if request.headers.get("content-type", "").lower().startswith(_FORMS):
            await problem(request, BodyKindError("body_kind"))(scope, receive, send)
        elif not stated.isdecimal() or int(stated) > limit:
            await problem(request, BodySizeError("body_too_large", limit=limit))(
                scope, receive, send
            )
        else:
            await self._app(scope, _counted(receive, limit), send)


def _limit(path: str) -> int:
    return next((most for place, most in LARGER.items() if place.fullmatch(path)), SMALL)


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(_TOO_LARGE)
        return message

    return counted
