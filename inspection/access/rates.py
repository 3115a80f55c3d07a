"""How often somebody unknown may ask for something: counted in memory, by where they ask from."""

import hashlib
import math
import threading
import time
from collections import OrderedDict, deque
from ipaddress import ip_address, ip_network
from typing import Final

from inspection.errors import TooOftenError

_MOST_ORIGINS: Final = 20_000
"""Of more than these, whoever asked longest ago is forgotten."""

_NETWORK_BITS: Final = 64
"""What one household has of IPv6: its addresses count as one."""


class Rate:
    """So many times in so long a while, from one place. Each process counts for itself."""

    def __init__(self, most: int, *, window_s: float) -> None:
        self._most = most
        self._window_s = window_s
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, origin: str) -> None:
        """
        Count a request.

        Raises
        ------
        TooOftenError
            ``asked_too_often``.
        """
        place, at = _place(origin), time.monotonic()
        with self._lock:
            times = self._asked.setdefault(place, deque())
            self._asked.move_to_end(place)
            while times and times[0] <= at - self._window_s:
                times.popleft()
            if len(times) >= self._most:
                left = times[0] + self._window_s - at
                raise TooOftenError("asked_too_often", seconds=max(1, math.ceil(left)))
            times.append(at)
            while len(self._asked) > _MOST_ORIGINS:
                self._asked.popitem(last=False)

    def give_back(self, origin: str) -> None:
        """Count the last request no longer: nothing came of it."""
        with self._lock:
            times = self._asked.get(_place(origin))
            if times:
                times.pop()


def _place(origin: str) -> str:
    try:
        address = ip_address(origin)
        if address.version == 6:  # noqa: PLR2004 - the protocol's name
            network = ip_network((address, _NETWORK_BITS), strict=False)
            origin = str(network.network_address)
    except ValueError:
        pass  # a socket of this machine has no address
    return hashlib.sha256(origin.encode()).hexdigest()
