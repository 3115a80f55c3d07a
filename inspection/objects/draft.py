"""A file being written under a passing name, until it is whole and durable."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EIO
from pathlib import Path
from typing import Final

from inspection.objects.faults import folder_faults
from inspection.objects.store import CHUNK_BYTES

ENDING: Final = ".part"


class Draft:
    """A file that nobody else knows yet, hashed while it is written."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self.path = path
        self.size_bytes = 0
        self._descriptor = descriptor
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Hash of what was written so far."""
        return self._digest.hexdigest()

    def write(self, chunks: Iterable[bytes]) -> None:
        """Write all of it; the system may take less at once than it is given."""
        for chunk in chunks:
            rest = memoryview(chunk)
            with folder_faults():
                while rest:
                    count = os.write(self._descriptor, rest)
                    if count == 0:
                        raise OSError(EIO, "the system takes no more bytes and gives no reason")
                    rest = rest[count:]
            self._digest.update(chunk)
            self.size_bytes += len(chunk)

    def publish(self, target: Path, *, mode: int = 0o444) -> None:
        """Bring the bytes to the disk, then let them appear under their name."""
        with folder_faults():
            os.fchmod(self._descriptor, mode)
            os.fsync(self._descriptor)
            self.path.replace(target)
            make_durable(target.parent)


@contextmanager
def drafting(folder: Path) -> Iterator[Draft]:
    """Begin a draft; what was not published is gone afterwards."""
    with folder_faults():
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=ENDING)
    draft = Draft(descriptor, Path(name))
    try:
        yield draft
    finally:
        # Nothing depends on these two: what cannot be removed now, the sweep removes.
        with suppress(OSError):
            os.close(descriptor)
        with suppress(OSError):
            draft.path.unlink(missing_ok=True)


def sweep(folder: Path, *, older_than_s: float) -> int:
    """Remove the drafts of writers that died."""
    swept = 0
    now = time.time()
    with folder_faults():
        for path in folder.glob(f"*{ENDING}") if folder.is_dir() else ():
            # A writer still at work touches its draft; it may also finish while we look.
            with suppress(FileNotFoundError):
                if now - path.stat().st_mtime > older_than_s:
                    path.unlink()
                    swept += 1
    return swept


def make_durable(path: Path) -> None:
    """Bring a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def chunks_of(path: Path) -> Iterator[bytes]:
    """Read a local file piece by piece."""
    with folder_faults(), path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
