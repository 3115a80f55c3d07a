"""All children on a leash end when it is pulled, none begins after, and others live on."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geo.errors import RefusedError
from geo.intake.leash import Leash
from geo.intake.sandbox import Allowance, answer_of_child
from tests.geo.intake.test_sandbox import Pretend, children

AMPLE = Allowance(seconds=60, memory_bytes=1_500_000_000, file_bytes=100_000_000)
PATIENT = """
import sys, time
asked = sys.stdin.readline()
print('{"progress": 0}', flush=True)
while '"waits": true' in asked: time.sleep(1)
print('{"result": {}}', flush=True)
"""


def asked(folder: Path, begun: threading.Semaphore, *, waits: bool) -> dict[str, object]:
    return answer_of_child(
        "probe",
        {"waits": waits},
        folder=folder,
        allowance=AMPLE,
        advance=lambda _share: begun.release(),
    )


def test_a_pulled_leash_ends_all_it_holds_and_nothing_else(
    tmp_path: Path, pretend: Pretend
) -> None:
    pretend(PATIENT)
    leash, others, begun = Leash(), Leash(), threading.Semaphore(0)
    before = len(children())
    with ThreadPoolExecutor(3) as pool:
        held = [pool.submit(leash.holding(asked), tmp_path, begun, waits=True) for _ in range(2)]
        apart = pool.submit(others.holding(asked), tmp_path, begun, waits=True)
        for _ in range(3):
            assert begun.acquire(timeout=30)
        assert len(children()) == before + 3
        leash.pull()
        for one in held:
            with pytest.raises(InterruptedError):
                one.result(30)
        assert len(children()) == before + 1
        assert not apart.done()
        with pytest.raises(InterruptedError):
            leash.holding(asked)(tmp_path, begun, waits=False)
        assert len(children()) == before + 1
        assert asked(tmp_path, begun, waits=False) == {}
        others.pull()
        with pytest.raises(InterruptedError):
            apart.result(30)
    assert len(children()) == before


def test_one_piece_of_work_goes_on_at_a_time_unless_it_waits(
    tmp_path: Path, pretend: Pretend
) -> None:
    """Where it waits for a child, that child may need what the other work does meanwhile."""
    pretend(PATIENT)
    leash, begun = Leash(), threading.Semaphore(0)
    alone, waiting = threading.Semaphore(1), threading.Event()

    def work(number: int) -> int:
        for _ in range(50):
            assert alone.acquire(blocking=False)
            time.sleep(0.001)
            alone.release()
        if number == 0:
            with leash.aside():
                assert waiting.wait(20)
        else:
            waiting.set()
        assert asked(tmp_path, begun, waits=False) == {}
        assert alone.acquire(blocking=False)
        time.sleep(0.01)
        alone.release()
        return number

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(leash.holding(work), range(3))) == [0, 1, 2]


def test_work_on_a_leash_answers_and_fails_as_any(tmp_path: Path, pretend: Pretend) -> None:
    leash, begun = Leash(), threading.Semaphore(0)
    pretend(PATIENT)
    assert leash.holding(asked)(tmp_path, begun, waits=False) == {}
    pretend("print('{\"progress\": 0}', flush=True)")
    with pytest.raises(RefusedError, match="image_unreadable"):
        leash.holding(asked)(tmp_path, begun, waits=False)
