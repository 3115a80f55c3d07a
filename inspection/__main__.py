"""The command line: parse, call, print; every way to end has its exit code."""

import json
import os
import signal
import sys
import traceback
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from typer.exceptions import TyperException

from geo.errors import RefusedError, about, naming
from inspection.errors import DisprovedError, Interrupted, UsageError
from inspection.model import Language, RegistrationStatus, Request
from inspection.terminal import failure
from inspection.wiring import (
    PAPER_CHECKS,
    REPORT_FONT,
    archive_at,
    paper_proof,
    read_settings,
)
from inspection.wording.catalogue import wording

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Inspect drone flights over mining permits; results are measured and sealed.",
)

Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one result object.")]


@app.command()
def inspect(  # noqa: PLR0913 - one per option of the command
    *,
    boundary: Annotated[Path, typer.Option(help="The permit's outline, GeoJSON.")],
    current: Annotated[Path, typer.Option(help="The orthophoto to inspect, GeoTIFF.")],
    out: Annotated[Path, typer.Option(help="Folder to make for the result.")],
    baseline: Annotated[
        Path | None, typer.Option(help="An earlier orthophoto to compare it with.")
    ] = None,
    control_points: Annotated[
        Path | None, typer.Option(help="Surveyed places in the current orthophoto, CSV.")
    ] = None,
    current_dsm: Annotated[
        Path | None, typer.Option(help="Surface heights of the current flight, GeoTIFF.")
    ] = None,
    baseline_dsm: Annotated[
        Path | None, typer.Option(help="Surface heights of the earlier flight, GeoTIFF.")
    ] = None,
    permit: Annotated[Path | None, typer.Option(help="The permit's record, JSON.")] = None,
    layer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[@DATE]=FILE",
            help="Rivers, forest, other permits to hold against it, GeoJSON; may be repeated.",
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Rules that decide: a name, or a TOML file.")
    ] = None,
    language: Annotated[Language | None, typer.Option(help="Language of the result.")] = None,
    records: Annotated[Path | None, typer.Option(help="Folder of the permits' records.")] = None,
    created_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"],
            help="Time of the inspection instead of now; UTC where it names no zone.",
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Inspect one flight over one permit and write the sealed result to a new folder."""
    # Loaded here: a person who asks for help should not wait for the libraries of a raster.
    from inspection.pipeline import run_inspection  # noqa: PLC0415
    from inspection.profiles.profile import read_profile  # noqa: PLC0415
    from inspection.terminal.layer_option import layer_files  # noqa: PLC0415
    from inspection.terminal.progress import TerminalProgress  # noqa: PLC0415
    from inspection.terminal.summary import as_result, print_summary  # noqa: PLC0415

    settings = read_settings()
    moment = created_at or datetime.now(UTC)
    request = Request(
        boundary=boundary,
        current=current,
        baseline=baseline,
        control_points=control_points,
        current_dsm=current_dsm,
        baseline_dsm=baseline_dsm,
        permit=permit,
        layers=layer_files(layer or ()),
        language=language or settings.language,
        created_at=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
    )
    words = wording(request.language)
    console = Console(quiet=quiet or as_json)
    watched = TerminalProgress(console, words)
    with watched:
        outcome = run_inspection(
            request,
            out=out,
            profile=read_profile(profile or settings.profile),
            archive=archive_at(records, settings),
            progress=watched,
        )
    if as_json:
        sys.stdout.write(json.dumps(as_result(outcome)) + "\n")
    print_summary(outcome, console, words)
    comparable = outcome.inspection.registration.status is not RegistrationStatus.NOT_COMPARABLE
    return failure.DONE if comparable else failure.NOT_COMPARABLE


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="The folder of an inspection, or its PDF.")],
    *,
    trust: Annotated[
        list[Path] | None, typer.Option(help="Certificates of known issuers, PEM; repeatable.")
    ] = None,
    language: Annotated[Language | None, typer.Option(help="Language of the answer.")] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Prove or disprove a result, offline, with nothing but its folder or its PDF."""
    from inspection.evidence.verify import verify as examined_folder  # noqa: PLC0415
    from inspection.terminal.verdict import as_answer, print_verdict  # noqa: PLC0415

    settings = read_settings()
    words = wording(language or settings.language)
    with naming(path):
        proof = examined_folder(path) if path.is_dir() else paper_proof(path, trust, settings)
    if as_json:
        sys.stdout.write(json.dumps(as_answer(proof)) + "\n")
    print_verdict(proof, Console(quiet=quiet or as_json), words)
    for first in proof.flaws[:1]:
        with about(first.file):
            raise DisprovedError(first.code)
    return failure.DONE


@app.command()
def sign(  # noqa: PLR0913 - one per option of the command
    report: Annotated[Path, typer.Argument(help="The report to sign, PDF.")],
    *,
    key: Annotated[Path, typer.Option(help="The signer's key, PKCS#12 (.p12, .pfx).")],
    out: Annotated[Path, typer.Option(help="File to make for the signed report.")],
    reason: Annotated[str | None, typer.Option(help="Why it is signed.")] = None,
    place: Annotated[str | None, typer.Option(help="Where it is signed.")] = None,
    language: Annotated[Language | None, typer.Option(help="Language of the answer.")] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Sign a report in the place that it keeps for a signature, into a new file."""
    from inspection.evidence.signature import Act  # noqa: PLC0415
    from inspection.evidence.signature import sign as signed  # noqa: PLC0415
    from inspection.terminal.passphrase import passphrase_of_person  # noqa: PLC0415
    from inspection.terminal.verdict import as_answer  # noqa: PLC0415

    words = wording(language or read_settings().language)
    proof = signed(
        report,
        out,
        key=key,
        passphrase=partial(passphrase_of_person, words.say("signature.passphrase")),
        act=Act(moment=datetime.now(UTC), reason=reason, place=place),
        font=REPORT_FONT,
        checks=PAPER_CHECKS,
    )
    if as_json:
        sys.stdout.write(json.dumps(as_answer(proof)) + "\n")
    Console(quiet=quiet or as_json).print(
        words.say("signature.done", signer=proof.signatures[-1].signer, name=out.name),
        markup=False,
        highlight=False,
    )
    return failure.DONE


@app.command()
def attach(
    folder: Annotated[Path, typer.Argument(help="The folder of an inspection with a permit.")],
    *,
    records: Annotated[Path | None, typer.Option(help="Folder of the permits' records.")] = None,
    language: Annotated[Language | None, typer.Option(help="Language of the answer.")] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """File a finished result with its permit's record, where inspecting could not."""
    from inspection.evidence.canonical import read_canonical  # noqa: PLC0415

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


def main() -> None:
    """Run the command line and leave with its exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _as_interrupt)
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except TyperException as error:
        problem = UsageError("usage", problem=error.format_message())
        code = failure.tell(failure.failure_of(problem), _language())
    except (Exception, Interrupted) as error:  # noqa: BLE001
        # The last net: a person gets a sentence, never a trace, unless they ask for one.
        if os.environ.get("TINJAU_DEBUG"):
            traceback.print_exc()
        code = failure.tell(failure.failure_of(error), _language())
    sys.exit(code)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise Interrupted


def _language() -> Language:
    """Language asked for on the command line, also where the rest of it could not be parsed."""
    asked = sys.argv[1:]
    for name, value in pairwise([*asked, ""]):
        text = value if name == "--language" else name.removeprefix("--language=")
        if name.startswith("--language") and text in list(Language):
            return Language(text)
    try:
        return read_settings().language
    except UsageError:
        return Language.INDONESIAN


if __name__ == "__main__":
    main()
