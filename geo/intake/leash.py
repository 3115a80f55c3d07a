"""A leash: pieces of work whose children run at the same time, and all end at once if need be."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final


class Leash:
    """
    Holds every child that is begun by the work given to it, on whichever thread.

    Only one of them goes on at a time in this process, where libraries change what all threads
    share: what is to be warned of, before all. The others go on while it waits for a child. Pulled,
    the leash ends all children, and no other begins.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []
        self._is_pulled = False

    def holding[**Given, Result](self, work: Callable[Given, Result]) -> Callable[Given, Result]:
        """Give the same work; what children it begins are on this leash."""

        def held(*given: Given.args, **named: Given.kwargs) -> Result:
            before = _held_by.set(self)
            try:
                with self._turn:
                    return work(*given, **named)
            finally:
                _held_by.reset(before)

        return held

    def pull(self) -> None:
        """End all children; the work that waits for them raises InterruptedError."""
        with self._lock:
            self._is_pulled = True
            for end in self._ends:
                end()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let other work on this leash go on while this one waits."""
        self._turn.release()
        try:
            yield
        finally:
            self._turn.acquire()

    @contextmanager
    def _tied(self, end: Callable[[], None]) -> Iterator[None]:
        with self._lock:
            if self._is_pulled:
                raise InterruptedError
            self._ends.append(end)
        try:
            with self.aside():
                yield
        finally:
            with self._lock:
                self._ends.remove(end)
        if self._is_pulled:
            raise InterruptedError


_held_by: Final[ContextVar[Leash | None]] = ContextVar("held_by", default=None)


@contextmanager
def leashed(end: Callable[[], None]) -> Iterator[None]:
    """
    Wait for a child, which the leash may `end` that the work of this thread is on, if it is on one.

    Raises
    ------
    InterruptedError
        If the leash was pulled, before or meanwhile.
    """
    leash = _held_by.get()
    if leash is None:
        yield
    else:
        with leash._tied(end):  # noqa: SLF001 - these two are one
            yield
