"""A store of each kind; the bucket lies on a server that the test starts itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

from inspection.objects.location import objects_at
from inspection.objects.store import ObjectStore
from tests.inspection.objects.s3 import S3, running_s3

KEY = {"key_id": "key", "secret": "word"}


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    """An S3 server on the loopback."""
    with running_s3(tmp_path_factory.mktemp("s3") / "log") as server:
        yield server


@pytest.fixture
def s3_server(s3: S3) -> str:
    """Its address."""
    return s3.address


@pytest.fixture
def bucket(s3: S3) -> str:
    """Name of a bucket that is empty."""
    return s3.bucket()


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
