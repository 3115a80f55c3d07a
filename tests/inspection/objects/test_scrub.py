"""Scrubbing: everything is read in turn, and what is wrong is named until it is mended."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from geo.errors import UnfinishedError
from inspection.errors import UsageError
from inspection.objects.folder import FolderObjects
from inspection.objects.scrub import scrub, share_of
from inspection.objects.store import ObjectStore, key_of

CONTENTS = [f"evidence {number}".encode() for number in range(40)]
NAMES = sorted(sha256(content).hexdigest() for content in CONTENTS)


@pytest.fixture
def filled(store: ObjectStore) -> ObjectStore:
    for content in CONTENTS:
        store.put([content])
    return store


class Counting:
    """A store that remembers which objects were read."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.read: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def stream(self, name: str) -> object:
        self.read.append(name)
        return self._store.stream(name)


@pytest.mark.parametrize(("share", "runs"), [(0.25, 4), (0.3, 4), (0.05, 20), (1.0, 1)])
def test_every_object_is_read_once_in_as_many_runs_as_shares(
    share: float, runs: int, tmp_path: Path
) -> None:
    store = Counting(FolderObjects(tmp_path))
    for content in CONTENTS:
        store.put([content])
    for _ in range(runs):
        found = scrub(store, share=share)
        assert found.flawed == []
        assert found.objects == len(NAMES)
    assert set(store.read) == set(NAMES)
    if 1 / share == runs:
        assert len(store.read) == len(NAMES), "some were read twice"


def test_damaged_missing_and_foreign_things_are_named_until_they_are_mended(
    filled: ObjectStore, raw: Callable[..., bytes], kind: str, tmp_path: Path
) -> None:
    assert scrub(filled, share=1).flawed == []
    raw(key_of(NAMES[3]), b"evil")
    raw("objects/ab/strange.txt", b"?")
    found = scrub(filled, share=1)
    assert (found.damaged, found.missing) == ([NAMES[3]], [])
    assert found.foreign == ["objects/ab/strange.txt"]
    assert found.read == found.objects == len(NAMES)
    # Whatever is due in the next runs, the damaged one is looked at in each.
    for _ in range(3):
        found = scrub(filled, share=0.0001)
        assert found.damaged == [NAMES[3]]
    raw(key_of(NAMES[3]), next(c for c in CONTENTS if sha256(c).hexdigest() == NAMES[3]))
    assert scrub(filled, share=0.0001).flawed == []
    if kind == "folder":
        (tmp_path / "store" / key_of(NAMES[7])).unlink()
        assert [scrub(filled, share=0.0001).missing for _ in range(2)] == [[NAMES[7]]] * 2
        filled.put([next(c for c in CONTENTS if sha256(c).hexdigest() == NAMES[7])])
        assert scrub(filled, share=0.0001).flawed == []


def test_what_the_caller_expects_must_be_there(tmp_path: Path) -> None:
    store = FolderObjects(tmp_path)
    for content in CONTENTS[:-1]:
        store.put([content])
    absent = sha256(CONTENTS[-1]).hexdigest()
    assert scrub(store, share=1, expected=NAMES).missing == [absent]


def test_a_run_that_was_cut_short_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderObjects(tmp_path)
    for content in CONTENTS:
        store.put([content])
    scrub(store, share=0.25)
    state = (tmp_path / "scrub.json").read_bytes()

    def broken(_: str) -> object:
        raise UnfinishedError("storage_failed")

    with monkeypatch.context() as patch:
        patch.setattr(store, "stream", broken)
        with pytest.raises(UnfinishedError, match="object_store_failed"):
            scrub(store, share=1)
    assert (tmp_path / "scrub.json").read_bytes() == state
    assert list(tmp_path.rglob("*.part")) == []


def test_notes_that_were_damaged_cost_a_turn_and_nothing_else(tmp_path: Path) -> None:
    store = FolderObjects(tmp_path)
    store.put(CONTENTS[:1])
    for broken in (b"", b"[]", b"{}", b"\xff", b'{"next": "x", "flawed": 1}'):
        store.write_note("scrub.json", [broken])
        store.write_note("scrub-inventory.txt", [b"no hash\n", broken])
        found = scrub(store, share=1)
        assert (found.read, found.flawed) == (1, [])


def test_one_object_that_cannot_be_read_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderObjects(tmp_path)
    for content in CONTENTS:
        store.put([content])
    stream = store.stream

    def broken(name: str) -> object:
        if name in NAMES[:2]:
            raise UnfinishedError("storage_failed")
        return stream(name)

    monkeypatch.setattr(store, "stream", broken)
    found = scrub(store, share=1)
    assert found.unreadable == NAMES[:2]
    assert found.read == len(NAMES) - 2


def test_a_store_that_is_not_there_is_not_a_store_without_objects(tmp_path: Path) -> None:
    with pytest.raises(UnfinishedError, match="object_store_failed"):
        scrub(FolderObjects(tmp_path / "not mounted"), share=1)
    assert list(tmp_path.iterdir()) == []


def test_a_share_is_more_than_nothing_and_at_most_all() -> None:
    assert [share_of(text) for text in ("5%", "0.05", "100%", "1")] == [0.05, 0.05, 1, 1]
    for wrong in ("0", "0%", "101%", "1.1", "-1%", "nan", "inf", "five", "", "%"):
        with pytest.raises(UsageError, match="share_impossible"):
            share_of(wrong)


def test_the_command_ends_with_five_where_evidence_is_damaged(tmp_path: Path) -> None:
    root = tmp_path / "store"
    store = FolderObjects(root)
    name = store.put([b"evidence"]).sha256
    environment = {**os.environ, "TINJAU_LANGUAGE": "en"}

    def tinjau_scrub() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "inspection",
                "scrub",
                "--share=100%",
                "--json",
                f"--objects={root}",
            ],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert scrub(store, share=1).read == 1
    path = root / key_of(name)
    path.unlink()
    path.write_bytes(b"evidance")
    damaged = tinjau_scrub()
    assert damaged.returncode == 5
    assert json.loads(damaged.stdout)["damaged"] == [name]
    told = json.loads(damaged.stderr)
    assert (told["code"], told["where"]) == ("objects_damaged", name)
    assert told["message"] == "Stored objects are damaged: 1."
    path.unlink()
    missing = tinjau_scrub()
    assert missing.returncode == 5
    assert json.loads(missing.stderr)["code"] == "objects_missing"
