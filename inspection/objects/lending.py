"""Objects that are read again and again, as map tiles are: checked once, and kept at hand."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

from inspection.objects.store import ObjectStore

AT_HAND: Final = 64


@dataclass
class _Loan:
    path: Path | None = None
    held: ExitStack = field(default_factory=ExitStack)
    readers: int = 0
    lock: Lock = field(default_factory=Lock)


class Lending:
    """
    Lends objects for longer than one answer: each is checked once, not for every tile.

    The ones that were not asked for the longest are given back when there are too many.
    """

    def __init__(self, objects: ObjectStore, most: int = AT_HAND) -> None:
        self._objects = objects
        self._most = most
        self._loans: dict[str, _Loan] = {}
        self._lock = Lock()

    @contextmanager
    def lent(self, sha256: str) -> Iterator[Path]:
        """Give an object as a file, which stays while somebody reads it."""
        with self._lock:
            loan = self._loans.pop(sha256, None) or _Loan()
            self._loans[sha256] = loan
            loan.readers += 1
        try:
            with loan.lock:
                if loan.path is None:
                    loan.path = loan.held.enter_context(self._objects.lend(sha256))
            yield loan.path
        finally:
            with self._lock:
                loan.readers -= 1
                spare = [name for name, one in self._loans.items() if one.readers == 0]
                for name in spare[: max(0, len(self._loans) - self._most)]:
                    self._loans.pop(name).held.close()

    def close(self) -> None:
        """Give everything back."""
        with self._lock:
            for loan in self._loans.values():
                loan.held.close()
            self._loans.clear()
