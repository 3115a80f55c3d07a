"""A line to a server: tus 1.0 over HTTP, tried again where it breaks, ever more seldom."""

import hashlib
import http.client
import json
import random
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from geo.errors import RefusedError, UnfinishedError
from inspection.errors import UsageError
from inspection.language import Language
from inspection.sending.sending import Arrived, Told

SILENCE_S: Final = 60
LONGEST_WAIT_S: Final = 60
AGAIN: Final = frozenset({408, 409, 423, 429, 460})
"""After these, as after any fault of the server, it is asked again how far it is."""

LOST: Final = frozenset({404, 410})
OF_PARCELS: Final = frozenset(
    {
        "parcel_altered",
        "parcel_file_differs",
        "parcel_permit_differs",
        "parcel_signer_unknown",
        "parcel_unreadable",
    }
)
"""What a server says of a parcel is told by the same codes here."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server says."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Patience:
    """Waits ever longer, until for so long nothing came of it."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self.renew()

    def renew(self) -> None:
        """Begin anew: something arrived."""
        self._end = time.monotonic() + self._longest_s
        self._wait_s = 0.5

    def wait(self) -> None:
        """Wait for the next attempt; ``server_unreachable`` if there shall be none."""
        if time.monotonic() + self._wait_s > self._end:
            raise UnfinishedError("server_unreachable")
        # Not all at the same moment, where many lost the same server.
        time.sleep(self._wait_s * random.uniform(0.5, 1))  # noqa: S311 - no secret
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)


class HttpLine:
    """
    The line to a service.

    Raises
    ------
    UsageError
        ``server_address``.
    UnfinishedError
        ``server_unreachable`` if for so long nothing more arrived.
    RefusedError
        ``server_refused``, with what the server says; what it says of a parcel by its own code.
    """

    def __init__(
        self, server: str, token: str, *, patience_s: float, language: Language | None = None
    ) -> None:
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError("server_address")
        self._home = urljoin(server.rstrip("/") + "/", "uploads/")
        self._own = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {token}"}
        if language is not None:
            self._own["Accept-Language"] = language
        self._patience = Patience(patience_s)

    def announce(self, told: Told) -> Arrived:
        """Say what is to come."""
        headers = {"Upload-Length": str(told.size), "Upload-Metadata": told.metadata}
        reply = self._patiently("POST", self._home, headers)
        return Arrived(
            place=urljoin(self._home, reply.headers["location"]),
            offset=int(reply.headers.get("upload-offset", "0")),
        )

    def offset(self, place: str) -> int | None:
        """Ask how much is there."""
        reply = self._patiently("HEAD", place, {}, expected=LOST)
        return None if reply.status in LOST else int(reply.headers["upload-offset"])

    def send(self, place: str, offset: int, data: bytes) -> int:
        """Send a piece; where no more arrived than before, wait."""
        digest = b64encode(hashlib.sha256(data).digest()).decode()
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {digest}",
        }
        reply = self._asked("PATCH", place, headers, body=data)
        if reply is not None and reply.status not in AGAIN:
            now: int | None = int(reply.headers["upload-offset"])
        else:
            now = self.offset(place)
        if now is None:
            raise RefusedError("server_refused", status=410, problem="-")
        if now > offset:
            self._patience.renew()
        else:
            self._patience.wait()
        return now

    def _patiently(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        expected: frozenset[int] = frozenset(),
    ) -> Reply:
        """Ask until there is an answer, ever more seldom."""
        while True:
            reply = self._asked(method, url, headers, expected=expected)
            if reply is not None and reply.status not in AGAIN:
                return reply
            self._patience.wait()

    def _asked(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        body: bytes = b"",
        expected: frozenset[int] = frozenset(),
    ) -> Reply | None:
        """Ask once; None where the line or the server failed."""
        parts = urlsplit(url)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        connection = kinds[parts.scheme](parts.netloc, timeout=SILENCE_S)
        try:
            connection.request(method, parts.path, body=body, headers={**self._own, **headers})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            reply = Reply(status=answer.status, headers=told, body=answer.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if reply.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        is_taken = reply.status < http.HTTPStatus.BAD_REQUEST
        if is_taken or reply.status in AGAIN or reply.status in expected:
            return reply
        problem = _problem(reply.body)
        code = str(problem.get("code"))
        if code in OF_PARCELS:
            raise RefusedError(code)
        title, where = str(problem.get("title", "-")), problem.get("where")
        raise RefusedError(
            "server_refused",
            where=None if where is None else str(where),
            status=reply.status,
            problem=title,
        )


def _problem(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
