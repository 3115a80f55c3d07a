"""Pixels of one window of an untrusted image, as they are in the file, and which were seen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import RefusedError
from geo.intake.bands import Recipe
from geo.intake.reading import opened, overheard, require_memory
from geo.intake.writing import require_disk

type Numbers = NDArray[Any]
type Flags = NDArray[np.bool_]


def delivered_pixels(
    source: DatasetReader, recipe: Recipe, window: Window
) -> tuple[Numbers, Flags]:
    """
    Read one window of the picture.

    Returns
    -------
    picture
        (3, rows, columns), or (1, rows, columns) where it is grey; numbers as the file has
        them, a palette expanded.
    valid
        (rows, columns); whether the file says that the ground was seen.

    Raises
    ------
    RefusedError
        ``image_corrupt``.
    """
    bands = [*recipe.colours, *([recipe.alpha] if recipe.alpha else [])]
    try:
        with overheard() as heard:
            values: Numbers = source.read(bands, window=window)
            mask = source.read_masks(1, window=window) != 0 if recipe.has_mask else None
    except (RasterioError, CPLE_BaseError) as error:
        require_memory(error)
        require_disk(error)  # room for this window may have been made by writing an earlier one
        raise _corruption(source, bands, window) from error
    if heard.is_corrupt:
        raise _corruption(source, bands, window)
    picture = values[: len(recipe.colours)]
    valid = np.ones(picture.shape[1:], dtype=np.bool_) if mask is None else mask
    if recipe.depth.kind == "f":
        valid &= np.isfinite(picture).all(axis=0)
    if recipe.nodata is not None:
        valid &= (picture != recipe.depth.type(recipe.nodata)).any(axis=0)
    if recipe.alpha:
        valid &= values[-1] != 0
    if recipe.is_sparse:
        _forget_missing(source, recipe, window, valid)
    if recipe.palette is not None:
        valid &= recipe.palette[picture[0], 3] != 0
        picture = np.moveaxis(recipe.palette[picture[0], :3], -1, 0)
    return picture, valid


def _corruption(source: DatasetReader, bands: list[int], window: Window) -> RefusedError:
    """Refusal that names the first block of a window that cannot be decoded."""
    height, width = source.block_shapes[0]
    culprit = window
    with opened(Path(source.name), driver=source.driver) as again:  # nothing of it is in memory yet
        for part in _blocks(window, height=height, width=width):
            try:
                with overheard() as heard:
                    again.read(bands, window=part)
            except (RasterioError, CPLE_BaseError):
                heard.is_corrupt = True
            if heard.is_corrupt:
                culprit = part
                break
    return RefusedError(
        "image_corrupt",
        where=f"row {culprit.row_off}, column {culprit.col_off}",
        row=culprit.row_off,
        column=culprit.col_off,
        rows=culprit.height,
        columns=culprit.width,
    )


def _blocks(window: Window, *, height: int, width: int) -> Iterator[Window]:
    """Cut a window along the blocks of the image."""
    bottom, right = window.row_off + window.height, window.col_off + window.width
    for top in range(window.row_off // height * height, bottom, height):
        for left in range(window.col_off // width * width, right, width):
            row, column = max(top, window.row_off), max(left, window.col_off)
            yield Window(
                column, row, min(left + width, right) - column, min(top + height, bottom) - row
            )


def _forget_missing(source: DatasetReader, recipe: Recipe, window: Window, valid: Flags) -> None:
    """Ground of blocks that were never written was not seen, though readers show it black."""
    height, width = source.block_shapes[0]
    for part in _blocks(window, height=height, width=width):
        name = f"BLOCK_OFFSET_{part.col_off // width}_{part.row_off // height}"
        if all(source.get_tag_item(name, "TIFF", bidx=band) is None for band in recipe.colours):
            top, left = part.row_off - window.row_off, part.col_off - window.col_off
            valid[top : top + part.height, left : left + part.width] = False
