"""What is said of a batch when it was judged, and when it has ended."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inspection.wording.catalogue import Wording

MOST_LISTED: Final = 20
"""Sentences under the same reason; --json has all."""

MOST_RUNS: Final = 3
"""Numbers of rows beside the same sentence."""


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
    if answer["codes"]:
        codes = ", ".join(f"{code} {count}" for code, count in answer["codes"].items())
        console.print(Text(words.say("batch.codes", codes=codes)))
    console.print(Text(words.say("batch.files", folder=folder, files=", ".join(answer["files"]))))


def print_problems(
    rows: int,
    problems: Sequence[Mapping[str, Any]],
    notes: Sequence[Mapping[str, Any]],
    console: Console,
    words: Wording,
) -> None:
    """Print which rows cannot be run, and why, the same reason together; then what else is so."""
    said = words.say("batch.judged", rows=rows, ready=rows - len(problems))
    console.print(Text(said, style="bold"))
    for style, told in (("red", problems), ("yellow", notes)):
        alike = defaultdict(list)
        for one in told:
            alike[one["code"], one["hint"]].append(one)
        for (code, hint), some in alike.items():
            said = words.say("batch.problem_head", code=code, count=len(some), hint=hint)
            head = Text(said)
            head.stylize(style, 0, len(code))
            console.print(head)
            table = Table(box=None, pad_edge=False, show_header=False)
            table.add_column(no_wrap=True)
            table.add_column()
            said_of = defaultdict(list)
            for one in some:
                said_of[one["message"]].append(int(one["row"]))
            listed = list(said_of.items())
            for message, numbers in listed[:MOST_LISTED]:
                table.add_row(f"  {_runs(numbers)}", Text(message))
            console.print(table)
            if more := sum(len(numbers) for _, numbers in listed[MOST_LISTED:]):
                console.print(Text(words.say("batch.more_problems", count=more)))


def _runs(rows: Sequence[int]) -> str:
    """Numbers of rows, those that follow one another as the first and the last."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    said = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    return ", ".join([*said[:MOST_RUNS], *(["…"] if len(said) > MOST_RUNS else [])])
