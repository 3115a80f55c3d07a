"""A store of each kind; the bucket lies on a server that the test starts itself."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import obstore
import pytest
from obstore.store import S3Store

from inspection.objects.location import objects_at
from inspection.objects.store import ObjectStore

KEY = {"key_id": "key", "secret": "word"}


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an S3 server on the loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=out,
            stderr=out,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if server.poll() is not None:
                pytest.fail(log.read_text())
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait(timeout=20)


@pytest.fixture
def bucket(s3_server: str) -> str:
    """Name of a bucket that is empty."""
    name = f"tinjau-{uuid4().hex}"
    request = urllib.request.Request(f"{s3_server}/{name}", method="PUT")  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=20):  # noqa: S310
        return name


@pytest.fixture
def raw(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[str, bytes | None], bytes]:
    """Read what lies under a key, or write it behind the store's back."""
    if kind == "folder":

        def at_folder(key: str, content: bytes | None = None) -> bytes:
            path = tmp_path / "store" / key
            if content is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                path.write_bytes(content)
            return path.read_bytes()

        return at_folder
    behind = S3Store(
        request.getfixturevalue("bucket"),
        endpoint=request.getfixturevalue("s3_server"),
        region="us-east-1",
        access_key_id=KEY["key_id"],
        secret_access_key=KEY["secret"],
        client_options={"allow_http": True},
        prefix="evidence",
    )

    def at_bucket(key: str, content: bytes | None = None) -> bytes:
        if content is not None:
            obstore.put(behind, key, content, use_multipart=False)
        return obstore.get(behind, key).bytes().to_bytes()

    return at_bucket


@pytest.fixture(params=["folder", "bucket"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which kind of store the test runs on; each test runs on both."""
    return request.param


@pytest.fixture
def address(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The one setting in which the two kinds differ."""
    if kind == "folder":
        return str(tmp_path / "store")
    server, name = request.getfixturevalue("s3_server"), request.getfixturevalue("bucket")
    return f"s3://{name}/evidence?endpoint={server}&region=us-east-1"


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str], ObjectStore]:
    """Open the store at an address."""
    return lambda address: objects_at(address, desk=tmp_path / "desk", **KEY)


@pytest.fixture
def store(opened: Callable[[str], ObjectStore], address: str) -> ObjectStore:
    """An empty store."""
    return opened(address)
