"""
How fast the service answers and keeps: long lists, many submissions, large imports, its log.

Each row gives wall and processor time, on SQLite and on PostgreSQL (which here brings nothing to
the disk, as a test's). What is held is not how fast this machine is, but what must not grow:
a page in the middle or at the end of a list costs about what the first one does.
"""

import base64
import hashlib
import itertools
import logging
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import structlog
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from shapely import box
from sqlalchemy import Connection, Engine, insert

from api.app import create_app
from inspection.access.rights import ALL, Action, Actor
from inspection.access.tokens import issue_token
from inspection.evidence.audit_log import verify_log
from inspection.objects.folder import FolderObjects
from inspection.records.audit import Deed, log, record
from inspection.records.columns import text_of
from inspection.records.engine import open_engine
from inspection.records.ids import uuid7
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.clocks import ClockEvent, Effect, ServiceClock
from inspection.records.tables.flights import Flight, Upload, UploadState
from inspection.records.tables.inspections import (
    NEVER,
    InspectionRun,
    InspectionState,
    ReviewState,
)
from inspection.records.tables.offices import Calendar, Office, Role, RoleGrant, User
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.settings import Settings
from tests.benchmarks.permits import COUNT as PERMITS
from tests.benchmarks.permits import text as export_of_permits
from tests.inspection.records.server import running_server

INSPECTIONS = int(os.environ.get("INSPECTIONS", "100000"))
SUBMITTED = 500
EVENTS = 5000
PAGES = 60
PAGE = 50
MOST_GROWTH = {"sqlite": 2.0, "postgresql": 4.0}
"""
Of a page at the end of a list over one at its beginning; one that counts grows tenfold.

SQLite works in this process, whose processor time tells; of another only the wall clock does.
"""

MOST_QUEUE_MS = 100
"""Of a page of the queue, and of its counts: by the same clock as the growth above."""

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Times:
    """Of several requests or one long deed."""

    wall_ms: list[float]
    cpu_s: float

    @property
    def middle(self) -> float:
        return statistics.median(self.wall_ms)

    @property
    def p95(self) -> float:
        return sorted(self.wall_ms)[int(len(self.wall_ms) * 0.95)]


def timed(deed: Callable[[], object], times: int = 1) -> Times:
    walls = []
    begun = time.process_time()
    for _ in range(times):
        start = time.perf_counter()
        deed()
        walls.append((time.perf_counter() - start) * 1000)
    return Times(wall_ms=walls, cpu_s=time.process_time() - begun)


@dataclass
class Site:
    """An installation with one office."""

    folder: Path
    engine: Engine
    records: Records
    office: UUID
    user: UUID
    crew: UUID
    client: httpx.Client
    permits: list[UUID]
    boundary: UUID
    flight: UUID
    upload: UUID


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Serve in a thread beside the client: what both take is the figure."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def rows(connection: Connection, kind: type, values: Iterator[dict[str, object]]) -> None:
    """Put rows in as they are, beside the service, which would take an hour."""
    connection.execute(insert(kind.__table__), list(values))


@contextmanager
def site(address: str | None) -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = address or f"sqlite:///{folder / 'records.db'}"
        engine = open_engine(address)
        upgrade(engine)
        records = Records(engine)
        office = Office(code="x", name="x", time_zone="UTC", profile="generic", language="en")
        user, crew = (User(office_id=office.id, login=one, name=one) for one in ("x", "y"))
        with records.writing_all() as session:
            session.add_all([office, user, crew])
            session.flush()
            session.add_all(
                RoleGrant(office_id=office.id, user_id=user.id, role=role) for role in ALL
            )
        actor = Actor(
            user_id=user.id, office_id=office.id, login="x", name="x", roles=frozenset(Role)
        )
        scopes = [
            Action.INSPECTION_READ,
            Action.INSPECTION_SUBMIT,
            Action.PERMIT_READ,
            Action.PERMIT_IMPORT,
        ]
        with records.writing(office.id) as session:
            token = issue_token(
                session, actor, name="x", scopes=scopes, lasts=timedelta(days=1)
            ).secret
            permits = [Permit(reference=f"IUP {number}") for number in range(100)]
            boundaries = [
                BoundaryVersion(
                    permit_id=permit.id,
                    sequence=1,
                    stage=BoundaryStage.GRANTED,
                    source="x",
                    sha256="0" * 64,
                    stated_crs="EPSG:4326",
                    area_m2=1.0,
                    outline=box(115.5, -3.3, 115.6 + number / 1000, -3.2),
                )
                for number, permit in enumerate(permits)
            ]
            data = b"a picture, as far as this goes"
            FolderObjects(folder).put([data])
            sha256 = hashlib.sha256(data).hexdigest()
            flight = Flight(permit_id=permits[0].id, brought_by=user.id, name="a", sha256=sha256)
            upload = Upload(
                brought_by=user.id,
                name="a.tif",
                kind="orthophoto",
                size=len(data),
                received=len(data),
                claimed_sha256=sha256,
                state=UploadState.COMPLETE,
                expires_at=BEGUN,
            )
            session.add_all([*permits, *boundaries, flight, upload])
        settings = Settings(data=folder, database=address)
        with (
            serving(settings) as url,
            httpx.Client(
                base_url=url, timeout=600, headers={"Authorization": f"Bearer {token}"}
            ) as client,
        ):
            yield Site(
                folder, engine, records, office.id, user.id, crew.id, client,
                [one.id for one in permits], boundaries[0].id, flight.id, upload.id,
            )  # fmt: skip
        engine.dispose()


