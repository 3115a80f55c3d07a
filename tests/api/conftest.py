"""A real server on loopback; two offices with a person of every role, and one above them."""

import hashlib
import logging
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from uuid import UUID

import httpx
import pytest
import structlog
import uvicorn
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from shapely import Polygon
from sqlalchemy import select

from api.app import create_app
from api.public import Public
from inspection.access import passwords
from inspection.access.central import central_place
from inspection.access.rates import Rate
from inspection.access.rights import Action
from inspection.access.secret import digest, forgery_token, new_secret
from inspection.jobs.asking import ask
from inspection.jobs.preparing import FlightGiven, Wanted
from inspection.jobs.submission import cancel
from inspection.language import Language
from inspection.records.columns import now
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.inspections import (
    DecisionOutcome,
    InspectionRun,
    InspectionState,
)
from inspection.records.tables.offices import Office, Role, RoleGrant, SignIn, Token, User
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.records.tables.reports import Report
from inspection.settings import Settings
from inspection.uploads.parts import Parts
from inspection.wiring import open_objects, records_address
from tests.inspection.jobs.small import write_all
from tests.inspection.records.filed import file_report, inspected_permit
from tests.inspection.records.server import running_server
from tests.memory import GIB, in_memory

OUTLINE = Polygon([(115.5, -3.3), (115.6, -3.3), (115.6, -3.2), (115.5, -3.2)])
TRUST = ssl.create_default_context()
"""One for all clients: to make it takes longer than most answers."""

LIMITS = {"uploads_at_once": 1000}
AS_SHIPPED = passwords._HASHER
PASSWORD = "correct horse battery staple"


