"""`tinjau verify`: prove or disprove a result."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geo.errors import about, naming
from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.errors import DisprovedError
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def verify(
    path: Annotated[Path, typer.Argument(help="The folder of an inspection, or its PDF.")],
    *,
    trust: Annotated[
        list[Path] | None, typer.Option(help="Certificates of known issuers, PEM; repeatable.")
    ] = None,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Prove or disprove a result, offline, with nothing but its folder or its PDF."""
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal.verdict import as_answer, print_verdict  # noqa: PLC0415
    from inspection.wiring import folder_proof, paper_proof  # noqa: PLC0415

    settings = read_settings()
    words = wording(language or settings.language)
    with naming(path):
        proof = folder_proof(path) if path.is_dir() else paper_proof(path, trust, settings)
    if as_json:
        sys.stdout.write(json.dumps(as_answer(proof)) + "\n")
    print_verdict(proof, Console(quiet=quiet or as_json), words)
    for first in proof.flaws[:1]:
        with about(first.file):
            raise DisprovedError(first.code)
    return failure.DONE
