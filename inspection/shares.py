"""How far several things are that are made at the same time, told as one that only goes on."""

import threading
from typing import Final

from inspection.ports import Advance

DONE: Final = 1.0


class Shares:
    """The shares done of some things alike, whichever threads make them; one is told at a time."""

    def __init__(self, count: int, advance: Advance) -> None:
        self._done = [0.0] * count
        self._advance = advance
        self._lock = threading.Lock()

    def of(self, number: int) -> Advance:
        """What takes the share done of one of them, which never goes back."""

        def part(share: float) -> None:
            with self._lock:
                self._done[number] = max(self._done[number], share)
                self._advance(sum(self._done) / len(self._done))

        return part
