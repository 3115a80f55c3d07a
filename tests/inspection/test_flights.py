"""Two flights are taken in at a time: what comes of it is what one after the other gave."""

import signal
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from geo import abreast
from geo.boundary import read_boundary
from geo.errors import RefusedError
from geo.intake import image, sandbox
from inspection import flights
from inspection.pictures import Anchor
from inspection.profiles.profile import read_profile
from inspection.request import Request

_GENERIC = read_profile("generic")
PROFILE = replace(_GENERIC, analysis=replace(_GENERIC.analysis, gsd_m=1.0))
"""By which the pictures of the site are clipped as they come."""

NAMES = ("current.tif", "baseline.tif")
LONG_S = 60
"""Longer than any of these tests may take."""

SOON_S = 45
"""Less than anything lasts that nobody ends; more than a busy machine needs."""


@pytest.fixture(autouse=True)
def _boundary_and_two_processors(site, monkeypatch):
    boundary_in(site.folder)  # read by a child too, which is none of those looked at
    monkeypatch.setattr(abreast, "processors", lambda: 2)


@pytest.fixture
def begun(monkeypatch):
    """Children that were begun: the file that each reads and, once it ended, its status."""
    found = []
    start = sandbox.child_in

    @contextmanager
    def noted(folder, **options):
        note = {"name": (folder / "source").resolve().name}
        found.append(note)
        try:
            with start(folder, **options) as child:
                yield child
        finally:
            note["status"] = child.ended()

    monkeypatch.setattr(sandbox, "child_in", noted)
    return found


@cache
def boundary_in(folder):
    return read_boundary(folder / "boundary.geojson")


def taken_in(folder, desk, *, advance=lambda _share: None, **brought):
    desk.mkdir(exist_ok=True)
    request = Request(
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        boundary=folder / "boundary.geojson",
        **({"current": folder / NAMES[0], "baseline": folder / NAMES[1]} | brought),
    )
    return flights.flights_of(
        request,
        boundary_in(folder),
        anchor=Anchor(),
        profile=PROFILE,
        desk=desk,
        advance=advance,
    )


def broken(site, tmp_path, name):
    """A flight whose file ends in the middle."""
    path = tmp_path / f"broken-{name}"
    content = (site.folder / name).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def kept_waiting(monkeypatch, pretend, name):
    """Let the child that reads a file say that it began, and then nothing for long."""
    start, event = sandbox.child_in, threading.Event()
    ample = {"seconds": 2 * LONG_S}  # or it is ended for that
    monkeypatch.setattr(image, "Allowance", lambda **more: sandbox.Allowance(**(more | ample)))
    pretend(WAITS.format(name=name, long_s=LONG_S), load="child.load")

    @contextmanager
    def noted(folder, **options):
        with start(folder, **options) as child:
            if (folder / "source").resolve().name == name:
                event.set()
            yield child

    monkeypatch.setattr(sandbox, "child_in", noted)
    return event


WAITS = """
import time
from pathlib import Path
from geo.intake import child
if Path("source").resolve().name == {name!r}:
    print('{{"progress": 0}}', flush=True)
    time.sleep({long_s})
child.main()
"""


def held_up(monkeypatch, until):
    """Let nothing of the current flight be done before something has happened."""

    class Late(flights.Leash):
        def holding(self, work):
            held = super().holding(work)

            def late(number):
                assert number or until.wait(LONG_S)
                return held(number)

            return late

    monkeypatch.setattr(flights, "Leash", Late)


def end_of(monkeypatch, role):
    """Tell when a flight is taken in, or is not."""
    event, taking = threading.Event(), flights.orthophoto

    def noted(flight, *given, **named):
        try:
            return taking(flight, *given, **named)
        finally:
            if flight.role == role:
                event.set()

    monkeypatch.setattr(flights, "orthophoto", noted)
    return event


MET = """
import time
from pathlib import Path
from geo.intake import child
under_way = Path({folder!r})
(under_way / Path("source").resolve().name).touch()
while len(list(under_way.iterdir())) < 2: time.sleep(0.01)
child.main()
"""
"""A child that begins to read when there is one of the other flight: alone, never."""


def test_both_flights_are_read_at_a_time(site, tmp_path, pretend):
    (tmp_path / "under way").mkdir()
    pretend(MET.format(folder=str(tmp_path / "under way")), load="child.load")
    current, baseline = taken_in(site.folder, tmp_path / "desk")
    assert (current.orthophoto.source.role, current.orthophoto.source.name) == ("current", NAMES[0])
    assert baseline.orthophoto.source.name == NAMES[1]


