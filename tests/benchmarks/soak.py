"""
The service under load for as long as one likes: many uploads with a bad line, lists, an attacker.

Fifty people upload at once, each at the pace given; now and then a connection is reset in the
middle of a chunk. Beside them lists are read, and every other ten seconds somebody throws
nonsense at every door. It ends with 1 where a byte is lost, the log is not whole, an answer is a
fault of the server, or memory grows beyond its bounds; the times are reported.
"""

import argparse
import hashlib
import http.client
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from geo.errors import GeoError
from inspection.access.rights import Action, Actor
from inspection.access.tokens import issue_token
from inspection.evidence.audit_log import verify_log
from inspection.objects.folder import FolderObjects
from inspection.records.audit import log
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.offices import Office, Role, RoleGrant, User
from inspection.records.tables.permits import Permit

TINJAU = Path(sys.executable).parent / "tinjau"
PEOPLE = 50
CHUNK = 2**19
MB = 10**6
MOST_MB = 512
MOST_GROWTH_MB = PEOPLE
"""Hardening asks for less than one of an upload."""

POOL = [
    random.Random(seed).randbytes(random.Random(-seed - 1).randrange(MB // 2, 6 * MB))  # noqa: S311
    for seed in range(24)
]
"""Contents that are uploaded again and again: the disk does not fill."""


@dataclass
class Seen:
    """What the clients saw, together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    stop: threading.Event = field(default_factory=threading.Event)
    uploads: list[tuple[str, str]] = field(default_factory=list)
    """Path and hash of each that the server said is complete."""

    resets: int = 0
    bytes: int = 0
    quiet_ms: list[float] = field(default_factory=list)
    attacked_ms: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def note(self, kind: str, status: int) -> None:
        with self.lock:
            self.statuses[f"{kind} {status}"] += 1
            if status >= http.client.INTERNAL_SERVER_ERROR:
                self.faults.append(f"{kind}: {status}")


@dataclass
class Person:
    """One who uploads."""

    port: int
    token: str
    seen: Seen
    chance: random.Random
    pace: float
    resets: float

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=self.own() | headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()

    def own(self) -> dict[str, str]:
        return {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.token}"}

    def live(self) -> None:
        while not self.seen.stop.is_set():
            self.upload(self.chance.choice(POOL))

    def upload(self, data: bytes) -> None:
        sha256 = hashlib.sha256(data).hexdigest()
        told = f"filename eA==,sha256 {b64encode(sha256.encode()).decode()}"
        status, headers = self.ask(
            "POST", "/uploads/", {"Upload-Length": str(len(data)), "Upload-Metadata": told}
        )
        self.seen.note("announce", status)
        if status != http.client.CREATED:
            return
        path, offset = headers["location"], 0
        while offset < len(data) and not self.seen.stop.is_set():
            chunk = data[offset : offset + CHUNK]
            took_s = len(chunk) / MB / self.pace
            begun = time.monotonic()
            if self.chance.random() < self.resets / 60 * took_s:
                self.reset(path, offset, chunk)
                offset = self.offset(path)
                continue
            status, headers = self.ask("PATCH", path, self.words(offset, chunk), chunk)
            self.seen.note("chunk", status)
            offset = int(headers.get("upload-offset", -1))
            if status != http.client.NO_CONTENT:
                offset = self.offset(path)
            with self.seen.lock:
                self.seen.bytes += len(chunk)
            time.sleep(max(0.0, took_s - (time.monotonic() - begun)))
        if offset == len(data):
            with self.seen.lock:
                self.seen.uploads.append((path, sha256))
        else:
            self.ask("DELETE", path, {})

    def words(self, offset: int, chunk: bytes) -> dict[str, str]:
        digest = b64encode(hashlib.sha256(chunk).digest()).decode()
        return {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {digest}",
        }

    def reset(self, path: str, offset: int, chunk: bytes) -> None:
        """Send a part of a chunk, and tear the line."""
        headers = self.own() | self.words(offset, chunk) | {"Content-Length": str(len(chunk))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"PATCH {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode()
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(head + chunk[: self.chance.randrange(len(chunk))])
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self.seen.lock:
            self.seen.resets += 1

    def offset(self, path: str) -> int:
        while True:
            status, headers = self.ask("HEAD", path, {})
            self.seen.note("where", status)
            if status == http.client.OK:
                return int(headers["upload-offset"])
            if status != http.client.LOCKED:
                self.seen.faults.append(f"where: {status}")
                return 0
            time.sleep(0.05)

    def read_lists(self, is_attacked: threading.Event) -> None:
        """Read pages as reviewers do, and note how long each takes."""
        while not self.seen.stop.is_set():
            path = self.chance.choice(["/api/v1/permits?size=50", "/api/v1/inspections?size=50"])
            begun = time.perf_counter()
            status, _ = self.ask("GET", path, {})
            took_ms = (time.perf_counter() - begun) * 1000
            (self.seen.attacked_ms if is_attacked.is_set() else self.seen.quiet_ms).append(took_ms)
            self.seen.note("list", status)
            time.sleep(0.05)

    def attack(self, is_attacked: threading.Event) -> None:
        """Throw nonsense at every door, ten seconds of each twenty."""
        begun = time.monotonic()
        while not self.seen.stop.is_set():
            if int((time.monotonic() - begun) / 10) % 2 == 0:
                is_attacked.clear()
                time.sleep(0.1)
                continue
            is_attacked.set()
            self.chance.choice([self.nonsense, self.garbage, self.silence])()
            time.sleep(0.02)

    def nonsense(self) -> None:
        words = self.chance.choice(
            [
                ("PATCH", f"/uploads/{uuid4()}", self.words(0, b"x"), b"x"),
                ("PATCH", "/uploads/..%2f..%2fetc", self.words(-1, b"x"), b"x"),
                ("POST", "/uploads/", {"Upload-Length": "9" * 30}, b""),
                ("POST", "/uploads/", {"Upload-Length": "1", "Upload-Metadata": "\x7f"}, b""),
                ("POST", "/api/v1/inspections", {"Content-Type": "application/json"}, b"[" * 5000),
                ("POST", "/api/v1/permits/imports?name=a.csv&mapping=oss-izin", {}, b"\0" * 5000),
                ("GET", "/api/v1/inspections?after=%00&size=-1", {}, b""),
                ("GET", f"/api/v1/permits/{uuid4()}", {"Authorization": "Bearer x"}, b""),
            ]
        )
        method, path, headers, body = words
        status, _ = self.ask(method, path, headers, body)
        self.seen.note("hostile", status)
        if status < http.client.BAD_REQUEST:
            self.seen.faults.append(f"{method} {path}: {status}")

    def garbage(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            line.sendall(self.chance.randbytes(2000))

    def silence(self) -> None:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        line.sendall(b"PATCH /uploads/x HTTP/1.1\r\nHost: x\r\nContent-Le")
        threading.Timer(5, line.close).start()


def prepare(folder: Path) -> list[str]:
    """Make an installation with an office; give a token of each of its people."""
    engine = open_engine(f"sqlite:///{folder / 'records.db'}")
    upgrade(engine)
    records = Records(engine)
    office = Office(code="x", name="x", time_zone="UTC", profile="generic", language="en")
    people = [User(office_id=office.id, login=f"p{n}", name="x") for n in range(PEOPLE + 2)]
    with records.writing_all() as session:
        session.add_all([office, *people])
        session.flush()
        session.add_all(
            RoleGrant(office_id=office.id, user_id=one.id, role=Role.INSPECTOR) for one in people
        )
    scopes = [
        Action.UPLOAD_CHANGE,
        Action.PERMIT_READ,
        Action.INSPECTION_READ,
        Action.INSPECTION_SUBMIT,
    ]
    tokens = []
    with records.writing(office.id) as session:
        session.add_all(Permit(reference=f"IUP {number}") for number in range(1000))
        for one in people:
            actor = Actor(
                user_id=one.id,
                office_id=office.id,
                login=one.login,
                name="x",
                roles=frozenset({Role.INSPECTOR}),
            )
            issued = issue_token(session, actor, name="x", scopes=scopes, lasts=timedelta(days=30))
            tokens.append(issued.secret)
    engine.dispose()
    return tokens


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / MB


def p95(times_ms: list[float]) -> float:
    return sorted(times_ms)[int(len(times_ms) * 0.95)] if times_ms else float("nan")


def lost(folder: Path, seen: Seen) -> list[str]:
    """Hold what lies on the disk against what the clients were told."""
    faults = []
    engine = open_engine(f"sqlite:///{folder / 'records.db'}")
    records = Records(engine)
    key = Ed25519PrivateKey.generate().public_key()
    with records.reading_all() as session:
        states = dict(session.execute(select(Upload.id, Upload.state)).all())
        complete = {str(one) for one, state in states.items() if state is UploadState.COMPLETE}
        faults += [path for path, _ in seen.uploads if path.rpartition("/")[2] not in complete]
        office = session.scalars(select(Office.id)).one()
        proof = verify_log(log(session, office), name="log", keys=[key])
        faults += [f"audit log: {flaw.code}" for flaw in proof.flaws if "head" not in flaw.code]
        count = session.scalar(select(func.count()).select_from(Upload))
    print(f"audit events in line: {proof.end.seq}; uploads on the record: {count}")
    objects = FolderObjects(folder)
    for sha256 in {one for _, one in seen.uploads}:
        try:
            for _ in objects.stream(sha256):
                pass
        except GeoError as error:
            faults.append(f"{sha256}: {error}")
    engine.dispose()
    return faults


def soak(folder: Path, minutes: float, pace: float, resets: float) -> list[str]:
    """Run it; gives what went wrong."""
    tokens, seen = prepare(folder), Seen()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    room = {
        "TINJAU_DATA": str(folder),
        "TINJAU_UPLOAD_BYTES_A_DAY": str(10**15),
        "TINJAU_UPLOADS_AT_ONCE": "10",
    }
    with (folder / "log").open("wb") as out:
        server = subprocess.Popen(
            [TINJAU, "serve", "--no-worker", "--port", str(port)],
            env=os.environ | room,
            stdout=out,
            stderr=out,
        )
    while socket.socket().connect_ex(("127.0.0.1", port)):
        if server.poll() is not None:
            return [(folder / "log").read_text()]
        time.sleep(0.1)
    people = [
        Person(port, token, seen, random.Random(number), pace, resets)  # noqa: S311
        for number, token in enumerate(tokens)
    ]
    is_attacked = threading.Event()
    lives: list[Callable[[], None]] = [person.live for person in people[:PEOPLE]]
    lives += [
        lambda: people[-2].read_lists(is_attacked),
        lambda: people[-1].attack(is_attacked),
    ]
    threads = [threading.Thread(target=_told, args=(life, seen)) for life in lives]
    for thread in threads:
        thread.start()
    samples: list[tuple[float, float]] = []
    begun = time.monotonic()
    while (now := time.monotonic() - begun) < minutes * 60:
        samples.append((now / 60, memory_mb(server.pid)))
        time.sleep(1)
    seen.stop.set()
    for thread in threads:
        thread.join()
    server.send_signal(signal.SIGTERM)
    code = server.wait(60)
    faults = seen.faults + lost(folder, seen)
    faults += report(seen, samples, minutes)
    if code != 0 or "Traceback" in (folder / "log").read_text():
        faults.append(
            f"the server ended with {code}; its log:\n{(folder / 'log').read_text()[-3000:]}"
        )
    return faults


def _told(life: Callable[[], None], seen: Seen) -> None:
    try:
        life()
    except Exception as error:  # noqa: BLE001 - a client that dies is a fault of the run
        seen.faults.append(f"a client ended: {error!r}")


def report(seen: Seen, samples: list[tuple[float, float]], minutes: float) -> list[str]:
    """Print what was seen; gives where memory grew too much."""
    warm = samples[len(samples) // 3 :]
    mean_x, mean_y = (sum(one) / len(warm) for one in zip(*warm, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in warm)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in warm) / spread if spread else 0.0
    growth = max(y for _, y in warm) - min(y for _, y in warm[: len(warm) // 2])
    peak = max(y for _, y in samples)
    print(f"uploads complete: {len(seen.uploads)}; {seen.bytes / MB / minutes / 60:.1f} MB/s")
    print(f"connections reset: {seen.resets}")
    print(f"lists p95: {p95(seen.quiet_ms):.0f} ms; under attack {p95(seen.attacked_ms):.0f} ms")
    print(f"memory: peak {peak:.0f} MB, slope {slope:+.2f} MB a minute, growth {growth:.0f} MB")
    print("answers: " + ", ".join(f"{one}: {n}" for one, n in sorted(seen.statuses.items())))
    faults = [] if peak < MOST_MB else [f"memory: {peak:.0f} MB"]
    if growth > MOST_GROWTH_MB:
        faults.append(f"memory grew by {growth:.0f} MB")
    return faults


def main() -> int:
    """Run for so many minutes; 1 where something went wrong."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--pace", type=float, default=0.3, help="MB/s of each upload")
    asked.add_argument("--resets", type=float, default=0.05, help="of each line in a minute")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        faults = soak(Path(name), given.minutes, given.pace, given.resets)
    for fault in faults[:20]:
        print(f"FAULT: {fault}")
    print("0 bytes lost, no fault" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
