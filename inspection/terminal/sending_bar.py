"""How far a file is on its way: a bar with its rate and the time left; nothing on a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


@contextmanager
def sending_bar(name: str, size: int, console: Console) -> Iterator[Callable[[int], None]]:
    """Show a file while it is sent; what is given is told how many bytes have arrived."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(name, total=size)
        yield lambda sent: bars.update(task, completed=sent)
