"""Inspections as jobs: killed anywhere, taken over, cancelled, refused, kept apart, in turn."""

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
import shapely
from pydantic import ValidationError
from sqlalchemy import select

from geo.errors import RefusedError
from inspection.jobs.asked import Asked, FileRef, path_of
from inspection.jobs.submission import Subject, cancel, submit, take_turns
from inspection.objects.folder import FolderObjects
from inspection.objects.store import ObjectStore
from inspection.records.audit import log
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import Finding, InspectionRun, InspectionState
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.records.tables.reports import Report

HERE = Path(__file__).parent
MOMENT = "2026-11-21T03:00:00Z"
POINTS = (
    "inspect.running",
    "inspect.made",
    "inspect.storing",
    "inspect.ended",
    "keep.writing",
    "keep.written",
    "close.written",
    "tidy.done",
)
"""Where a job may be killed: before, in and after each durable step."""

DIES = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture(scope="session")
def small(tmp_path_factory, load_helper) -> Path:
    folder = tmp_path_factory.mktemp("small")
    load_helper("small").write_all(folder)
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
def place(world, tmp_path, small, load_helper) -> Place:
    objects = FolderObjects(tmp_path / "objects")
    files = {}
    for name in ("boundary.geojson", "current.tif", "baseline.tif", "permit.json"):
        stored = objects.put([(small / name).read_bytes()])
        files[name.partition(".")[0]] = FileRef(sha256=stored.sha256, name=name)
    outline = load_helper("small").outline()
    return Place(world=world, home=tmp_path, objects=objects, files=files, outline=outline)


@pytest.mark.parametrize("kind", ["sqlite"])  # elsewhere another worker would take it: see below
def test_a_job_killed_at_every_point_ends_as_an_undisturbed_one(place) -> None:
    there = place.world.there
    undisturbed = place.submit(place.subject("A", there), there)
    with place.worker() as worker:
        place.wait(worker, undisturbed, InspectionState.DONE)
    assert worker.returncode == 0, place.said()
    (place.home / "passed").unlink()

    disturbed = place.submit(place.subject("A"))
    for point in POINTS:
        with place.worker(die_at=point) as worker:
            assert worker.wait(90) == -signal.SIGKILL, (point, place.said())
        wait_until(lambda: not children(place.home))
    with place.worker() as worker:
        place.wait(worker, disturbed, InspectionState.DONE)
        wait_until(lambda: place.passed()["tidy.done"] == 2)
    assert not list((place.home / "jobs").iterdir())

    assert place.files_of(disturbed) == place.files_of(undisturbed)
    assert place.deeds() == ["submitted", "started", "done"]
    with place.world.records.reading(place.world.here) as session:
        (found,) = session.scalars(select(Finding))
        assert found.area_m2 == pytest.approx(900, rel=0.05)
        assert found.outline.area == pytest.approx(shapely.box(0, 0, 3e-4, 3e-4).area, rel=0.3)
    # A point is passed once more for each time that the worker was killed in its step or right
    # after it, and never again.
    passed = place.passed()
    assert passed["inspect.brought"] == 2
    assert passed["inspect.ended"] == 2
    assert passed["keep.written"] == 2
    assert passed["close.written"] == 2


@pytest.mark.parametrize("kind", ["postgresql"])  # SQLite serves one worker
def test_another_worker_takes_over_from_one_that_was_killed(place) -> None:
    run = place.submit(place.subject("A"))
    with place.worker(die_at="inspect.running") as first:
        assert first.wait(60) == -signal.SIGKILL
    with place.worker() as second, place.worker() as third:
        row = place.wait(second, run, InspectionState.DONE)
        assert third.poll() is None, place.said()
    assert place.deeds() == ["submitted", "started", "done"]
    assert place.files_of(run)["inspection.json"] == row.document_sha256