def test_on_one_processor_one_is_taken_in_after_the_other(site, tmp_path, monkeypatch, begun):
    given = taken_in(site.folder, tmp_path / "two")
    begun.clear()
    monkeypatch.setattr(abreast, "processors", lambda: 1)
    alone, taking = [], flights.orthophoto

    def noted(*given, **named):
        alone.append(all("status" in note for note in begun))
        return taking(*given, **named)

    monkeypatch.setattr(flights, "orthophoto", noted)
    told = taken_in(site.folder, tmp_path / "one")
    assert alone == [True, True]
    assert [note["name"] for note in begun] == [NAMES[0]] * 2 + [NAMES[1]] * 2
    for one, other in zip(given, told, strict=True):
        assert one.orthophoto.path.read_bytes() == other.orthophoto.path.read_bytes()
        assert one.orthophoto == replace(other.orthophoto, path=one.orthophoto.path)


def test_of_two_that_fail_the_current_one_is_told_though_it_fails_later(
    site, tmp_path, monkeypatch
):
    held_up(monkeypatch, end_of(monkeypatch, "baseline"))
    with pytest.raises(RefusedError) as caught:
        taken_in(
            site.folder,
            tmp_path / "desk",
            current=broken(site, tmp_path, NAMES[0]),
            baseline=broken(site, tmp_path, NAMES[1]),
        )
    assert (caught.value.code, caught.value.file) == ("image_truncated", "broken-current.tif")


def test_an_earlier_flight_that_fails_at_once_leaves_the_current_one_alone(
    site, tmp_path, monkeypatch
):
    """Nor is the system that the current one decides lost to it."""
    held_up(monkeypatch, end_of(monkeypatch, "baseline"))
    with pytest.raises(RefusedError) as caught:
        taken_in(site.folder, tmp_path / "desk", baseline=broken(site, tmp_path, NAMES[1]))
    assert (caught.value.code, caught.value.file) == ("image_truncated", "broken-baseline.tif")
    assert (tmp_path / "desk/current.tif").is_file()


def test_when_the_current_one_fails_the_other_is_ended_and_nothing_is_left(
    site, tmp_path, monkeypatch, pretend, begun
):
    under_way = kept_waiting(monkeypatch, pretend, NAMES[1])
    held_up(monkeypatch, under_way)
    start = time.monotonic()
    with pytest.raises(RefusedError) as caught:
        taken_in(site.folder, tmp_path / "desk", current=broken(site, tmp_path, NAMES[0]))
    assert time.monotonic() - start < SOON_S
    assert (caught.value.code, caught.value.file) == ("image_truncated", "broken-current.tif")
    assert [note["name"] for note in begun] == [NAMES[1]]
    assert [note["status"] for note in begun] == [-signal.SIGKILL]
    assert list((tmp_path / "desk").iterdir()) == []


def test_nobody_waits_for_the_system_of_a_picture_that_fails(site, tmp_path, monkeypatch):
    asked = threading.Event()

    class Asked(Future):
        def result(self, timeout=LONG_S):
            asked.set()
            return super().result(timeout)

    monkeypatch.setattr(flights, "Future", Asked)
    held_up(monkeypatch, asked)
    start = time.monotonic()
    with pytest.raises(RefusedError) as caught:
        taken_in(site.folder, tmp_path / "desk", current=broken(site, tmp_path, NAMES[0]))
    assert time.monotonic() - start < SOON_S
    assert caught.value.file == "broken-current.tif"


def test_who_gives_up_while_both_are_under_way_ends_both(
    site, tmp_path, monkeypatch, pretend, begun
):
    under_way = kept_waiting(monkeypatch, pretend, NAMES[1])
    held_up(monkeypatch, under_way)

    def give_up(_share):
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        taken_in(site.folder, tmp_path / "desk", advance=give_up)
    assert time.monotonic() - start < SOON_S
    assert {note["name"] for note in begun} == set(NAMES)
    assert all("status" in note for note in begun)
    assert list((tmp_path / "desk").iterdir()) == []


def test_what_is_done_of_both_is_told_one_at_a_time_and_only_grows(site, tmp_path):
    told, at_a_time = [], threading.Semaphore(1)

    def advance(share):
        assert at_a_time.acquire(blocking=False)
        told.append(share)
        time.sleep(0.002)
        at_a_time.release()

    taken_in(site.folder, tmp_path / "desk", advance=advance)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert any(0 < share < 0.5 for share in told)
