"""Children are forks of a process that is ready: they get nothing by that but its libraries."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from geo.errors import RefusedError, UnfinishedError
from geo.intake import starting
from geo.intake.image import probe_image
from geo.intake.sandbox import Allowance, answer_of_child
from tests.geo.intake.test_sandbox import children, is_gone

type Pretend = Callable[..., None]

AMPLE = Allowance(seconds=60, memory_bytes=1_500_000_000, file_bytes=100_000_000)


def ready() -> int:
    """Number of the process that is asked for the next child."""
    return starting._begun.all[-1].process.pid


def answer(folder: Path, driver: str = "GTiff", **allowance: float) -> dict[str, Any]:
    allowed = {"seconds": 60, "memory_bytes": 1_500_000_000, "file_bytes": 100_000_000}
    return answer_of_child(
        "probe", {}, folder=folder, allowance=Allowance(driver=driver, **(allowed | allowance))
    )


TWO = """
import json, os, time
from pathlib import Path
import rasterio, rasterio._env
before = rasterio._env.driver_count()
me = Path.cwd()
(me.parent / "met" / me.name).touch()
while len(list((me.parent / "met").iterdir())) < 2: time.sleep(0.01)
files = {}
for number in os.listdir("/proc/self/fd"):
    try: files[number] = os.readlink(f"/proc/self/fd/{number}")
    except OSError: pass
with rasterio.Env() as env: drivers = sorted(env.drivers())
print(json.dumps({"progress": 0}), flush=True)
print(json.dumps({"result": {
    "files": files, "environment": dict(os.environ), "drivers": drivers, "before": before,
    "first": Path("/proc/self/environ").read_text(), "folder": str(me),
    "leads": os.getpid() == os.getpgid(0) == os.getsid(0),
}}))
"""


ANEW = "import json, os, rasterio; print(json.dumps(dict(os.environ)))"
"""What libraries add to what a process was given."""


def test_of_two_at_a_time_none_sees_anything_of_the_other_or_of_us(
    tmp_path: Path, pretend: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINJAU_SENTINEL", "open-sesame")
    pretend(TWO, load="child.load")
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in (*folders, tmp_path / "met"):
        folder.mkdir()
    with (tmp_path / "ours").open("w") as ours, ThreadPoolExecutor(2) as pool:
        os.set_inheritable(ours.fileno(), True)  # noqa: FBT003 - it has no name
        told = list(pool.map(answer, folders, ["GTiff", "PNG"]))
    anew = subprocess.run(
        [sys.executable, "-I", "-c", ANEW],
        env=starting._ENVIRONMENT,
        capture_output=True,
        check=True,
    )
    for one, folder, driver in zip(told, folders, ["GTiff", "PNG"], strict=True):
        assert one["folder"] == str(folder)
        assert one["leads"]
        assert set(one["files"]) == {"0", "1", "2"}
        assert one["before"] == 0
        assert set(one["drivers"]) == {"GTiff", "COG", "MEM", driver}
        own = one["environment"].pop("GDAL_SKIP").split(",")
        assert driver not in own
        assert {"VRT", "JPEG"} < set(own)
        assert one["environment"] == json.loads(anew.stdout)
        assert "GDAL_SKIP" not in one["first"]
        assert "sesame" not in one["first"]
    shared = set(told[0]["files"].values()) & set(told[1]["files"].values())
    assert shared == set()


def test_what_is_ready_holds_nothing_but_its_door_and_has_one_thread(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINJAU_SENTINEL", "open-sesame")
    starting.let_go()
    with (tmp_path / "ours").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)  # noqa: FBT003 - it has no name
        probe_image(sample / "current.tif")
    place = Path("/proc") / str(ready())
    for _ in range(500):  # the line of the job is closed once it was told how that ended
        files = {}
        for one in (place / "fd").iterdir():
            with suppress(FileNotFoundError):  # closed between two looks
                files[int(one.name)] = one.readlink()
        if len(files) == 5:
            break
        time.sleep(0.01)
    ends = {number: str(file).partition(":")[0] for number, file in files.items()}
    (woken, wake) = sorted(set(ends) - {0, 1, 2})
    assert ends == {0: "socket", 1: "/dev/null", 2: "/dev/null", woken: "pipe", wake: "pipe"}
    assert files[woken] == files[wake]
    environment = dict(
        one.split("=", 1) for one in (place / "environ").read_text().split("\0") if one
    )
    assert environment == dict(starting._ENVIRONMENT)
    assert "Threads:\t1\n" in (place / "status").read_text()
    assert str(sample) not in (place / "maps").read_text()


def test_what_is_ready_serves_all_and_is_begun_anew_when_it_was_killed(sample: Path) -> None:
    first = probe_image(sample / "current.tif")
    before = ready()
    assert probe_image(sample / "current.tif") == first
    assert ready() == before
    os.kill(before, signal.SIGKILL)
    assert is_gone(before)
    assert probe_image(sample / "current.tif") == first
    assert ready() != before


WAITING = """
import os, time
from pathlib import Path
Path("me").write_text(str(os.getpid()))
print('{"progress": 0}', flush=True)
time.sleep(60)
"""


def test_a_child_dies_with_what_is_ready_and_the_image_is_not_blamed(
    tmp_path: Path, pretend: Pretend
) -> None:
    pretend(WAITING)
    with pytest.raises(UnfinishedError, match="image_reader_not_started"):
        answer_of_child(
            "probe",
            {},
            folder=tmp_path,
            allowance=AMPLE,
            advance=lambda _: os.kill(ready(), signal.SIGKILL),
        )
    assert is_gone(int((tmp_path / "me").read_text()))


def test_what_a_child_leaves_behind_ends_with_it(tmp_path: Path, pretend: Pretend) -> None:
    pretend(
        "import os, time\nfrom pathlib import Path\nother = os.fork()\n"
        "if not other: time.sleep(60)\nPath('other').write_text(str(other))\n"
        'print(\'{"progress": 0}\\n{"result": {}}\')'
    )
    assert answer(tmp_path) == {}
    assert is_gone(int((tmp_path / "other").read_text()))
    assert children() == []


OWNER = """
import os, sys, threading, time
from pathlib import Path
from geo.intake import starting
from geo.intake.sandbox import Allowance, answer_of_child
ready, folder = sys.argv[1:]
starting._COMMAND = (sys.executable, "-I", "-c", ready)
asked = Allowance(seconds=60, memory_bytes=1_500_000_000, file_bytes=1_000_000)
def work():
    with open(Path(folder, "own"), "w"): pass
    answer_of_child("probe", {}, folder=Path(folder), allowance=asked, advance=told)
