"""The database fails while the service runs: full, locked, gone; and is there again."""

import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from inspection.records import engine as engine_module
from inspection.records.audit_reading import examined
from inspection.records.columns import now
from inspection.records.heads import known_keys
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.offices import Role, User
from tests.api.conftest import running
from tests.inspection.records.server import stoppable_server

USERS = "/api/v1/users"


class Admin:
    """An administrator who takes people in, and remembers who was acknowledged."""

    def __init__(self, service) -> None:
        self.service = service
        self.client = service.signed_in("here", service.people["here", Role.ADMIN])
        self.acknowledged: list[str] = []
        self.number = 0

    def add(self):
        self.number += 1
        login = f"late{self.number}"
        answer = self.client.post(USERS, json={"login": login, "name": "Late", "roles": []})
        if answer.status_code == 201:
            self.acknowledged.append(login)
        return answer

    def refused(self, code: str) -> None:
        """What is asked now fails in the one way that says: later."""
        answer = self.add()
        assert (answer.status_code, answer.json().get("code")) == (503, code), answer.text
        assert int(answer.headers["retry-after"]) > 0

    def check(self) -> None:
        """Whoever was acknowledged is there once, nobody else, and the log says the same."""
        here = self.service.offices["here"]
        with self.service.records.reading(here) as session:
            late = select(User.login).where(User.login.like("late%"))
            assert sorted(session.scalars(late)) == sorted(self.acknowledged)
            added = select(AuditEvent.seq).where(AuditEvent.action == "user.added")
            assert len(session.scalars(added).all()) == len(self.acknowledged)
        with self.service.records.reading_all() as session:
            assert examined(session, here, keys=known_keys(session)).flaws == ()


@contextmanager
def admin(address: str) -> Iterator[Admin]:
    with running(address) as service:
        one = Admin(service)
        yield one
        one.client.close()


@pytest.fixture
def impatient(monkeypatch):
    """A writer that waits for others only a moment."""
    pragmas = [p for p in engine_module._PRAGMAS if "busy_timeout" not in p]
    monkeypatch.setattr(engine_module, "_PRAGMAS", (*pragmas, "PRAGMA busy_timeout = 300"))


@pytest.mark.usefixtures("impatient")
def test_a_locked_database_is_told_and_reads_go_on(tmp_path) -> None:
    path = tmp_path / "records.db"
    with admin(f"sqlite:///{path}") as one:
        assert one.add().status_code == 201
        # One who was quiet for so long that it is noted when they come back.
        seen = now() - timedelta(minutes=20)
        person = one.service.people["here", Role.ADMIN]
        one.client.close()
        one.client = one.service.signed_in("here", person, seen_at=seen)
        for _ in range(5):
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                one.refused("database_busy")
                assert one.client.get(USERS).status_code == 200
                other.execute("ROLLBACK")
            assert one.add().status_code == 201
        one.check()


def test_a_writer_waits_for_the_one_before_it(tmp_path) -> None:
    path = tmp_path / "records.db"
    with admin(f"sqlite:///{path}") as one:
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(1.0, lambda: other.execute("ROLLBACK"))
        began = time.monotonic()
        timer.start()
        assert one.add().status_code == 201
        assert time.monotonic() - began >= 1
        timer.join()
        other.close()
        one.check()


@pytest.fixture
def volume(tmp_path):
    """A disk of a few megabytes."""
    place = tmp_path / "volume"
    place.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("this machine lets nobody mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def fill(place: Path) -> Path:
    filler = place / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (2**16, 512):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return filler


def test_a_full_disk_under_the_database_leaves_no_half_state(volume) -> None:
    with admin(f"sqlite:///{volume / 'records.db'}") as one:
        for _ in range(10):
            assert one.add().status_code == 201
            filler = fill(volume)
            answers = [one.add() for _ in range(12)]
            assert answers[-1].status_code == 503
            assert {answer.status_code for answer in answers} <= {201, 503}
            told = [answer for answer in answers if answer.status_code == 503]
            assert {answer.json()["code"] for answer in told} == {"database_full"}
            assert all("retry-after" in answer.headers for answer in told)
            assert one.client.get(USERS).status_code == 200
            assert one.client.get("/readyz").json()["code"] == "disk_nearly_full"
            filler.unlink()
        one.check()
        with closing(sqlite3.connect(volume / "records.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_server_that_stops_is_told_and_used_again_when_it_is_back() -> None:
    with stoppable_server() as server, admin(server.address) as one:
        for _ in range(3):
            assert one.add().status_code == 201
            server.stop()
            for _ in range(3):
                one.refused("database_unreachable")
            assert one.client.get("/readyz").json()["code"] == "database_unreachable"
            assert one.client.get("/healthz").status_code == 200
            server.start()
            assert one.add().status_code == 201
            assert one.client.get("/readyz").status_code == 200
        one.check()
