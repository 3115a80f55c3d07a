"""The fingerprint of a file."""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Final

_CHUNK_BYTES: Final = 2**18
"""Few enough to lie near the processor while they are hashed."""


@contextmanager
def hashing(path: Path) -> Iterator[Callable[[], str]]:
    """
    Hash a whole file on a thread of its own while something else is done.

    Yields what waits for the digest and gives it; the hashing ends with the block.
    """
    is_over = Event()

    def require_wish(_share: float) -> None:
        if is_over.is_set():
            raise InterruptedError

    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(sha256_of, path, advance=require_wish)
        try:
            yield digest.result
        finally:
            is_over.set()


def sha256_of(path: Path, *, advance: Callable[[float], None] | None = None) -> str:
    """
    Hash a whole file, piece by piece.

    Parameters
    ----------
    path
        The file, which is only read.
    advance
        Called with the share done, 0 to 1, after each piece.

    Returns
    -------
    str
        SHA-256 in 64 lower-case hexadecimal digits.
    """
    digest = hashlib.sha256()
    buffer = bytearray(_CHUNK_BYTES)
    done = 0
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        while count := file.readinto(buffer):
            digest.update(memoryview(buffer)[:count])
            done += count
            if advance is not None:
                advance(min(done / size, 1.0) if size else 1.0)
    return digest.hexdigest()
