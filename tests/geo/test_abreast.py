"""Work side by side comes in order, is not done far ahead, and fails in its turn."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from geo import abreast as module
from geo.abreast import MOST_THREADS, abreast
from geo.ahead import ahead


@pytest.fixture(autouse=True)
def _many_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "processors", lambda: 8)


def test_results_come_in_order_though_two_are_made_at_a_time() -> None:
    both = threading.Barrier(MOST_THREADS, timeout=20)

    def square(value: int) -> int:
        both.wait()  # one alone would wait for the other in vain
        return value * value

    assert list(abreast(square, range(6))) == [0, 1, 4, 9, 16, 25]


def test_no_more_is_begun_than_there_are_threads() -> None:
    taken: list[int] = []

    def values() -> Iterator[int]:
        for value in range(100):
            taken.append(value)
            yield value

    results = abreast(str, values())
    assert next(results) == "0"
    assert len(taken) <= MOST_THREADS + 1
    results.close()  # type: ignore[attr-defined]
    assert len(taken) <= MOST_THREADS + 1


def test_what_fails_is_told_when_its_turn_comes() -> None:
    def halved(value: int) -> float:
        return 6 / value

    results = abreast(halved, [3, 2, 0, 1])
    assert [next(results), next(results)] == [2.0, 3.0]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_whoever_leaves_early_says_so_before_what_is_under_way_is_waited_for() -> None:
    over, left = threading.Event(), list[str]()

    def work(number: int) -> int:
        if number == 0:
            raise ZeroDivisionError
        assert over.wait(20)  # it would never end by itself
        return number

    def leave() -> None:
        left.append("left")
        over.set()

    with pytest.raises(ZeroDivisionError):
        list(abreast(work, [0, 1], leave=leave))
    assert left == ["left"]
    over.clear()
    results = abreast(work, iter([1, 2, 0]), leave=leave)
    threading.Timer(0.2, over.set).start()
    assert next(results) == 1
    results.close()  # type: ignore[attr-defined]
    assert left == ["left", "left"]


def test_whoever_takes_all_results_leaves_nothing() -> None:
    def leave() -> None:
        raise AssertionError

    assert list(abreast(str, [1, 2, 3], leave=leave)) == ["1", "2", "3"]


def test_a_process_held_to_one_processor_has_one() -> None:
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from geo.abreast import processors; print(processors())"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.split() == ["1"]


@pytest.mark.parametrize(
    "begin", [lambda: abreast(str, [1, 2]), lambda: ahead(iter([1, 2]), most=1)]
)
def test_no_room_for_a_thread_is_too_little_memory(
    monkeypatch: pytest.MonkeyPatch, begin: Callable[[], Iterator[object]]
) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(MemoryError):
        next(begin())
