"""An installation in a folder, on either database, where workers work, and ways to ask it."""

import importlib.util
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from geo.intake.digest import sha256_of
from inspection.jobs.asked import Asked, FileRef, files_of, path_of
from inspection.jobs.submission import Subject, submit
from inspection.objects.folder import FolderObjects
from inspection.objects.store import ObjectStore
from inspection.records.audit import log
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.records.tables.reports import Report

HERE = Path(__file__).parent
MOMENT = "2026-11-21T03:00:00Z"
BROUGHT = ("boundary.geojson", "current.tif", "baseline.tif", "permit.json")


def load(path: Path):
    """Import a helper beside the tests, which are no package."""
    name = f"jobs_{path.parent.name}_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


records = load(HERE.parent / "records" / "conftest.py")
server, with_postgis = records.server, records.with_postgis
newest, newest_on_server = records.newest, records.newest_on_server
database_folder, kind = records.database_folder, records.kind
engine, world = records.engine, records.world


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    load(HERE / "small.py").write_all(folder)
    return folder


@dataclass(frozen=True, kw_only=True)
class Place:
    """An installation in a folder: where its workers work, and what may be asked of them."""

    world: object
    home: Path
    objects: ObjectStore
    files: dict[str, FileRef]
    outline: object

    def subject(self, reference: str, office: UUID | None = None) -> Subject:
        """A permit with a boundary and two flights on the record."""
        world = self.world
        office = office or world.here
        by = world.inspector if office == world.here else world.stranger
        sha256 = self.files["boundary"].sha256
        permit = Permit(reference=reference)
        boundary = BoundaryVersion(
            permit_id=permit.id,
            sequence=1,
            stage=BoundaryStage.GRANTED,
            source="test",
            sha256=sha256,
            stated_crs="EPSG:4326",
            area_m2=7650.0,
            outline=self.outline,
        )
        flights = [
            Flight(permit_id=permit.id, brought_by=by, name=name, sha256=self.files[name].sha256)
            for name in ("current", "baseline")
        ]
        with world.records.writing(office) as session:
            session.add_all([permit, boundary, *flights])
        return Subject(
            permit_id=permit.id,
            boundary_id=boundary.id,
            current_id=flights[0].id,
            baseline_id=flights[1].id,
            submitted_by=by,
        )

    def submit(self, subject: Subject, office: UUID | None = None, **more) -> UUID:
        asked = {"profile": "generic", "language": "en", "created_at": MOMENT, **self.files, **more}
        with self.world.records.writing(office or self.world.here) as session:
            return submit(session, self.objects, Asked.model_validate(asked), subject).id

    def row(self, run: UUID) -> InspectionRun:
        with self.world.records.reading_all() as session:
            return session.get_one(InspectionRun, run)

    def wait(
        self, worker, run: UUID, *states: InspectionState, seconds: float = 180
    ) -> InspectionRun:
        end = time.monotonic() + seconds
        while (row := self.row(run)).state not in states:
            assert time.monotonic() < end, (row.state, row.problem, self.said())
            assert worker.poll() is None, self.said()
            time.sleep(0.1)
        return row

    def files_of(self, run: UUID) -> dict[str, str]:
        """Hashes of all files of the one report that an inspection left."""
        with self.world.records.reading_all() as session:
            (report,) = session.scalars(select(Report).where(Report.inspection_id == run))
        for sha256 in report.files.values():
            self.objects.stored(sha256)
        return report.files

    def deeds(self) -> list[str]:
        """What the audit log of the office says of its inspections."""
        here = self.world.here
        with self.world.records.reading(here) as session:
            events = [json.loads(line)["event"]["action"] for line in log(session, here)]
        return [action.removeprefix("inspection.") for action in events]

    def said(self) -> str:
        return "".join(path.read_text() for path in self.home.glob("*.log"))

    def passed(self) -> Counter[str]:
        return Counter(point for _, point in self._points())

    def passed_by(self, worker: subprocess.Popen) -> Counter[str]:
        return Counter(point for number, point in self._points() if number == str(worker.pid))

    def _points(self) -> list[list[str]]:
        path = self.home / "passed"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def children(self) -> list[int]:
        """Processes that are given a job's file in this folder, whoever started them."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().decode(errors="replace").split("\0")
            except OSError:  # it ended meanwhile
                continue
            if any(w.startswith(str(self.home)) and w.endswith("/job.json") for w in words):
                found.append(int(path.parent.name))
        return found

    def until(self, happened, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    @contextmanager
    def worker(self, **more) -> Iterator[subprocess.Popen]:
        given = {
            "address": self.world.engine.url.render_as_string(hide_password=False),
            "home": str(self.home),
            "folder": "jobs",
            "die_at": "",
            "stop_at": "",
            "child": None,
            "places": 1,
            "silent_s": 30,
            **more,
        }
        with (self.home / "worker.log").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, HERE / "worker.py", json.dumps(given)], stderr=said, stdout=said
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.send_signal(signal.SIGCONT)
            process.wait(60)

    def noting_child(self, **victims: str) -> list[str]:
        """A child that notes its steps, and kills itself or its worker in some of them."""
        return [sys.executable, str(HERE / "noting_child.py"), str(self.home), json.dumps(victims)]

    def begun(self) -> Counter[str]:
        """How often each step of the inspections was begun by such a child."""
        path = self.home / "begun"
        return Counter(path.read_text().split() if path.exists() else [])


@pytest.fixture
def place(world, tmp_path, small) -> Place:
    objects = FolderObjects(tmp_path / "objects")
    files = {}
    for name in BROUGHT:
        stored = objects.put([(small / name).read_bytes()])
        files[name.partition(".")[0]] = FileRef(sha256=stored.sha256, name=name)
    outline = load(HERE / "small.py").outline()
    return Place(world=world, home=tmp_path, objects=objects, files=files, outline=outline)


@pytest.fixture(scope="session")
def undisturbed(small, tmp_path_factory) -> dict[str, str]:
    """Hashes of all files of the result, made by a child that nobody disturbs."""
    home = tmp_path_factory.mktemp("undisturbed")
    objects = FolderObjects(home / "objects")
    files = {}
    for name in BROUGHT:
        stored = objects.put([(small / name).read_bytes()])
        files[name.partition(".")[0]] = FileRef(sha256=stored.sha256, name=name)
    asked = Asked.model_validate(
        {"profile": "generic", "language": "en", "created_at": MOMENT, **files}
    )
    for where, file in files_of(asked):
        path = path_of(where, file, home / "inputs")
        path.parent.mkdir(parents=True)
        path.write_bytes(b"".join(objects.stream(file.sha256)))
    job = {"asked": asked.model_dump(mode="json"), "past": []}
    (home / "job.json").write_text(json.dumps(job))
    words = ["-m", "inspection.jobs.child", home / "job.json", home / "inputs", home / "result"]
    child = subprocess.Popen(
        [sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout.read() is not None
    assert child.wait(120) == 0
    child.stdin.close()
    child.stdout.close()
    return {
        path.relative_to(home / "result").as_posix(): sha256_of(path)
        for path in (home / "result").rglob("*")
        if path.is_file()
    }
