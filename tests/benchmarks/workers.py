"""
How many rows an hour 1, 2 and 4 workers make, beside bare inspections of the same rows.

    python -m tests.benchmarks.workers [--rows 4] [--counts 1 2 4] [--small] [--sides 8192]

Every worker has a folder of its own; all share a PostgreSQL and a bucket that lie on this very
machine, and so take processor time from them. Bare inspections run as many at a time as there
are workers. More workers than cores are no quicker: what tells is the share that is lost, and
the processor time of a row. Each line says how many cores two spinning processes got before it.
Then a drawn pair of each side, in pixels of 5 cm, is inspected once: what it costs by its size.
"""

import argparse
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import shapely
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from inspection.jobs.asked import Asked, FileRef
from inspection.jobs.limits import NO_LIMITS, Meter
from inspection.jobs.submission import OPEN, Subject, submit
from inspection.objects.location import objects_at
from inspection.objects.store import ObjectStore
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Office, User
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.records.tables.reports import Report
from tests.benchmarks.speed.scene import Scene
from tests.benchmarks.speed.spent import cores_free, spent
from tests.benchmarks.speed.ways import module
from tests.inspection.jobs.small import write_all
from tests.inspection.objects.s3 import running_s3
from tests.inspection.records.server import running_server

SAMPLE: Final = Path(__file__).parents[2] / "sample_data"
FILES: Final = {
    "boundary": "boundary.geojson",
    "permit": "permit.json",
    "current": "current.tif",
    "baseline": "baseline.tif",
    "current_dsm": "current_dsm.tif",
    "baseline_dsm": "baseline_dsm.tif",
    "control_points": "control_points.csv",
}
SMALL: Final = ("boundary", "current", "baseline")
PROFILE: Final = "indonesia-province"
KEY: Final = "benchmark"
BEGUN: Final = datetime(2026, 1, 1, tzinfo=UTC)
ENDED: Final = set(InspectionState) - set(OPEN)
LOOK_S: Final = 0.25
LONGEST_S: Final = 3600.0


@dataclass(kw_only=True)
class Took:
    """What a number of rows took."""

    rows: int
    wall_s: float = 0.0
    cpu_s: float = 0.0
    """Of whatever inspected."""

    shared_cpu_s: float = 0.0
    """Of the database and the bucket."""

    peak_mb: int = 0
    """Of all that inspected at a time, together."""

    between_s: float | None = None
    """From the end of an inspection to the beginning of the next one at its place, on average."""

    @property
    def an_hour(self) -> float:
        return self.rows / self.wall_s * 3600


