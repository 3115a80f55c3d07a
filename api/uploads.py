"""Uploads that go on where they were cut: tus 1.0, as a small ASGI application."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from api.tus import (
    CHUNK_BYTES,
    CHUNK_TYPE,
    NO_CONTENT,
    VERSION,
    Answer,
    Headers,
    Receive,
    Scope,
    Send,
    expiry,
    language_of,
    named,
    offered,
    problem,
    say,
    state_of,
)
from inspection.language import Language
from inspection.uploads.announced import announced, checksum, number
from inspection.uploads.quota import Bringer
from inspection.uploads.receiving import Chunk, Reception
from inspection.uploads.refusals import CodedError, UploadError
from inspection.uploads.uploads import Uploads

WRITTEN_BYTES: Final = 2**18
"""Gathered before they are hashed and written, which is done beside the loop of the server."""

FINISHED_AT_ONCE: Final = 4
"""Files that are whole are read through once more, which takes minutes: the others go on."""

PATIENCE_S: Final = 60
"""How long a client may be silent; after that its upload is free for its next connection."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What is said to somebody who may not do it."""

    status: int
    error: CodedError
    headers: Headers = field(default_factory=dict)


type Admit = Callable[[Scope], Bringer | Refusal]
"""Says who asks, by the headers alone; called before the first byte of a body is read."""


class UploadApp:
    """
    POST announces, HEAD asks how far it is, PATCH sends the next chunk, DELETE gives up.

    Whatever touches the disk or the database is done in threads. `admit` is asked in one too.
    """

    def __init__(self, uploads: Uploads, admit: Admit, *, language: Language) -> None:
        self._uploads = uploads
        self._admit = admit
        self._language = language
        self._finishers = ThreadPoolExecutor(FINISHED_AT_ONCE, "finish")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked: Headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        method: str = scope["method"]
        if method == "POST":
            method = asked.get("x-http-method-override", method).upper()
        try:
            answer = await self._answer({**scope, "method": method}, asked, receive)
        except CodedError as error:
            answer = problem(error, language_of(asked, self._language))
        await say(answer, asked, send)

    async def _answer(self, scope: Scope, asked: Headers, receive: Receive) -> Answer:
        if scope["method"] == "OPTIONS":
            return Answer(status=NO_CONTENT, headers=offered(self._uploads.limits.largest))
        bringer = await asyncio.to_thread(self._admit, scope)
        language = language_of(asked, self._language)
        if isinstance(bringer, Refusal):
            told = problem(bringer.error, language, status=bringer.status)
            # Whatever the body is, it is not even read to be thrown away.
            return replace(told, headers={**told.headers, **bringer.headers, "connection": "close"})
        if asked.get("tus-resumable") != VERSION:
            told = problem(
                UploadError("upload_header", where="Tus-Resumable"), language, status=412
            )
            return replace(told, headers={**told.headers, "tus-version": VERSION})
        upload_id = named(scope)
        if scope["method"] == "PATCH" and upload_id is not None:
            status, error = _fault(asked)
            if error is not None:
                return problem(error, language, status=status)
            return await self._patch(bringer, upload_id, asked, receive)
        return await asyncio.to_thread(self._bodiless, bringer, upload_id, scope, asked)

    def _bodiless(
        self, bringer: Bringer, upload_id: UUID | None, scope: Scope, asked: Headers
    ) -> Answer:
        match scope["method"], upload_id:
            case "POST", None:
                file = announced(asked.get("upload-length"), asked.get("upload-metadata"))
                upload = self._uploads.announce(bringer, file)
                location = f"{scope['path'].rstrip('/')}/{upload.id}"
                told = {"location": location, "upload-offset": str(upload.received)}
                return Answer(status=201, headers={**told, **expiry(upload)})
            case "HEAD", UUID():
                return state_of(self._uploads.look(bringer, upload_id))
            case "DELETE", UUID():
                self._uploads.end(bringer, upload_id)
                return Answer(status=NO_CONTENT)
            case _:
                allowed = "OPTIONS, POST" if upload_id is None else "OPTIONS, HEAD, PATCH, DELETE"
                return Answer(status=405, headers={"allow": allowed})

    async def _patch(
        self, bringer: Bringer, upload_id: UUID, asked: Headers, receive: Receive
    ) -> Answer:
        chunk = Chunk(
            offset=number(asked.get("upload-offset"), "Upload-Offset"),
            length=int(asked["content-length"]),
            checksum=checksum(asked.get("upload-checksum")),
        )
        reception = await asyncio.to_thread(self._uploads.receive, bringer, upload_id, chunk)
        try:
            came = await _take(reception, chunk.length, receive)
            pool = self._finishers if reception.is_last else None
            upload = await asyncio.get_running_loop().run_in_executor(pool, reception.finish)
        finally:
            await asyncio.to_thread(reception.close)
        if came < chunk.length:
            # Nobody hears it where the connection broke; where it fell silent, it ends.
            return Answer(status=408, headers={"connection": "close"})
        offset = {"upload-offset": str(upload.received)}
        return Answer(status=NO_CONTENT, headers={**offset, **expiry(upload)})


def _fault(asked: Headers) -> tuple[int, CodedError | None]:
    """What is wrong with a chunk before it comes."""
    if asked.get("content-type") != CHUNK_TYPE:
        return 415, UploadError("upload_header", where="Content-Type")
    if "content-length" not in asked or "transfer-encoding" in asked:
        return 411, UploadError("upload_chunk", limit=CHUNK_BYTES)
    if number(asked["content-length"], "Content-Length") > CHUNK_BYTES:
        return 413, UploadError("upload_chunk", limit=CHUNK_BYTES)
    return NO_CONTENT, None


async def _take(reception: Reception, length: int, receive: Receive) -> int:
    """Take the body of a request; give how many bytes came before its end, a cut or silence."""
    gathered = bytearray()
    came = 0
    while came < length:
        try:
            message = await asyncio.wait_for(receive(), PATIENCE_S)
        except TimeoutError:
            break
        if message["type"] == "http.disconnect":
            break
        came += len(message.get("body", b""))
        gathered += message.get("body", b"")
        if len(gathered) >= WRITTEN_BYTES:
            await asyncio.to_thread(reception.write, gathered)
            gathered = bytearray()
        if not message.get("more_body", False):
            break
    if gathered:
        await asyncio.to_thread(reception.write, gathered)
    return came
