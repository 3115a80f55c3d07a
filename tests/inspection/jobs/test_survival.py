"""Inspections killed, stopped and cut off anywhere: one result, as an undisturbed one, once."""

import signal
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing

import psycopg
import pytest
import shapely
from sqlalchemy import select, text

from inspection.errors import Interrupted, UnfinishedError
from inspection.jobs import running
from inspection.jobs.limits import Limits
from inspection.jobs.presence import present
from inspection.jobs.workshop import Workshop
from inspection.records.tables.inspections import Finding, InspectionRun, InspectionState

STEPS = ("ingest", "georeference", "clip", "register", "detect", "measure", "report")
POINTS = (
    "inspect.made",
    "inspect.storing",
    "inspect.ended",
    "keep.writing",
    "keep.written",
    "close.written",
    "tidy.done",
)
"""Where a worker may be killed once its child is done: before, in and after each durable step."""

ONCE = Counter(STEPS) + Counter(["clip"])  # of both flights


def test_a_worker_killed_in_every_step_repeats_no_step_that_was_finished(
    place, undisturbed
) -> None:
    """On PostgreSQL another is at hand, and on SQLite one is begun again."""
    at_hand = 1 if place.world.engine.dialect.name == "sqlite" else 2
    run = place.submit(place.subject("A"))
    child = place.noting_child(**dict.fromkeys(STEPS, "worker"))
    killed = 0
    with ExitStack() as all_of_them:
        workers = []
        until = time.monotonic() + 240
        while place.row(run).state is not InspectionState.DONE:
            assert time.monotonic() < until, place.said()
            for worker in [one for one in workers if one.poll() is not None]:
                assert worker.returncode == -signal.SIGKILL, place.said()
                workers.remove(worker)
                killed += 1
            while len(workers) < at_hand:
                workers.append(all_of_them.enter_context(place.worker(child=child)))
            time.sleep(0.1)
        place.until(lambda: "tidy.done" in place.passed())
    assert killed == len(STEPS)
    # Each was begun once more after the kill in it, and clip of the second flight once.
    assert place.begun() == ONCE + Counter(STEPS)
    assert place.files_of(run) == undisturbed
    assert place.deeds() == ["submitted", "started", "done"]
    assert not list((place.home / "jobs").iterdir())
    assert not place.children()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_child_that_is_killed_goes_on_in_the_next_try(place, undisturbed) -> None:
    run = place.submit(place.subject("A"))
    with place.worker(child=place.noting_child(register="child", report="child")) as worker:
        place.wait(worker, run, InspectionState.DONE)
    assert place.begun() == ONCE + Counter(["register", "report"])
    assert place.files_of(run) == undisturbed


@pytest.mark.parametrize("kind", ["sqlite"])  # elsewhere another worker would take it: see below
def test_a_worker_killed_at_any_point_after_its_child_was_done(place, undisturbed) -> None:
    disturbed = place.submit(place.subject("A"))
    for point in POINTS:
        with place.worker(die_at=point) as worker:
            assert worker.wait(180) == -signal.SIGKILL, (point, place.said())
        place.until(lambda: not place.children())
    with place.worker() as worker:
        place.wait(worker, disturbed, InspectionState.DONE)
        place.until(lambda: place.passed()["tidy.done"] == 2)
    assert not list((place.home / "jobs").iterdir())

    assert place.files_of(disturbed) == undisturbed
    assert place.deeds() == ["submitted", "started", "done"]
    with place.world.records.reading(place.world.here) as session:
        (found,) = session.scalars(select(Finding))
        assert found.area_m2 == pytest.approx(900, rel=0.05)
        assert found.outline.area == pytest.approx(shapely.box(0, 0, 3e-4, 3e-4).area, rel=0.3)
    # A point is passed once more for each time that the worker was killed in its step or right
    # after it, and never again.
    passed = place.passed()
    assert passed["inspect.brought"] == 1
    assert passed["inspect.ended"] == 2
    assert passed["keep.written"] == 2
    assert passed["close.written"] == 2


@pytest.mark.parametrize("kind", ["postgresql"])  # SQLite serves one worker
def test_another_worker_takes_over_from_one_that_was_killed(place) -> None:
    run = place.submit(place.subject("A"))
    with place.worker(die_at="inspect.running") as first:
        assert first.wait(120) == -signal.SIGKILL
    with place.worker() as second, place.worker() as third:
        row = place.wait(second, run, InspectionState.DONE)
        assert third.poll() is None, place.said()
    assert place.deeds() == ["submitted", "started", "done"]
    assert place.files_of(run)["inspection.json"] == row.document_sha256


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.parametrize(
    ("point", "wakes_early"),
    [("inspect.ended", True), ("keep.writing", False)],  # there it has rows locked
)
def test_a_worker_that_stood_still_and_wakes_up_has_no_say(
    place, undisturbed, point, wakes_early
) -> None:
    run = place.submit(place.subject("A"))
    with place.worker(stop_at=point, folder="here", silent_s=5) as first:
        place.until(lambda: place.passed()[point] == 1)
        with place.worker(folder="there") as second:
            if wakes_early:
                place.until(lambda: "inspect.running" in place.passed_by(second))
                first.send_signal(signal.SIGCONT)
                assert first.wait(60) == 1, place.said()
            place.wait(second, run, InspectionState.DONE)
            first.send_signal(signal.SIGCONT)
            assert first.wait(60) == 1, place.said()
            assert "keep.written" not in place.passed_by(first)
            assert place.passed_by(second)["keep.written"] == 1
    assert "worker_lost_lock" in place.said()
    assert place.deeds() == ["submitted", "started", "done"]
    assert place.files_of(run) == undisturbed


