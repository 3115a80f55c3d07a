"""Inspections as jobs: killed anywhere, taken over, cancelled, refused, kept apart, in turn."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from geo.errors import RefusedError
from inspection.jobs import child
from inspection.jobs.asked import Asked, FileRef, path_of
from inspection.jobs.batches import MOST
from inspection.jobs.submission import cancel, put_in_line, take_turns
from inspection.profiles.profile import ReportRules, read_profile
from inspection.records.tables.inspections import InspectionState
from inspection.records.tables.permits import Permit

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
        place.until(lambda: "inspect.running" in place.passed())
        with place.world.records.writing(place.world.here) as session:
            assert cancel(session, cancelled, by=place.world.inspector)
        place.until(lambda: place.passed()["inspect.ended"] == 1)
    assert place.row(cancelled).state is InspectionState.CANCELLED
    with place.world.records.writing(place.world.here) as session:
        assert not cancel(session, cancelled, by=place.world.inspector)


def test_a_worker_told_to_stop_leaves_its_job_to_the_next(place) -> None:
    run = place.submit(place.subject("A"))
    with place.worker(child=SLEEPS) as worker:
        place.until(lambda: "inspect.running" in place.passed())
        assert place.children()
        worker.terminate()
        assert worker.wait(20) == 0, place.said()
    assert not place.children()
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


def test_five_hundred_of_one_office_keep_no_other_waiting(place) -> None:
    here, there = place.world.here, place.world.there
    model = place.subject("A")
    asked = Asked.model_validate(
        {"profile": "generic", "language": "en", "created_at": MOMENT, **place.files}
    )
    permits = [Permit(reference=f"A{number}") for number in range(MOST)]
    with place.world.records.writing(here) as session:
        session.add_all(permits)
        session.flush()
        for permit in permits:
            put_in_line(session, asked, replace(model, permit_id=permit.id))
    take_turns(place.world.records, 2)  # two workers are busy with them
    alone = place.submit(place.subject("B", there), there)
    later = place.submit(place.subject("C", there), there)
    assert take_turns(place.world.records, 1) == [(there, alone)], "it is next"
    turns = take_turns(place.world.records, 3)
    assert [office for office, _ in turns] == [here, there, here]
    assert turns[1][1] == later


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


def test_a_qr_leads_to_the_installation_unless_the_profile_names_another_place(monkeypatch) -> None:
    file, here = FileRef(sha256="0" * 64, name="a"), "https://tinjau.example/#/verify/"
    given = {"boundary": file, "current": file, "language": "en", "created_at": MOMENT}
    asked = Asked(**given, profile="generic", verify_at=here)
    assert child.profile_for(asked).report.verify_at == here
    assert child.profile_for(Asked(**given, profile="generic")) == read_profile("generic")
    rules = replace(
        read_profile("generic"), report=ReportRules(verify_at="https://office.example/")
    )
    monkeypatch.setattr(child, "read_profile", lambda _: rules)
    assert child.profile_for(asked) == rules
