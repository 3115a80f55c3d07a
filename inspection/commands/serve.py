"""`tinjau serve`: bring the database up to date, let the first administrator in, then serve."""

import os
import sys
from typing import Annotated, Final

import typer

from inspection.wording.catalogue import wording

SERVER: Final = "api"
"""The package that serves. It stands above this one, so that it is started, not imported."""


def serve(
    *,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Network address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 8000,
) -> int:
    """Serve the API, on this machine alone unless told otherwise."""
    # Loaded here: a person who asks for help should not wait for the database's library.
    from inspection.access.people import first_admin  # noqa: PLC0415
    from inspection.records.engine import open_engine  # noqa: PLC0415
    from inspection.records.migrations.upgrade import upgrade  # noqa: PLC0415
    from inspection.records.store import Records  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.wiring import records_address  # noqa: PLC0415

    settings = read_settings()
    engine = open_engine(records_address(settings))
    upgrade(engine)
    first = first_admin(Records(engine), profile=settings.profile, language=settings.language)
    engine.dispose()
    if first is not None:
        words = wording(settings.language)
        line = words.say("service.first_admin", login=first.user.login, password=first.password)
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
    # In the place of this process: whoever started it watches and stops the server itself.
    words_of_server = [sys.executable, "-m", SERVER, host, str(port)]
    os.execv(sys.executable, words_of_server)  # noqa: S606 - our own, without a shell
