"""The rounds of a worker: gone again and again, whatever goes wrong in one of them."""

import logging
import threading
import time
from uuid import uuid4

import pytest
from sqlalchemy import text

from geo.errors import UnfinishedError
from inspection.jobs.presence import OnDisk, present
from inspection.jobs.rooms import clear_rooms
from inspection.jobs.rounds import Round, going
from inspection.jobs.submission import cancel


def wait_until(happened, seconds=20.0):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_round_goes_on_after_an_error_and_ends_with_the_worker(caplog) -> None:
    gone = []

    def go(stop: threading.Event) -> None:
        gone.append(stop)
        if len(gone) == 1:
            raise UnfinishedError("database_busy")
        if len(gone) == 2:
            raise ValueError("of some person")

    with (
        caplog.at_level(logging.WARNING),
        going([Round(name="letters", every_s=0.01, go=go)], OnDisk()),
    ):
        wait_until(lambda: len(gone) > 3)
    assert gone[0].is_set()
    count = len(gone)
    time.sleep(0.1)
    assert len(gone) == count
    assert caplog.messages == ["round letters: database_busy", "round letters: ValueError"]


def test_of_several_workers_one_at_a_time_goes_a_round(engine) -> None:
    if engine.dialect.name == "sqlite":  # which serves one worker
        return
    at_it, most = 0, 0
    lock = threading.Lock()

    def go(_stop: threading.Event) -> None:
        nonlocal at_it, most
        with lock:
            at_it += 1
            most = max(most, at_it)
        time.sleep(0.02)
        with lock:
            at_it -= 1

    one = Round(name="letters", every_s=0.001, go=go)
    with (
        present(engine, "first") as first,
        present(engine, "second") as second,
        going([one], first),
        going([one], second),
    ):
        time.sleep(0.5)
    assert most == 1


def test_who_finds_the_line_cut_says_that_it_lost_its_lock(engine) -> None:
    if engine.dialect.name == "sqlite":  # whose lock is a file's
        return
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with present(engine, "first") as first, engine.connect() as other:
        assert other.scalars(text(f"{cut} AND datname = current_database()")).all()
        with pytest.raises(UnfinishedError) as lost, first.burying("second"):
            pytest.fail("it had nothing to hold")
    assert lost.value.code == "worker_lost_lock"


def test_rooms_that_nobody_needs_any_more_are_cleared(place) -> None:
    open_run, ended = place.submit(place.subject("A")), place.submit(place.subject("B"))
    with place.world.records.writing(place.world.here) as session:
        cancel(session, ended, by=place.world.inspector)
    rooms = place.home / "jobs"
    for name in (open_run, ended, uuid4(), "reissue-of-another-kind"):
        (rooms / str(name) / "work").mkdir(parents=True)
    assert clear_rooms(place.world.records, rooms) == 0, "somebody may still be there"
    assert clear_rooms(place.world.records, rooms, older_than_s=0) == 2
    assert {room.name for room in rooms.iterdir()} == {str(open_run), "reissue-of-another-kind"}
