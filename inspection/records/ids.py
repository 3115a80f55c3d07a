"""Names of rows: UUIDs of version 7, which sort by the time they were made."""

import os
import threading
import time
from typing import Final
from uuid import UUID

_VERSION: Final = 7 << 76
_VARIANT: Final = 0b10 << 62
_COUNTER_BITS: Final = 42  # as RFC 9562 suggests: enough that it never runs over in a millisecond
_lock = threading.Lock()
_last_ms = 0
_counter = 0


def uuid7() -> UUID:
    """
    A new name, later than every name that this process gave before.

    Milliseconds first, then a counter that starts at random in each of them, then chance:
    RFC 9562, section 6.2, method 1. Where the system's clock goes back, the counter goes on.
    """
    global _last_ms, _counter  # noqa: PLW0603 - the order of names is the process's, not an object's
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms = now_ms
            _counter = int.from_bytes(os.urandom(6)) >> 7
        else:
            _counter += 1
        stamp, counter = _last_ms, _counter
    chance = int.from_bytes(os.urandom(4))
    high, low = counter >> (_COUNTER_BITS - 12), counter & ((1 << (_COUNTER_BITS - 12)) - 1)
    return UUID(int=(stamp << 80) | _VERSION | (high << 64) | _VARIANT | (low << 32) | chance)
