"""`tinjau backup`: copy the whole installation, while it runs."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.errors import DisprovedError
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def backup(
    *,
    out: Annotated[Path, typer.Option(help="The folder of the backups; one disk for it alone.")],
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Copy databases, objects and files on their way; objects that are there stay."""
    # Loaded here: a person who asks for help should not wait for the database's library.
    from inspection.installation import require_installation  # noqa: PLC0415
    from inspection.records.columns import now  # noqa: PLC0415
    from inspection.records.engine import open_engine  # noqa: PLC0415
    from inspection.records.migrations.upgrade import require_current  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.terminal.setting_sheet import setting_lines, shown  # noqa: PLC0415
    from inspection.upkeep.backup import Installation, back_up  # noqa: PLC0415
    from inspection.wiring import open_objects, records_address  # noqa: PLC0415

    settings = read_settings()
    words = wording(language or settings.language)
    require_installation(settings)
    engine = open_engine(records_address(settings))
    installation = Installation(
        engine=engine,
        objects=open_objects(None, settings),
        uploads=settings.data / "uploads",
        data=settings.data,
        settings=setting_lines(shown(settings), words),
    )
    try:
        require_current(engine)
        kept = back_up(installation, out, at=now())
    finally:
        engine.dispose()
    if as_json:
        sys.stdout.write(json.dumps(asdict(kept)) + "\n")
    elif not quiet:
        facts = asdict(kept)
        told = {name: facts[name] for name in ("name", "objects", "copied", "copied_bytes")}
        sys.stdout.write(words.say("backup.made", **told) + "\n")
    if kept.damaged:
        raise DisprovedError("objects_damaged", where=kept.damaged[0], count=len(kept.damaged))
    return failure.DONE
