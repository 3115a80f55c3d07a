"""The words of tus 1.0 (https://tus.io/protocols/resumable-upload): headers, statuses, answers."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any, Final
from uuid import UUID

from inspection.language import Language
from inspection.records.tables.flights import Upload, UploadState
from inspection.uploads.announced import CHECKSUMS, Announced
from inspection.uploads.refusals import CodedError, UploadError
from inspection.wording.catalogue import wording

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Headers = dict[str, str]

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,expiration,checksum,termination"
CHUNK_BYTES: Final = 8 * 2**20
CHUNK_TYPE: Final = "application/offset+octet-stream"
NO_CONTENT: Final = 204
LATER_S: Final = 30

STATUS: Final = {
    "disk_full": 507,
    "database_full": 507,
    "parcel_absent": 404,
    "parcel_altered": 422,
    "parcel_file_differs": 422,
    "parcel_permit_differs": 422,
    "parcel_signer_unknown": 403,
    "parcel_unreadable": 422,
    "permit_without_boundary": 422,
    "upload_absent": 404,
    "upload_beyond_length": 413,
    "upload_checksum_differs": 460,
    "upload_complete": 403,
    "upload_empty": 400,
    "upload_expired": 410,
    "upload_gone": 410,
    "upload_hash_differs": 422,
    "upload_hash_missing": 400,
    "upload_header": 400,
    "upload_locked": 423,
    "upload_offset_differs": 409,
    "upload_permit_absent": 404,
    "upload_quota_office": 429,
    "upload_quota_user": 429,
    "upload_too_large": 413,
}
"""Of the protocol, or of HTTP where the protocol is silent."""

UNAVAILABLE: Final = 503
"""Of whatever else fails: it may be tried again."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response, with no body but where something is wrong."""

    status: int
    headers: Headers = field(default_factory=dict)
    body: bytes = b""


async def say(answer: Answer, asked: Headers, send: Send) -> None:
    """Send an answer."""
    headers = {"tus-resumable": VERSION, "cache-control": "no-store", **answer.headers}
    if answer.status != NO_CONTENT:
        headers["content-length"] = str(len(answer.body))
    if is_long(asked):
        # Else the server would read all of the body, only to throw it away.
        headers["connection"] = "close"
    sent = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": sent})
    await send({"type": "http.response.body", "body": answer.body})


def named(scope: Scope) -> UUID | None:
    """Give the upload that a path names; None for the path of all of them."""
    last = scope["path"].removeprefix(scope.get("root_path", "")).strip("/").rpartition("/")[2]
    if last in ("", "uploads"):
        return None
    try:
        return UUID(last)
    except ValueError as error:
        raise UploadError("upload_absent") from error


def is_long(asked: Headers) -> bool:
    """Whether a request has a body that no chunk may have."""
    length = asked.get("content-length", "0")
    return "transfer-encoding" in asked or not length.isdecimal() or int(length) > CHUNK_BYTES


def offered(largest: int) -> Headers:
    """Say what this server can do."""
    return {
        "tus-version": VERSION,
        "tus-extension": EXTENSIONS,
        "tus-max-size": str(largest),
        "tus-checksum-algorithm": ",".join(CHECKSUMS),
    }


def problem(error: CodedError, language: Language, *, status: int | None = None) -> Answer:
    """Say what is wrong, in the form of RFC 9457."""
    status = status or STATUS.get(error.code, UNAVAILABLE)
    words = wording(language)
    told = {
        "type": "about:blank",
        "status": status,
        "code": error.code,
        "title": words.say(f"errors.{error.code}.message", **error.facts),
        "detail": words.say(f"errors.{error.code}.hint", **error.facts),
        "where": error.where,
    }
    headers = {"content-type": "application/problem+json"}
    if status == UNAVAILABLE or "retry_s" in error.facts:
        headers["retry-after"] = str(error.facts.get("retry_s", LATER_S))
    return Answer(status=status, headers=headers, body=json.dumps(told).encode())


def state_of(upload: Upload) -> Answer:
    """Say how far an upload is."""
    file = Announced(
        size=upload.size,
        sha256=upload.claimed_sha256,
        name=upload.name,
        kind=upload.kind,
        permit_id=upload.permit_id,
        parcel=upload.parcel_sha256,
    )
    return Answer(
        status=200,
        headers={
            "upload-offset": str(upload.received),
            "upload-length": str(upload.size),
            "upload-metadata": file.metadata,
            **expiry(upload),
        },
    )


def expiry(upload: Upload) -> Headers:
    """Say until when an upload may go on."""
    if upload.state is not UploadState.RECEIVING:
        return {}
    return {"upload-expires": format_datetime(upload.expires_at, usegmt=True)}


def language_of(headers: Headers, otherwise: Language) -> Language:
    """Give the first of our languages that the client names."""
    for part in headers.get("accept-language", "").split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in set(Language):
            return Language(tag)
    return otherwise
