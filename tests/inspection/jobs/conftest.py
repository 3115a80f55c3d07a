"""An installation in a folder, on either database, where workers work, and ways to ask it."""

import importlib.util
import json
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

from inspection.jobs.asked import Asked, FileRef
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
kind, engine, world = records.kind, records.engine, records.world


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
        self, worker, run: UUID, *states: InspectionState, seconds: float = 90
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
        path = self.home / "passed"
        lines = path.read_text().splitlines() if path.exists() else []
        return Counter(line.split()[1] for line in lines)

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

    def until(self, happened, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    @contextmanager
    def worker(self, *, die_at="", child=None, places=1) -> Iterator[subprocess.Popen]:
        address = self.world.engine.url.render_as_string(hide_password=False)
        given = {
            "address": address,
            "home": str(self.home),
            "die_at": die_at,
            "child": child,
            "places": places,
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
            process.wait(30)


@pytest.fixture
def place(world, tmp_path, small) -> Place:
    objects = FolderObjects(tmp_path / "objects")
    files = {}
    for name in ("boundary.geojson", "current.tif", "baseline.tif", "permit.json"):
        stored = objects.put([(small / name).read_bytes()])
        files[name.partition(".")[0]] = FileRef(sha256=stored.sha256, name=name)
    outline = load(HERE / "small.py").outline()
    return Place(world=world, home=tmp_path, objects=objects, files=files, outline=outline)
