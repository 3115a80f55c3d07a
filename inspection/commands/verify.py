"""`tinjau verify`: prove or disprove a result, or the audit log."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geo.errors import about, naming
from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.errors import DisprovedError, UsageError
from inspection.terminal import failure
from inspection.wording.catalogue import wording

Log = Annotated[
    Path | None, typer.Option(help="An exported audit log: prove the result's place in it too.")
]
Keys = Annotated[
    list[Path] | None, typer.Option("--key", help="Public keys of the log, PEM; repeatable.")
]
Heads = Annotated[
    list[Path] | None,
    typer.Option("--head", help="Signed heads kept elsewhere, files or folders; repeatable."),
]


def verify(  # noqa: PLR0913 - one option each
    path: Annotated[
        Path,
        typer.Argument(help="An inspection's folder, its bundle, its PDF, or an exported log."),
    ],
    *,
    trust: Annotated[
        list[Path] | None, typer.Option(help="Certificates of known issuers, PEM; repeatable.")
    ] = None,
    log: Log = None,
    keys: Keys = None,
    heads: Heads = None,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Prove or disprove a result, offline, with nothing but its files or its log."""
    from inspection.evidence.log_file import is_log  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal import log_sheet, verdict  # noqa: PLC0415
    from inspection.wiring import log_proof, result_proof  # noqa: PLC0415

    settings = read_settings()
    words = wording(language or settings.language)
    proof = None
    with naming(path):
        if is_log(path):
            if log is not None:
                raise UsageError("two_logs")
            log = path
        else:
            proof = result_proof(path, trust, settings)
    logged = None
    if log is not None:
        seeking = None if proof is None else proof.report_sha256
        with naming(log):
            given = {"keys": keys or [], "heads": heads or []}
            logged = log_proof(log, **given, seeking=seeking, settings=settings)
    if as_json:
        answer = {} if proof is None else verdict.as_answer(proof)
        answer |= {} if logged is None else {"log": log_sheet.as_answer(logged)}
        sys.stdout.write(json.dumps(answer) + "\n")
    console = Console(quiet=quiet or as_json)
    if proof is not None:
        verdict.print_verdict(proof, console, words)
    if logged is not None:
        log_sheet.print_log(logged, console, words)
    flaws = [*(proof.flaws if proof else ()), *(logged.flaws if logged else ())]
    for first in flaws[:1]:
        with about(first.file):
            raise DisprovedError(first.code)
    if proof is not None and logged is not None and not logged.places:
        with about(path.name):
            raise DisprovedError("report_not_in_log", where=str(proof.report_sha256))
    return failure.DONE
