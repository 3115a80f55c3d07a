"""Progress on a terminal: a line a step, a bar while it lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from inspection.ports import Advance
from inspection.wording.catalogue import Wording


class TerminalProgress:
    """`inspection.ports.Progress` for a person; a pipe gets one plain line a step."""

    def __init__(self, console: Console, words: Wording) -> None:
        self._console = console
        self._words = words
        self._bars = Progress(
            TextColumn("{task.description:<42}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        self._bars.stop()

    @contextmanager
    def step(self, name: str) -> Iterator[Advance]:
        """Show a step while it lasts."""
        words = self._words.say(f"steps.{name}")
        task = self._bars.add_task(words, total=1.0)
        if not self._console.is_terminal:
            self._console.print(words, highlight=False)

        yield lambda share: self._advance(task, share)
        self._bars.update(task, completed=1.0)

    def _advance(self, task: TaskID, share: float) -> None:
        self._bars.update(task, completed=share)
