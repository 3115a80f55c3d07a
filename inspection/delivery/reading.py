"""Stored bytes on their way out: none leaves that was not found to be what was stored."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Final

from geo.errors import RefusedError
from inspection.errors import DisprovedError
from inspection.objects.store import ObjectStore

BLOCK_BYTES: Final = 2**20
_DIGEST_BYTES: Final = 32
_MOST_KNOWN: Final = 64
"""Objects whose blocks are remembered; those of the largest upload take 600 kB."""


class Reader:
    """
    Gives objects whole or in parts, each byte proven by the hash of its object.

    Of a part nobody knows a hash. Before the first part of an object is given, all of it is
    read and hashed, and the hashes of its blocks are remembered from the same bytes; each block
    that is given later is held against its own.
    """

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self._known: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._under_way: dict[str, threading.Lock] = {}

    def size(self, sha256: str) -> int:
        """
        How large an object is.

        Raises
        ------
        DisprovedError
            ``object_missing``: what the record names must be there.
        """
        with _missed():
            return self._objects.stored(sha256).size_bytes

    def whole(self, sha256: str) -> Iterator[bytes]:
        """
        All of an object; what is wrong with a small one is told at once, of a large one later.

        Raises
        ------
        DisprovedError
            ``object_damaged`` or ``object_missing``; in the midst of it, after which nothing
            more is given, and less was given than its size.
        """
        with _missed():
            return _begun(self._objects.stream(sha256))

    def part(self, sha256: str, start: int, length: int) -> Iterator[bytes]:
        """
        Some bytes of an object.

        Raises
        ------
        DisprovedError
            As `whole`.
        """
        with _missed():
            return _begun(self._part(sha256, start, length))

    def _part(self, sha256: str, start: int, length: int) -> Iterator[bytes]:
        digests = self._digests(sha256)
        size, end = self._objects.stored(sha256).size_bytes, start + length
        for number in range(start // BLOCK_BYTES, -(-end // BLOCK_BYTES)):
            at = number * BLOCK_BYTES
            block = self._objects.span(sha256, at, min(BLOCK_BYTES, size - at))
            expected = digests[number * _DIGEST_BYTES : (number + 1) * _DIGEST_BYTES]
            if hashlib.sha256(block).digest() != expected:
                with self._lock:
                    self._known.pop(sha256, None)
                raise DisprovedError("object_damaged", where=sha256)
            yield block[max(0, start - at) : end - at]

    def _digests(self, sha256: str) -> bytes:
        with self._lock:
            busy = self._under_way.setdefault(sha256, threading.Lock())
        with busy:
            with self._lock:
                known = self._known.get(sha256)
                if known is not None:
                    self._known.move_to_end(sha256)
                    return known
            known = _block_digests(self._objects.stream(sha256))
            with self._lock:
                self._known[sha256] = known
                while len(self._known) > _MOST_KNOWN:
                    self._known.popitem(last=False)
                self._under_way.pop(sha256, None)
            return known


def _block_digests(pieces: Iterator[bytes]) -> bytes:
    digests, rest = bytearray(), b""
    for piece in pieces:
        rest += piece
        whole = len(rest) - len(rest) % BLOCK_BYTES
        for at in range(0, whole, BLOCK_BYTES):
            digests += hashlib.sha256(rest[at : at + BLOCK_BYTES]).digest()
        rest = rest[whole:]
    if rest:
        digests += hashlib.sha256(rest).digest()
    return bytes(digests)


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same, its first piece read already: what is wrong at once is said at once."""
    first = next(pieces, None)
    return iter(()) if first is None else chain((first,), pieces)


@contextmanager
def _missed() -> Iterator[None]:
    try:
        yield
    except RefusedError as error:
        if error.code == "object_missing":
            # Asked for by hash it may never have been there; what the record names was.
            raise DisprovedError("object_missing", where=error.where) from error
        raise
