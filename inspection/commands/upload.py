"""`tinjau upload`: send a file to a server, checked first, over whatever line there is."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geo.errors import naming
from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def upload(  # noqa: PLR0913 - one per option of the command
    file: Annotated[Path, typer.Argument(help="The file to send.")],
    *,
    server: Annotated[str, typer.Option(metavar="URL", help="Address of the service.")],
    token: Annotated[
        str, typer.Option(envvar="TINJAU_TOKEN", help="Key to the service; better in TINJAU_TOKEN.")
    ],
    permit: Annotated[str | None, typer.Option(help="Its permit, by its id.")] = None,
    kind: Annotated[str, typer.Option(help="What it is there.")] = "file",
    hours: Annotated[
        float, typer.Option(min=0, help="How long to go on while nothing arrives.")
    ] = 12.0,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Check a file, then send it; run again, it goes on where it was cut."""
    # Loaded here: a person who asks for help should not wait for the libraries of a raster.
    from inspection.check.examination import check as checked  # noqa: PLC0415
    from inspection.check.limits import check_limits  # noqa: PLC0415
    from inspection.commands.check import refusal  # noqa: PLC0415
    from inspection.profiles.profile import read_profile  # noqa: PLC0415
    from inspection.sending import Goal, Sending  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal.checklist import print_checklist  # noqa: PLC0415
    from inspection.terminal.sending_bar import sending_bar  # noqa: PLC0415

    settings = read_settings()
    spoken = language or settings.language
    words = wording(spoken)
    console = Console(quiet=quiet or as_json)
    with naming(file):
        file.open("rb").close()  # a folder cannot be sent
        goal = Goal(server=server, token=token, permit=permit, kind=kind)
        sending = Sending(file, goal, patience_s=hours * 3600)
    limits = check_limits(read_profile(settings.profile))
    answer = checked([file], boundary=None, limits=limits, now=datetime.now(UTC), thorough=False)
    refused = refusal(answer)
    if refused is not None:
        print_checklist(answer, console, words)
        return failure.tell(refused, spoken)
    with sending_bar(file.name, sending.size, console) as advance:
        url = sending.send(advance)
    if as_json:
        sys.stdout.write(json.dumps({"upload": url}) + "\n")
    console.print(words.say("upload.done", name=file.name, url=url), markup=False, highlight=False)
    return failure.DONE