def test_what_cannot_be_done_ends_with_its_reason(place) -> None:
    torn = place.objects.put([b'{"type": "Polygon", "coordinates": [[[0, 0], [1'])
    boundary = FileRef(sha256=torn.sha256, name="boundary.geojson")
    refused = place.submit(place.subject("A"), boundary=boundary)
    with place.worker() as worker:
        row = place.wait(worker, refused, InspectionState.REFUSED)
    assert row.problem["code"] == "boundary_unreadable"
    assert row.problem["file"] == "boundary.geojson"
    assert place.passed()["inspect.ended"] == 1  # it was not tried again
    assert place.deeds() == ["submitted", "started", "refused"]

    poison, after = place.submit(place.subject("B")), place.submit(place.subject("C"))
    with place.worker(child=DIES) as worker:
        row = place.wait(worker, poison, InspectionState.QUARANTINED)
        assert row.problem["code"] == "job_child_died"
        assert row.problem["facts"] == {"how": "SIGKILL"}
        assert place.passed()["inspect.ended"] == 1 + 3
        place.wait(worker, after, InspectionState.QUARANTINED)  # the line moves on

    (place.home / "passed").unlink()
    cancelled = place.submit(place.subject("D"))
    with place.worker(child=SLEEPS) as worker:
        wait_until(lambda: "inspect.running" in place.passed())
        with place.world.records.writing(place.world.here) as session:
            assert cancel(session, cancelled, by=place.world.inspector)
        asked = time.monotonic()
        wait_until(lambda: place.passed()["inspect.ended"] == 1)
        assert time.monotonic() - asked < 5
    assert place.row(cancelled).state is InspectionState.CANCELLED
    with place.world.records.writing(place.world.here) as session:
        assert not cancel(session, cancelled, by=place.world.inspector)


def test_a_worker_told_to_stop_leaves_its_job_to_the_next(place) -> None:
    run = place.submit(place.subject("A"))
    with place.worker(child=SLEEPS) as worker:
        wait_until(lambda: "inspect.running" in place.passed())
        assert children(place.home)
        worker.terminate()
        assert worker.wait(20) == 0, place.said()
    assert not children(place.home)
    assert place.said() == ""
    assert place.row(run).state is InspectionState.RUNNING
    with place.worker(child=DIES) as worker:
        place.wait(worker, run, InspectionState.QUARANTINED)


def test_two_offices_take_turns_whatever_one_of_them_piles_up(place) -> None:
    here, there = place.world.here, place.world.there
    many = [place.submit(place.subject(f"A{n}")) for n in range(4)]
    few = [place.submit(place.subject(f"B{n}", there), there) for n in range(2)]
    turns = [one for _ in range(7) for one in take_turns(place.world.records, 1)]
    offices = [office for office, _ in turns]
    assert offices[:4] in ([here, there, here, there], [there, here, there, here])
    assert offices[4:] == [here, here]
    assert [run for office, run in turns if office == here] == many
    assert [run for office, run in turns if office == there] == few


def test_of_one_permit_one_inspection_runs_at_a_time(place) -> None:
    subject = place.subject("A")
    first, second = place.submit(subject), place.submit(subject)
    assert [run for _, run in take_turns(place.world.records, 5)] == [first]
    with place.world.records.writing(place.world.here) as session:
        cancel(session, first, by=place.world.inspector)
    assert [run for _, run in take_turns(place.world.records, 5)] == [second]


def test_a_file_that_is_not_in_the_store_is_refused_at_once(place) -> None:
    absent = FileRef(sha256="0" * 64, name="later.tif")
    with pytest.raises(RefusedError) as refused:
        place.submit(place.subject("A"), current=absent)
    assert (refused.value.code, refused.value.file) == ("object_missing", "later.tif")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("../../etc/passwd", "-..-etc-passwd"),
        ("..", "file"),
        ("foto\x00 udara.tif", "foto- udara.tif"),
        ("é" * 100 + ".tif", "é" * 58 + ".tif"),
    ],
)
def test_a_name_cannot_lead_out_of_the_room(name, written, tmp_path) -> None:
    path = path_of("current", FileRef(sha256="0" * 64, name=name), tmp_path)
    assert path == tmp_path / "current" / written


def test_a_profile_of_a_job_is_named_and_no_path() -> None:
    file = FileRef(sha256="0" * 64, name="a")
    with pytest.raises(ValidationError):
        Asked(boundary=file, current=file, language="en", created_at=MOMENT, profile="../mine.toml")


def children(home: Path) -> list[int]:
    """Processes that are given a job's file in a folder, whoever started them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it ended meanwhile
            continue
        if any(word.startswith(str(home)) and word.endswith("/job.json") for word in words):
            found.append(int(path.parent.name))
    return found


def wait_until(happened, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)
