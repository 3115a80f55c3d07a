"""`tinjau worker`: makes the inspections that were asked for, until it is told to stop."""

import logging
import signal
import threading
from typing import Annotated

import typer
from rich.console import Console

from inspection.commands.options import Quiet, Speaking
from inspection.terminal import failure
from inspection.wording.catalogue import wording


def worker(
    *,
    places: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many inspections to make at once.")
    ] = 1,
    language: Speaking = None,
    quiet: Quiet = False,
) -> int:
    """Make the inspections that were asked for, and take over those of workers that died."""
    # Loaded here: a person who asks for help should not wait for the libraries of a job.
    from inspection.jobs.opened import work  # noqa: PLC0415
    from inspection.settings import read_settings  # noqa: PLC0415

    settings = read_settings()
    words = wording(language or settings.language)
    console = Console(quiet=quiet, highlight=False)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    console.print(words.say("worker.begins", places=places))
    work(settings, places=places, stop=stop)
    console.print(words.say("worker.stopped"))
    return failure.DONE
