"""The worker that a server keeps: it ends when told to, and when its server is no more."""

import os
import signal
import sys
import threading

from inspection.errors import GeoError
from inspection.jobs.opened import work
from inspection.settings import read_settings
from inspection.terminal import failure
from inspection.terminal.log import write_log


def main(places: int) -> int:
    """Work until SIGTERM, or until the other end of standard input is closed."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_end_with_server, args=(stop,), daemon=True).start()
    write_log()
    settings = read_settings()
    try:
        work(settings, places=places, stop=stop)
    except GeoError as error:
        return failure.tell(failure.failure_of(error), settings.language)
    return failure.DONE


def _end_with_server(stop: threading.Event) -> None:
    while os.read(0, 1):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
