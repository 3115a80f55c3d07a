"""What is said of a batch when it was judged, and when it has ended."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inspection.wording.catalogue import Wording

MOST_SHOWN: Final = 100


def print_conducted(
    answer: Mapping[str, Any], folder: str, console: Console, words: Wording
) -> None:
    """Print how the rows ended, and where the files lie."""
    states = ", ".join(
        f"{words.say(f'batch.states.{state}')} {count}" for state, count in answer["states"].items()
    )
    said = words.say(
        "batch.done",
        rows=answer["rows"],
        states=states,
        findings=answer["findings"],
        carried=answer["carried"],
    )
    console.print(Text(said, style="bold"))
    console.print(Text(words.say("batch.files", folder=folder, files=", ".join(answer["files"]))))


def print_problems(
    rows: int,
    problems: Sequence[Mapping[str, Any]],
    notes: Sequence[Mapping[str, Any]],
    console: Console,
    words: Wording,
) -> None:
    """Print which rows cannot be run, and why; then what is to be known of others."""
    said = words.say("batch.judged", rows=rows, ready=rows - len(problems))
    console.print(Text(said, style="bold"))
    table = Table(box=None, pad_edge=False, show_header=False)
    told = [*((one, "red") for one in problems), *((one, "yellow") for one in notes)]
    for one, style in told[:MOST_SHOWN]:
        said = f"{one['message']} {one['hint']}"
        table.add_row(str(one["row"]), Text(one["code"], style=style), Text(said))
    console.print(table)
    if len(told) > MOST_SHOWN:
        console.print(Text(words.say("batch.more_problems", count=len(told) - MOST_SHOWN)))
