"""Uploads without a server: what the record says, at which point others died, what is swept."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from geo.errors import UnfinishedError
from inspection.objects.folder import FolderObjects
from inspection.records.audit import misquoted
from inspection.records.columns import now
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.offices import Office, User
from inspection.uploads.announced import Announced
from inspection.uploads.quota import Limits
from inspection.uploads.receiving import Chunk
from inspection.uploads.refusals import UploadError
from inspection.uploads.uploads import Uploads

DATA = random.Random(1).randbytes(100_000)  # noqa: S311 - the same each time


class Died(BaseException):
    """A process ends here, as far as the one after it can tell."""


@dataclass(frozen=True, kw_only=True)
class Person:
    office_id: UUID
    user_id: UUID


@dataclass
class Place:
    """An installation, in which processes come and go."""

    folder: Path
    records: Records
    person: Person

    def uploads(self, *, at_once: int = 3, days: float = 7) -> Uploads:
        limits = Limits(
            most_bytes=10**9, at_once=at_once, bytes_a_day=10**9, lifetime=timedelta(days=days)
        )
        objects = FolderObjects(self.folder)
        return Uploads(self.records, objects, folder=self.folder / "uploads", limits=limits)

    def row(self, upload: Upload) -> Upload:
        with self.records.reading_all() as session:
            return session.get_one(Upload, upload.id)

    def has_object(self) -> bool:
        return any(one.is_file() for one in (self.folder / "objects").rglob("*"))

    def lying(self) -> set[str]:
        return {one.name for one in (self.folder / "uploads").iterdir()}


@pytest.fixture(scope="module")
def newest(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("newest") / "records.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    office = Office(code="x", name="x", time_zone="Asia/Jakarta", profile="x", language="id")
    with Records(engine).writing_all() as session:
        session.add(office)
        session.add(User(office_id=office.id, login="x", name="x"))
    engine.dispose()
    return path


@pytest.fixture
def place(newest: Path, tmp_path: Path):
    shutil.copy(newest, tmp_path / "records.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'records.db'}")
    records = Records(engine)
    with records.reading_all() as session:
        user = session.scalars(select(User)).one()
    yield Place(tmp_path, records, Person(office_id=user.office_id, user_id=user.id))
    engine.dispose()


def file_of(data: bytes) -> Announced:
    sha256 = hashlib.sha256(data).hexdigest()
    return Announced(size=len(data), sha256=sha256, name="a.tif", kind="file", permit_id=None)


def send(uploads: Uploads, person: Person, upload: Upload, offset: int, data: bytes) -> Upload:
    chunk = Chunk(offset=offset, length=len(data), checksum=None)
    reception = uploads.receive(person, upload.id, chunk)
    try:
        reception.write(data)
        return reception.finish()
    finally:
        reception.close()


def test_another_process_goes_on_with_what_the_first_received(place) -> None:
    upload = place.uploads().announce(place.person, file_of(DATA))
    first, second = place.uploads(), place.uploads()
    # In turns, so that each finds bytes that it has not hashed itself.
    for number, start in enumerate(range(0, len(DATA), 10_000)):
        last = send((first, second)[number % 2], place.person, upload, start, DATA[start:][:10_000])
    assert last.state is UploadState.COMPLETE
    assert FolderObjects(place.folder).stored(file_of(DATA).sha256).size_bytes == len(DATA)


def test_nothing_is_acknowledged_that_is_not_on_the_disk(place, monkeypatch) -> None:
    uploads = place.uploads()
    upload = uploads.announce(place.person, file_of(DATA))
    synced = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        assert place.row(upload).received == 0
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    send(uploads, place.person, upload, 0, DATA[:1000])
    assert synced == [str(place.folder / "uploads" / f"{upload.id}.part")]
    assert place.row(upload).received == 1000


def test_a_disk_that_fails_to_keep_a_chunk_costs_only_the_chunk(place, monkeypatch) -> None:
    uploads = place.uploads()
    upload = uploads.announce(place.person, file_of(DATA))
    send(uploads, place.person, upload, 0, DATA[:1000])
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(UnfinishedError, match="disk_full"):
            send(uploads, place.person, upload, 1000, DATA[1000:])
    assert place.row(upload).received == 1000
    # What lay behind is thrown away, and other bytes may follow.
    assert send(uploads, place.person, upload, 1000, DATA[1000:]).state is UploadState.COMPLETE


POINTS = ("before", "after", "close")
"""Where a process dies that takes a file over: around the store's work, or before the last word."""


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("finisher", ["look", "receive", "end", "sweep"])
def test_a_file_whose_taking_over_was_broken_off_is_taken_over_by_the_next(
    place, monkeypatch, point, finisher
) -> None:
    uploads = place.uploads()
    upload = uploads.announce(place.person, file_of(DATA))
    keeping = uploads._keeping
    real = keeping._objects.adopt

    def adopt(path: Path, *, expected: str):
        if point == "before":
            raise Died
        real(path, expected=expected)
        if point == "after":
            raise Died

    def close(*_: object, **__: object):
        raise Died

    monkeypatch.setattr(keeping._objects, "adopt", adopt)
    monkeypatch.setattr(keeping, "close", close)
    with pytest.raises(Died):
        send(uploads, place.person, upload, 0, DATA)
    assert place.row(upload).state is UploadState.RECEIVING
    after = place.uploads()
    match finisher:
        case "look":
            assert after.look(place.person, upload.id).state is UploadState.COMPLETE
        case "receive":
            with pytest.raises(UploadError, match="upload_complete"):
                send(after, place.person, upload, len(DATA), b"")
        case "end":
            with pytest.raises(UploadError, match="upload_complete"):
                after.end(place.person, upload.id)
        case "sweep":
            assert after.sweep() == 1
    assert place.row(upload).state is UploadState.COMPLETE
    assert b"".join(FolderObjects(place.folder).stream(upload.claimed_sha256)) == DATA
    assert place.lying() == set()


