"""`tinjau import`: what files of other systems bring, shown first or put on the record."""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console

from geo.errors import RefusedError
from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.errors import UsageError
from inspection.terminal import failure
from inspection.wording.catalogue import wording

# Loaded by the command: a person who asks for help should not wait for the database's library.
if TYPE_CHECKING:
    from inspection.exchange.permits.imported import Reading
    from inspection.records.store import Records
    from inspection.settings import Settings


def import_permits(  # noqa: PLR0913 - one per option of the command
    files: Annotated[list[Path], typer.Argument(help="What another system exported.")],
    *,
    mapping: Annotated[
        list[str],
        typer.Option(
            metavar="NAME|FILE",
            help="How the files are read: one mapping for all, or one for each in the same order.",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and keep nothing.")
    ] = False,
    office: Annotated[str | None, typer.Option(metavar="CODE", help="Code of the office.")] = None,
    by: Annotated[
        str | None, typer.Option(metavar="LOGIN", help="Whose import it is, by their login.")
    ] = None,
    stage: Annotated[
        str, typer.Option(help="What outlines are: applied, granted or amended.")
    ] = "granted",
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Put on the record what other systems export of permits; first try it with --dry-run."""
    # Loaded here: a person who asks for help should not wait for the libraries of shapes.
    from inspection.exchange.permits.imported import Reading  # noqa: PLC0415
    from inspection.exchange.permits.merging import merged  # noqa: PLC0415
    from inspection.exchange.permits.reading import read_permits  # noqa: PLC0415
    from inspection.records.own_mappings import mapping_named  # noqa: PLC0415
    from inspection.records.tables.permits import BoundaryStage  # noqa: PLC0415
    from inspection.records.taking_in import Taken, take_in  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal import change_sheet, import_sheet  # noqa: PLC0415

    settings = read_settings()
    speaking = language or settings.language
    words = wording(speaking)
    if stage not in list(BoundaryStage):
        raise UsageError("stage_unknown", where=stage)
    names = _for_each(mapping, len(files))
    now = datetime.now(UTC)
    readings: list[Reading] = []
    refused: list[RefusedError] = []
    taken: list[Taken] = []
    with _records(settings, dry_run=dry_run) as records:
        place, person = _for_whom(records, office, by)
        with records.reading(place) as session:
            mappings = [mapping_named(session, name) for name in names]
        for file, rules in zip(files, mappings, strict=True):
            try:
                readings.append(read_permits(file, rules, imported_at=now))
            except RefusedError as error:
                refused.append(error)
        if not refused and _is_all_refused(readings):
            refused.append(RefusedError("import_all_refused", where=readings[0].origin.file))
        if dry_run or not refused:
            taken = take_in(
                records,
                place,
                readings,
                stage=BoundaryStage(stage),
                actor=person,
                dry_run=dry_run,
            )
    permits = merged(one for reading in readings for one in reading.permits)
    is_done = any(one.file is not None for one in taken)
    if as_json:
        answer = import_sheet.as_answer(readings, permits, refused, words)
        changes = change_sheet.as_answer(taken)
        answer = {**answer, "imported": is_done, "changes": changes}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    console = Console(quiet=quiet or as_json)
    import_sheet.print_sheet(readings, permits, refused, console, words)
    change_sheet.print_changes(taken, console, words, dry_run=dry_run)
    if refused:
        return failure.tell(failure.failure_of(refused[0]), speaking)
    return failure.DONE


def _is_all_refused(readings: "Sequence[Reading]") -> bool:
    """Whether not one record of the files could be read."""
    return any(one.refused for one in readings) and not any(one.permits for one in readings)


def _for_each(mappings: Sequence[str], files: int) -> Sequence[str]:
    if len(mappings) == 1:
        return list(mappings) * files
    if len(mappings) != files:
        raise UsageError("import_mappings_uneven", mappings=len(mappings), files=files)
    return mappings


@contextmanager
def _records(settings: "Settings", *, dry_run: bool) -> "Iterator[Records]":
    """Open the records; to try where there are none yet, some that vanish afterwards."""
    from inspection.access.people import first_admin  # noqa: PLC0415
    from inspection.installation import open_installation  # noqa: PLC0415
    from inspection.wiring import open_database  # noqa: PLC0415

    is_there = settings.database is not None or (settings.data / "records.db").exists()
    with tempfile.TemporaryDirectory() as folder:
        passing = settings.model_copy(update={"data": Path(folder)})
        is_real = is_there or not dry_run
        records, engine = open_installation(settings) if is_real else open_database(passing)
        try:
            if not is_real:
                first_admin(records, profile=settings.profile, language=settings.language)
            yield records
        finally:
            engine.dispose()


def _for_whom(
    records: "Records", office: str | None, login: str | None
) -> tuple[UUID, UUID | None]:
    """Which office takes the files in, and which person of it, who must be allowed to."""
    from inspection.access.office import actor_named, office_named  # noqa: PLC0415
    from inspection.access.rights import Action, authorize  # noqa: PLC0415

    if login is None:
        return office_named(records, office), None
    actor = actor_named(records, login)
    if office is not None and office_named(records, office) != actor.office_id:
        raise RefusedError("user_unknown", where=login)
    authorize(actor, Action.PERMIT_IMPORT)
    return actor.office_id, actor.user_id
