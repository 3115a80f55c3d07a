"""Uploads where the line, the disk or the object store fails."""

import base64
import hashlib
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from inspection.records.tables.flights import Upload, UploadState

FLIPS = 50
KB = 2**10


def test_no_flipped_bit_gets_past_the_checksum_of_its_chunk(served, client, noise) -> None:
    chance = random.Random(23)  # noqa: S311 - the same each time
    data = noise(FLIPS * 4 * KB)
    path = client.begin(data)
    for start in range(0, len(data), 4 * KB):
        chunk = data[start : start + 4 * KB]
        digest = base64.b64encode(hashlib.sha256(chunk).digest()).decode()
        flipped = bytearray(chunk)
        flipped[chance.randrange(len(chunk))] ^= 1 << chance.randrange(8)
        answer = client.send(path, start, bytes(flipped), Upload_Checksum=f"sha256 {digest}")
        assert answer.status_code == 460
        assert client.offset(path) == start
        answer = client.send(path, start, chunk, Upload_Checksum=f"sha256 {digest}")
        assert answer.status_code == 204
    assert served.holds(data)


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    """Lay a disk of that size, in memory, over a folder, where this account may."""
    asked = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(asked, check=False, capture_output=True).returncode != 0:
        pytest.skip("this account may not mount a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_told_and_with_room_again_the_upload_goes_on(served, client, noise) -> None:
    data = noise(1500 * KB)
    place = served.folder / "uploads"
    client.send(client.begin(b"x"), 0, b"x")  # the folder is there
    with small_disk(place, "1m"):
        path = client.begin(data)
        assert client.send(path, 0, data[: 600 * KB]).status_code == 204
        for _ in range(3):
            answer = client.send(path, 600 * KB, data[600 * KB : 1400 * KB])
            assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
            offset = client.offset(path)
            assert 600 * KB <= offset < 1400 * KB
            assert served.part(path).read_bytes()[:offset] == data[:offset]
        subprocess.run(["mount", "-o", "remount,size=8m", str(place)], check=True)
        assert client.send(path, offset, data[offset:]).status_code == 204
    assert served.holds(data)


@pytest.mark.parametrize(("share", "files"), [(0.05, 30), (1.0, 3)])
def test_a_store_that_fails_at_the_end_costs_no_byte(
    served, client, noise, share: float, files: int
) -> None:
    failing = served.folder / "fail"
    contents = [noise(2 * KB) for _ in range(files)]
    failures = 0
    try:
        failing.write_text(str(share))
        if share == 1.0:
            paths = [client.begin(data) for data in contents]
            for path, data in zip(paths, contents, strict=True):
                for answer in (client.send(path, 0, data), client.ask("HEAD", path)):
                    assert answer.status_code == 503
                    assert int(answer.headers["retry-after"]) > 0
                failures += 1
                assert not served.holds(data)
            failing.unlink()
            for path, data in zip(paths, contents, strict=True):
                assert client.offset(path) == len(data)
        else:
            for data in contents:
                path = client.begin(data)
                status = client.send(path, 0, data).status_code
                while status != 200:
                    failures += status == 503
                    assert status in (204, 503)
                    status = client.ask("HEAD", path).status_code
                with served.records.reading_all() as session:
                    row = session.get_one(Upload, UUID(path.rpartition("/")[2]))
                assert row.state is UploadState.COMPLETE
    finally:
        failing.unlink(missing_ok=True)
    assert failures > 0
    assert all(served.holds(data) for data in contents)