def test_a_disk_that_gives_back_other_bytes_is_found_out(place) -> None:
    uploads = place.uploads()
    upload = uploads.announce(place.person, file_of(DATA))
    send(uploads, place.person, upload, 0, DATA[:1000])
    part = place.folder / "uploads" / f"{upload.id}.part"
    with part.open("r+b") as file:
        file.seek(500)
        file.write(bytes([DATA[500] ^ 1]))
    with pytest.raises(UploadError, match="upload_hash_differs"):
        send(uploads, place.person, upload, 1000, DATA[1000:])
    assert place.row(upload).state is UploadState.REFUSED
    assert not place.has_object()
    assert place.lying() == set()


def test_a_file_that_was_lost_before_it_was_taken_over_is_not_said_to_be_there(
    place, monkeypatch
) -> None:
    uploads = place.uploads()
    upload = uploads.announce(place.person, file_of(DATA))
    monkeypatch.setattr(uploads._keeping, "take_over", lambda *_: (_ for _ in ()).throw(Died))
    with pytest.raises(Died):
        send(uploads, place.person, upload, 0, DATA)
    (place.folder / "uploads" / f"{upload.id}.part").unlink()
    with pytest.raises(UploadError, match="upload_hash_differs"):
        place.uploads().look(place.person, upload.id)
    assert place.row(upload).state is UploadState.REFUSED


def test_a_part_file_that_lost_acknowledged_bytes_is_not_gone_on_with(place) -> None:
    uploads = place.uploads()
    upload = uploads.announce(place.person, file_of(DATA))
    send(uploads, place.person, upload, 0, DATA[:1000])
    os.truncate(place.folder / "uploads" / f"{upload.id}.part", 999)
    with pytest.raises(UnfinishedError, match="storage_failed"):
        send(uploads, place.person, upload, 1000, DATA[1000:])


HOLDER = """
import sys, uuid, pathlib
from inspection.uploads.parts import Parts
hold = Parts(pathlib.Path(sys.argv[1])).hold(uuid.UUID(sys.argv[2]))
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_that_receives_keeps_all_others_out(place) -> None:
    uploads = place.uploads()
    upload = uploads.announce(place.person, file_of(DATA))
    asked = [sys.executable, "-c", HOLDER, place.folder / "uploads", str(upload.id)]
    pipe = subprocess.PIPE
    with subprocess.Popen(asked, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(UploadError, match="upload_locked"):
            send(uploads, place.person, upload, 0, DATA)
        with pytest.raises(UploadError, match="upload_locked"):
            uploads.end(place.person, upload.id)
        assert uploads.look(place.person, upload.id).received == 0
        other.kill()
    # The system lets go for one that died.
    assert send(uploads, place.person, upload, 0, DATA).state is UploadState.COMPLETE


def test_a_reception_that_nobody_closed_lets_go(place) -> None:
    uploads = place.uploads()
    upload = uploads.announce(place.person, file_of(DATA))
    reception = uploads.receive(place.person, upload.id, Chunk(offset=0, length=10, checksum=None))
    reception.write(b"x")
    del reception
    assert send(uploads, place.person, upload, 0, DATA).state is UploadState.COMPLETE


def test_what_expired_is_thrown_away_and_nothing_else(place) -> None:
    uploads = place.uploads(days=0)
    late = uploads.announce(place.person, file_of(DATA))
    early = place.uploads().announce(place.person, file_of(DATA))
    assert uploads.sweep() == 1
    assert place.row(late).state is UploadState.EXPIRED
    assert place.row(late).finished_at <= now()
    assert place.row(early).state is UploadState.RECEIVING
    assert place.lying() == {f"{early.id}.part"}
    assert uploads.sweep() == 0
    with place.records.reading(place.person.office_id) as session:
        assert misquoted(session, place.person.office_id) == []


def test_leavings_of_no_upload_are_removed_when_they_are_old(place) -> None:
    uploads = place.uploads()
    kept = uploads.announce(place.person, file_of(DATA))
    ended = uploads.announce(place.person, file_of(DATA))
    uploads.end(place.person, ended.id)
    folder = place.folder / "uploads"
    names = (f"{ended.id}.lock", f"{ended.id}.part", f"{UUID(int=7)}.part", "a note")
    for name in (*names, f"{kept.id}.lock"):
        (folder / name).touch()
        if name != f"{ended.id}.part":
            os.utime(folder / name, (0, 0))
    os.utime(folder / f"{kept.id}.part", (0, 0))
    (folder / f"{UUID(int=8)}.part").touch()
    uploads.sweep()
    assert place.lying() == {
        f"{kept.id}.part",
        f"{kept.id}.lock",
        f"{UUID(int=8)}.part",
        "a note",
    }


def test_a_refused_announcement_leaves_nothing(place) -> None:
    uploads = place.uploads(at_once=1)
    kept = uploads.announce(place.person, file_of(DATA))
    with pytest.raises(UploadError, match="upload_quota_user"):
        uploads.announce(place.person, file_of(DATA))
    assert place.lying() == {f"{kept.id}.part"}
    with place.records.reading_all() as session:
        assert len(session.scalars(select(Upload)).all()) == 1


def test_announcements_at_once_do_not_slip_past_the_limit(place) -> None:
    uploads = place.uploads(at_once=3)

    def announce(_: int) -> bool:
        try:
            uploads.announce(place.person, file_of(DATA))
        except UploadError as error:
            assert error.code == "upload_quota_user"  # noqa: PT017 - some are refused, some not
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(announce, range(8))) == 3