@dataclass
class Service:
    """The running service, and ways into its records behind its back."""

    url: str
    app: object
    records: Records
    kept: str
    shipped_hasher: PasswordHash
    offices: dict[str, UUID] = field(default_factory=dict)
    people: dict[tuple[str, str], UUID] = field(default_factory=dict)
    permits: dict[str, UUID] = field(default_factory=dict)
    count: int = 0

    def client(self, **more) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, verify=TRUST, **more)

    def next(self, word: str) -> str:
        self.count += 1
        return f"{word}{self.count}"

    def person(self, office: str, *roles: Role) -> SimpleNamespace:
        """A new person, whose password is `PASSWORD`."""
        login = self.next("person")
        with self.records.writing(self.offices[office]) as session:
            user = User(login=login, name=login.title(), password_hash=self.kept)
            session.add(user)
            session.add_all([RoleGrant(user_id=user.id, role=role) for role in roles])
        return SimpleNamespace(id=user.id, login=login)

    def signed_in(self, office: str, user_id: UUID, **more) -> httpx.Client:
        """A client with a session of its own, as signing in would give it."""
        secret, at = new_secret(), now()
        row = {"seen_at": at, "expires_at": at + timedelta(hours=1), **more}
        with self.records.writing(self.offices[office]) as session:
            session.add(
                SignIn(
                    user_id=user_id,
                    secret_sha256=digest(secret),
                    csrf_sha256=digest(forgery_token(secret)),
                    **row,
                )
            )
        client = self.client(headers={"X-CSRF-Token": forgery_token(secret)})
        client.cookies.set("tinjau_session", secret)
        return client

    def as_role(self, role: str) -> httpx.Client:
        """A client of the first office's person of this role, of one above it, or of nobody."""
        if role == "anonymous":
            return self.client()
        if role == Role.CENTRAL_ADMIN:
            return self.signed_in("central", self.people["central", role])
        return self.signed_in("here", self.people["here", role])

    def permit(self, office: str, outline: Polygon = OUTLINE) -> UUID:
        """A permit with a boundary."""
        permit = Permit(reference=self.next("IUP "))
        boundary = BoundaryVersion(
            permit_id=permit.id,
            sequence=1,
            stage=BoundaryStage.GRANTED,
            source="test",
            sha256="0" * 64,
            stated_crs="EPSG:4326",
            area_m2=1.0,
            outline=outline,
        )
        with self.records.writing(self.offices[office]) as session:
            session.add_all([permit, boundary])
        return permit.id

    def upload(
        self,
        office: str,
        data: bytes,
        *,
        name: str = "current.tif",
        state: UploadState = UploadState.COMPLETE,
        permit_id: UUID | None = None,
        by: UUID | None = None,
    ) -> UUID:
        """A file that somebody of the office brought, or of which nothing came so far."""
        kept = self.app.state.objects.put([data])
        upload = Upload(
            brought_by=by or self.people[office, Role.INSPECTOR],
            permit_id=permit_id,
            name=name,
            kind="file",
            size=len(data),
            received=len(data) if state is UploadState.COMPLETE else 0,
            claimed_sha256=kept.sha256,
            state=state,
            expires_at=now() + timedelta(days=1),
        )
        Parts(self.app.state.settings.data / "uploads").begin(upload.id)
        with self.records.writing(self.offices[office]) as session:
            session.add(upload)
        return upload.id

    def inspection(
        self,
        office: str,
        *,
        by: UUID | None = None,
        outline: Polygon = OUTLINE,
        permit_id: UUID | None = None,
        picture: bytes = b"a picture",
    ) -> UUID:
        """An inspection that waits for a worker, of a permit of its own unless one is named."""
        wanted = Wanted(
            permit_id=permit_id or self.permit(office, outline),
            boundary_id=None,
            current=FlightGiven(orthophoto=self.upload(office, picture)),
            baseline=None,
            profile="generic",
            language=Language.ENGLISH,
        )
        by = by or self.people[office, Role.INSPECTOR]
        with self.records.writing(self.offices[office]) as session:
            return ask(session, self.app.state.objects, wanted, by=by, at=now()).id

    def report(self, office: str, *, outcome=DecisionOutcome.APPROVED, run=None, files=None):
        """A report on the record, issued with a decision unless its outcome is None."""
        with self.records.writing(self.offices[office]) as session:
            objects = self.app.state.objects
            by = self.people[office, Role.INSPECTOR]
            return file_report(
                session,
                objects,
                run or inspected_permit(session, objects, by=by),
                files=files,
                outcome=outcome,
                decided_by=self.people[office, Role.REVIEWER],
            )

    def drawn(
        self,
        office: str,
        rasters: dict[str, bytes],
        outline: Polygon = OUTLINE,
        **more,
    ) -> UUID:
        """An inspection that is done, and has these rasters in its report."""
        inspection = self.inspection(office, outline=outline, **more)
        keep = self.app.state.objects.put
        document = keep([str(inspection).encode()]).sha256
        with self.records.writing(self.offices[office]) as session:
            run = session.get_one(InspectionRun, inspection)
            run.state, run.finished_at, run.share = InspectionState.DONE, now(), 1.0
            run.document_id, run.document_sha256, run.is_comparable = "TJ-1", document, True
            if "baseline.tif" in rasters:
                run.baseline_id = run.current_id
            before = select(Report).where(Report.permit_id == run.permit_id)
            report = Report(
                permit_id=run.permit_id,
                inspection_id=run.id,
                sequence=len(session.scalars(before).all()) + 1,
                sha256=document,
                files={name: keep([data]).sha256 for name, data in rasters.items()},
            )
            session.add(report)
        return inspection

    def real_report(self, files: dict[str, bytes]) -> Report:
        """The report of a real result; an office has it on its record once."""
        sha256 = hashlib.sha256(files["inspection.json"]).hexdigest()
        with self.records.reading(self.offices["here"]) as session:
            known = session.scalars(select(Report).where(Report.sha256 == sha256)).one_or_none()
        return known or self.report("here", files=files)

    def take_back_inspections(self) -> None:
        """Leave none in line, so that a worker of another test finds its own at once."""
        for office in self.offices.values():
            with self.records.writing(office) as session:
                waiting = select(InspectionRun).where(
                    InspectionRun.state == InspectionState.SUBMITTED
                )
                for run in session.scalars(waiting).all():
                    cancel(session, run.id, by=run.submitted_by)

    def token(self, office: str, user_id: UUID, *scopes: Action, **more) -> tuple[UUID, str]:
        secret = new_secret()
        row = {"expires_at": now() + timedelta(days=1), **more}
        with self.records.writing(self.offices[office]) as session:
            token = Token(
                user_id=user_id,
                name="program",
                secret_sha256=digest(secret),
                scopes=[str(scope) for scope in scopes],
                **row,
            )
            session.add(token)
        return token.id, secret


