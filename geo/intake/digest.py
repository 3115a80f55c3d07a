"""The fingerprint of a file."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

_CHUNK_BYTES: Final = 4 * 2**20


def sha256_of(path: Path, *, advance: Callable[[float], None] | None = None) -> str:
    """
    Hash a whole file, 4 MiB at a time.

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
