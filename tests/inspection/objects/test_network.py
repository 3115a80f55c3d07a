"""A bucket behind a bad line: what fails is tried again or told, and never taken for good."""

import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override
from urllib.parse import urlsplit

import numpy as np
import pytest

from geo.errors import UnfinishedError
from inspection.errors import DisprovedError
from inspection.objects.store import CHUNK_BYTES, ObjectStore, Stored

CONTENTS = [b"small evidence", np.random.default_rng(5).bytes(CHUNK_BYTES + 100_000)]


class Line(ThreadingHTTPServer):
    """The line between us and the server: it passes everything on, and spoils what it is told."""

    daemon_threads = True
    every = 0
    """Spoil each request of this number; none where it is 0."""

    how = ""
    calls = 0

    def __init__(self, server: str) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.beyond = urlsplit(server)
        self._counting = threading.Lock()

    def is_spoiled(self) -> bool:
        with self._counting:
            self.calls += 1
            return self.every > 0 and self.calls % self.every == 0


class Passing(BaseHTTPRequestHandler):
    """Passes one request on."""

    protocol_version = "HTTP/1.1"
    server: Line

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        how = self.server.how if self.server.is_spoiled() else ""
        if how == "refused":
            self.answer(500, {}, b"no")
            return
        beyond = http.client.HTTPConnection(
            str(self.server.beyond.hostname), self.server.beyond.port, timeout=30
        )
        try:
            beyond.request(self.command, self.path, body, dict(self.headers))
            answer = beyond.getresponse()
            content = answer.read()
            headers = dict(answer.getheaders())
        finally:
            beyond.close()
        if content and self.command == "GET" and how == "wrong":
            content = bytes([content[0] ^ 1]) + content[1:]
        self.answer(answer.status, headers, content, cut=how == "cut" and self.command == "GET")

    def answer(
        self, status: int, headers: dict[str, str], content: bytes, *, cut: bool = False
    ) -> None:
        self.send_response_only(status)
        length = headers.get("Content-Length") if self.command == "HEAD" else str(len(content))
        for name, value in {**headers, "Content-Length": length or "0"}.items():
            if name.lower() not in ("transfer-encoding", "connection", "date"):
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":  # what has no body must not leave one on the line
            self.wfile.write(content[: len(content) // 2] if cut else content)
        self.close_connection = cut

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self.pass_on
        raise AttributeError(name)

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def line(s3_server: str) -> Iterator[Line]:
    server = Line(s3_server)
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    running.start()
    yield server
    server.shutdown()
    server.server_close()
    running.join(10)


@pytest.fixture
def store(
    line: Line,
    bucket: str,
    opened: Callable[[str], ObjectStore],
    monkeypatch: pytest.MonkeyPatch,
) -> ObjectStore:
    monkeypatch.setattr("inspection.objects.location._RETRIES", 3)
    return opened(f"s3://{bucket}?endpoint=http://127.0.0.1:{line.server_port}&region=us-east-1")


@pytest.mark.parametrize("how", ["refused", "cut"])
def test_a_line_that_fails_now_and_then_is_tried_again(
    how: str, line: Line, store: ObjectStore
) -> None:
    line.how, line.every = how, 3
    for content in CONTENTS:
        name = store.put([content]).sha256
        for _ in range(3):
            assert b"".join(store.stream(name)) == content
    assert line.calls > 10


@pytest.mark.parametrize("how", ["refused", "cut"])
def test_a_line_that_always_fails_is_told_and_trying_later_completes(
    how: str, line: Line, store: ObjectStore
) -> None:
    kept = store.put([b"kept"]).sha256
    line.how, line.every = how, 1
    for content in CONTENTS:
        with pytest.raises(UnfinishedError, match="object_store_failed"):
            store.put([content])
    with pytest.raises(UnfinishedError, match="object_store_failed"):
        list(store.stream(kept))
    line.every = 0
    for content in CONTENTS:
        assert b"".join(store.stream(store.put([content]).sha256)) == content
    assert len([one for one in store.entries() if isinstance(one, Stored)]) == 3


def test_wrong_bytes_are_never_given_or_acknowledged_as_good(
    line: Line, store: ObjectStore
) -> None:
    names = [store.put([content]).sha256 for content in CONTENTS]
    line.how, line.every = "wrong", 1
    for name in names:
        with pytest.raises(DisprovedError, match="object_damaged"):
            list(store.stream(name))
    with pytest.raises(UnfinishedError, match="object_store_failed"):
        store.put([b"more evidence"])
    line.every = 0
    for name, content in zip(names, CONTENTS, strict=True):
        assert b"".join(store.stream(name)) == content
