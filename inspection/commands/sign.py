"""`tinjau sign`: put an electronic signature into a report."""

import json
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def sign(  # noqa: PLR0913 - one per option of the command
    report: Annotated[Path, typer.Argument(help="The report to sign, PDF.")],
    *,
    key: Annotated[Path, typer.Option(help="The signer's key, PKCS#12 (.p12, .pfx).")],
    out: Annotated[Path, typer.Option(help="File to make for the signed report.")],
    reason: Annotated[str | None, typer.Option(help="Why it is signed.")] = None,
    place: Annotated[str | None, typer.Option(help="Where it is signed.")] = None,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Sign a report in the place that it keeps for a signature, into a new file."""
    from inspection.evidence.signature import Act  # noqa: PLC0415
    from inspection.evidence.signature import sign as signed  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal.passphrase import passphrase_of_person  # noqa: PLC0415
    from inspection.terminal.verdict import as_answer  # noqa: PLC0415
    from inspection.wiring import REPORT_FONT, look_at_pages  # noqa: PLC0415

    words = wording(language or read_settings().language)
    proof = signed(
        report,
        out,
        key=key,
        passphrase=partial(passphrase_of_person, words.say("signature.passphrase")),
        act=Act(moment=datetime.now(UTC), reason=reason, place=place),
        font=REPORT_FONT,
        look=look_at_pages,
    )
    if as_json:
        sys.stdout.write(json.dumps(as_answer(proof)) + "\n")
    Console(quiet=quiet or as_json).print(
        words.say("signature.done", signer=proof.signatures[-1].signer, name=out.name),
        markup=False,
        highlight=False,
    )
    return failure.DONE
