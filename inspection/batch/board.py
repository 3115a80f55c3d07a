"""The table of a batch on a terminal: what runs, how far it is, and what has ended."""

import threading
import time
from collections import Counter, deque
from types import TracebackType
from typing import Final, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from inspection.batch.checking import Planned
from inspection.batch.store import DONE, NOT_COMPARABLE, Ended
from inspection.batch.told import in_words
from inspection.jobs.running import Watched
from inspection.wording.catalogue import Wording

LATEST: Final = 8
"""Rows that ended last and are shown."""

_SIGNS: Final = {DONE: ("✓", "green"), NOT_COMPARABLE: ("≠", "yellow")}
_FAILED: Final = ("✗", "red")


class TerminalBoard:
    """`inspection.batch.running.Board` for a person; a pipe gets one plain line a row."""

    def __init__(self, console: Console, words: Wording, *, rows: int, known: Counter[str]) -> None:
        self._console, self._words = console, words
        self._rows, self._states = rows, Counter(known)
        self._made = 0
        self._running: dict[int, tuple[Planned, Watched]] = {}
        self._latest: deque[RenderableType] = deque(maxlen=LATEST)
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._live = Live(
            get_renderable=self._shown, console=console, refresh_per_second=4, transient=False
        )

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        if self._console.is_terminal:
            self._live.stop()

    def at(self, one: Planned, seen: Watched) -> None:
        """A row runs, and is this far."""
        with self._lock:
            self._running[one.line.number] = (one, seen)

    def ended(self, one: Planned, how: Ended) -> None:
        """A row has ended."""
        with self._lock:
            self._running.pop(one.line.number, None)
            self._states[how.state] += 1
            self._made += how.seconds is not None
            line = self._line(one, how)
            self._latest.append(line)
        if not self._console.is_terminal:
            self._console.print(line, highlight=False, soft_wrap=True)

    def _line(self, one: Planned, how: Ended) -> Text:
        sign, style = _SIGNS.get(how.state, _FAILED)
        told = in_words(how.problem or one.note, self._words)
        said = self._words.say(
            _said_of(how),
            row=one.line.number,
            name=_named(one),
            state=self._words.say(f"batch.states.{how.state}"),
            seconds=how.seconds,
            memory=how.peak_mb,
        )
        words = [said, *([told["code"]] if told["code"] else [])]
        if how.problem is not None:
            words[-1] += f": {told['message']}"  # what is to be known of a result is in batch.csv
        return Text.assemble((sign, style), " ", " ".join(words))

    def _shown(self) -> RenderableType:
        with self._lock:
            table = Table(box=None, pad_edge=False, show_header=False)
            for _, (one, seen) in sorted(self._running.items()):
                step = self._words.say(f"steps.{seen.step}") if seen.step else ""
                table.add_row(
                    str(one.line.number),
                    Text(_named(one)),
                    Text(step),
                    ProgressBar(total=1.0, completed=seen.share, width=20),
                    self._words.say("batch.memory", memory=seen.peak_mb) if seen.peak_mb else "",
                )
            return Group(self._head(), table, *self._latest)

    def _head(self) -> Text:
        count = self._states.total()
        passed = time.monotonic() - self._began
        left = passed / self._made * (self._rows - count) if self._made else None
        states = ", ".join(
            f"{self._words.say(f'batch.states.{state}')} {number}"
            for state, number in sorted(self._states.items())
        )
        said = self._words.say(
            "batch.head", count=count, rows=self._rows, states=states, minutes=passed / 60
        )
        more = self._words.say("batch.left", minutes=left / 60) if left is not None else ""
        return Text(f"{said} {more}".strip(), style="bold")


def _said_of(how: Ended) -> str:
    if how.seconds is None:
        return "batch.judged_row"
    return "batch.ended" if how.peak_mb is not None else "batch.ended_elsewhere"


def _named(one: Planned) -> str:
    if one.asked is None:
        return one.line.title
    return one.line.cells.get("permit") or one.asked.label
