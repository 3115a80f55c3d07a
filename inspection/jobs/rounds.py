"""What a worker does again and again beside its jobs, each round in a thread of its own."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Final

from geo.errors import UnfinishedError
from inspection.jobs.presence import OnDisk, OnServer

PATIENCE_S: Final = 10
"""How long a round that has begun may take once the worker is told to stop."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Round:
    """
    Something to be done every so often.

    Of all workers one at a time goes a round of a name. It may be cut off anywhere, and may be
    gone a second time: what it does must bear that. An error ends this one, not the next.
    """

    name: str
    every_s: float
    go: Callable[[Event], None]
    """Given what is set when the worker stops: whoever has much to do looks at it in between."""


@contextmanager
def going(rounds: Sequence[Round], presence: OnDisk | OnServer) -> Iterator[None]:
    """Go the rounds while the block lasts."""
    stop = Event()
    threads = [
        threading.Thread(target=_go, args=(one, presence, stop), name=one.name, daemon=True)
        for one in rounds
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE_S)


def _go(one: Round, presence: OnDisk | OnServer, stop: Event) -> None:
    while not stop.is_set():
        try:
            with presence.alone(one.name) as is_ours:
                if is_ours:
                    one.go(stop)
        except UnfinishedError as error:
            _log.warning("round %s: %s", one.name, error.code)
        except Exception as error:  # noqa: BLE001 - the next round may do what this one could not
            _log.error("round %s: %s", one.name, type(error).__name__)
        stop.wait(one.every_s)
