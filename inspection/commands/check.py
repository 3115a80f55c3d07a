"""`tinjau check`: is this upload usable? what is it, where is it, what is wrong."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.errors import UsageError
from inspection.terminal import failure
from inspection.wording.catalogue import wording

if TYPE_CHECKING:  # loaded in the command, as below
    from inspection.check.checked import Answer


def check(  # noqa: PLR0913 - one per option of the command
    files: Annotated[list[Path], typer.Argument(help="Files or folders, of any kind.")],
    *,
    boundary: Annotated[
        Path | None, typer.Option(help="The permit's outline, which they are held against.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Rules that decide: a name, or a TOML file.")
    ] = None,
    gap: Annotated[
        Path | None, typer.Option(help="File to write what is not shown to, GeoJSON.")
    ] = None,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Decode every pixel; takes its time.")
    ] = False,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Say what files are, where they lie and what is wrong with them, before any upload."""
    # Loaded here: a person who asks for help should not wait for the libraries of a raster.
    from inspection.check.examination import check as checked  # noqa: PLC0415
    from inspection.check.limits import check_limits  # noqa: PLC0415
    from inspection.profiles.profile import read_profile  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal import checklist  # noqa: PLC0415

    if gap is not None:
        _require_free(gap)
    settings = read_settings()
    spoken = language or settings.language
    words = wording(spoken)
    answer = checked(
        files,
        boundary=boundary,
        limits=check_limits(read_profile(profile or settings.profile)),
        now=datetime.now(UTC),
        thorough=thorough,
    )
    if gap is not None:
        _write_new(gap, json.dumps(checklist.gaps(answer)))
    if as_json:
        sys.stdout.write(json.dumps(checklist.as_answer(answer, words)) + "\n")
    checklist.print_checklist(answer, Console(quiet=quiet or as_json), words)
    refused = refusal(answer)
    return failure.DONE if refused is None else failure.tell(refused, spoken)


def refusal(answer: "Answer") -> failure.Failure | None:
    """Give the first problem for which a file cannot be used."""
    # What cannot be used comes before what could not be looked at: only that is final.
    errors = [(one.file, problem) for one in answer.files for problem in one.refusals]
    for file, first in sorted(errors, key=lambda error: error[1].retry)[:1]:
        return failure.Failure(
            code=first.code,
            exit_code=failure.UNFINISHED if first.retry else failure.REFUSED,
            facts={name: fact for name, fact in first.said.items() if fact is not None},
            file=file,
            where=first.where,
        )
    return None


def _require_free(path: Path) -> None:
    """Refuse at once what could not be written in the end."""
    if os.path.lexists(path):
        raise UsageError("out_exists", name=path.name)
    if not path.parent.is_dir():
        raise UsageError("out_impossible", name=path.name)


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError("out_exists", name=path.name) from error
    except (PermissionError, NotADirectoryError, FileNotFoundError) as error:
        raise UsageError("out_impossible", name=path.name) from error