def told(_share):
    # Another process of ours, a fork, keeps all that this one has open, and lives on.
    other = os.fork()
    if not other:
        time.sleep(60)
        os._exit(0)
    print(starting._begun.all[-1].process.pid, other, flush=True)
    time.sleep(60)
def begin():
    with starting.child_in(Path(folder), job="probe", environment={}, complaints=sys.stderr): pass
first = threading.Thread(target=begin)
first.start()
first.join()
work()
"""
"""A thread begins what is ready and ends; then a child is begun."""


def test_nothing_outlives_an_owner_that_is_killed(tmp_path: Path, pretend: Pretend) -> None:
    pretend(WAITING)
    words = [sys.executable, "-c", OWNER, starting._COMMAND[-1], str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        begun, other = map(int, owner.stdout.readline().split())
        child = int((tmp_path / "me").read_text())
        try:
            assert not any(map(_is_gone_by_now, (begun, child)))
            owner.kill()
            owner.wait()
            assert is_gone(child)
            assert is_gone(begun)
        finally:
            os.kill(other, signal.SIGKILL)


def _is_gone_by_now(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


FORKED = """
import os, sys
from pathlib import Path
from geo.intake import starting
from geo.intake.image import probe_image
def look():
    probe_image(Path(sys.argv[1]))
    return starting._begun.all[-1].process.pid
mine = look()
starting._begun.lock.acquire()  # as another thread may hold it
child = os.fork()
if not child:
    theirs = look()
    starting.let_go()
    os._exit(theirs == mine)
