"""`tinjau serve` and `tinjau user`, as whoever runs an installation meets them."""

import base64
import errno
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import httpx
import pytest
from sqlalchemy import select

from api.__main__ import _listen, main
from inspection.__main__ import app
from inspection.access.people import first_admin
from inspection.access.sessions import session_of, sign_in
from inspection.errors import ConflictError, GeoError, RefusedError, StrangerError, UsageError
from inspection.objects.folder import FolderObjects
from inspection.records.engine import open_engine
from inspection.records.store import Records
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.offices import Office, Role, User
from inspection.settings import Settings
from inspection.wiring import open_database, open_provider


class Served:
    """A server of its own, and what it said."""

    def __init__(self, data, place=None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "inspection", "serve", "--port", "0"],
            env=os.environ | {"TINJAU_DATA": str(data), "TINJAU_LANGUAGE": "en"},
            cwd=place,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # Should it say nothing, the test shall not wait for ever.
        self.guard = threading.Timer(60, self.process.kill)
        self.guard.start()
        self.said = []
        for line in self.process.stdout:
            self.said.append(line.strip())
            if found := re.search(r"http://\S+", line):
                self.url = found.group()
                break
        else:
            pytest.fail(self.process.stderr.read())

    def stop(self) -> str:
        self.process.terminate()
        _, log = self.process.communicate(timeout=60)
        self.guard.cancel()
        return log


def test_a_server_begins_from_nothing_and_ends_when_told(tmp_path) -> None:
    data = tmp_path / "data"
    served = Served(data)
    login, password = re.search(r": (\S+), password (\S+)", served.said[0]).groups()
    with httpx.Client(base_url=served.url, timeout=60) as client:
        wait_until_ready(client)
        body = {"login": login, "password": password}
        answer = client.post("/api/v1/session", json=body)
        assert answer.json()["roles"] == ["admin"]
        client.get("/api/v1/status/SECRETCODE")
        client.get("/api/v1/permits/imports/SECRETPATH?secret=SECRETQUERY")
        secrets = [password, client.cookies["tinjau_session"], login, "SECRET", "127.0.0.1"]
    log = served.stop()
    assert served.process.returncode == 0
    engine = open_engine(f"sqlite:///{data / 'records.db'}")
    assert first_admin(Records(engine), profile="generic", language="en") is None, "shown once"
    engine.dispose()
    lines = [json.loads(line) for line in log.splitlines()]
    routes = {line.get("route") for line in lines}
    assert {"/api/v1/session", "/api/v1/status/{code}"} <= routes
    assert [secret for secret in secrets if secret in log] == []
    assert (data / "records.db").stat().st_mode & 0o077 == 0


def wait_until_ready(client) -> None:
    # It listens before it answers: a request waits in line until the application is up.
    assert client.get("/readyz").json() == {"status": "ok"}


def test_a_server_that_is_told_to_stop_keeps_what_it_acknowledged(tmp_path) -> None:
    data, whole = tmp_path / "data", os.urandom(3_000_000)
    served = Served(data)
    login, password = re.search(r": (\S+), password (\S+)", served.said[0]).groups()
    tus = {"Tus-Resumable": "1.0.0"}
    chunk = tus | {"Content-Type": "application/offset+octet-stream"}

    def sign_in(client, login, password) -> None:
        answer = client.post("/api/v1/session", json={"login": login, "password": password})
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    with httpx.Client(base_url=served.url, timeout=60) as client:
        sign_in(client, login, password)
        asked = {"login": "bringer", "name": "B", "roles": ["inspector"]}
        password = client.post("/api/v1/users", json=asked).json()["password"]
        client.cookies.clear()
        sign_in(client, "bringer", password)
        digits = base64.b64encode(hashlib.sha256(whole).hexdigest().encode()).decode()
        name = base64.b64encode(b"flight.tif").decode()
        told = {
            "Upload-Length": str(len(whole)),
            "Upload-Metadata": f"filename {name},sha256 {digits}",
        }
        place = client.post("/uploads/", headers=tus | told).headers["location"]
        client.patch(place, headers=chunk | {"Upload-Offset": "0"}, content=whole[:1_000_000])
        begun = threading.Event()

        def slowly():
            for at in range(1_000_000, 2_000_000, 10_000):
                yield whole[at : at + 10_000]
                begun.set()
                time.sleep(0.03)

        def send() -> None:
            with suppress(httpx.HTTPError):
                length = {"Upload-Offset": "1000000", "Content-Length": "1000000"}
                client.patch(place, headers=chunk | length, content=slowly())

        sender = threading.Thread(target=send)
        sender.start()
        assert begun.wait(30)
        served.stop()
        assert served.process.returncode == 0
        sender.join()
    served = Served(data)
    with httpx.Client(base_url=served.url, timeout=60) as client:
        sign_in(client, "bringer", password)
        offset = int(client.head(place, headers=tus).headers["upload-offset"])
        assert offset == 2_000_000  # what was begun was ended first
        answer = client.patch(
            place, headers=chunk | {"Upload-Offset": str(offset)}, content=whole[offset:]
        )
        assert answer.status_code == 204
    served.stop()
    kept = FolderObjects(data).stream(hashlib.sha256(whole).hexdigest())
    assert b"".join(kept) == whole


