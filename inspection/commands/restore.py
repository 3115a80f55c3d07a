"""`tinjau restore`: put a backup back, after all of it was proven."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from geo.errors import naming
from inspection.commands.options import AsJson, Quiet, Speaking
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def restore(
    path: Annotated[Path, typer.Argument(help="The folder of the backups.")],
    *,
    name: Annotated[str | None, typer.Option(help="Which of them; else the newest.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Move a database of SQLite that is there aside.")
    ] = False,
    language: Speaking = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> int:
    """Put a backup back into this installation, whose service does not run."""
    # Loaded here: a person who asks for help should not wait for the database's library.
    from inspection.jobs.presence import present  # noqa: PLC0415
    from inspection.records.engine import open_engine  # noqa: PLC0415
    from inspection.records.store import Records  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.upkeep.restoring import Place, put_in_place  # noqa: PLC0415
    from inspection.upkeep.signing import audit_key  # noqa: PLC0415
    from inspection.wiring import (  # noqa: PLC0415
        audit_key_file,
        open_objects,
        records_address,
    )

    settings = read_settings()
    words = wording(language or settings.language)
    engine = open_engine(records_address(settings))
    place = Place(
        engine=engine,
        objects=open_objects(None, settings),
        uploads=settings.data / "uploads",
    )
    key = audit_key_file(settings)
    try:
        with naming(path), present(engine, "restore", for_service=True):
            restored = put_in_place(path, name, place, replace=replace)
        is_new = not key.exists()
        audit_key(Records(engine), key, new=True)
    finally:
        engine.dispose()
    if as_json:
        sys.stdout.write(json.dumps(asdict(restored) | {"new_key": is_new}) + "\n")
    elif not quiet:
        told = asdict(restored)
        lost = told.pop("lost")
        lines = [words.say("restore.done", **told)]
        lines += [words.say("restore.lost", sha256=one) for one in lost]
        lines += [words.say("restore.new_key")] if is_new else []
        sys.stdout.write("\n".join(lines) + "\n")
    return failure.DONE
