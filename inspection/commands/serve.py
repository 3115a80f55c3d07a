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
    worker: Annotated[
        bool | None,
        typer.Option(
            "--worker/--no-worker",
            help="Make the inspections too; the setting decides where neither is given.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Serve the API and make the inspections, on this machine alone unless told otherwise."""
    # Loaded here: a person who asks for help should not wait for the database's library.
    from inspection.access.people import first_admin  # noqa: PLC0415
    from inspection.delivery.webhook import receiver_of  # noqa: PLC0415
    from inspection.installation import require_places  # noqa: PLC0415
    from inspection.jobs.presence import present  # noqa: PLC0415
    from inspection.records.engine import open_engine  # noqa: PLC0415
    from inspection.records.migrations.upgrade import upgrade  # noqa: PLC0415
    from inspection.records.store import Records  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415
    from inspection.upkeep.signing import audit_key  # noqa: PLC0415
    from inspection.wiring import audit_key_file, records_address  # noqa: PLC0415

    settings = read_settings()
    # What is set wrongly is said now, not by a worker later, nor after it is said to answer.
    receiver_of(settings)
    require_places(settings)
    places = settings.worker_places if (settings.worker if worker is None else worker) else 0
    engine = open_engine(records_address(settings))
    if places:
        # Where there is room for one worker and it runs already, that is said now.
        with present(engine, SERVER, for_service=True):
            pass
    upgrade(engine)
    records = Records(engine)
    # Asked for here too: a fault of the key is told before anything listens.
    audit_key(records, audit_key_file(settings))
    first = first_admin(records, profile=settings.profile, language=settings.language)
    engine.dispose()
    if first is not None:
        words = wording(settings.language)
        line = words.say("service.first_admin", login=first.user.login, password=first.password)
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
    # In the place of this process: whoever started it watches and stops the server itself.
    words_of_server = [sys.executable, "-m", SERVER, host, str(port), str(places)]
    os.execv(sys.executable, words_of_server)  # noqa: S606 - our own, without a shell
