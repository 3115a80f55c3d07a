"""Uploads over bad links: cut anywhere, killed anywhere, sent twice at once."""

import contextlib
import hashlib
import io
import random
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import httpx
from tusclient.client import TusClient

from inspection.records.tables.flights import Upload, UploadState

CUTS = 100
KILLS = 10
AT_ONCE = 8
KB = 2**10


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A client that leaves in the middle of a chunk."""

    much: int
    """Bytes that it sends."""

    stay_s: float = 0
    more: str = ""
    """Another header."""

    def make(self, served, client, path: str, offset: int, body: bytes) -> None:
        head = (
            f"PATCH {path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n{self.more}"
            f"Authorization: Bearer {client.token}\r\n"
            "Content-Type: application/offset+octet-stream\r\n"
            f"Upload-Offset: {offset}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            connection.sendall(head.encode() + body[: self.much])
            time.sleep(self.stay_s)


def state_of(served, path: str) -> UploadState:
    with served.records.reading_all() as session:
        return session.get_one(Upload, UUID(path.rpartition("/")[2])).state


def rest_sent(client, path: str, data: bytes, *, piece: int) -> None:
    """Send what is missing, as a client does that only knows what the server says."""
    while (offset := client.offset(path)) < len(data):
        with contextlib.suppress(httpx.TransportError):
            answer = client.send(path, offset, data[offset : offset + piece])
            assert answer.status_code in (204, 409, 423), answer.text


def test_a_hundred_cuts_leave_the_file_as_it_was(served, client, noise) -> None:
    chance = random.Random(5)  # noqa: S311 - the same each time
    data = noise(CUTS * 24 * KB)
    path = client.begin(data)
    kept = 0
    for _ in range(CUTS):
        offset = client.offset(path)
        kept += offset > 0
        body = data[offset : offset + 32 * KB]
        # Of a client that leaves at once, the server throws away what it has not looked at yet.
        stay_s = chance.choice([0, chance.random() / 20])
        much = chance.randrange(len(body))
        Cut(much=much, stay_s=stay_s).make(served, client, path, offset, body)
    # What came before a cut was not for nothing.
    assert client.offset(path) > CUTS * KB
    assert kept > CUTS / 2
    assert not served.holds(data)
    rest_sent(client, path, data, piece=512 * KB)
    assert served.holds(data)


def test_a_cut_chunk_that_had_a_checksum_is_not_kept(served, client, noise) -> None:
    data = noise(64 * KB)
    path = client.begin(data)
    cut = Cut(much=32 * KB, stay_s=0.1, more="Upload-Checksum: sha1 eA==\r\n")
    cut.make(served, client, path, 0, data)
    rest_sent(client, path, data[:KB], piece=KB)
    assert served.part(path).read_bytes()[:KB] == data[:KB]
    assert client.offset(path) == KB


def test_an_upload_goes_on_after_its_server_was_killed(served, client, noise) -> None:
    chance = random.Random(7)  # noqa: S311 - the same each time
    data = noise(KILLS * 300 * KB)
    path = client.begin(data)
    highest = 0
    for kill in range(KILLS):
        offset = client.offset(path)
        # All that was acknowledged is there, and it is what was sent.
        assert offset >= highest
        durable = served.part(path).read_bytes()
        assert offset <= len(durable)
        assert durable[:offset] == data[:offset]
        answer = client.send(path, offset, data[offset : offset + 100 * KB])
        assert answer.status_code == 204
        highest = int(answer.headers["upload-offset"])
        body = data[highest : highest + 200 * KB]
        much = len(body) if kill % 3 == 0 else chance.randrange(len(body))
        Cut(much=much).make(served, client, path, highest, body)
        time.sleep(chance.random() / 50)
        served.kill()
    rest_sent(client, path, data, piece=512 * KB)
    assert served.holds(data)
    assert state_of(served, path) is UploadState.COMPLETE


def test_a_server_killed_while_a_file_is_taken_over_finishes_it_later(
    served, client, noise
) -> None:
    chance = random.Random(11)  # noqa: S311 - the same each time
    for _ in range(3):
        data = noise(400 * KB)
        path = client.begin(data)
        Cut(much=len(data)).make(served, client, path, 0, data)
        time.sleep(chance.random() / 25)
        served.kill()
        rest_sent(client, path, data, piece=512 * KB)
        assert served.holds(data)
        assert state_of(served, path) is UploadState.COMPLETE


def test_of_several_who_send_the_same_chunk_at_once_one_is_heard(served, client, noise) -> None:
    size = 16 * KB
    data = noise(42 * size)
    path = client.begin(data)
    with ThreadPoolExecutor(AT_ONCE) as pool, httpx.Client(timeout=30) as http:
        client.http = http
        for start in range(0, len(data), size):
            chunk = data[start : start + size]
            several = 2 + start // size % (AT_ONCE - 1)
            asked = [pool.submit(client.send, path, start, chunk) for _ in range(several)]
            statuses = sorted(one.result().status_code for one in asked)
            assert statuses[0] == 204
            assert set(statuses[1:]) <= {403, 409, 423}, statuses
    client.http = served.http
    assert client.offset(path) == len(data)
    assert served.holds(data)


def test_a_client_that_others_wrote_uploads_and_goes_on(served, client, noise) -> None:

    data = noise(1000 * KB + 17)
    tus = TusClient(served.url, headers={"Authorization": f"Bearer {client.token}"})
    metadata = {"filename": "flight.tif", "sha256": hashlib.sha256(data).hexdigest()}
    with io.BytesIO(data) as file:
        first = tus.uploader(
            file_stream=file, chunk_size=100 * KB, metadata=metadata, upload_checksum=True
        )
        first.upload(stop_at=300 * KB)
        served.kill()
        assert client.offset(httpx.URL(first.url).path) == 300 * KB
        again = tus.uploader(file_stream=file, chunk_size=100 * KB, url=first.url)
        assert again.offset == 300 * KB
        again.upload()
    assert served.holds(data)