@pytest.fixture(scope="session")
def result(tmp_path_factory) -> Path:
    """The folder of a finished inspection, the smallest there is."""
    folder = tmp_path_factory.mktemp("result")
    write_all(folder)
    given = {"boundary": "boundary.geojson", "current": "current.tif", "baseline": "baseline.tif"}
    words = [part for name, file in given.items() for part in (f"--{name}", folder / file)]
    done = subprocess.run(
        [sys.executable, "-m", "inspection", "inspect", *words, "--out", folder / "out"],
        env={**os.environ, "TINJAU_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture(scope="session")
def result_files(result) -> dict[str, bytes]:
    """What lies in it, by name."""
    return {
        path.relative_to(result).as_posix(): path.read_bytes()
        for path in result.rglob("*")
        if path.is_file()
    }


def pytest_generate_tests(metafunc) -> None:
    """Run the tests of a module on the databases that it names, else on the one by default."""
    if "service" in metafunc.fixturenames:
        kinds = getattr(metafunc.module, "DATABASES", ("sqlite",))
        metafunc.parametrize("service", kinds, indirect=True, scope="session")


@contextmanager
def database(kind: str) -> Iterator[str | None]:
    """The address of an empty database of this kind; None for the one by default."""
    if kind == "sqlite":
        yield None
        return
    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def service(request) -> Iterator[Service]:
    with database(request.param) as address, running(address) as service:
        yield service


@contextmanager
def running(database: str | None, *, port: int = 0, **more) -> Iterator[Service]:
    """A server of its own, with more settings, that keeps what it has in memory if it can."""
    memory = in_memory(room=GIB, spare=2 * GIB)
    with (
        TemporaryDirectory(prefix="tinjau-", dir=memory, ignore_cleanup_errors=True) as folder,
        serving(Path(folder), database, port, **more) as service,
    ):
        yield service


@contextmanager
def serving(data: Path, database: str | None, port: int, **more) -> Iterator[Service]:
    before = passwords._HASHER
    # One that takes a thousandth of the time: hundreds of passwords are looked at.
    quick = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._HASHER = PasswordHash((quick,))
    settings = Settings(data=data, language="en", database=database, **LIMITS, **more)
    engine = open_engine(records_address(settings))
    upgrade(engine)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    app = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    port = server.servers[0].sockets[0].getsockname()[1]
    service = Service(
        url=f"http://127.0.0.1:{port}",
        app=app,
        records=Records(engine),
        kept=passwords.hashed(PASSWORD, login="nobody"),
        shipped_hasher=AS_SHIPPED,
    )
    _people(service)
    app.state.public = Public(looking=often(), judging=often(), objecting=often(), trying=often())
    yield service
    server.should_exit = True
    thread.join(30)
    engine.dispose()
    passwords._HASHER = before
    assert not thread.is_alive()


@pytest.fixture
def installation():
    """Gives a way into an installation in a folder, with people, whoever serves it."""
    engines = []

    def at(data) -> Service:
        settings = Settings(data=data, language="en")
        engine = open_engine(records_address(settings))
        engines.append(engine)
        upgrade(engine)
        app = SimpleNamespace(
            state=SimpleNamespace(objects=open_objects(None, settings), settings=settings)
        )
        hasher = passwords._HASHER
        there = Service(url="", app=app, records=Records(engine), kept="x", shipped_hasher=hasher)
        _people(there)
        return there

    yield at
    for engine in engines:
        engine.dispose()


def often() -> Rate:
    """As often as tests ask."""
    return Rate(10**6, window_s=1.0)


def _people(service: Service) -> None:
    for code in ("here", "there"):
        office = Office(
            code=code,
            name=code.title(),
            time_zone="Asia/Jakarta",
            profile="generic",
            language="id",
        )
        with service.records.writing_all() as session:
            session.add(office)
        service.offices[code] = office.id
        for role in set(Role) - {Role.CENTRAL_ADMIN}:
            service.people[code, role] = service.person(code, role).id
        service.people[code, "plain"] = service.person(code).id
        permit = Permit(reference=f"IUP {code}")
        with service.records.writing(office.id) as session:
            session.add(permit)
        service.permits[code] = permit.id
    place = central_place(service.records, profile="generic", language="en")
    service.offices["central"] = place
    above = service.person("central", Role.CENTRAL_ADMIN).id
    service.people["central", Role.CENTRAL_ADMIN] = above


@pytest.fixture
def working(service):
    """A worker of its own, in whose way stands nothing that other tests asked for."""
    waiting = InspectionRun.state.in_((InspectionState.SUBMITTED, InspectionState.RUNNING))
    with service.records.writing_all() as session:
        for run in session.scalars(select(InspectionRun).where(waiting)):
            run.state = InspectionState.CANCELLED
    settings = service.app.state.settings
    worker = subprocess.Popen(
        [sys.executable, "-m", "inspection", "worker", "--language", "en"],
        env={**os.environ, "TINJAU_DATA": str(settings.data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield worker
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=60)
    assert worker.returncode == 0, err
    assert "Traceback" not in out + err
