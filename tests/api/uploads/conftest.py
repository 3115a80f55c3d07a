"""A real server of uploads on the loopback, and clients that say who they are."""

import base64
import contextlib
import hashlib
import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from inspection.objects.folder import FolderObjects
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.offices import Office, User

HERE = Path(__file__).parent
PEOPLE = 200
"""In the first office; each test takes one who uploaded nothing before."""

DAY_BYTES = 100_000_000
FILE_BYTES = 60_000_000
CHUNK = "application/offset+octet-stream"


@dataclass
class Client:
    """A person with a connection, who knows the words of tus."""

    url: str
    token: str
    http: httpx.Client

    def ask(self, method: str, path: str = "", **headers: object) -> httpx.Response:
        body = headers.pop("body", b"")
        sent = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.token}"}
        sent |= {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return self.http.request(method, httpx.URL(self.url).join(path), headers=sent, content=body)

    def announce(self, data: bytes, *, sha256: str | None = None, **pairs: str) -> httpx.Response:
        sha256 = sha256 or hashlib.sha256(data).hexdigest()
        told = {"filename": "flight.tif", "sha256": sha256} | pairs
        metadata = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items()
        )
        return self.ask("POST", Upload_Length=len(data), Upload_Metadata=metadata)

    def begin(self, data: bytes, **pairs: str) -> str:
        answer = self.announce(data, **pairs)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    def send(self, path: str, offset: int, body: bytes, **headers: object) -> httpx.Response:
        return self.ask(
            "PATCH", path, Upload_Offset=offset, Content_Type=CHUNK, body=body, **headers
        )

    def offset(self, path: str) -> int:
        """How far the server is, asked as clients do: again where it is busy or just starting."""
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = self.ask("HEAD", path)
                if answer.status_code == 200:
                    return int(answer.headers["upload-offset"])
                assert answer.status_code == 423, answer.status_code
            assert time.monotonic() < deadline
            time.sleep(0.02)


@dataclass
class Served:
    """The server: its address, and what lies in its folder."""

    url: str
    port: int
    folder: Path
    records: Records
    people: Iterator[str]
    http: httpx.Client

    @property
    def objects(self) -> FolderObjects:
        return FolderObjects(self.folder)

    def client(self, token: str | None = None) -> Client:
        return Client(self.url, token or next(self.people), self.http)

    def holds(self, data: bytes) -> bool:
        """Whether an object with these bytes can be seen."""
        path = self.folder / "objects"
        sha256 = hashlib.sha256(data).hexdigest()
        return (path / sha256[:2] / sha256[2:4] / sha256).exists()

    def part(self, path: str) -> Path:
        return self.folder / "uploads" / f"{path.rpartition('/')[2]}.part"

    def kill(self) -> None:
        os.kill(int((self.folder / "pid").read_text()), signal.SIGKILL)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    engine = open_engine(f"sqlite:///{folder / 'records.db'}")
    upgrade(engine)
    records = Records(engine)
    with records.writing_all() as session:
        for code, names in (
            ("bandung", [f"p{number}" for number in range(PEOPLE)]),
            ("bontang", ["stranger"]),
        ):
            office = Office(
                code=code, name=code, time_zone="Asia/Jakarta", profile="generic", language="id"
            )
            session.add(office)
            session.add_all(User(office_id=office.id, login=name, name=name) for name in names)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    limits = {
        "TINJAU_UPLOAD_BYTES_A_DAY": str(DAY_BYTES),
        "TINJAU_UPLOAD_MOST_BYTES": str(FILE_BYTES),
    }
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, HERE / "upload_server.py", folder, str(port)],
            env={**os.environ, **limits},
            stdout=log,
            stderr=log,
        )
    people = (f"p{number}" for number in itertools.count())
    try:
        with httpx.Client(timeout=30) as http:
            url = f"http://127.0.0.1:{port}/uploads/"
            _await(url, http, server, folder / "log")
            yield Served(url, port, folder, records, people, http)
    finally:
        server.terminate()
        server.wait()
        engine.dispose()
    assert "Traceback" not in (folder / "log").read_text()


def _await(url: str, http: httpx.Client, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(httpx.TransportError):
            http.options(url)
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.fixture
def client(served: Served) -> Client:
    return served.client()


@pytest.fixture(scope="session")
def noise() -> Callable[[int], bytes]:
    """Gives bytes that nobody uploaded before."""
    seeds = itertools.count()
    return lambda size: random.Random(next(seeds)).randbytes(size)  # noqa: S311 - to be found again