@pytest.fixture
def not_begun(tmp_path, monkeypatch):
    """Serving that must be refused: what would go on to listen fails the test."""
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("it goes on to listen"))
    return tmp_path


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("OIDC_ROLES", "nonsense", "setting_impossible"),
        ("OBJECTS", "http://x/y", "objects_address_impossible"),
        ("OBJECTS", "s3:/", "objects_address_impossible"),
        ("OBJECTS", "s3://bucket?endpoint=nonsense", "objects_address_impossible"),
        ("OBJECTS", "/proc/x", "place_impossible"),
        ("OBJECTS", __file__, "place_of_other_kind"),
        ("AUDIT_HEADS", "s3:/", "objects_address_impossible"),
        ("OIDC_ISSUER", "http://x", "oidc_settings"),
        ("DATA", "/proc/x", "place_impossible"),
        ("DATA", __file__, "place_of_other_kind"),
    ],
)
def test_what_is_set_wrongly_is_told_before_anything_is_made(
    not_begun, monkeypatch, setting, value, code
) -> None:
    monkeypatch.setenv(f"TINJAU_{setting}", value)
    with pytest.raises(UsageError, match=code) as refused:
        app(["serve", "--port", "0"], standalone_mode=False)
    assert refused.value.where == f"TINJAU_{setting}"
    assert refused.value.file == (value if code.startswith("place") else None)
    assert not (not_begun / "data" / "records.db").exists()


def test_a_folder_that_may_not_be_written_is_told(not_begun, monkeypatch) -> None:
    def denied(*_words, **_more):
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr("inspection.objects.folder.TemporaryFile", denied)
    with pytest.raises(UsageError, match="place_denied") as refused:
        app(["serve", "--port", "0"], standalone_mode=False)
    assert refused.value.file == str(not_begun / "data")


@pytest.mark.parametrize(
    ("place", "code"), [("/proc/x.db", "place_impossible"), ("/proc", "place_of_other_kind")]
)
def test_a_database_that_cannot_be_made_is_named(not_begun, monkeypatch, place, code) -> None:
    assert not_begun.exists()
    monkeypatch.setenv("TINJAU_DATABASE", f"sqlite:///{place}")
    with pytest.raises(UsageError, match=code) as refused:
        app(["serve", "--port", "0"], standalone_mode=False)
    assert refused.value.file == place


COMMANDS = (
    ["import", __file__, "--mapping", "wiup"],
    ["user", "add", "rani", "--role", "gis"],
    ["user", "disable", "rani"],
    ["audit", "export", "--out", "log.jsonl"],
    ["audit", "key"],
    ["worker"],
    ["backup", "--out", "shelf"],
    ["upload", "--from", __file__, "--into", "--as", "rani"],
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_only_a_server_begins_an_installation(tmp_path, monkeypatch, words) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path / "mistyped"))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(UsageError, match="installation_absent") as refused:
        app(words, standalone_mode=False)
    assert refused.value.where == "TINJAU_DATA"
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("TINJAU_DATABASE", f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(UsageError, match="installation_absent") as refused:
        app(words, standalone_mode=False)
    assert refused.value.where == "TINJAU_DATABASE"
    assert list(tmp_path.iterdir()) == []


FAILING = """
import logging
from inspection.terminal.log import write_log

def fail():
    password = "-".join(["hidden", "words"])
    return 1 / 0

write_log()
try:
    fail()
except ZeroDivisionError:
    logging.getLogger("uvicorn.error").exception("it failed")
"""


def test_the_trace_of_an_error_is_one_line_without_the_values_of_variables() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAILING], capture_output=True, text=True, timeout=60, check=True
    )
    (line,) = done.stderr.splitlines()
    told = json.loads(line)
    assert told["event"] == "it failed"
    assert "ZeroDivisionError" in json.dumps(told["exception"])
    assert "hidden-words" not in line


