"""The working file: the pixels of an untrusted image, in the one form that we read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.intake.pixels import Recipe, recipe_of, seen_pixels
from geo.intake.reading import opened
from geo.intake.writing import Ledger, writing

_BLOCK: Final = 512
_CHUNK: Final = 2048
_STRIP_PIXELS: Final = 32 * 2**20
_SHARE_OF_PIXELS: Final = 0.8
_SMALLEST_OVERVIEW: Final = 256


def working_file(
    image: Path,
    out: Path,
    *,
    window: tuple[int, int, int, int],
    is_sparse: bool,
    advance: Callable[[float], None],
) -> dict[str, Any]:
    """
    Copy one window of an image into a file of our own. Runs in the child.

    Parameters
    ----------
    image
        What the gate let pass.
    out
        Written anew: three bands of red, green, blue, with a mask, tiles and overviews.
    window
        Row, column, rows, columns; inside the image. Blocks beyond it are not decoded.
    is_sparse
        Whether blocks of the image were never written.
    advance
        Called with the share done.

    Raises
    ------
    RefusedError
        ``image_corrupt``, ``image_not_8_bit``, ``image_colours_unknown``, ``image_unreadable``.
    UnfinishedError
        ``disk_full``, ``working_file_not_written``.
    """
    row, column, rows, columns = window
    ledger = Ledger()
    with opened(image) as source:
        recipe = recipe_of(source, is_sparse=is_sparse)
        part = Window(column, row, columns, rows)
        with writing():
            valid_pixels = _copied(source, recipe, part, out, ledger, advance)
    with writing():
        _add_overviews(out, rows=rows, columns=columns)
    advance(0.95)
    ledger.verify(out)
    return {"valid_pixels": valid_pixels}


def _copied(
    source: DatasetReader,
    recipe: Recipe,
    part: Window,
    out: Path,
    ledger: Ledger,
    advance: Callable[[float], None],
) -> int:
    """Copy window by window; give the number of pixels that were seen."""
    valid_pixels = 0
    with rasterio.open(out, "w", **_profile(source, part)) as copy:
        for chunk in _chunks(source, part):
            there = Window(
                chunk.col_off + part.col_off,
                chunk.row_off + part.row_off,
                chunk.width,
                chunk.height,
            )
            picture, valid = seen_pixels(source, recipe, there)
            copy.write(picture, window=chunk)
            copy.write_mask(valid, window=chunk)
            ledger.note(chunk, picture, valid)
            valid_pixels += int(np.count_nonzero(valid))
            done = chunk.row_off * part.width + chunk.height * (chunk.col_off + chunk.width)
            advance(_SHARE_OF_PIXELS * done / (part.width * part.height))
    return valid_pixels


def _profile(source: DatasetReader, part: Window) -> dict[str, Any]:
    transform = source.transform @ Affine.translation(part.col_off, part.row_off)
    return {
        "driver": "GTiff",
        "width": part.width,
        "height": part.height,
        "count": 3,
        "dtype": "uint8",
        "crs": source.crs,
        "transform": transform if source.crs or not source.transform.is_identity else None,
        "tiled": True,
        "blockxsize": _BLOCK,
        "blockysize": _BLOCK,
        "interleave": "pixel",
        "photometric": "RGB",
        "compress": "ZSTD",
        "zstd_level": 1,
        "predictor": 2,
        "bigtiff": "IF_SAFER",
    }


def _chunks(source: DatasetReader, part: Window) -> Iterator[Window]:
    """
    Cut the window so that few blocks of the image are decoded twice and memory stays small.

    A strip is decoded whole whatever is asked of it, so strips are read at full width.
    """
    height, width = _CHUNK, _CHUNK
    if source.block_shapes[0][1] == source.width > _CHUNK:
        height = _BLOCK
        width = max(_STRIP_PIXELS // _BLOCK // _BLOCK * _BLOCK, _CHUNK)
    for row in range(0, part.height, height):
        for column in range(0, part.width, width):
            yield Window(
                column, row, min(width, part.width - column), min(height, part.height - row)
            )


def _add_overviews(out: Path, *, rows: int, columns: int) -> None:
    factors = []
    factor = 2
    while max(rows, columns) // factor >= _SMALLEST_OVERVIEW:
        factors.append(factor)
        factor *= 2
    if factors:
        with rasterio.open(out, "r+", driver="GTiff", sharing=False) as copy:
            copy.build_overviews(factors, Resampling.average)
