"""Hashes of what arrived so far, so that a file is read again only after a restart."""

import hashlib
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Final, Protocol, Self
from uuid import UUID

from inspection.objects.faults import folder_faults

MOST: Final = 1000
"""Remembered at once; what is forgotten costs one reading."""

_PIECE: Final = 2**20


class Digest(Protocol):
    """A hash that grows."""

    def update(self, data: bytes | bytearray, /) -> None:
        """Take more bytes in."""

    def digest(self) -> bytes:
        """What it is so far."""

    def hexdigest(self) -> str:
        """The same in hexadecimal digits."""

    def copy(self) -> Self:
        """Give another that goes on from here."""


class Digests:
    """
    The SHA-256 of each file's beginning.

    Bytes that were acknowledged never change, so a hash of some of them is right for ever: where
    another process received more meanwhile, only that is read.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[UUID, tuple[int, Digest]] = OrderedDict()
        self._lock = Lock()

    def remember(self, upload: UUID, size: int, digest: Digest) -> None:
        """Keep the hash of the first `size` bytes."""
        with self._lock:
            self._known[upload] = size, digest.copy()
            self._known.move_to_end(upload)
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def forget(self, upload: UUID) -> None:
        """Let go of what no longer grows."""
        with self._lock:
            self._known.pop(upload, None)

    def of(self, upload: UUID, path: Path, size: int) -> Digest:
        """Hash of the first `size` bytes of a file."""
        with self._lock:
            known, digest = self._known.get(upload, (0, hashlib.sha256()))
        if known > size:
            known, digest = 0, hashlib.sha256()
        digest = digest.copy()
        if known == size:
            return digest
        with folder_faults(), path.open("rb", buffering=0) as file:
            file.seek(known)
            while known < size and (piece := file.read(min(_PIECE, size - known))):
                digest.update(piece)
                known += len(piece)
        return digest