def test_an_address_that_is_taken_is_told(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main("127.0.0.1", port) == 1
    told = json.loads(capsys.readouterr().err)
    assert (told["code"], told["where"]) == ("address_taken", f"127.0.0.1:{port}")
    assert main("nowhere.invalid", port) == 1
    told = json.loads(capsys.readouterr().err)
    assert (told["code"], told["where"]) == ("address_unknown", "nowhere.invalid")


def test_an_answer_does_not_wait_until_its_head_was_confirmed() -> None:
    with _listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        taken, _ = listening.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_who_signs_in_by_a_provider_has_no_password(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path))
    monkeypatch.setenv("TINJAU_LANGUAGE", "en")
    records, engine = open_database(Settings(data=tmp_path))
    first_admin(records, profile="generic", language="en")
    ask = ["user", "add", "rani", "--role", "gis", "--subject", "s-1"]
    with pytest.raises(UsageError, match="oidc_settings"):
        app(ask, standalone_mode=False)
    monkeypatch.setenv("TINJAU_OIDC_ISSUER", "https://provider.invalid")
    app(ask, standalone_mode=False)
    assert capsys.readouterr().out == "rani signs in by the identity provider\n"
    with pytest.raises(ConflictError, match="subject_taken"):
        app(["user", "add", "other", "--role", "gis", "--subject", "s-1"], standalone_mode=False)
    with records.reading_all() as session:
        rani = session.scalars(select(User).where(User.login == "rani")).one()
    assert (rani.subject, rani.password_hash) == ("s-1", None)
    engine.dispose()


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"oidc_issuer": "http://provider.invalid"}, "TINJAU_OIDC_ISSUER"),
        ({"oidc_client": None}, "TINJAU_OIDC_CLIENT"),
        ({"address": None}, "TINJAU_ADDRESS"),
        (
            {"oidc_roles": [{"value": "a", "office": "b", "roles": ["king"]}]},
            "TINJAU_OIDC_ROLES",
        ),
    ],
)
def test_half_a_provider_is_none(tmp_path, more, where) -> None:
    whole = {
        "data": tmp_path,
        "address": "https://tinjau.invalid",
        "oidc_issuer": "https://provider.invalid",
        "oidc_client": "tinjau",
    }
    assert open_provider(Settings(**whole)) is not None
    with pytest.raises(UsageError, match="oidc_settings") as refused:
        open_provider(Settings(**whole | more))
    assert refused.value.where == where


@pytest.mark.parametrize("login", ["", "x" * 500, "a b", "a\n", "-a"])
def test_a_login_is_held_to_one_rule(tmp_path, monkeypatch, login) -> None:
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path))
    with pytest.raises(UsageError, match="login_impossible"):
        app(["user", "add", "--role", "gis", "--", login], standalone_mode=False)
    with pytest.raises(UsageError, match="role_unnamed"):
        app(["user", "add", "rani"], standalone_mode=False)