@pytest.mark.parametrize("kind", ["postgresql"])
def test_who_lost_its_lock_takes_nothing_back_from_who_has_it(place) -> None:
    run, office = place.submit(place.subject("A")), place.world.here
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with present(place.world.engine, "before") as presence:
        before, after = (
            Workshop(
                records=place.world.records,
                objects=place.objects,
                folder=place.home / name,
                holder=name,
                is_present=seen,
            )
            for name, seen in (("before", presence.is_held), ("after", lambda _session: True))
        )
        before.hold(str(office), str(run))
        assert place.row(run).held_by == "before"
        with place.world.engine.connect() as connection:
            assert connection.scalars(cut).all() == [True]
        after.hold(str(office), str(run))
        # As one that stood still just before it took the job into its hands.
        with pytest.raises(Interrupted):
            before.hold(str(office), str(run))
        assert place.row(run).held_by == "after"
        with pytest.raises(UnfinishedError, match="worker_lost_lock"):
            presence.check()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_worker_sees_its_own_lock_whatever_the_sign_of_its_number(place) -> None:
    """That of one of these is below zero, which the server shows without its sign."""
    world = place.world
    with (
        present(world.engine, "before") as one,
        present(world.engine, "after") as two,
        world.records.writing(world.here) as session,
    ):
        assert one.is_held(session)
        assert two.is_held(session)


def test_what_was_taken_over_cannot_be_written_by_who_had_it(place, undisturbed) -> None:
    run = place.submit(place.subject("A"))
    office = str(place.world.here)
    with place.world.records.writing(place.world.here) as session:
        session.get_one(InspectionRun, run).state = InspectionState.RUNNING
    before, after = (
        Workshop(
            records=place.world.records,
            objects=place.objects,
            folder=place.home / name,
            holder=name,
        )
        for name in ("before", "after")
    )
    before.hold(office, str(run))
    after.hold(office, str(run))
    with pytest.raises(Interrupted):
        before.keep(office, str(run), undisturbed)
    with pytest.raises(Interrupted):
        before.close(office, str(run), InspectionState.FAILED, {"code": "disk_full"})
    assert place.row(run).state is InspectionState.RUNNING
    after.close(office, str(run), InspectionState.FAILED, {"code": "disk_full"})
    assert place.row(run).state is InspectionState.FAILED


@pytest.mark.parametrize("kind", ["sqlite"])
def test_while_the_database_is_locked_the_result_waits_and_is_not_made_again(
    place, undisturbed
) -> None:
    run = place.submit(place.subject("A"))
    with place.worker(child=place.noting_child()) as worker:
        place.until(lambda: place.begun()["report"] == 1)
        with place.world.engine.connect() as connection:  # which begins to write at once
            connection.execute(text("SELECT 1"))
            place.until(lambda: place.passed()["inspect.ended"] == 1)
            time.sleep(11)  # longer than anybody waits
            assert worker.poll() is None, place.said()
        place.wait(worker, run, InspectionState.DONE)
    assert place.begun() == ONCE
    assert place.files_of(run) == undisturbed


@pytest.mark.parametrize("kind", ["postgresql"])
def test_where_the_database_was_gone_the_next_worker_keeps_what_was_made(
    place, undisturbed
) -> None:
    run = place.submit(place.subject("A"))
    child = place.noting_child()
    with place.worker(child=child) as worker:
        place.until(lambda: place.begun()["report"] == 1)
        stop = threading.Event()
        thread = threading.Thread(target=drop_connections, args=(place, stop))
        thread.start()  # as a server that is stopped and comes back
        assert worker.wait(120) == 1, place.said()
        stop.set()
        thread.join()
    with place.worker(child=child) as worker:
        place.wait(worker, run, InspectionState.DONE)
    assert place.begun()["report"] <= 2
    assert all(count == ONCE[step] for step, count in place.begun().items() if step != "report")
    assert place.files_of(run) == undisturbed


def drop_connections(place, stop: threading.Event) -> None:
    address = place.world.engine.url.set(drivername="postgresql")
    plain = address.render_as_string(hide_password=False)
    with closing(psycopg.connect(plain, autocommit=True)) as connection:
        while not stop.is_set():
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            stop.wait(0.2)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_where_the_memory_does_not_suffice_that_is_told_and_tried_three_times(place) -> None:
    run = place.submit(place.subject("A"))
    with place.worker(child=place.noting_child(detect="memory")) as worker:
        row = place.wait(worker, run, InspectionState.FAILED, InspectionState.QUARANTINED)
    assert row.problem["code"] == "out_of_memory", row.problem
    assert (row.state, place.begun()["detect"]) == (InspectionState.FAILED, 3)
    assert place.begun()["ingest"] == ONCE["ingest"], "what was done is not done again"


HUNGRY = "import time; kept = bytearray(b'x') * 400_000_000; time.sleep(60)"
BEGINS = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HUNGRY!r}])"


@pytest.mark.parametrize(
    ("code", "limits", "expected"),
    [
        (HUNGRY, Limits(memory_mb=200), "job_memory_exceeded"),
        (BEGINS, Limits(memory_mb=200), "job_memory_exceeded"),
        ("import time; time.sleep(60)", Limits(hours=1 / 3600), "job_time_exceeded"),
    ],
)
def test_a_child_that_takes_too_much_is_ended_and_it_alone(
    tmp_path, code, limits, expected
) -> None:
    ending = running.run_child(
        [],
        log=tmp_path / "log",
        wanted=lambda _seen: True,
        limits=limits,
        command=[sys.executable, "-c", code],
    )
    assert ending.problem["code"] == expected
    assert (ending.state, ending.again) == (InspectionState.QUARANTINED, True)
