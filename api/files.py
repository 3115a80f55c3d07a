"""Files on their way to a caller: whole or in part, each byte proven, and shown by no browser."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Any, Final
from urllib.parse import quote

import structlog
from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.responses import StreamingResponse
from starlette.types import Send

from api.errors import SpanError
from inspection.access.rights import Actor
from inspection.delivery.reading import Reader
from inspection.delivery.reads import Reads
from inspection.errors import GeoError
from inspection.records.audit import Deed

MEDIA: Final = {
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".zip": "application/zip",
}
PART: Final = 206
ANY: Final = "application/octet-stream"
_SPAN: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_UNSAFE: Final = re.compile(r"[^ !#-\[\]-~]")
_APART: Final = {
    # Whatever a file holds, no browser runs it as a page of this service.
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def whole(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """What the document says of a route that gives a file of one of these kinds."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {200: {"description": "the file", "content": content}}


def in_parts(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The same of a route that gives parts of it too."""
    told = whole(*kinds)
    return {**told, PART: {**told[200], "description": "the part of it that was asked for"}}


ANY_KIND: Final = (*sorted({kind.partition(";")[0] for kind in MEDIA.values()}), ANY)


class Sent(StreamingResponse):
    """A stream that breaks off where its bytes turn out wrong, and does not end as if whole."""

    async def stream_response(self, send: Send) -> None:
        """Send it piece by piece."""
        try:
            await super().stream_response(send)
        except GeoError as error:
            # The status was sent long ago. That the end of the answer is missing is what the
            # caller's side notices: the server closes the connection.
            structlog.get_logger().error("answer_broken_off", code=error.code)


@dataclass(frozen=True, kw_only=True)
class Giver:
    """Gives restricted files to one caller, after it was put on the record that they are read."""

    headers: Headers
    reader: Reader
    reads: Reads

    def file(self, actor: Actor, deed: Deed, *, sha256: str, name: str) -> Sent:
        """A file, or the part of it that is asked for; as `sent_file`."""
        answer = sent_file(self.headers, self.reader, sha256=sha256, name=name)
        is_part = answer.status_code == PART
        self.reads.note(actor.office_id, actor.user_id, deed, is_part=is_part)
        return answer

    def all_of(self, actor: Actor, deed: Deed, pieces: Iterator[bytes], *, name: str) -> Sent:
        """Bytes that are made of several files while they are sent."""
        self.reads.note(actor.office_id, actor.user_id, deed)
        return Sent(pieces, 200, apart(name), media_type=media_of(name))


def giver_of(request: Request) -> Giver:
    """What gives files to this caller."""
    state = request.app.state
    return Giver(headers=request.headers, reader=state.reader, reads=state.reads)


GivenGiver = Annotated[Giver, Depends(giver_of)]


def sent_file(headers: Headers, reader: Reader, *, sha256: str, name: str) -> Sent:
    """
    A file, or the part of it that the caller asks for.

    Raises
    ------
    SpanError
        ``range_outside``.
    DisprovedError
        ``object_missing``; ``object_damaged`` as far as it shows before the first byte leaves.
    """
    size = reader.size(sha256)
    span = asked_span(headers, sha256, size)
    told = {
        **apart(name),
        "ETag": f'"{sha256}"',
        "Accept-Ranges": "bytes",
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:",
    }
    if span is None:
        told["Content-Length"] = str(size)
        return Sent(reader.whole(sha256), 200, told, media_type=media_of(name))
    start, length = span
    told["Content-Length"] = str(length)
    told["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    return Sent(reader.part(sha256, start, length), PART, told, media_type=media_of(name))


def asked_span(headers: Headers, sha256: str, size: int) -> tuple[int, int] | None:
    """
    Which part is asked for: where it begins, and how many bytes; None for all.

    Several parts at once, or a form that nobody described, may be answered with the whole.
    """
    asked = _SPAN.fullmatch(headers.get("range", "").replace(" ", ""))
    condition = headers.get("if-range")
    if asked is None or asked.groups() == ("", "") or condition not in (None, f'"{sha256}"'):
        return None
    first, last = asked.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise SpanError("range_outside", size=size)
    return start, end - start


def media_of(name: str) -> str:
    """What kind of file a name claims, of the kinds that we write."""
    return MEDIA.get(PurePosixPath(name).suffix.lower(), ANY)


def apart(name: str) -> dict[str, str]:
    """Headers that keep a file apart from the pages of this service, and give it its name."""
    last = PurePosixPath(name.replace("\\", "/")).name or "file"
    plain = _UNSAFE.sub("_", last)
    return {
        **_APART,
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(last)}",
    }
