"""Work side by side comes in order, is not done far ahead, and fails in its turn."""

import threading
from collections.abc import Callable, Iterator

import pytest

from geo import abreast as module
from geo.abreast import MOST_THREADS, abreast
from geo.ahead import ahead


@pytest.fixture(autouse=True)
def _many_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.os, "cpu_count", lambda: 8)


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
