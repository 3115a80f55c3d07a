"""The other end of an upload: a file is sent over whatever line there is, for hours if need be."""

import hashlib
import http.client
import json
import random
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from geo.errors import RefusedError, UnfinishedError
from inspection.errors import UsageError

CHUNK_BYTES: Final = 2**20
"""What a cut costs at most, since a chunk that has a checksum is kept whole or not at all."""

SILENCE_S: Final = 60
LONGEST_WAIT_S: Final = 60
ENDING: Final = ".upload.json"
AGAIN: Final = frozenset({408, 409, 423, 429, 460})
"""After these, as after any fault of the server, it is asked again how far it is."""

LOST: Final = frozenset({404, 410})

type Advance = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Where a file goes to, and what it is there."""

    server: str
    token: str
    permit: str | None
    kind: str


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


class Sending:
    """
    One file on its way. What is needed to go on lies beside it until it has arrived.

    Raises
    ------
    UsageError
        ``server_address``.
    """

    def __init__(self, path: Path, goal: Goal, *, patience_s: float) -> None:
        parts = urlsplit(goal.server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError("server_address")
        self._path = path
        self._goal = goal
        self._patience = Patience(patience_s)
        self._notes = path.with_name(path.name + ENDING)
        status = path.stat()
        self.size = status.st_size
        self._marks = [status.st_size, status.st_mtime_ns]

    def send(self, advance: Advance) -> str:
        """
        Send what is missing; give the upload's address.

        Raises
        ------
        UnfinishedError
            ``server_unreachable`` if for so long nothing more arrived.
        RefusedError
            ``server_refused``, with what the server says.
        """
        notes = self._noted()
        sha256 = notes["sha256"] if notes else self._sha256()
        url = notes["url"] if notes else self._announced(sha256)
        offset = self._offset(url)
        if offset is None:  # too late: it was thrown away meanwhile
            url = self._announced(sha256)
            offset = 0
        with self._path.open("rb") as file:
            while offset < self.size:
                advance(offset)
                file.seek(offset)
                before = offset
                offset = self._chunk(url, offset, file.read(CHUNK_BYTES))
                if offset > before:
                    self._patience.renew()
                else:
                    self._patience.wait()
        advance(offset)
        self._notes.unlink(missing_ok=True)
        return url

    def _chunk(self, url: str, offset: int, data: bytes) -> int:
        """Send a chunk; give how far the server is then."""
        digest = b64encode(hashlib.sha256(data).digest()).decode()
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {digest}",
        }
        reply = self._asked("PATCH", url, headers, body=data)
        if reply is not None and reply.status not in AGAIN:
            return int(reply.headers["upload-offset"])
        now = self._offset(url)
        if now is None:
            raise RefusedError("server_refused", status=410, problem="-")
        return now

    def _announced(self, sha256: str) -> str:
        pairs = {"filename": self._path.name, "sha256": sha256, "kind": self._goal.kind}
        if self._goal.permit is not None:
            pairs["permit"] = self._goal.permit
        told = ",".join(f"{key} {b64encode(one.encode()).decode()}" for key, one in pairs.items())
        home = urljoin(self._goal.server.rstrip("/") + "/", "uploads/")
        headers = {"Upload-Length": str(self.size), "Upload-Metadata": told}
        reply = self._patiently("POST", home, headers)
        url = urljoin(home, reply.headers["location"])
        notes = {"server": self._goal.server, "marks": self._marks, "sha256": sha256, "url": url}
        self._notes.write_text(json.dumps(notes), encoding="utf-8")
        return url

    def _offset(self, url: str) -> int | None:
        reply = self._patiently("HEAD", url, {}, expected=LOST)
        return None if reply.status in LOST else int(reply.headers["upload-offset"])

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
        own = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self._goal.token}"}
        try:
            connection.request(method, parts.path, body=body, headers={**own, **headers})
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
        raise RefusedError("server_refused", status=reply.status, problem=_problem(reply.body))

    def _noted(self) -> dict[str, str] | None:
        """What an earlier run noted, if it is about this file as it is now."""
        try:
            notes = json.loads(self._notes.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        known = (notes.get("server"), notes.get("marks")) if isinstance(notes, dict) else None
        return notes if known == (self._goal.server, self._marks) else None

    def _sha256(self) -> str:
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def _problem(body: bytes) -> str:
    try:
        told = json.loads(body)
        return str(told["title"])
    except (ValueError, KeyError, TypeError):
        return "-"
