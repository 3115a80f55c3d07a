"""Files on their way: one part file an upload, and a lock that one request holds at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from errno import EIO
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from geo.errors import UnfinishedError
from inspection.objects.draft import make_durable
from inspection.objects.faults import folder_faults
from inspection.uploads.refusals import UploadError

PART: Final = ".part"
LOCK: Final = ".lock"


class Hold:
    """The right to change one upload, in this process and all others of the machine."""

    _descriptor = -1

    def __init__(self, path: Path) -> None:
        with folder_faults():
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise UploadError("upload_locked") from error

    def release(self) -> None:
        """Let others have it; the system does so too where the process dies."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        """Let go of it where a request was broken off before anybody could."""
        self.release()

    def __enter__(self) -> Self:
        """Hold it for a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of it."""
        self.release()


class Part:
    """A part file, open to receive more behind what was acknowledged."""

    _descriptor = -1

    def __init__(self, path: Path, size: int) -> None:
        with folder_faults():
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
            there = os.fstat(self._descriptor).st_size
            if there < size:
                # What was acknowledged is lost: nothing that this program can mend.
                self.close()
                raise UnfinishedError("storage_failed")
            self.cut(size)

    def cut(self, size: int) -> None:
        """Throw away what lies behind; it was never acknowledged."""
        with folder_faults():
            os.ftruncate(self._descriptor, size)
            os.lseek(self._descriptor, size, os.SEEK_SET)

    def write(self, data: bytes | bytearray) -> None:
        """Write all of it; the system may take less at once than it is given."""
        rest = memoryview(data)
        with folder_faults():
            while rest:
                count = os.write(self._descriptor, rest)
                if count == 0:
                    raise OSError(EIO, "the system takes no more bytes and gives no reason")
                rest = rest[count:]

    def settle(self) -> None:
        """Bring it to the disk."""
        with folder_faults():
            os.fsync(self._descriptor)

    def __del__(self) -> None:
        """As that of a hold."""
        self.close()

    def close(self) -> None:
        """Write no more."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class Parts:
    """The folder of the part files; they are called by ids of ours, never as their bringers do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_durable = False

    def begin(self, upload: UUID) -> None:
        """Make an empty file, which is there after a loss of power too."""
        with folder_faults():
            if not self._is_durable:
                self._folder.mkdir(parents=True, exist_ok=True)
                # Also where another process made it: that one may not have come so far.
                make_durable(self._folder.parent)
                self._is_durable = True
            self.path(upload).touch(mode=0o600, exist_ok=False)
            make_durable(self._folder)

    def path(self, upload: UUID) -> Path:
        """Where the bytes are."""
        return self._folder / f"{upload}{PART}"

    def hold(self, upload: UUID) -> Hold:
        """
        Take the right to change an upload.

        Raises
        ------
        UploadError
            ``upload_locked`` if another request has it.
        """
        return Hold(self._folder / f"{upload}{LOCK}")

    def remove(self, upload: UUID) -> None:
        """Remove what is left of an upload whose end is on the record; the sweep tries again."""
        for ending in (PART, LOCK):
            with suppress(OSError):
                (self._folder / f"{upload}{ending}").unlink(missing_ok=True)

    def old(self, *, older_than_s: float) -> Iterator[UUID]:
        """Uploads of which something lies here that nobody touched for so long."""
        if not self._folder.is_dir():
            return
        latest = time.time() - older_than_s
        with folder_faults():
            found = sorted(self._folder.iterdir())
        for path in found:
            with suppress(ValueError, FileNotFoundError):  # not ours, or gone meanwhile
                upload = UUID(path.stem)
                if path.suffix in (PART, LOCK) and path.stat().st_mtime < latest:
                    yield upload
