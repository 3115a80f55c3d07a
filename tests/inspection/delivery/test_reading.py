"""Stored bytes given whole, in part and as one archive: always those that were stored, or none."""

import io
import threading
import zipfile
from datetime import UTC, datetime

import numpy as np
import pytest

from inspection.delivery.bundle import bundle
from inspection.delivery.reading import BLOCK_BYTES, Reader
from inspection.errors import DisprovedError
from inspection.objects.folder import FolderObjects
from inspection.objects.store import CHUNK_BYTES, key_of

AT = datetime(2026, 11, 21, 3, 0, 1, tzinfo=UTC)
LARGE = CHUNK_BYTES + 2 * BLOCK_BYTES + 12_345


@pytest.fixture
def root(tmp_path):
    return tmp_path / "objects"


@pytest.fixture
def objects(root):
    return FolderObjects(root)


def some_bytes(length, seed=1):
    return np.random.default_rng(seed).bytes(length)


def take(pieces, into):
    for piece in pieces:
        into += piece


def flip(root, sha256, at):
    """Change one bit where an object lies."""
    path = root / key_of(sha256)
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(at)
        one = file.read(1)[0]
        file.seek(at)
        file.write(bytes([one ^ 1]))


@pytest.mark.parametrize("length", [0, 1, BLOCK_BYTES, BLOCK_BYTES + 1, LARGE])
def test_whole_and_in_any_parts_it_is_what_was_stored(objects, length):
    data, reader = some_bytes(length), Reader(objects)
    sha256 = objects.put([data]).sha256
    assert reader.size(sha256) == length
    assert b"".join(reader.whole(sha256)) == data
    chance = np.random.default_rng(length)
    edges = {0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, length - 1, length}
    edges |= {int(one) for one in chance.integers(0, length, 10, endpoint=True)}
    places = sorted(edge for edge in edges if 0 <= edge <= length)
    for start in places:
        for end in places:
            if start < end:
                assert b"".join(reader.part(sha256, start, end - start)) == data[start:end]


@pytest.mark.parametrize("at", [0, BLOCK_BYTES + 7, LARGE - 1])
def test_no_part_of_what_was_damaged_before_is_given(objects, root, at):
    sha256 = objects.put([some_bytes(LARGE)]).sha256
    flip(root, sha256, at)
    reader = Reader(objects)
    for start in (0, at, LARGE - 5):  # also a part that is sound itself
        with pytest.raises(DisprovedError, match="object_damaged"):
            b"".join(reader.part(sha256, start, 1))


def test_what_is_damaged_between_two_parts_is_noticed(objects, root):
    data = some_bytes(LARGE)
    sha256, reader = objects.put([data]).sha256, Reader(objects)
    assert b"".join(reader.part(sha256, 10, 10)) == data[10:20]
    flip(root, sha256, BLOCK_BYTES + 3)
    assert b"".join(reader.part(sha256, 10, 10)) == data[10:20], "its block is sound"
    with pytest.raises(DisprovedError, match="object_damaged"):
        b"".join(reader.part(sha256, BLOCK_BYTES, 10))
    with pytest.raises(DisprovedError, match="object_damaged"):
        b"".join(reader.part(sha256, 10, 10))  # from now on all of it is read again
    objects.put([data])
    assert b"".join(reader.part(sha256, BLOCK_BYTES, 10)) == data[BLOCK_BYTES : BLOCK_BYTES + 10]


def test_a_whole_one_that_is_damaged_is_never_given_to_its_end(objects, root):
    small, large = (objects.put([some_bytes(n)]).sha256 for n in (1000, LARGE))
    reader = Reader(objects)
    for sha256, at in ((small, 3), (large, LARGE - 2)):
        flip(root, sha256, at)
    with pytest.raises(DisprovedError, match="object_damaged"):
        reader.whole(small)  # before a byte is given
    given = bytearray()
    pieces = reader.whole(large)
    with pytest.raises(DisprovedError, match="object_damaged"):
        take(pieces, given)
    assert len(given) < LARGE


def test_what_the_record_names_and_the_store_lost_is_told_as_damage(objects):
    reader, lost = Reader(objects), "0" * 64
    for ask in (reader.size, reader.whole, lambda sha256: reader.part(sha256, 0, 1)):
        with pytest.raises(DisprovedError, match="object_missing"):
            ask(lost)


def test_many_first_parts_at_once_read_it_through_once(objects, monkeypatch):
    sha256, reads = objects.put([some_bytes(LARGE)]).sha256, []
    stream = objects.stream
    monkeypatch.setattr(objects, "stream", lambda one: reads.append(one) or stream(one))
    reader, got = Reader(objects), []
    threads = [
        threading.Thread(target=lambda: got.append(b"".join(reader.part(sha256, 5, 100))))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(got) == {some_bytes(LARGE)[5:105]}
    assert len(got) == 6
    assert reads == [sha256]


FILES = {"inspection.json": b"{}", "stac/item.json": b"[]", "current.tif": some_bytes(LARGE)}


def packed(objects, reader):
    named = {name: objects.put([data]).sha256 for name, data in FILES.items()}
    return bundle(reader, named, folder="report-1", at=AT), named


def test_an_archive_holds_every_file_and_is_the_same_each_time(objects):
    reader = Reader(objects)
    first, second = (b"".join(packed(objects, reader)[0]) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        unpacked = {name: archive.read(name) for name in archive.namelist()}
    assert unpacked == {f"report-1/{name}": data for name, data in FILES.items()}


def test_an_archive_is_made_while_it_is_sent(objects):
    pieces, _ = packed(objects, Reader(objects))
    longest = max(len(piece) for piece in pieces)
    assert longest < CHUNK_BYTES + 2**16


def test_an_archive_with_damage_in_it_opens_nowhere(objects, root):
    pieces, named = packed(objects, Reader(objects))
    flip(root, named["stac/item.json"], 0)  # the last of them
    given = bytearray()
    with pytest.raises(DisprovedError, match="object_damaged"):
        take(pieces, given)
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(given))


def test_an_archive_with_a_file_missing_is_not_begun(objects, root):
    named = packed(objects, Reader(objects))[1]
    (root / key_of(named["inspection.json"])).unlink()
    with pytest.raises(DisprovedError, match="object_missing"):
        bundle(Reader(objects), named, folder="report-1", at=AT)