@dataclass
class Watch:
    """Notes the most memory that some processes, and all that they began, have at a time."""

    peak_mb: int = 0
    _processes: set[int] = field(default_factory=set)

    def of(self, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        self._processes.add(process.pid)
        return process

    @contextmanager
    def watching(self) -> Iterator[None]:
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(LOOK_S):
                meters = [Meter(limits=NO_LIMITS, process=one) for one in set(self._processes)]
                for one in meters:
                    one.exceeded()
                self.peak_mb = max(self.peak_mb, sum(one.peak_mb for one in meters))

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@dataclass(frozen=True, kw_only=True)
class Site:
    """An installation with one office, and what its machines are told."""

    engine: Engine
    records: Records
    objects: ObjectStore
    told: dict[str, str]
    office: UUID
    user: UUID
    files: dict[str, FileRef]
    servers: Sequence[int]

    def ask(self, rows: int) -> list[UUID]:
        """Put rows in line, each of a permit of its own."""
        with self.records.writing(self.office) as session:
            number = session.scalar(select(func.count()).select_from(Permit)) or 0
            return [
                submit(
                    session,
                    self.objects,
                    # Each of a time of its own: the same report would be one of two permits.
                    Asked(
                        **self.files,
                        profile=PROFILE,
                        language="en",
                        created_at=BEGUN + timedelta(seconds=number + one),
                    ),
                    self._subject(session, number + one),
                ).id
                for one in range(rows)
            ]

    def _subject(self, session: Session, number: int) -> Subject:
        permit = Permit(reference=f"IUP {number}")
        boundary = BoundaryVersion(
            permit_id=permit.id,
            sequence=1,
            stage=BoundaryStage.GRANTED,
            source="benchmark",
            sha256=self.files["boundary"].sha256,
            stated_crs="EPSG:4326",
            area_m2=1.0,
            outline=shapely.box(115.5, -3.5, 115.6, -3.4),
        )
        flights = [
            Flight(
                permit_id=permit.id,
                brought_by=self.user,
                name=name,
                sha256=self.files[name].sha256,
            )
            for name in ("current", "baseline")
        ]
        session.add_all([permit, boundary, *flights])
        return Subject(
            permit_id=permit.id,
            boundary_id=boundary.id,
            current_id=flights[0].id,
            baseline_id=flights[1].id,
            submitted_by=self.user,
        )

    def states(self, runs: Sequence[UUID]) -> list[InspectionState]:
        with self.records.reading_all() as session:
            asked = select(InspectionRun.state).where(InspectionRun.id.in_(runs))
            return list(session.scalars(asked))

    def present(self) -> int:
        """How many workers there are."""
        address = self.told["TINJAU_DATABASE"]
        with psycopg.connect(address) as connection:
            asked = "SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory'"
            (count,) = connection.execute(asked).fetchone() or (0,)
            return int(count)

    def between_s(self, runs: Sequence[UUID]) -> float | None:
        """What a place was idle for between two inspections; None where each made one."""
        with self.records.reading_all() as session:
            asked = select(InspectionRun).where(InspectionRun.id.in_(runs))
            found = session.scalars(asked.order_by(InspectionRun.started_at)).all()
        ends: dict[str | None, datetime] = {}
        gaps = []
        for one in found:
            if one.held_by in ends and one.started_at:
                gaps.append((one.started_at - ends[one.held_by]).total_seconds())
            if one.finished_at:
                ends[one.held_by] = one.finished_at
        return statistics.mean(gaps) if gaps else None

    def kept_mb(self, run: UUID) -> float:
        """What a result takes in the bucket."""
        with self.records.reading_all() as session:
            asked = select(Report).where(Report.inspection_id == run)
            files = set(session.scalars(asked).one().files.values())
        return sum(self.objects.stored(one).size_bytes for one in files) / 1e6


@contextmanager
def site(home: Path, files: Mapping[str, Path]) -> Iterator[Site]:
    with running_server() as database, running_s3(home / "s3") as s3:
        address = f"s3://{s3.bucket()}?endpoint={s3.address}&region=us-east-1"
        objects = objects_at(address, desk=home / "desk", key_id=KEY, secret=KEY)
        engine = open_engine(database)
        upgrade(engine)
        records = Records(engine)
        office = Office(
            code="one", name="One", time_zone="Asia/Jakarta", profile=PROFILE, language="en"
        )
        user = User(office_id=office.id, login="one@one", name="One")
        with records.writing_all() as session:
            session.add_all([office, user])
        with psycopg.connect(database) as connection:
            asked = "SELECT pid FROM pg_stat_activity WHERE pid = pg_backend_pid()"
            (backend,) = connection.execute(asked).fetchone() or (0,)
            postmaster = int(
                Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1]
            )
        yield Site(
            engine=engine,
            records=records,
            objects=objects,
            told={
                "TINJAU_DATABASE": database,
                "TINJAU_OBJECTS": address,
                "TINJAU_OBJECTS_KEY_ID": KEY,
                "TINJAU_OBJECTS_SECRET": KEY,
            },
            office=office.id,
            user=user.id,
            files={
                role: FileRef(sha256=objects.put([path.read_bytes()]).sha256, name=path.name)
                for role, path in files.items()
            },
            servers=(postmaster, s3.process),
        )
        engine.dispose()


def bare(rows: int, at_once: int, files: Mapping[str, Path], home: Path) -> Took:
    """Inspect rows as somebody does by hand, so many at a time."""
    watch, took = Watch(), Took(rows=rows)
    given = [part for role, path in files.items() for part in (_option(role), path)]

    def one(number: int) -> float:
        words = ["inspect", *given, "--profile", PROFILE, "--language", "en", "--quiet"]
        process = begun([*words, "--out", home / f"bare-{at_once}-{number}"], {}, home)
        return ended(watch.of(process))

    began = time.monotonic()
    with watch.watching(), ThreadPoolExecutor(at_once) as pool:
        took.cpu_s = sum(pool.map(one, range(rows)))
    took.wall_s, took.peak_mb = time.monotonic() - began, watch.peak_mb
    return took


def by_workers(rows: int, workers: int, site: Site, home: Path) -> tuple[Took, float]:
    """Have workers make them; gives also what the result of one takes, in MB."""
    watch, took = Watch(), Took(rows=rows)
    shared = sum(cpu_of(one) for one in site.servers)
    with watch.watching():
        begun_by = [
            watch.of(
                begun(
                    ["worker", "--quiet"],
                    {**site.told, "TINJAU_DATA": str(home / f"machine-{workers}-{number}")},
                    home,
                )
            )
            for number in range(workers)
        ]
        until(lambda: site.present() >= workers)
        starting = sum(cpu_of(one.pid) for one in begun_by)
        began = time.monotonic()
        runs = site.ask(rows)
        until(lambda: set(site.states(runs)) <= ENDED)
        if set(site.states(runs)) != {InspectionState.DONE}:
            raise RuntimeError(site.states(runs))
        took.wall_s = time.monotonic() - began
        for one in begun_by:
            one.send_signal(signal.SIGTERM)
        took.cpu_s = sum(ended(one) for one in begun_by) - starting
    took.shared_cpu_s = sum(cpu_of(one) for one in site.servers) - shared
    took.peak_mb, took.between_s = watch.peak_mb, site.between_s(runs)
    return took, site.kept_mb(runs[0])