def fill(here: Site) -> list[tuple[datetime, UUID]]:
    """Put very many inspections on the record; give time and id of each, the newest first."""
    states = list(InspectionState)

    def inspection(number: int) -> dict[str, object]:
        # Ten in a thousand wait or failed; the others are done and were looked at.
        state = states[number % len(states)] if number % 100 == 0 else InspectionState.DONE
        return {
            "id": uuid7(),
            "created_at": BEGUN + timedelta(minutes=number),
            "office_id": here.office,
            "permit_id": here.permits[0] if number % 50 == 0 else here.permits[number % 99 + 1],
            "boundary_id": here.boundary,
            "current_id": here.flight,
            "submitted_by": here.user if number % 20 == 0 else here.crew,
            "request": {"profile": "generic"},
            "state": state,
            "share": 1.0,
            "review": review(number, state),
            "rank": -(number % 32),
            "due_at": BEGUN + timedelta(minutes=number) if number % 3 else None,
            "due_by": BEGUN + timedelta(minutes=number) if number % 3 else NEVER,
        }

    def review(number: int, state: InspectionState) -> ReviewState | None:
        # Of ten three wait: an office that can keep up with what it is sent has fewer.
        if state is not InspectionState.DONE:
            return None
        return ReviewState.OPEN if number % 10 < 3 else ReviewState.APPROVED

    made = [inspection(number) for number in range(INSPECTIONS)]
    for start in range(0, INSPECTIONS, 5000):
        with here.engine.begin() as connection:
            rows(connection, InspectionRun, iter(made[start : start + 5000]))
    with here.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return [(one["created_at"], one["id"]) for one in reversed(made)]


def mark(place: tuple[datetime, UUID]) -> str:
    return base64.urlsafe_b64encode(f"{text_of(place[0])} {place[1]}".encode()).decode()


