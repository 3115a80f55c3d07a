"""`tinjau report`: print the report of a finished result again, in another language."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geo.errors import RefusedError, naming
from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.desk import fresh_folder
from inspection.errors import DisprovedError
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def report(
    folder: Annotated[Path, typer.Argument(help="The folder of an inspection.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder to make for the report.")],
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Print the report of a finished result in another language, from the same sealed data."""
    from inspection.evidence.canonical import read_canonical  # noqa: PLC0415
    from inspection.evidence.verify import verify  # noqa: PLC0415
    from inspection.report.issue import issue  # noqa: PLC0415
    from inspection.schema import from_json  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415

    spoken = language or read_settings().language
    with naming(folder):
        if not folder.is_dir():
            raise RefusedError("input_missing")
        for flaw in verify(folder).flaws[:1]:
            raise DisprovedError("report_not_intact", where=flaw.file)
        inspection = from_json(read_canonical(folder / "inspection.json"))
    with fresh_folder(out) as (desk, _drawer):
        issue(inspection, pictures=folder, out=desk, language=spoken)
    if as_json:
        files = sorted(path.name for path in out.iterdir())
        sys.stdout.write(json.dumps({"inspection": inspection.id, "files": files}) + "\n")
    Console(quiet=quiet or as_json).print(
        wording(spoken).say("summary.folder", folder=str(out)), markup=False, highlight=False
    )
    return failure.DONE
