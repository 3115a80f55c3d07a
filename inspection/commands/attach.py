"""`tinjau attach`: file a finished result with its permit's record."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geo.errors import RefusedError, naming
from inspection.commands.options import AsJson, Quiet, Records, Speaking
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def attach(
    folder: Annotated[Path, typer.Argument(help="The folder of an inspection with a permit.")],
    *,
    records: Records = None,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """File a finished result with its permit's record, where inspecting could not."""
    from inspection.evidence.canonical import read_canonical  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.wiring import archive_at  # noqa: PLC0415

    settings = read_settings()
    words = wording(language or settings.language)
    with naming(folder):
        permit = read_canonical(folder / "inspection.json")["permit"]
        if permit is None:
            raise RefusedError("report_without_permit")
        filed = archive_at(records, settings).file(permit["id"], folder)
    if as_json:
        sys.stdout.write(json.dumps(asdict(filed)) + "\n")
    Console(quiet=quiet or as_json).print(
        words.say("summary.filed", permit=filed.permit_id, sequence=filed.sequence),
        highlight=False,
    )
    return failure.DONE
