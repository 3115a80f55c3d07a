"""`tinjau scrub`: read stored objects again, a share at a time, and report damage."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from geo.errors import UnfinishedError
from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.errors import DisprovedError
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def scrub(
    *,
    share: Annotated[
        str, typer.Option(metavar="SHARE", help="How much to read in this run, as 5%.")
    ] = "5%",
    objects: Annotated[
        str | None, typer.Option(metavar="URL", help="The store: a folder, or s3://bucket/prefix.")
    ] = None,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Read the next share of the stored objects again, and report what is damaged or missing."""
    # Loaded here: a person who asks for help should not wait for the library of the store.
    from inspection.objects import scrub as scrubbing  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal.scrub_sheet import as_answer, print_scrub  # noqa: PLC0415
    from inspection.wiring import open_objects  # noqa: PLC0415

    settings = read_settings()
    words = wording(language or settings.language)
    store = open_objects(objects, settings)
    found = scrubbing.scrub(store, share=scrubbing.share_of(share))
    if as_json:
        sys.stdout.write(json.dumps(as_answer(found)) + "\n")
    print_scrub(found, Console(quiet=quiet or as_json), words)
    if found.damaged:
        raise DisprovedError("objects_damaged", where=found.damaged[0], count=len(found.damaged))
    if found.missing:
        raise DisprovedError("objects_missing", where=found.missing[0], count=len(found.missing))
    if found.unreadable:
        raise UnfinishedError("storage_failed", where=found.unreadable[0])
    return failure.DONE
