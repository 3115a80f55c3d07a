"""Reading an untrusted image: open it by name of driver, and say what went wrong in codes."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

import rasterio
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from geo.errors import RefusedError

_DEEPEST = 16
_NO_MEMORY = ("memory", "alloc", "no space for")


@contextlib.contextmanager
def opened(path: Path, *, driver: str = "GTiff") -> Iterator[DatasetReader]:
    """
    Open a file of one kind, and nothing else, for reading.

    Raises
    ------
    RefusedError
        ``image_unreadable``.
    MemoryError
        If it does not fit.
    """
    try:
        source = rasterio.open(path, driver=driver, sharing=False)
    except (RasterioError, CPLE_BaseError) as error:
        require_memory(error)
        raise RefusedError("image_unreadable") from error
    with source:
        yield source


def require_memory(error: BaseException) -> None:
    """Raise MemoryError if that is what an error of GDAL came from."""
    if any(word in text for text in causes(error) for word in _NO_MEMORY):
        raise MemoryError from error


class Overheard(logging.Handler):
    """
    Listens to what a library only warns of.

    Where the data of a JPEG block end early, the rest of the block is made up and a warning is
    all there is. Stray bytes between two markers harm nothing, and some cameras write them.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.is_corrupt = False

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of one warning."""
        text = record.getMessage().lower()
        if ("jpeglib" in text or "libjpeg" in text) and "extraneous" not in text:
            self.is_corrupt = self.is_corrupt or "corrupt" in text or "premature" in text


@contextlib.contextmanager
def overheard() -> Iterator[Overheard]:
    """Listen to the warnings of the image library for a while."""
    listener = Overheard()
    logger = logging.getLogger("rasterio")
    logger.addHandler(listener)
    try:
        yield listener
    finally:
        logger.removeHandler(listener)


def causes(error: BaseException | None) -> list[str]:
    """Words of an error and of all it came from, in lower case; for deciding, never for showing."""
    words: list[str] = []
    while error is not None and len(words) < _DEEPEST:
        words.append(f"{type(error).__name__} {error}".lower())
        error = error.__cause__ or error.__context__
    return words
