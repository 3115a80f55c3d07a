"""Writing our own file so that a full disk is always noticed."""

import contextlib
import errno
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.windows import Window

from geo.errors import GeoError, UnfinishedError
from geo.intake.gate import inspect_header
from geo.intake.limits import Limits
from geo.intake.reading import causes, require_memory

_FULL_WORDS: Final = tuple(
    os.strerror(number).lower() for number in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
)
_ROOM_BYTES: Final = 2**20
_STANDARD_ERROR: Final = 2
_LATE_BYTES: Final = 4096
_CHECKED_WINDOWS: Final = 16

# Our own files are as large as they have to be; here the gate only looks for lost blocks.
_OWN: Final = Limits(max_expansion=2**31, max_block_bytes=2**31)


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """
    Say in codes why a file of ours could not be written.

    Raises
    ------
    UnfinishedError
        ``disk_full`` or ``working_file_not_written``.
    MemoryError
        If that was the reason.
    """
    try:
        yield
    except (RasterioError, CPLE_BaseError, OSError) as error:
        require_disk(error)
        require_memory(error)
        raise UnfinishedError("working_file_not_written") from error


def require_disk(error: BaseException | None) -> None:
    """Raise ``disk_full`` if that is what an error came from, or if there is no room left."""
    told = any(words in text for text in [*causes(error), _complaints()] for words in _FULL_WORDS)
    disk = os.statvfs(".")
    if told or disk.f_bavail * disk.f_frsize < _ROOM_BYTES:
        raise UnfinishedError("disk_full") from error


def _complaints() -> str:
    """What was printed as an error of late: libtiff tells the reason there and nowhere else."""
    try:
        end = os.fstat(_STANDARD_ERROR).st_size
        return os.pread(_STANDARD_ERROR, _LATE_BYTES, max(end - _LATE_BYTES, 0)).decode().lower()
    except (OSError, UnicodeDecodeError):
        return ""


class Ledger:
    """Remembers what was written where, to be compared with what can be read again."""

    def __init__(self) -> None:
        self._written: list[tuple[Window, int]] = []

    def clear(self) -> None:
        """Forget everything: the file is written anew."""
        self._written.clear()

    def note(self, window: Window, picture: NDArray[np.uint8], valid: NDArray[np.uint8]) -> None:
        """Note the upper left corner of a window, at most one block of it."""
        corner = Window(
            window.col_off, window.row_off, min(window.width, 512), min(window.height, 512)
        )
        self._written.append((corner, _checksum(picture, valid, corner)))

    def verify(self, path: Path) -> None:
        """
        Read a finished file again: every block must be there, and some are compared.

        GDAL may end in peace though the last blocks found no room on the disk.

        Raises
        ------
        UnfinishedError
            ``disk_full`` or ``working_file_not_written``.
        """
        with writing():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if not self._is_whole(path):
                require_disk(None)
                raise UnfinishedError("working_file_not_written")

    def _is_whole(self, path: Path) -> bool:
        try:
            header = inspect_header(path, limits=_OWN)
        except GeoError:
            return False
        step = max(len(self._written) // _CHECKED_WINDOWS, 1)
        with rasterio.open(path, driver="GTiff", sharing=False) as again:
            return header.missing_blocks == 0 and all(
                checksum
                == _checksum(again.read(window=corner), again.read_masks(1, window=corner), corner)
                for corner, checksum in [*self._written[::step], *self._written[-1:]]
            )


def _checksum(picture: NDArray[np.uint8], valid: NDArray[np.uint8], corner: Window) -> int:
    rows, columns = slice(corner.height), slice(corner.width)
    colours = np.ascontiguousarray(picture[:, rows, columns])
    return zlib.crc32(np.ascontiguousarray(valid[rows, columns]), zlib.crc32(colours))
