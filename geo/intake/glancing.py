"""A glance at an image: where it shows ground, on few pixels, without decoding it whole."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import RefusedError
from geo.intake.bands import recipe_of
from geo.intake.pixels import Flags, delivered_pixels
from geo.intake.reading import opened, require_memory

LONGEST: Final = 512
"""Longest side of a glance in pixels."""

CHEAP_PIXELS: Final = 16_000_000
"""What is decoded for a glance: about a second."""


def glances(
    path: Path, windows: Sequence[Sequence[int]], *, is_sparse: bool, driver: str
) -> dict[str, Any]:
    """
    Tell where parts of an image show ground. Runs in the child.

    The coarsest overview that is still finer than the glance is read, else the image itself
    where the part is small.

    Parameters
    ----------
    path
        The image.
    windows
        Row, column, rows and columns of each part, in pixels of the image.
    is_sparse
        Whether blocks of the image were never written.
    driver
        The one that may open it.

    Returns
    -------
    dict
        ``glances``: rows, columns and bits of each part, or None where a glance would be dear.

    Raises
    ------
    RefusedError
        What `geo.intake.bands.recipe_of` refuses, ``image_corrupt``, ``image_unreadable``.
    """
    with opened(path, driver=driver) as source:
        recipe_of(source, is_sparse=is_sparse)
        # Nothing says which blocks of an overview were made of blocks never written.
        factors = [] if is_sparse else source.overviews(1)
        return {
            "glances": [
                _glance(path, source, part, factors=factors, is_sparse=is_sparse)
                for part in windows
            ]
        }


def _glance(
    path: Path,
    source: DatasetReader,
    part: Sequence[int],
    *,
    factors: Sequence[int],
    is_sparse: bool,
) -> dict[str, Any] | None:
    row, column, rows, columns = part
    fine = [level for level, factor in enumerate(factors) if max(rows, columns) / factor >= LONGEST]
    factor = factors[fine[-1]] if fine else 1
    if _decoded(source, part) / factor**2 > CHEAP_PIXELS:
        return None
    if not fine:
        seen = _seen(source, Window(column, row, columns, rows), is_sparse=is_sparse)
        return _packed(seen)
    try:
        overview = rasterio.open(path, driver=source.driver, sharing=False, OVERVIEW_LEVEL=fine[-1])
    except (RasterioError, CPLE_BaseError) as error:
        require_memory(error)
        raise RefusedError("image_unreadable") from error
    with overview:
        across, down = overview.width / source.width, overview.height / source.height
        left, top = int(column * across), int(row * down)
        window = Window(
            left,
            top,
            max(1, min(round(columns * across), overview.width - left)),
            max(1, min(round(rows * down), overview.height - top)),
        )
        return _packed(_seen(overview, window, is_sparse=False))


def _decoded(source: DatasetReader, part: Sequence[int]) -> int:
    """Pixels that must be decoded for a part: whole blocks, and a strip is as wide as the image."""
    row, column, rows, columns = part
    height, width = source.block_shapes[0]
    down = (row + rows - 1) // height - row // height + 1
    across = (column + columns - 1) // width - column // width + 1
    return int(down * height * across * width)


def _seen(source: DatasetReader, window: Window, *, is_sparse: bool) -> Flags:
    _, valid = delivered_pixels(source, recipe_of(source, is_sparse=is_sparse), window)
    return valid


def _packed(seen: Flags) -> dict[str, Any]:
    """Pick the pixels in the middle of each cell of the glance, and pack them as bits."""
    rows, columns = (min(side, LONGEST) for side in seen.shape)
    at = [
        ((np.arange(few) + 0.5) * many / few).astype(np.intp)
        for few, many in zip((rows, columns), seen.shape, strict=True)
    ]
    bits = np.packbits(seen[np.ix_(*at)])
    return {"rows": rows, "columns": columns, "bits": base64.b64encode(bits).decode("ascii")}
