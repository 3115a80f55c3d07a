"""What every object store promises, held by the folder and by the bucket."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geo.errors import RefusedError, UnfinishedError
from inspection.errors import DisprovedError, UsageError
from inspection.objects.bucket import BucketObjects
from inspection.objects.folder import FolderObjects
from inspection.objects.location import objects_at
from inspection.objects.store import CHUNK_BYTES, Foreign, ObjectStore, Stored, key_of

type Raw = Callable[..., bytes]
type Opened = Callable[[str], ObjectStore]

LARGE = np.random.default_rng(1).bytes(2 * CHUNK_BYTES + 12_345)
SIZES = (0, 1, 1000, CHUNK_BYTES, CHUNK_BYTES + 1)
ABSENT = hashlib.sha256(b"never stored").hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def pieces(content: bytes, size: int = 700_001) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def test_what_was_put_comes_back_from_where_its_hash_says(store: ObjectStore, raw: Raw) -> None:
    for size in SIZES:
        content = LARGE[:size]
        name = sha256(content)
        assert store.put(pieces(content)) == Stored(sha256=name, size_bytes=size)
        assert b"".join(store.stream(name)) == content
        assert raw(f"objects/{name[:2]}/{name[2:4]}/{name}") == content
        assert store.stored(name).size_bytes == size


def test_a_large_object_travels_in_pieces_and_keeps_its_hash(store: ObjectStore) -> None:
    name = sha256(LARGE)
    store.put(pieces(LARGE), expected=name)
    read = list(store.stream(name))
    assert len(read) > 1
    assert b"".join(read) == LARGE
    with store.lend(name) as path:
        assert path.read_bytes() == LARGE


def test_other_bytes_than_announced_are_refused_and_not_kept(
    store: ObjectStore, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match="object_hash_differs"):
        store.put([b"other bytes"], expected=ABSENT)
    given = tmp_path / "given"
    given.write_bytes(b"other bytes")
    with pytest.raises(RefusedError, match="object_hash_differs"):
        store.adopt(given, expected=ABSENT)
    assert given.read_bytes() == b"other bytes"
    assert list(store.entries()) == []
    assert leavings(tmp_path) == []


def test_what_was_never_stored_is_missing(store: ObjectStore) -> None:
    store.put([b"something else"])
    for name in (ABSENT, "", "../../secret", "A" * 64, ABSENT.upper()):
        for ask in (
            lambda n: list(store.stream(n)),
            lambda n: store.span(n, 0, 1),
            store.stored,
            lambda n: store.lend(n).__enter__(),
        ):
            with pytest.raises(RefusedError, match="object_missing"):
                ask(name)


def test_spans_are_those_of_the_bytes_and_none_lie_outside(store: ObjectStore) -> None:
    name = store.put([LARGE]).sha256
    for start, length in ((0, 10), (CHUNK_BYTES - 5, 10), (len(LARGE) - 3, 3), (7, 0)):
        assert store.span(name, start, length) == LARGE[start : start + length]
    for start, length in ((len(LARGE) - 3, 4), (len(LARGE), 1), (-1, 2), (0, -1)):
        with pytest.raises(RefusedError, match="object_span_outside"):
            store.span(name, start, length)


def test_damage_is_noticed_wherever_a_bit_flips_and_never_given_as_good(
    store: ObjectStore, raw: Raw
) -> None:
    drawn = np.random.default_rng(2)
    content = drawn.bytes(40_000)
    name = store.put([content]).sha256
    for _ in range(50):
        flipped = bytearray(content)
        flipped[drawn.integers(len(flipped))] ^= 1 << int(drawn.integers(8))
        raw(key_of(name), bytes(flipped))
        read = []
        with pytest.raises(DisprovedError, match="object_damaged"):
            read.extend(store.stream(name))
        assert read == [], "the last piece is kept back, and it was the only one"
    raw(key_of(name), content[:-1])
    with pytest.raises(DisprovedError, match="object_damaged"), store.lend(name):
        pass
    raw(key_of(name), content)
    assert b"".join(store.stream(name)) == content


def test_damage_to_a_large_object_is_told_before_its_last_piece(
    store: ObjectStore, raw: Raw
) -> None:
    name = store.put([LARGE]).sha256
    raw(key_of(name), b"\xff" + LARGE[1:] if LARGE[0] != 0xFF else b"\0" + LARGE[1:])
    read = []
    with pytest.raises(DisprovedError, match="object_damaged"):
        read.extend(store.stream(name))
    assert 0 < sum(map(len, read)) < len(LARGE)


def test_putting_the_same_bytes_again_heals_a_damaged_object(store: ObjectStore, raw: Raw) -> None:
    for content in (b"small evidence", LARGE):
        name = store.put([content]).sha256
        raw(key_of(name), b"x" * len(content))
        store.put([content])
        assert b"".join(store.stream(name)) == content


def test_writers_of_the_same_object_do_not_harm_one_another(store: ObjectStore) -> None:
    for content in (b"small" * 100, LARGE[: CHUNK_BYTES + 99]):
        done: list[Stored] = []
        start = threading.Barrier(6)

        def write(content: bytes, start: threading.Barrier, done: list[Stored]) -> None:
            start.wait()
            done.append(store.put(pieces(content)))

        writers = [threading.Thread(target=write, args=(content, start, done)) for _ in range(6)]
        for one in writers:
            one.start()
        for one in writers:
            one.join(60)
        assert done == [Stored(sha256=sha256(content), size_bytes=len(content))] * 6
        assert b"".join(store.stream(sha256(content))) == content


def test_an_adopted_file_is_gone_from_its_place_and_lies_in_the_store(
    store: ObjectStore, kind: str, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    given.write_bytes(LARGE)
    inode = given.stat().st_ino
    name = sha256(LARGE)
    assert store.adopt(given, expected=name) == Stored(sha256=name, size_bytes=len(LARGE))
    assert not given.exists()
    with store.lend(name) as path:
        assert path.read_bytes() == LARGE
        if kind == "folder":
            assert path.stat().st_ino == inode, "it was copied, though a rename was enough"
            assert path.stat().st_mode & 0o777 == 0o444


def test_a_file_that_others_can_change_is_copied(store: ObjectStore, tmp_path: Path) -> None:
    given, other = tmp_path / "given", tmp_path / "other"
    given.write_bytes(b"evidence")
    other.hardlink_to(given)
    name = store.adopt(given).sha256
    assert not given.exists()
    other.write_bytes(b"changed!")
    assert b"".join(store.stream(name)) == b"evidence"


def test_the_list_is_in_order_and_tells_what_is_foreign(store: ObjectStore, raw: Raw) -> None:
    stored = sorted(
        (store.put([bytes([number])]) for number in range(30)), key=lambda one: one.sha256
    )
    assert list(store.entries()) == stored
    name = stored[0].sha256
    strange = {f"objects/{name}", f"objects/{name[:2]}/00/{name}", "objects/ab/readme.txt"}
    for key in strange:
        raw(key, b"who put this here?")
    listed = list(store.entries())
    assert [one for one in listed if isinstance(one, Stored)] == stored
    assert {one.key for one in listed if isinstance(one, Foreign)} == strange


def test_a_note_is_the_last_one_written(store: ObjectStore) -> None:
    assert list(store.read_note("note")) == []
    for content in (b"first", b"", b"second " * 1000):
        store.write_note("note", pieces(content, 100))
        assert b"".join(store.read_note("note")) == content
    assert list(store.entries()) == []


def test_nothing_is_left_on_the_desk(store: ObjectStore, tmp_path: Path) -> None:
    name = store.put([b"evidence"]).sha256
    with store.lend(name):
        pass

    def breaking():
        yield b"half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.put(breaking())
    assert leavings(tmp_path) == []
    assert [one.sha256 for one in store.entries() if isinstance(one, Stored)] == [name]


def leavings(folder: Path) -> list[Path]:
    return list(folder.rglob("*.part"))


def test_a_bucket_that_is_not_there_or_does_not_answer_is_told(
    s3_server: str, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = opened(f"s3://absent-bucket?endpoint={s3_server}&region=us-east-1")
    for ask in (lambda: absent.put([b"x"]), lambda: list(absent.entries())):
        with pytest.raises(UnfinishedError, match="object_store_failed"):
            ask()
    monkeypatch.setattr("inspection.objects.location._RETRIES", 0)
    dead = opened("s3://b?endpoint=http://127.0.0.1:9&region=us-east-1")
    with pytest.raises(UnfinishedError, match="object_store_failed"):
        dead.stored(ABSENT)
    assert leavings(tmp_path) == []


def test_an_upload_to_a_bucket_that_reads_wrong_bytes_is_never_shown(
    s3_server: str, bucket: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(f"s3://{bucket}?endpoint={s3_server}&region=us-east-1")
    for content in (b"small", LARGE):
        with monkeypatch.context() as patch:
            wrong = bytes(len(content))
            patch.setattr("inspection.objects.bucket.chunks_of", lambda _, w=wrong: pieces(w))
            with pytest.raises(DisprovedError, match="object_damaged"):
                store.put([content])
        assert list(store.entries()) == []


def test_an_address_means_a_folder_or_a_bucket_and_nothing_else(tmp_path: Path) -> None:
    assert isinstance(objects_at(str(tmp_path), desk=tmp_path), FolderObjects)
    in_spaces = objects_at(f"file://{tmp_path}/with%20space", desk=tmp_path)
    in_spaces.put([b"x"])
    assert (tmp_path / "with space" / "objects").is_dir()
    assert isinstance(objects_at("s3://bucket/a/b", desk=tmp_path), BucketObjects)
    for wrong in (
        "",
        "http://host/bucket",
        "s3://",
        "s3://key:word@bucket/prefix",
        "s3://bucket/prefix?secret=word",
        "s3://bucket?endpoint",
        "s3://bucket#part",
        "file://host/folder",
        "s3://[bucket",
    ):
        with pytest.raises(UsageError, match="objects_address_impossible"):
            objects_at(wrong, desk=tmp_path)
