"""Which bands of an image are its picture, and which of its pixels were seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import RefusedError
from geo.intake.probing import alpha_band, has_mask
from geo.intake.reading import opened, overheard, require_memory
from geo.intake.writing import require_disk

type Bytes = NDArray[np.uint8]

_RGB: Final = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
_PICTURE: Final = frozenset(
    {*_RGB, ColorInterp.gray, ColorInterp.palette, ColorInterp.alpha, ColorInterp.undefined}
)
_EIGHT_BITS: Final = 8
_BRIGHTEST: Final = 255


@dataclass(frozen=True, kw_only=True, eq=False)
class Recipe:
    """How to make red, green, blue and valid out of the bands of one image."""

    colours: tuple[int, ...]
    """Bands to read as red, green and blue, counted from one; a single one for all three."""

    alpha: int | None
    """Band that is zero where the image is transparent."""

    has_mask: bool
    nodata: int | None
    """Value that all colours have where the image is empty."""

    palette: Bytes | None
    """(256, 4): red, green, blue and alpha of each value of the only band."""

    is_sparse: bool
    """Whether blocks of the image were never written."""


def recipe_of(source: DatasetReader, *, is_sparse: bool) -> Recipe:
    """
    Choose the bands.

    A fourth band is transparency only where the file says so: many cameras put infrared there.

    Raises
    ------
    RefusedError
        ``image_not_8_bit``, ``image_colours_unknown``.
    """
    interpretation = list(source.colorinterp)
    alpha = alpha_band(source)
    if ColorInterp.palette in interpretation:
        colours = [interpretation.index(ColorInterp.palette) + 1]
    elif all(colour in interpretation for colour in _RGB):
        colours = [interpretation.index(colour) + 1 for colour in _RGB]
    else:
        others = [band for band in source.indexes if band != alpha]
        colours = others[:3] if len(others) >= len(_RGB) else others[:1]
    if not colours or any(interpretation[band - 1] not in _PICTURE for band in colours):
        raise RefusedError("image_colours_unknown")
    palette = _palette(source, colours)
    for band in colours:
        _require_8_bit(source, band, is_index=palette is not None)
    return Recipe(
        colours=tuple(colours),
        alpha=alpha,
        has_mask=has_mask(source),
        nodata=_byte(source.nodata),
        palette=palette,
        is_sparse=is_sparse,
    )


def seen_pixels(source: DatasetReader, recipe: Recipe, window: Window) -> tuple[Bytes, Bytes]:
    """
    Read one window as a picture.

    Returns
    -------
    picture
        (3, rows, columns); zero where not valid.
    valid
        (rows, columns); 255 where the ground was seen, else zero.

    Raises
    ------
    RefusedError
        ``image_corrupt``.
    """
    bands = [*recipe.colours, *([recipe.alpha] if recipe.alpha else [])]
    try:
        with overheard() as heard:
            values: Bytes = source.read(bands, window=window)
            mask = source.read_masks(1, window=window) != 0 if recipe.has_mask else None
    except (RasterioError, CPLE_BaseError) as error:
        require_memory(error)
        require_disk(error)  # room for this window may have been made by writing an earlier one
        raise _corruption(source, bands, window) from error
    if heard.is_corrupt:
        raise _corruption(source, bands, window)
    picture = values[: len(recipe.colours)]
    valid = np.ones(picture.shape[1:], dtype=np.bool_) if mask is None else mask
    if recipe.nodata is not None:
        valid &= (picture != recipe.nodata).any(axis=0)
    if recipe.alpha:
        valid &= values[-1] != 0
    if recipe.is_sparse:
        _forget_missing(source, recipe, window, valid)
    if recipe.palette is not None:
        valid &= recipe.palette[picture[0], 3] != 0
        picture = np.moveaxis(recipe.palette[picture[0], :3], -1, 0)
    elif len(picture) == 1:
        picture = np.repeat(picture, 3, axis=0)
    return np.where(valid, picture, np.uint8(0)), np.where(valid, np.uint8(_BRIGHTEST), np.uint8(0))


def _corruption(source: DatasetReader, bands: list[int], window: Window) -> RefusedError:
    """Refusal that names the first block of a window that cannot be decoded."""
    height, width = source.block_shapes[0]
    culprit = window
    with opened(Path(source.name)) as again:  # nothing of it is in memory yet
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


def _forget_missing(
    source: DatasetReader, recipe: Recipe, window: Window, valid: NDArray[np.bool_]
) -> None:
    """Ground of blocks that were never written was not seen, though readers show it black."""
    height, width = source.block_shapes[0]
    for part in _blocks(window, height=height, width=width):
        name = f"BLOCK_OFFSET_{part.col_off // width}_{part.row_off // height}"
        if all(source.get_tag_item(name, "TIFF", bidx=band) is None for band in recipe.colours):
            top, left = part.row_off - window.row_off, part.col_off - window.col_off
            valid[top : top + part.height, left : left + part.width] = False


def _palette(source: DatasetReader, colours: list[int]) -> Bytes | None:
    if source.colorinterp[colours[0] - 1] != ColorInterp.palette:
        return None
    palette = np.zeros((256, 4), dtype=np.uint8)
    for index, colour in source.colormap(colours[0]).items():
        if index < len(palette):
            palette[index] = colour
    return palette


def _require_8_bit(source: DatasetReader, band: int, *, is_index: bool) -> None:
    depth = source.dtypes[band - 1]
    bits = int(source.tags(band, ns="IMAGE_STRUCTURE").get("NBITS", _EIGHT_BITS))
    if depth != "uint8" or (bits != _EIGHT_BITS and not is_index):
        raise RefusedError("image_not_8_bit", found=depth if depth != "uint8" else f"{bits} bits")


def _byte(value: float | None) -> int | None:
    """Nodata as the pixels have it; one that no byte can equal marks nothing."""
    if value is None or value not in range(256):
        return None
    return int(value)