def test_offices_are_made_apart_and_stated_anew(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path))
    monkeypatch.setenv("TINJAU_LANGUAGE", "en")

    def tinjau(*words) -> str:
        app([*words], standalone_mode=False)
        return capsys.readouterr().out

    open_database(Settings(data=tmp_path))[1].dispose()
    engine = open_engine(f"sqlite:///{tmp_path / 'records.db'}")
    records = Records(engine)
    first_admin(records, profile="generic", language="en")
    made = ("office", "add", "banten", "--name", "Dinas Banten", "--admin", "kepala")
    said = tinjau(*made, "--profile", "indonesia-province", "--language", "id")
    password = re.fullmatch(r"kepala: password (\S{20}) \(shown this once\)\n", said).group(1)
    signed = sign_in(records, login="kepala", password=password, origin="here")
    assert signed.actor.roles == {Role.ADMIN}
    with records.reading(signed.actor.office_id) as session:
        assert [one.login for one in session.scalars(select(User))] == ["kepala"]
    again = (*made[:2], "lebak", *made[3:])
    for words, error in (
        (made, "office_taken"),
        (again, "login_taken"),
        ((*made, "--profile", "mine"), "profile_unknown"),
        ((*made, "--time-zone", "Mars/Olympus"), "time_zone_unknown"),
        (("office", "add", "A B", *made[3:]), "office_code_impossible"),
        (("office", "set", "lebak", "--name", "x"), "office_unknown"),
        (("office", "set", "banten", "--name", " "), "name_impossible"),
        (("office", "set", "banten", "--profile", "mine"), "profile_unknown"),
    ):
        with pytest.raises(GeoError, match=error):
            tinjau(*words)
    told = "banten: Dinas Banten; Asia/Makassar, rules indonesia-province, language id\n"
    assert tinjau("office", "set", "banten", "--time-zone", "Asia/Makassar") == told
    listed = tinjau("office", "list").splitlines(keepends=True)
    assert [one.partition(":")[0] for one in listed] == ["banten", "office"]
    assert listed[0] == told
    with records.reading(signed.actor.office_id) as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.seq))
        deeds = [one.action for one in events if one.action.startswith("office.")]
    assert deeds == ["office.added", "office.changed"]
    engine.dispose()


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "a\nb", "a\u202eb"])
def test_a_name_is_held_to_one_rule(tmp_path, monkeypatch, name) -> None:
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path))
    with pytest.raises(UsageError, match="name_impossible"):
        app(["user", "add", "rani", "--role", "gis", "--name", name], standalone_mode=False)


def test_people_are_taken_in_given_roles_and_shut_out(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path))
    monkeypatch.setenv("TINJAU_LANGUAGE", "en")

    def tinjau(*words) -> str:
        app(["user", *words], standalone_mode=False)
        return capsys.readouterr().out

    with pytest.raises(UsageError, match="installation_absent"):
        tinjau("add", "officer", "--role", "gis")
    open_database(Settings(data=tmp_path))[1].dispose()
    with pytest.raises(RefusedError, match="office_unknown"):
        tinjau("add", "officer", "--role", "gis")
    engine = open_engine(f"sqlite:///{tmp_path / 'records.db'}")
    records = Records(engine)
    first_admin(records, profile="generic", language="en")
    said = tinjau("add", "Officer", "--role", "gis")
    password = re.fullmatch(r"officer: password (\S{20}) \(shown this once\)\n", said).group(1)

    def signed():
        return sign_in(records, login="officer", password=password, origin="here")

    assert signed().actor.roles == {Role.GIS}
    with pytest.raises(ConflictError, match="login_taken"):
        tinjau("add", "officer", "--role", "gis")
    with pytest.raises(UsageError, match="role_unknown"):
        tinjau("add", "other", "--role", "king")
    assert tinjau("role", "officer", "auditor", "reviewer") == "officer: auditor, reviewer\n"
    held = signed()
    assert held.actor.roles == {Role.AUDITOR, Role.REVIEWER}
    assert tinjau("disable", "officer") == "officer is shut out\n"
    assert session_of(records, held.secret) is None
    with pytest.raises(StrangerError):
        signed()
    shown = "admin: Admin; admin\nofficer: officer; auditor, reviewer; shut out\n"
    assert tinjau("list").lower() == shown.lower()
    assert tinjau("enable", "officer") == "officer may sign in again\n"
    assert session_of(records, held.secret) is None
    assert signed().actor.roles == {Role.AUDITOR, Role.REVIEWER}
    with pytest.raises(RefusedError, match="user_unknown"):
        tinjau("disable", "nobody")
    for last in (("disable", "admin"), ("role", "admin", "gis")):
        with pytest.raises(ConflictError, match="last_admin"):
            tinjau(*last)
    tinjau("role", "officer", "admin")
    tinjau("disable", "officer")
    with pytest.raises(ConflictError, match="last_admin"):
        tinjau("disable", "admin")
    tinjau("enable", "officer")
    assert tinjau("disable", "admin") == "admin is shut out\n"
    with records.writing_all() as session:
        session.add(
            Office(code="b", name="B", time_zone="Asia/Jakarta", profile="generic", language="id")
        )
    with pytest.raises(UsageError, match="office_unnamed"):
        tinjau("add", "another", "--role", "gis")
    assert tinjau("add", "another", "--role", "gis", "--office", "b").startswith(
        "another: password "
    )
    engine.dispose()
