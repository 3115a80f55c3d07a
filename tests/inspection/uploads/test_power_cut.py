"""Power cuts: whatever was acknowledged before one is there after it, and can be gone on with."""

import hashlib
import random
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from inspection.objects.folder import FolderObjects
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.offices import Office, User
from inspection.uploads.announced import Announced
from inspection.uploads.quota import Limits
from inspection.uploads.receiving import Chunk
from inspection.uploads.uploads import Uploads
from tests.inspection.uploads.disk import Disk, PowerCutError

RUNS = 24
KB = 2**10


@dataclass(frozen=True, kw_only=True)
class Person:
    office_id: UUID
    user_id: UUID


@dataclass
class Witness:
    """What a client was told."""

    objects: list[bytes] = field(default_factory=list)
    uploads: dict[UUID, bytes] = field(default_factory=dict)
    received: dict[UUID, int] = field(default_factory=dict)


class Machine:
    """An installation that was started in a folder."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(f"sqlite:///{folder / 'records.db'}")
        self.records = Records(self.engine)
        with self.records.reading_all() as session:
            user = session.scalars(select(User)).one()
        self.person = Person(office_id=user.office_id, user_id=user.id)
        limits = Limits(
            most_bytes=10**9, at_once=100, bytes_a_day=10**9, lifetime=timedelta(days=7)
        )
        self.objects = FolderObjects(folder)
        self.uploads = Uploads(self.records, self.objects, folder=folder / "uploads", limits=limits)

    def send(self, upload: UUID, offset: int, data: bytes) -> int:
        chunk = Chunk(offset=offset, length=len(data), checksum=None)
        reception = self.uploads.receive(self.person, upload, chunk)
        try:
            reception.write(data)
            return reception.finish().received
        finally:
            reception.close()

    def work(self, chance: random.Random, told: Witness) -> None:
        """Begin, send and end things by turns."""
        for _ in range(12):
            turn = chance.randrange(4)
            if turn == 0:
                data = chance.randbytes(chance.randrange(1, 4 * KB))
                self.objects.put([data])
                told.objects.append(data)
            elif turn == 1 or not told.uploads:
                data = chance.randbytes(chance.randrange(1, 8 * KB))
                sha256 = hashlib.sha256(data).hexdigest()
                file = Announced(
                    size=len(data), sha256=sha256, name="a", kind="file", permit_id=None
                )
                upload = self.uploads.announce(self.person, file).id
                told.uploads[upload], told.received[upload] = data, 0
            else:
                upload = chance.choice(list(told.uploads))
                data, offset = told.uploads[upload], told.received[upload]
                if offset < len(data):
                    piece = data[offset : offset + chance.randrange(1, 6 * KB)]
                    told.received[upload] = self.send(upload, offset, piece)


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("begun")
    engine = open_engine(f"sqlite:///{folder / 'records.db'}")
    upgrade(engine)
    office = Office(code="x", name="x", time_zone="Asia/Jakarta", profile="x", language="id")
    with Records(engine).writing_all() as session:
        session.add(office)
        session.add(User(office_id=office.id, login="x", name="x"))
    engine.dispose()
    return folder / "records.db"


def require_kept(machine: Machine, told: Witness) -> int:
    """Hold what is left against what was acknowledged; count what was gone on with."""
    for data in told.objects:
        assert b"".join(machine.objects.stream(hashlib.sha256(data).hexdigest())) == data
    machine.uploads.sweep()
    gone_on = 0
    for upload, data in told.uploads.items():
        row = machine.uploads.look(machine.person, upload)
        assert row.received >= told.received[upload]
        offset = row.received
        gone_on += 0 < offset < len(data)
        while offset < len(data):
            offset = machine.send(upload, offset, data[offset : offset + 3 * KB])
        with machine.records.reading_all() as session:
            assert session.get_one(Upload, upload).state is UploadState.COMPLETE
        assert b"".join(machine.objects.stream(hashlib.sha256(data).hexdigest())) == data
    return gone_on


def test_nothing_that_was_acknowledged_is_missing_after_a_power_cut(
    begun, tmp_path, monkeypatch
) -> None:
    gone_on = cuts = 0
    for run in range(RUNS):
        chance = random.Random(run)  # noqa: S311 - the same each time
        folder, left = tmp_path / "on", tmp_path / "left"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(begun, folder / "records.db")
        machine, told = Machine(folder), Witness()
        disk = Disk(folder, left, cut_at=chance.randrange(5, 150), chance=chance)
        with monkeypatch.context() as patched:
            disk.watch(patched)
            try:
                machine.work(chance, told)
                disk.cut()
            except PowerCutError:
                cuts += 1
        machine.engine.dispose()
        after = Machine(left)
        gone_on += require_kept(after, told)
        after.engine.dispose()
    assert cuts > RUNS / 2
    assert gone_on > RUNS / 4


def test_the_database_is_brought_to_the_disk_with_each_transaction(begun, tmp_path) -> None:
    shutil.copy(begun, tmp_path / "records.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'records.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_the_disk_forgets_what_was_not_brought_to_it(tmp_path, monkeypatch) -> None:
    """The model itself: of bytes, names and renames, each with and without fsync."""
    import os  # noqa: PLC0415 - what is watched

    def survivors(*, sync_file: bool, sync_folder: bool, seed: int) -> bytes | None:
        folder, left = tmp_path / "on", tmp_path / "left"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        with closing(sqlite3.connect(folder / "records.db")):
            pass
        disk = Disk(folder, left, cut_at=0, chance=random.Random(seed))  # noqa: S311
        with monkeypatch.context() as patched:
            disk.watch(patched)
            descriptor = os.open(folder / "a", os.O_CREAT | os.O_WRONLY)
            rest = b"x" * 100
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if sync_file:
                os.fsync(descriptor)
            os.close(descriptor)
            os.replace(folder / "a", folder / "b")  # noqa: PTH105 - as it is watched
            if sync_folder:
                parent = os.open(folder, os.O_RDONLY)
                os.fsync(parent)
                os.close(parent)
            disk.cut()
        with suppress(FileNotFoundError):
            return (left / "b").read_bytes()
        return None

    seeds = range(30)
    safe = {survivors(sync_file=True, sync_folder=True, seed=seed) for seed in seeds}
    assert safe == {b"x" * 100}
    nameless = {survivors(sync_file=True, sync_folder=False, seed=seed) for seed in seeds}
    assert nameless == {None, b"x" * 100}
    hollow = {survivors(sync_file=False, sync_folder=True, seed=seed) for seed in seeds}
    assert {b"", bytes(100)} < hollow
