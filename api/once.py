"""`Idempotency-Key`: every creating call may be sent again, and is carried out once."""

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.dependencies import caller_of, records_of
from api.errors import BodySizeError, RequestError, problem
from api.observing import PREFIX
from inspection.access.once import Asking, Claim, Known, claim, give_up, keep_answer
from inspection.errors import GeoError, RefusedError
from inspection.records.audit import INSTALLATION
from inspection.records.claim import CLAIM

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
LEAST, MOST = 16, 255
FORM: Final = rf"^[\x21-\x7e]{{{LEAST},{MOST}}}$"
"""A UUID will do. It opens the answer that is kept, so that a short one would protect nothing."""

NOT_TWICE: Final = (f"{PREFIX}/session", f"{PREFIX}/verifications")
"""To sign in is to get a secret of one's own each time; to verify creates nothing."""

FOR_ANYBODY: Final = (f"{PREFIX}/objections",)
"""Calls of people who do not sign in; of all others the key of a stranger counts for nothing."""

_ANYBODY: Final = "anybody"
_REFUSED: Final = range(400, 500)
_DONE: Final = range(200, 300)
UPLOADS: Final = "/uploads/"
"""Where an upload is announced: in headers, so that these are part of what is asked."""

_HEADERS_KEPT: Final = ("content-type", "location", "tus-resumable", "upload-expires")
_HEADERS_ASKED: Final = ("content-type", "upload-length", "upload-metadata")


class Once:
    """Answers a creating call that came before as it was answered then."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, unless that was done."""
        if not _is_creating(scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        if re.fullmatch(FORM, request.headers[HEADER]) is None:
            error = RequestError("idempotency_key_unfit", least=LEAST, most=MOST)
            await problem(request, error)(scope, receive, send)
            return
        asking = await run_in_threadpool(_asking, request)
        if asking is None:  # which the route itself will tell
            await self._app(scope, receive, send)
            return
        answer = await self._answer(request, asking)
        await answer(scope, receive, send)

    async def _answer(self, request: Request, asking: Asking) -> ASGIApp:
        records = records_of(request)
        hashing = _Hashing(request)
        try:
            taken = await run_in_threadpool(claim, records, asking)
            if isinstance(taken, Known):
                await hashing.drain()
                if hashing.sha256 != taken.request_sha256:
                    raise RefusedError("idempotency_key_reused")
                return _replayed(taken)
        except GeoError as error:
            return problem(request, error)
        except HTTPException:
            return problem(request, BodySizeError("body_too_large"))
        return await self._made(request, hashing, taken)

    async def _made(self, request: Request, hashing: "_Hashing", taken: Claim) -> ASGIApp:
        records, made = records_of(request), _Made()
        standing = CLAIM.set(taken.id)
        try:
            await self._app(request.scope, hashing.receive, made.take)
            # What is kept is the whole request, also what its route had no use for.
            with suppress(HTTPException):
                await hashing.drain()
        finally:
            CLAIM.reset(standing)
            if made.status not in _DONE:
                is_refused = made.status in _REFUSED
                await run_in_threadpool(give_up, records, taken, is_refused=is_refused)
        if made.status in _DONE:
            try:
                await run_in_threadpool(
                    keep_answer,
                    records,
                    taken,
                    request_sha256=hashing.sha256,
                    answer=made.as_bytes(),
                )
            except GeoError as error:
                # It was done, and whoever asked is told so: that it cannot be told twice is less.
                structlog.get_logger().error("answer_not_kept", code=error.code)
        return made


def _is_creating(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path = scope["path"]
    creates = path == UPLOADS or (path.startswith(PREFIX) and path not in NOT_TWICE)
    return creates and HEADER in Headers(scope=scope)


def _asking(request: Request) -> Asking | None:
    """Who asks, if it is somebody who may use a key here."""
    key = request.headers[HEADER]
    try:
        actor = caller_of(request, records_of(request)).actor
    except GeoError:
        return None
    if actor is not None:
        return Asking(owner=actor.office_id, caller=str(actor.user_id), key=key)
    if request.scope["path"] in FOR_ANYBODY:
        return Asking(owner=INSTALLATION, caller=_ANYBODY, key=key)
    return None


class _Hashing:
    """What a request says, hashed as it comes: nothing of it is held here."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        scope = request.scope
        said = [request.headers.get(name, "") for name in _HEADERS_ASKED]
        first = [request.method, scope["path"], scope["query_string"].decode("latin-1"), *said]
        self._digest = hashlib.sha256(json.dumps(first).encode())
        self._is_whole = False

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    async def receive(self) -> Message:
        message = await self._receive()
        self._digest.update(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return message

    async def drain(self) -> None:
        while not self._is_whole:
            await self.receive()


@dataclass
class _Made:
    """An answer that is held back until it is kept."""

    status: int = 0
    messages: list[Message] = field(default_factory=list)

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.messages.append(message)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        for message in self.messages:
            await send(message)

    def as_bytes(self) -> bytes:
        headers = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in self.messages[0]["headers"]
            if name.decode("latin-1").lower() in _HEADERS_KEPT
        }
        body = b"".join(one.get("body", b"") for one in self.messages)
        kept = {"status": self.status, "headers": headers, "body": body.decode()}
        return json.dumps(kept).encode()


def _replayed(known: Known) -> Response:
    kept = json.loads(known.answer)
    return Response(kept["body"], kept["status"], {**kept["headers"], REPLAYED: "true"})
