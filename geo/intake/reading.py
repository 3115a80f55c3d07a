"""Reading an untrusted image: open it by name of driver, and say what went wrong in codes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import rasterio
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from geo.errors import RefusedError

_DEEPEST = 16


@contextlib.contextmanager
def opened(path: Path) -> Iterator[DatasetReader]:
    """
    Open a GeoTIFF, and nothing else, for reading.

    Raises
    ------
    RefusedError
        ``image_unreadable``.
    MemoryError
        If it does not fit.
    """
    try:
        source = rasterio.open(path, driver="GTiff", sharing=False)
    except (RasterioError, CPLE_BaseError) as error:
        require_memory(error)
        raise RefusedError("image_unreadable") from error
    with source:
        yield source


def require_memory(error: BaseException) -> None:
    """Raise MemoryError if that is what an error of GDAL came from."""
    if any("memory" in text or "malloc" in text for text in causes(error)):
        raise MemoryError from error


def causes(error: BaseException | None) -> list[str]:
    """Words of an error and of all it came from, in lower case; for deciding, never for showing."""
    words: list[str] = []
    while error is not None and len(words) < _DEEPEST:
        words.append(f"{type(error).__name__} {error}".lower())
        error = error.__cause__ or error.__context__
    return words