def lists(here: Site, kind: str) -> list[str]:
    """Pages of a long list: whole, of a permit, and of a rare state."""
    places = fill(here)
    faults = []
    starts = {"first": None, "middle": places[len(places) // 2], "last": places[-PAGE * 2]}
    for name, which in (
        ("all", {}),
        ("one permit", {"permit_id": str(here.permits[0])}),
        ("rare state", {"state": "failed"}),
        ("one's own", {"submitted_by": str(here.user)}),
    ):
        middles = {}
        for at, start in starts.items():
            asked = {"size": PAGE, **which} | ({"after": mark(start)} if start else {})

            def get(asked: dict[str, object] = asked) -> None:
                answer = here.client.get("/api/v1/inspections", params=asked)
                if answer.status_code != 200:
                    raise RuntimeError(answer.text)

            get()
            times = timed(get, PAGES)
            middles[at] = times.cpu_s if kind == "sqlite" else times.middle
            row(kind, f"list {name}, {at} page", f"{times.p95:.1f} ms p95", times, PAGES)
        growth = max(middles["middle"], middles["last"]) / middles["first"]
        if growth > MOST_GROWTH[kind]:
            faults.append(f"{kind}: list {name} grows {growth:.1f}-fold from its first page")
    return faults


def queues(here: Site, kind: str) -> list[str]:
    """The reviewers' queue, each of whose permits has a clock that has run for months."""
    give_clocks(here)
    faults = []
    for name, path, which in (
        ("queue", "queue", {}),
        ("queue overdue", "queue", {"overdue": True}),
        ("queue of a concern", "queue", {"concern": "outside"}),
        ("queue of words", "queue", {"text": "iup 7"}),
        ("queue counted", "queue/counts", {}),
    ):
        asked = {"size": PAGE, **which} if path == "queue" else {}
        pages = {"first": asked}
        if path == "queue":
            pages["later"] = asked | {"after": further(here, asked)}
        for at, page in pages.items():

            def get(path: str = path, page: dict[str, object] = page) -> None:
                answer = here.client.get(f"/api/v1/{path}", params=page)
                if answer.status_code != 200:
                    raise RuntimeError(answer.text)

            get()
            times = timed(get, PAGES)
            row(kind, f"{name}, {at}", f"{times.p95:.1f} ms p95", times, PAGES)
            each = times.cpu_s / PAGES * 1000 if kind == "sqlite" else times.middle
            if each > MOST_QUEUE_MS:
                faults.append(f"{kind}: {name}, {at}, takes {each:.0f} ms")
    return faults


def further(here: Site, asked: dict[str, object]) -> str:
    """Where the twentieth page begins."""
    after = None
    for _ in range(20):
        more = {} if after is None else {"after": after}
        after = here.client.get("/api/v1/queue", params=asked | more).json()["after"] or after
    return str(after)


def give_clocks(here: Site) -> None:
    week = {str(day): [8 * 60, 16 * 60] for day in range(1, 6)}
    calendar = Calendar(name="x", time_zone="Asia/Jakarta", hours=week)
    with here.records.writing(here.office) as session:
        session.add(calendar)
        for permit in here.permits:
            clock = ServiceClock(
                permit_id=permit,
                calendar_id=calendar.id,
                step="x",
                allowed_hundredths=300,
                mapping="x",
            )
            effects = (Effect.START, Effect.STOP, Effect.RESUME)
            session.add(clock)
            session.add_all(
                ClockEvent(
                    clock_id=clock.id,
                    at=BEGUN + timedelta(days=number),
                    status=str(number),
                    effect=effect,
                    source="x",
                )
                for number, effect in enumerate(effects)
            )


def asked_for(here: Site, permit: UUID) -> dict[str, object]:
    return {"permit_id": str(permit), "current": {"orthophoto": str(here.upload)}}


def submissions(here: Site, kind: str) -> None:
    permits = itertools.cycle(here.permits)

    def post() -> None:
        answer = here.client.post("/api/v1/inspections", json=asked_for(here, next(permits)))
        if answer.status_code != 202:
            raise RuntimeError(answer.text)

    times = timed(post, SUBMITTED)
    row(kind, f"submit {SUBMITTED}", f"{sum(times.wall_ms) / 1000:.2f} s", times, SUBMITTED)


def batch(here: Site, kind: str) -> None:
    several = itertools.islice(itertools.cycle(here.permits), SUBMITTED)
    asked = {"inspections": [asked_for(here, permit) for permit in several]}

    def post() -> None:
        answer = here.client.post("/api/v1/batches", json=asked)
        if answer.status_code != 202 or answer.json()["refused"]:
            raise RuntimeError(answer.text[:1000])

    times = timed(post)
    row(
        kind,
        f"submit {SUBMITTED} in one call",
        f"{sum(times.wall_ms) / 1000:.2f} s",
        times,
        SUBMITTED,
    )


def imports(here: Site, kind: str) -> None:
    content = export_of_permits(here.folder).read_bytes()
    asked = {"name": "izin.csv", "mapping": "oss-izin"}
    sent = {"Content-Type": "application/octet-stream"}

    def post(dry_run: str) -> None:
        answer = here.client.post(
            "/api/v1/permits/imports",
            params=asked | {"dry_run": dry_run},
            content=content,
            headers=sent,
        )
        if answer.status_code != 200 or answer.json()["new"] not in (PERMITS, 0):
            raise RuntimeError(answer.text[:1000])

    for name, dry in (("import, dry", "true"), ("import", "false"), ("import again", "false")):
        times = timed(lambda dry=dry: post(dry))
        row(kind, f"{name} {PERMITS}", f"{times.wall_ms[0] / 1000:.2f} s", times, PERMITS)


def audit(here: Site, kind: str) -> None:
    facts = {"sha256": "0" * 64}
    deed = Deed(action="file.read", subject_kind="report", subject_id="1", facts=facts)

    def append() -> None:
        with here.records.writing(here.office) as session:
            record(session, deed, actor=str(here.user))

    times = timed(append, EVENTS // 10)
    rate = len(times.wall_ms) / (sum(times.wall_ms) / 1000)
    row(kind, "audit, one a transaction", f"{rate:.0f} a second", times, EVENTS // 10)

    def together() -> None:
        with here.records.writing(here.office) as session:
            for _ in range(EVENTS):
                record(session, deed, actor=str(here.user))

    times = timed(together)
    rate = EVENTS / (times.wall_ms[0] / 1000)
    row(kind, "audit, in one transaction", f"{rate:.0f} a second", times, EVENTS)
    key = Ed25519PrivateKey.generate().public_key()
    with here.records.reading_all() as session:
        events = 0

        def verify() -> None:
            nonlocal events
            lines = log(session, here.office)
            proof = verify_log(lines, name="log", keys=[key])
            # The server signed a head with a key of its own, which is not asked for here.
            if any(flaw.code != "audit_head_unsigned" for flaw in proof.flaws):
                raise RuntimeError(proof.flaws[0].code)
            events = proof.end.seq

        times = timed(verify)
    row(
        kind,
        f"audit, verify {events}",
        f"{events / times.wall_ms[0] * 1000:.0f} a second",
        times,
        events,
    )


def row(kind: str, what: str, figure: str, times: Times, count: int) -> None:
    each = times.cpu_s / count * 1000
    print(f"{kind:12}{what:32}{figure:>18}{each:>14.2f}", flush=True)


def main() -> int:
    """Print the table; 1 where something grows that must not."""
    print(f"{'database':12}{'what':32}{'wall':>18}{'cpu ms each':>14}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    faults = []
    with running_server() as server:
        for kind, address in (("sqlite", None), ("postgresql", server)):
            with site(address) as here:
                imports(here, kind)
                submissions(here, kind)
                batch(here, kind)
                audit(here, kind)
                faults += lists(here, kind)
                faults += queues(here, kind)
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
