"""Rows run side by side, each in a process of its own, within a budget of memory and time."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from geo.errors import UnfinishedError
from inspection.batch.asked import Job, RowAsked
from inspection.batch.checking import Planned
from inspection.batch.store import FAILED, REFUSED, Ended, Folder, state_of, write
from inspection.errors import Interrupted
from inspection.jobs.ending import Ending
from inspection.jobs.limits import Limits
from inspection.jobs.running import Watched, run_child
from inspection.language import Json
from inspection.records.tables.inspections import InspectionState
from inspection.terminal.failure import UNFINISHED, Failure, problem_of

MODULE: Final = "inspection.batch.child"
TRIES: Final = 2
"""How often a row is begun that did not fail by its own input."""

_LOOK_EVERY_S: Final = 0.2
_MEMORY: Final = "job_memory_exceeded"
_STOPPING: Final = ("disk_full", "storage_denied")
"""What no other row would fare better with: the batch stops, and goes on when there is room."""


class Board(Protocol):
    """Somebody who watches the rows."""

    def at(self, one: Planned, seen: Watched) -> None:
        """A row runs, and is this far."""
        ...

    def ended(self, one: Planned, how: Ended) -> None:
        """A row has ended."""
        ...


@dataclass(frozen=True, kw_only=True)
class Means:
    """What a batch may use."""

    places: int
    """Rows at a time."""

    budget_mb: int
    """Memory of all of them together."""

    hours: float
    """Time of one try at one row."""

    records: Path | None
    command: Sequence[str]
    """The program that makes a row."""


@dataclass(kw_only=True)
class Crew:
    """Runs rows until each has its state."""

    folder: Folder
    means: Means
    board: Board
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self, planned: Sequence[Planned]) -> None:
        """
        Run all rows that have not ended; a row too large for its share runs again, alone.

        Raises
        ------
        UnfinishedError
            ``disk_full``, ``storage_denied``: nothing of what was done is lost.
        """
        todo = [one for one in planned if one.asked and self.folder.ended(one.asked) is None]
        share = self.means.budget_mb // self.means.places
        large = self._side_by_side(todo, places=self.means.places, memory_mb=share)
        if large:
            self._side_by_side(large, places=1, memory_mb=self.means.budget_mb)

    def _side_by_side(
        self, todo: Sequence[Planned], *, places: int, memory_mb: int
    ) -> list[Planned]:
        """Run rows at so many places; gives those that want more memory than their share."""
        limits = Limits(memory_mb=memory_mb, hours=self.means.hours)
        may_grow = memory_mb < self.means.budget_mb
        waiting, busy, large = list(todo), dict[Future[bool], Planned](), list[Planned]()
        with ThreadPoolExecutor(places) as pool:
            try:
                while waiting or busy:
                    while len(busy) < places and (one := self._next(waiting, busy)):
                        busy[pool.submit(self._row, one, limits, may_grow=may_grow)] = one
                    done, _ = wait(busy, timeout=_LOOK_EVERY_S, return_when=FIRST_COMPLETED)
                    for future in done:
                        one = busy.pop(future)
                        if not future.result():
                            large.append(one)
            finally:
                self._stop.set()
                for future in busy:
                    future.cancel()
        self._stop.clear()
        return large

    def _next(self, waiting: list[Planned], busy: dict[Future[bool], Planned]) -> Planned | None:
        """The next row; of one permit's, one at a time where results are filed with its record."""
        taken = {_permit(one) for one in busy.values()} if self.means.records else set()
        for number, one in enumerate(waiting):
            if _permit(one) is None or _permit(one) not in taken:
                return waiting.pop(number)
        return None

    def _row(self, one: Planned, limits: Limits, *, may_grow: bool) -> bool:
        """Run one row to its end; False where it wants more memory than its share."""
        asked = one.asked
        assert asked is not None  # noqa: S101 - only rows that can be run are
        began, peak = time.monotonic(), 0
        for number in range(1, TRIES + 1):
            seen = Watched()
            failed = self._try(one, asked, limits, seen)
            peak = max(peak, seen.peak_mb)
            code = str(failed.problem["code"]) if failed and failed.problem else None
            if code == _MEMORY and may_grow:
                return False
            if code in _STOPPING:
                raise UnfinishedError(code)
            if failed is None or not failed.again or code == _MEMORY or number == TRIES:
                how = Ended(
                    state=state_of(self.folder.result(asked)) if failed is None else _state(failed),
                    problem=_problem(failed),
                    seconds=round(time.monotonic() - began, 1),
                    peak_mb=peak,
                    tries=number,
                )
                self.folder.end(asked, how)
                self.folder.tidy(asked, keep_log=failed is not None)
                self.board.ended(one, how)
                return True
        raise AssertionError  # the last try ends the row

    def _try(self, one: Planned, asked: RowAsked, limits: Limits, seen: Watched) -> Ending | None:
        room = self.folder.room(asked)
        room.mkdir(parents=True, exist_ok=True)
        records = str(self.means.records.absolute()) if self.means.records else None
        job = Job(row=asked, created_at=self.folder.created_at, records=records)
        write(room / "job.json", job.model_dump_json().encode())
        return run_child(
            [room / "job.json", room / "inputs", self.folder.result(asked)],
            log=room / "log",
            wanted=self._watching(one),
            limits=limits,
            command=self.means.command,
            seen=seen,
        )

    def _watching(self, one: Planned) -> Callable[[Watched], bool]:
        def wanted(seen: Watched) -> bool:
            if self._stop.is_set():
                raise Interrupted
            self.board.at(one, seen)
            return True

        return wanted


def _permit(one: Planned) -> str | None:
    permit = one.asked.files.get("permit") if one.asked else None
    return permit.source if permit else None


def _state(failed: Ending) -> str:
    return REFUSED if failed.state == InspectionState.REFUSED else FAILED


def _problem(failed: Ending | None) -> dict[str, Json] | None:
    if failed is None or failed.problem is None:
        return None
    # The service tells of three tries and of its operator; here it is said otherwise.
    code = {
        "job_child_died": "batch_row_died",
        "job_memory_exceeded": "batch_row_memory",
        "job_time_exceeded": "batch_row_time",
    }.get(str(failed.problem["code"]))
    if code is None:
        return failed.problem
    facts = failed.problem["facts"]
    assert isinstance(facts, dict)  # noqa: S101 - a problem is told so
    told = {name: value for name, value in facts.items() if isinstance(value, str | int | float)}
    return problem_of(Failure(code=code, exit_code=UNFINISHED, facts=told))
