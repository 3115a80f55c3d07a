"""The worker that a server keeps: begun with it, begun again when it dies, ended with it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

WORKER: Final = (sys.executable, "-m", "inspection.jobs")
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
STEADY_S: Final = 120.0
"""Who lived so long begins anew at once, should it die."""

PATIENCE_S: Final = 25
"""How long a worker may take to stop; its jobs go on with the next one, however it ends."""


@contextmanager
def kept_worker(places: int) -> Iterator[None]:
    """Keep a worker while the block lasts: a process, so that neither takes the other along."""
    keeper = _Keeper(places)
    thread = threading.Thread(target=keeper.keep, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        keeper.stop()
        thread.join(PATIENCE_S + LONGEST_PAUSE_S)


class _Keeper:
    def __init__(self, places: int) -> None:
        self._places = places
        self._stop = threading.Event()

    def keep(self) -> None:
        """Have a worker run until told otherwise; one that dies soon is given longer and longer."""
        pause = FIRST_PAUSE_S
        while not self._stop.is_set():
            # Its standard input is never written: that it ends tells the worker that we did.
            with subprocess.Popen(  # noqa: S603 - our own
                [*WORKER, str(self._places)], stdin=subprocess.PIPE, start_new_session=True
            ) as worker:
                steady = self._until_it_ends(worker)
            if self._stop.is_set():
                return
            pause = FIRST_PAUSE_S if steady else min(pause * 2, LONGEST_PAUSE_S)
            structlog.get_logger().error("worker_ended", status=worker.returncode, again_in_s=pause)
            self._stop.wait(pause)

    def stop(self) -> None:
        """Let the worker end."""
        self._stop.set()

    def _until_it_ends(self, worker: subprocess.Popen[bytes]) -> bool:
        lived = 0.0
        while worker.poll() is None and not self._stop.wait(0.2):
            lived += 0.2
        if worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                worker.kill()
        return lived >= STEADY_S