def begun(words: Sequence[object], told: dict[str, str], home: Path) -> subprocess.Popen[bytes]:
    # What goes wrong is told where the figures are.
    return subprocess.Popen(
        [sys.executable, "-m", "inspection", *map(str, words)],
        env={**os.environ, "TINJAU_DATA": str(home / "data"), **told},
        stdout=subprocess.DEVNULL,
    )


def ended(process: subprocess.Popen[bytes]) -> float:
    """Processor time of a process that ends, and of all that it waited for."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{process.args[3]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def cpu_of(process: int) -> float:
    """Processor time of a process that runs, and of those it began, ended or not."""
    total = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if process in (int(path.parent.name), int(words[1])):
            own = 2 if int(path.parent.name) != process else 4
            total += sum(int(word) for word in words[11 : 11 + own])
    return total / os.sysconf("SC_CLK_TCK")


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_S
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


def _option(role: str) -> str:
    return "--" + role.replace("_", "-")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--counts", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--sides", type=int, nargs="*", default=[8192])
    parser.add_argument("--small", action="store_true", help="a flight of 128 m, which is quick")
    given = parser.parse_args()
    flight = "a flight of 128 m" if given.small else "the sample flight"
    print(f"{os.cpu_count()} cores, {given.rows} rows of {flight} each time\n")
    print("| at a time | | rows an hour | lost | CPU s | database, bucket | between | MB | cores |")
    print("|---|---|---|---|---|---|---|---|---|")
    with ExitStack() as opened:
        home = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="tinjau-workers-")))
        files = {role: SAMPLE / name for role, name in FILES.items()}
        if given.small:
            write_all(home)
            files = {role: home / name for role, name in FILES.items() if role in SMALL}
        there = opened.enter_context(site(home, files))
        kept = 0.0
        for count in given.counts:
            free = cores_free()
            alone = bare(given.rows, count, files, home)
            line(count, "bare", alone, None, free)
            free = cores_free()
            made, kept = by_workers(given.rows, count, there, home)
            line(count, "workers", made, 1 - made.an_hour / alone.an_hour, free)
        brought = sum(path.stat().st_size for path in files.values()) / 1e6
        print(f"\na row brings {brought:.1f} MB and leaves {kept:.1f} MB in the bucket")
    if given.sides:
        print("\n| side, pixels | ground, ha | CPU s | peak MB | brought MB | kept MB |")
        print("|---|---|---|---|---|---|")
    for side in given.sides:
        cost(side)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"the benchmark itself took {used.ru_utime + used.ru_stime:.0f} s of CPU")


def cost(side: int) -> None:
    """Draw a pair and inspect it once."""
    with tempfile.TemporaryDirectory(prefix="tinjau-cost-") as name:
        home = Path(name)
        spent([module("drawing", home, side, "deflate")], cwd=home)
        scene = Scene.at(home, kind="deflate")
        given = ["--boundary", scene.boundary, "--current", scene.after, "--baseline", scene.before]
        watch = Watch()
        with watch.watching():
            words = ["inspect", *given, "--profile", "generic", "--out", home / "out"]
            cpu = ended(watch.of(begun([*words, "--quiet"], {}, home)))
        ground = json.loads((home / "out/inspection.json").read_bytes())["boundary"]["area_ha"]
        brought = scene.before.stat().st_size + scene.after.stat().st_size
        kept = sum(one.stat().st_size for one in (home / "out").rglob("*") if one.is_file())
    print(
        f"| {side} | {ground:.1f} | {cpu:.0f} | {watch.peak_mb} | {brought / 1e6:.0f} "
        f"| {kept / 1e6:.0f} |",
        flush=True,
    )


def line(count: int, how: str, took: Took, lost: float | None, free: float) -> None:
    print(
        f"| {count} | {how} | {took.an_hour:.0f} | {'' if lost is None else f'{lost:.0%}'} "
        f"| {took.cpu_s / took.rows:.1f} | {took.shared_cpu_s / took.rows:.1f} "
        f"| {'' if took.between_s is None else f'{took.between_s:.1f} s'} "
        f"| {took.peak_mb} | {free:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