starting._begun.lock.release()
status = os.waitpid(child, 0)[1]
print(status, look() == mine)
"""


def test_a_fork_of_ours_begins_its_own(sample: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORKED, str(sample / "current.tif")],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert (told.stdout.split(), told.stderr) == (["0", "True"], "")


def test_no_job_is_lost_to_one_that_is_ready_no_longer(tmp_path: Path, pretend: Pretend) -> None:
    """It goes whenever it has nothing to do: however often, whoever asks is answered."""
    pretend('print(\'{"progress": 0}\\n{"result": {}}\')', idle_s=0)
    seen, until = set(), time.monotonic() + 60
    with ThreadPoolExecutor(3) as pool:
        while len(seen) < 3:  # on a busy machine one may be asked for long without a pause
            for told in pool.map(answer, [tmp_path] * 20):
                assert told == {}
                with starting._begun.lock:
                    seen.add(ready())
            assert time.monotonic() < until


GOES = """
import select
from pathlib import Path
from geo.intake.ready import Ready
place = Path({place!r})
class Late(Ready):
    def _refuse(self):
        if (place / "served").exists():
            waiting = select.poll()
            waiting.register(self._door, select.POLLIN)
            waiting.poll()
            super()._refuse()
            (place / "refused").touch()
def work():
    (place / "served").touch()
    print('{{"progress": 0}}\\n{{"result": {{}}}}', flush=True)
Late(work, lambda job: None).serve(idle_s=0)
"""
"""It goes when it has nothing to do, but not before somebody came after all."""


def test_who_came_when_one_that_was_ready_goes_is_still_served(
    tmp_path: Path, pretend: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend("")
    words = (sys.executable, "-I", "-c", GOES.format(place=str(tmp_path)))
    monkeypatch.setattr(starting, "_COMMAND", words)
    until = time.monotonic() + 60
    while not (tmp_path / "refused").exists():
        assert answer(tmp_path) == {}
        assert time.monotonic() < until
        time.sleep(0.05)  # or the next is there before it can think of going


CRASHES = """
import os, time
from pathlib import Path
print('{"progress": 0}', flush=True)
if Path.cwd().name == "bad": os.kill(os.getpid(), 11)
while not Path("go on").exists(): time.sleep(0.01)
print('{"result": {}}')
"""


def test_after_a_crash_another_is_asked_and_what_runs_goes_on(
    tmp_path: Path, pretend: Pretend
) -> None:
    """Where libraries lie in memory is the same in all children of one."""
    pretend(CRASHES)
    good, bad, begun = tmp_path / "good", tmp_path / "bad", threading.Event()
    good.mkdir()
    bad.mkdir()
    with ThreadPoolExecutor(1) as pool:
        runs = pool.submit(
            answer_of_child,
            "probe",
            {},
            folder=good,
            allowance=AMPLE,
            advance=lambda _: begun.set(),
        )
        assert begun.wait(30)
        first = ready()
        with pytest.raises(RefusedError, match="image_unreadable"):
            answer(bad)
        with pytest.raises(RefusedError, match="image_unreadable"):
            answer(bad)
        assert ready() != first
        (good / "go on").touch()
        assert runs.result(30) == {}
    assert is_gone(first)


@pytest.mark.parametrize(
    "command", [("/absent",), (sys.executable, "-c", "raise ImportError('no library')")]
)
def test_where_nothing_can_be_ready_the_image_is_not_blamed(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting.let_go()
    monkeypatch.setattr(starting, "_COMMAND", command)
    for _ in range(2):
        with pytest.raises(UnfinishedError, match="image_reader_not_started"):
            answer(tmp_path)
    starting.let_go()


def test_a_library_that_is_not_there_is_complained_of_and_breaks_no_other_job(
    tmp_path: Path, pretend: Pretend, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="geo.intake.sandbox")
    pretend(
        'print(\'{"progress": 0}\\n{"result": {}}\')',
        load="lambda job: __import__('absent_library' if job == 'glance' else 'json')",
    )
    assert answer(tmp_path) == {}
    before = ready()
    with pytest.raises(UnfinishedError, match="image_reader_not_started"):
        answer_of_child("glance", {}, folder=tmp_path, allowance=AMPLE)
    assert "No module named 'absent_library'" in caplog.text
    assert answer(tmp_path) == {}
    assert ready() == before
