"""Backups as drilled: made while a service writes, put back on nothing, and damaged on purpose."""

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from inspection.__main__ import app
from inspection.access.people import first_admin
from inspection.errors import DisprovedError, RefusedError, UsageError
from inspection.objects.folder import FolderObjects
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.inspections import Finding
from inspection.records.tables.offices import Office, Role, RoleGrant, User
from inspection.upkeep.backup import Installation, back_up
from inspection.upkeep.restoring import Place, put_in_place
from inspection.upkeep.shelf import beginning, chosen, seal

HALF = 300_000
WHOLE = os.urandom(2 * HALF)


@pytest.fixture
def databases(kind, tmp_path, request):
    """Gives addresses of new databases; those of PostgreSQL have nothing but PostGIS."""

    def make(name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name / 'records.db'}"
        return request.getfixturevalue("server").create(request.getfixturevalue("with_postgis"))

    return make


class House:
    """One machine with an installation: a folder, a database, and the commands in it."""

    def __init__(self, folder: Path, database: str, monkeypatch, capsys) -> None:
        self.data = folder
        self.set = {"DATA": folder, "DATABASE": database, "LANGUAGE": "en"}
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def enter(self) -> None:
        for name, value in self.set.items():
            self.monkeypatch.setenv(f"TINJAU_{name}", str(value))

    def run(self, *words) -> str:
        self.enter()
        app([str(word) for word in words], standalone_mode=False)
        return self.capsys.readouterr().out

    @contextmanager
    def serving(self):
        self.enter()
        process = subprocess.Popen(
            [sys.executable, "-m", "inspection", "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        guard = threading.Timer(90, process.kill)
        guard.start()
        try:
            said = ""
            while not (found := re.search(r"http://\S+", said)):
                line = process.stdout.readline()
                assert line, said
                said += line
            with httpx.Client(base_url=found.group(), timeout=60) as client:
                yield client, said
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            process.stdout.close()
            guard.cancel()


def signed_in(client, login, password) -> None:
    answer = client.post("/api/v1/session", json={"login": login, "password": password})
    assert answer.status_code == 201, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


TUS = {"Tus-Resumable": "1.0.0"}


def announced(client, data: bytes) -> str:
    told = {"filename": "flight.tif", "sha256": hashlib.sha256(data).hexdigest()}
    pairs = (f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in told.items())
    headers = TUS | {"Upload-Length": str(len(data)), "Upload-Metadata": ",".join(pairs)}
    answer = client.post("/uploads/", headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


def sent(client, place: str, offset: int, data: bytes) -> None:
    headers = TUS | {
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }
    answer = client.patch(place, headers=headers, content=data)
    assert answer.status_code == 204, answer.text


@contextmanager
def inspector(house: House):
    """The service with somebody signed in who may bring files."""
    with house.serving() as (client, said):
        found = re.search(r": (\S+), password (\S+)", said)
        if found:
            signed_in(client, *found.groups())
            asked = {"login": "inspector", "name": "I", "roles": ["inspector", "auditor"]}
            house.password = client.post("/api/v1/users", json=asked).json()["password"]
            client.delete("/api/v1/session")
        signed_in(client, "inspector", house.password)
        yield client


def test_a_backup_made_while_a_service_writes_is_put_back_on_nothing(
    databases, tmp_path, monkeypatch, capsys
):
    first = House(tmp_path / "a", databases("a"), monkeypatch, capsys)
    shelf = tmp_path / "shelf"
    with inspector(first) as client:
        place = announced(client, WHOLE)
        sent(client, place, 0, WHOLE[:HALF])
        brought, stop = [], threading.Event()

        def bring() -> None:
            while not stop.is_set():
                data = os.urandom(1000)
                sent(client, announced(client, data), 0, data)
                brought.append(hashlib.sha256(data).hexdigest())

        writer = threading.Thread(target=bring)
        writer.start()
        while len(brought) < 3:
            stop.wait(0.05)
        before = list(brought)
        told = json.loads(first.run("backup", "--out", shelf, "--json"))
        stop.set()
        writer.join()
        assert told["objects"] == told["copied"] >= len(before)
        again = json.loads(first.run("backup", "--out", shelf, "--json"))
        assert again["copied"] == again["objects"] - told["objects"] < again["objects"]
    names = sorted(path.name for path in (shelf / "backups").glob("2*"))
    assert names == [told["name"], again["name"]]
    key = first.run("audit", "key")
    (tmp_path / "key.pem").write_text(key)

    second = House(tmp_path / "b", databases("b"), monkeypatch, capsys)
    second.password = first.password
    said = second.run("restore", shelf, "--name", told["name"])
    assert "each proven" in said
    assert "A new key signs" in said
    kept = FolderObjects(second.data)
    for sha256 in before:
        assert b"".join(kept.stream(sha256))
    with pytest.raises(UsageError, match="restore_not_empty"):
        second.run("restore", shelf)
    with inspector(second) as client:
        assert client.get("/readyz").json()["status"] == "ok"
        assert client.head(place, headers=TUS).headers["upload-offset"] == str(HALF)
        sent(client, place, HALF, WHOLE[HALF:])
        state = client.get("/api/v1/audit/state").json()
        assert state["examined"]["holds"]
        (tmp_path / "log").write_bytes(client.get("/api/v1/audit/log").content)
    assert b"".join(kept.stream(hashlib.sha256(WHOLE).hexdigest())) == WHOLE
    (tmp_path / "both.pem").write_text(second.run("audit", "key"))
    assert (tmp_path / "both.pem").read_text().startswith(key)
    second.run("verify", tmp_path / "log", "--key", tmp_path / "both.pem")
    own = tmp_path / "own"
    second.run("audit", "export", "--installation", "--out", own)
    assert '"action":"backup.restored"' in own.read_text()


@pytest.fixture
def house(databases, tmp_path):
    """An installation with objects, made without a service."""
    engine = open_engine(databases("a"))
    upgrade(engine)
    records = Records(engine)
    first_admin(records, profile="generic", language="en")
    objects = FolderObjects(tmp_path / "a")
    stored = [objects.put([bytes([number]) * 5000]).sha256 for number in range(3)]
    with records.writing_all() as session:
        office = session.scalars(select(Office)).one()
    deed = Deed(
        action="inspection.done", subject_kind="x", subject_id="y", facts={"objects": stored}
    )
    with records.writing(office.id) as session:
        record(session, deed, actor=None)
    yield Installation(
        engine=engine,
        objects=objects,
        uploads=tmp_path / "a" / "uploads",
        data=tmp_path / "a",
        settings=["# settings"],
    )
    engine.dispose()


@pytest.fixture
def target(databases, tmp_path):
    engine = open_engine(databases("b"))
    objects = FolderObjects(tmp_path / "b")
    yield Place(engine=engine, objects=objects, uploads=tmp_path / "b" / "uploads")
    engine.dispose()


def flip(path: Path) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_one_byte_damaged_anywhere_in_a_backup_is_named_and_nothing_is_put_back(
    house, target, tmp_path
):
    shelf = tmp_path / "shelf"
    kept = back_up(house, shelf, at=now())
    folder = shelf / "backups" / kept.name
    files = sorted(path for path in shelf.rglob("*") if path.is_file() and path.name != "lock")
    own = [path for path in files if path.is_relative_to(folder)]
    assert len(own) >= 5
    assert len(files) - len(own) == 3
    for path in [*own, files[-1]]:
        if path.stat().st_size == 0:
            continue
        flip(path)
        with pytest.raises(DisprovedError, match="backup_damaged") as told:
            put_in_place(shelf, None, target, replace=False)
        is_seal = path.name == "manifest.sha256"
        assert told.value.file.endswith("manifest.json" if is_seal else path.name)
        flip(path)
    path = own[0]
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(DisprovedError, match="backup_damaged"):
        put_in_place(shelf, None, target, replace=False)
    path.write_bytes(content)
    restored = put_in_place(shelf, None, target, replace=False)
    assert (restored.objects, restored.events) == (3, 2)
    with pytest.raises(UsageError, match="restore_not_empty"):
        put_in_place(shelf, None, target, replace=False)


def test_a_backup_that_was_cut_off_is_none(house, target, tmp_path):
    shelf = tmp_path / "shelf"
    with pytest.raises(RefusedError, match="backup_absent"):
        put_in_place(shelf, None, target, replace=False)

    class Cut(FolderObjects):
        def stream(self, _sha256):
            raise ZeroDivisionError

    cut = Installation(**{**vars(house), "objects": Cut(tmp_path / "a")})
    with pytest.raises(ZeroDivisionError):
        back_up(cut, shelf, at=now())
    left = shelf / "backups" / ".20260101T000000Z.part"
    left.mkdir()
    (left / "manifest.json").write_text("{}")
    with pytest.raises(RefusedError, match="backup_absent"):
        put_in_place(shelf, None, target, replace=False)
    with beginning(shelf, now()), pytest.raises(UsageError, match="backup_running"):
        back_up(house, shelf, at=now())
    shutil.rmtree(next((shelf / "backups").glob("2*")))
    back_up(house, shelf, at=now())
    assert not left.exists()
    with pytest.raises(RefusedError, match="backup_absent"):
        put_in_place(shelf, "20200101T000000Z", target, replace=False)
    with pytest.raises(UsageError, match="backup_into_itself"):
        back_up(house, tmp_path / "a" / "backups", at=now())


def test_a_damaged_object_is_told_and_does_not_hold_up_the_rest(house, target, tmp_path):
    shelf = tmp_path / "shelf"
    spoiled = next(iter(house.objects.entries())).sha256
    path = house.objects._path(spoiled)
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(b"x" * len(content))
    kept = back_up(house, shelf, at=now())
    assert (kept.objects, kept.damaged) == (2, (spoiled,))
    assert put_in_place(shelf, None, target, replace=False).lost == (spoiled,)


def test_a_chain_that_was_tampered_with_is_not_put_back(house, target, tmp_path, kind):
    with house.engine.begin() as connection:
        if kind == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_events_no_update")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(
            "UPDATE audit_events SET hash = 'x' WHERE action = 'inspection.done'"
        )
    back_up(house, tmp_path / "shelf", at=now())
    with pytest.raises(DisprovedError, match="backup_chain_broken"):
        put_in_place(tmp_path / "shelf", None, target, replace=False)


def test_what_is_in_the_way_is_moved_aside_when_told(house, tmp_path, kind):
    if kind != "sqlite":
        pytest.skip("of a file only")
    shelf = tmp_path / "shelf"
    back_up(house, shelf, at=now())
    records = Records(house.engine)
    with records.writing_all() as session:
        office = session.scalars(select(Office)).one()
        user = User(office_id=office.id, login="late", name="Late")
        session.add_all([user, RoleGrant(office_id=office.id, user_id=user.id, role=Role.GIS)])
    place = Place(engine=house.engine, objects=house.objects, uploads=house.uploads)
    put_in_place(shelf, None, place, replace=True)
    with records.reading_all() as session:
        assert session.scalars(select(User.login)).all() == ["admin"]
        assert session.scalars(select(Finding)).all() == []
    (aside,) = (tmp_path / "a").glob("records.db.before-restore-*")
    with closing(sqlite3.connect(aside)) as old:
        assert old.execute("SELECT count(*) FROM users").fetchone() == (2,)


def test_a_missing_program_of_the_server_is_named(house, tmp_path, kind, monkeypatch):
    if kind == "sqlite":
        pytest.skip("of a server only")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="database_tool_missing"):
        back_up(house, tmp_path / "shelf", at=now())


def test_two_backups_of_one_second_are_two(tmp_path):
    at = datetime(2026, 11, 29, 18, 0, 0, tzinfo=UTC)
    for number in range(3):
        with beginning(tmp_path, at) as folder:
            (folder / "number").write_text(str(number))
            seal(folder, {})
    names = sorted(path.name for path in (tmp_path / "backups").glob("2*"))
    assert names == ["20261129T180000Z", "20261129T180000Z-01", "20261129T180000Z-02"]
    assert (chosen(tmp_path, None).folder / "number").read_text() == "2"


@pytest.mark.parametrize(
    ("place", "code"), [("/proc/x", "place_impossible"), (__file__, "place_of_other_kind")]
)
def test_a_place_that_cannot_hold_backups_is_named(place, code):
    with pytest.raises(UsageError, match=code) as refused, beginning(Path(place), now()):
        pytest.fail("it was begun")
    assert refused.value.file == place
