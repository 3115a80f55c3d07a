"""`tinjau import`: what files of other systems would bring, before anything is taken over."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geo.errors import RefusedError
from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.errors import UsageError
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def import_permits(
    files: Annotated[list[Path], typer.Argument(help="What another system exported.")],
    *,
    mapping: Annotated[
        list[str],
        typer.Option(
            metavar="NAME|FILE",
            help="How the files are read: one mapping for all, or one for each in the same order.",
        ),
    ],
    dry_run: Annotated[  # noqa: ARG001 - the only way there is so far
        bool, typer.Option("--dry-run", help="Take nothing over; so far it never does.")
    ] = False,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Show what an import of permits would bring, and what not; nothing is taken over yet."""
    # Loaded here: a person who asks for help should not wait for the libraries of shapes.
    from inspection.exchange.permits.imported import Reading  # noqa: PLC0415
    from inspection.exchange.permits.mapping import read_mapping  # noqa: PLC0415
    from inspection.exchange.permits.merging import merged  # noqa: PLC0415
    from inspection.exchange.permits.reading import read_permits  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal import import_sheet  # noqa: PLC0415

    speaking = language or read_settings().language
    words = wording(speaking)
    mappings = [read_mapping(name) for name in _for_each(mapping, len(files))]
    now = datetime.now(UTC)
    readings: list[Reading] = []
    refused: list[RefusedError] = []
    for file, by in zip(files, mappings, strict=True):
        try:
            readings.append(read_permits(file, by, imported_at=now))
        except RefusedError as error:
            refused.append(error)
    permits = merged(one for reading in readings for one in reading.permits)
    if as_json:
        answer = import_sheet.as_answer(readings, permits, refused, words)
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    import_sheet.print_sheet(readings, permits, refused, Console(quiet=quiet or as_json), words)
    if refused:
        return failure.tell(failure.failure_of(refused[0]), speaking)
    return failure.DONE


def _for_each(mappings: Sequence[str], files: int) -> Sequence[str]:
    if len(mappings) == 1:
        return list(mappings) * files
    if len(mappings) != files:
        raise UsageError("import_mappings_uneven", mappings=len(mappings), files=files)
    return mappings
