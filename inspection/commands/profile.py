"""`tinjau profile`: which rules there are, and what stands behind each of their numbers."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def profile(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME|FILE]", help="A profile, or a TOML file; all without one."),
    ] = None,
    *,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """List the profiles that come along, or check one and show what its numbers rest on."""
    from inspection.profiles.profile import read_profile  # noqa: PLC0415
    from inspection.profiles.reading import profile_names  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal.rule_sheet import (  # noqa: PLC0415
        as_heading,
        as_sheet,
        print_list,
        print_sheet,
    )

    words = wording(language or read_settings().language)
    console = Console(quiet=quiet or as_json)
    if name is None:
        every = [read_profile(known) for known in profile_names()]
        answer = {"profiles": [as_heading(one, words.language) for one in every]}
        print_list(every, console, words)
    else:
        found = read_profile(name)
        answer = as_sheet(found, words.language)
        print_sheet(found, console, words)
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return failure.DONE
