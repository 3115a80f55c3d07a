"""The pages for people, as they were built: read once, served packed, under a strict policy."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from inspection.errors import AbsentError, UnfinishedError

BUILT: Final = Path(__file__).parent / "web" / "dist"
START: Final = "index.html"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing inline, and nothing from anywhere else."""

PERMISSIONS: Final = "geolocation=(self), screen-wake-lock=(self), camera=(self), microphone=()"
KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""Said here, since what a machine thinks of endings differs."""

FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class Built:
    """One file of the pages."""

    content: bytes
    packed: bytes
    kind: str
    tag: str


@router.get("/")
def start(request: Request) -> Response:
    """The one page, whose script shows all the others."""
    return _answer(START, request, keep=ASK_AGAIN)


@router.get("/assets/{name}")
def asset(name: str, request: Request) -> Response:
    """A file whose name changes with what is in it."""
    return _answer(f"assets/{name}", request, keep=FOR_EVER)


def _answer(name: str, request: Request, *, keep: str) -> Response:
    found = _built().get(name)
    if found is None:
        raise UnfinishedError("pages_missing") if name == START else AbsentError("absent")
    headers = {
        "ETag": found.tag,
        "Cache-Control": keep,
        "Vary": "Accept-Encoding",
        "Content-Security-Policy": POLICY,
        "Permissions-Policy": PERMISSIONS,
    }
    if found.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    content = found.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = found.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=found.kind)


@cache
def _built() -> dict[str, Built]:
    """Every file by its name in the folder of what was built; about a megabyte in all."""
    files = [path for path in BUILT.rglob("*") if path.is_file()]
    return {path.relative_to(BUILT).as_posix(): _read(path) for path in files}


def _read(path: Path) -> Built:
    content = path.read_bytes()
    return Built(
        content=content,
        packed=gzip.compress(content, mtime=0),
        kind=KINDS.get(path.suffix, "application/octet-stream"),
        tag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
    )
