"""`tinjau batch`: many inspections by one table; goes on after any end, stops at no bad row."""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from inspection.commands.options import AsJson, Quiet
from inspection.errors import UsageError
from inspection.language import Language
from inspection.terminal import failure
from inspection.wording.catalogue import Wording, wording

# Loaded by the command: a person who asks for help should not wait for these libraries.
if TYPE_CHECKING:
    from inspection.batch.ordered import Order
    from inspection.batch.running import Board


def batch(  # noqa: PLR0913 - one per option of the command
    table: Annotated[
        Path | None, typer.Argument(help="One row an inspection: .csv, .xlsx or .gpkg.")
    ] = None,
    *,
    out: Annotated[Path, typer.Option(help="Folder of the batch; one that was begun goes on.")],
    permits: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="Permits of the records in place of a table; * is all."),
    ] = None,
    office: Annotated[str | None, typer.Option(metavar="CODE", help="Code of the office.")] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, metavar="N", help="How many rows to run at a time.")
    ] = 1,
    memory: Annotated[
        str | None, typer.Option(metavar="SIZE", help="What all rows may take together, as 8G.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Rules for rows that name none: a name, or a TOML file.")
    ] = None,
    language: Annotated[Language | None, typer.Option(help="Language of the results.")] = None,
    records: Annotated[
        Path | None, typer.Option(help="Folder of permits' records to file each result in.")
    ] = None,
    created_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"],
            help="Time of the inspections instead of now; UTC where it names no zone.",
        ),
    ] = None,
    on_workers: Annotated[
        str | None,
        typer.Option(
            metavar="LOGIN",
            help="Have the installation's workers make the rows, asked for by this person.",
        ),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Run again what was refused or failed.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Only judge the table; with --profile, say which published answers would change.",
        ),
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Run many inspections by one table, and gather them; the same command goes on."""
    # Loaded here: a person who asks for help should not wait for these libraries.
    from inspection.batch.memory import budget_mb  # noqa: PLC0415
    from inspection.batch.ordered import Order  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415

    if (table is None) == (permits is None):
        raise UsageError("batch_table_or_permits")
    settings = read_settings()
    moment = created_at or datetime.now(UTC)
    order = Order(
        table=table,
        permits=permits,
        office=office,
        settings=settings,
        profile=profile or settings.profile,
        language=language or settings.language,
        workers=workers,
        budget_mb=budget_mb(memory),
        records=records,
        moment=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
    )
    console = Console(quiet=quiet or as_json, highlight=False)
    if on_workers is not None:
        for name, given in (
            ("--memory", memory),
            ("--records", records),
            ("--created-at", created_at),
            ("--office", office),
            ("--dry-run", dry_run or None),
        ):
            if given is not None:
                raise UsageError("batch_not_on_workers", where=name)
        answer = _handed(order, (on_workers, profile, language), out, console, retry=retry)
    elif not dry_run:
        answer = _run(order, out, console, retry=retry)
    elif profile is None:
        answer = _judged(order, console)
    else:
        answer = _tried(order, out, console)
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return failure.DONE


def _run(order: "Order", out: Path, console: Console, *, retry: bool) -> dict[str, Any]:
    from inspection.batch.conducting import gather, run_rows  # noqa: PLC0415
    from inspection.batch.store import Folder  # noqa: PLC0415
    from inspection.terminal.batch_lines import print_conducted  # noqa: PLC0415

    words = wording(order.language)
    _ = order.written  # a table that is none begins no batch
    with Folder.opened(out, created_at=order.moment) as folder:
        folder.made_by(order.origin)
        planned = order.planned(folder.paper)
        _begin(order, len(planned), console, words)
        run_rows(
            planned,
            folder,
            means=order.means(),
            watching=_watching(console, words),
            retry=retry,
        )
        done = gather(planned, folder, table=order.named, words=words)
    print_conducted(done.as_json(), str(out), console, words)
    return {**done.as_json(), "folder": str(out)}


def _handed(
    order: "Order",
    asked: tuple[str, str | None, Language | None],
    out: Path,
    console: Console,
    *,
    retry: bool,
) -> dict[str, Any]:
    """Have the workers of the installation make the rows, and gather what they made."""
    from inspection.batch.conducting import gather  # noqa: PLC0415
    from inspection.batch.handed import fingerprint, handing  # noqa: PLC0415
    from inspection.batch.store import Folder  # noqa: PLC0415
    from inspection.terminal.batch_lines import print_conducted  # noqa: PLC0415

    words = wording(order.language)
    with handing(order.settings, *asked) as (by, usual):
        table = by.of_permits(order.permits) if order.permits is not None else order.of_office
        with Folder.opened(out, created_at=order.moment) as folder:
            folder.made_by(order.origin)
            rows = fingerprint(table)
            batch = folder.handed(rows)
            if batch is None:
                batch = by.ask(table, usual, table=order.named)
                folder.hand(rows, batch)
            elif retry:
                by.retry(batch)
            console.print(Text(words.say("batch.handed", rows=len(table), batch=str(batch))))
            planned = by.gathered(batch, table, folder, _watching(console, words))
            done = gather(planned, folder, table=order.named, words=words)
    print_conducted(done.as_json(), str(out), console, words)
    return {**done.as_json(), "folder": str(out), "batch": str(batch)}


def _judged(order: "Order", console: Console) -> dict[str, Any]:
    """Say of each row whether it can be run, and run none."""
    from inspection.batch.checking import with_papers_read  # noqa: PLC0415
    from inspection.batch.store import paper_in  # noqa: PLC0415
    from inspection.batch.told import in_words  # noqa: PLC0415
    from inspection.terminal.batch_lines import print_problems  # noqa: PLC0415

    words = wording(order.language)
    with tempfile.TemporaryDirectory() as room:
        planned = with_papers_read(
            order.planned(lambda content, name: paper_in(Path(room), content, name))
        )
    problems = [
        {"row": one.line.number, **in_words(one.problem, words)} for one in planned if one.problem
    ]
    notes = [{"row": one.line.number, **in_words(one.note, words)} for one in planned if one.note]
    print_problems(len(planned), problems, notes, console, words)
    ready = len(planned) - len(problems)
    return {"rows": len(planned), "ready": ready, "problems": problems, "notes": notes}


def _tried(order: "Order", out: Path, console: Console) -> dict[str, Any]:
    """Run all rows under new rules beside what stands, and say which answers would change."""
    from inspection.batch.conducting import run_rows  # noqa: PLC0415
    from inspection.batch.store import Folder, write  # noqa: PLC0415
    from inspection.batch.what_if import (  # noqa: PLC0415
        as_answer,
        changes,
        changes_csv,
        print_changes,
    )

    words = wording(order.language)
    with ExitStack() as opened:
        published, moment = {}, order.moment
        if order.permits is None:
            if not (out / "batch.json").is_file():
                raise UsageError("batch_nothing_published", name=out.name)
            standing = opened.enter_context(Folder.opened(out, created_at=order.moment))
            published, moment = standing.published(), standing.created_at
        trial = opened.enter_context(Folder.opened(order.trial_in(out), created_at=moment))
        planned = order.planned(trial.paper, every_profile=True)
        _begin(order, len(planned), console, words)
        run_rows(planned, trial, means=order.means(), watching=_watching(console, words))
        found = list(
            changes(
                planned,
                trial=trial,
                published=published,
                objects=order.objects if order.permits is not None else None,
                words=words,
            )
        )
        write(trial.root / "what-if.csv", changes_csv(found))
    print_changes(found, console, words)
    return {**as_answer(found), "folder": str(trial.root)}


def _begin(order: "Order", rows: int, console: Console, words: Wording) -> None:
    means = order.means()
    said = words.say("batch.begins", rows=rows, places=means.places, memory=means.budget_mb)
    console.print(Text(said))


def _watching(
    console: Console, words: Wording
) -> "Callable[[int, Counter[str]], AbstractContextManager[Board]]":
    from inspection.batch.board import TerminalBoard  # noqa: PLC0415

    return lambda rows, known: TerminalBoard(console, words, rows=rows, known=known)
