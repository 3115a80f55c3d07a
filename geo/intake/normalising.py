"""The working file: the pixels of an untrusted image, in the one form that we read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.intake.bands import Recipe, recipe_of
from geo.intake.reading import opened
from geo.intake.treatment import Treatment, chunks, notes, seen_pixels
from geo.intake.writing import Ledger, writing

BLOCK: Final = 512
"""Side of the blocks of a working file, in pixels."""

_SHARE_OF_PIXELS: Final = 0.8
_SMALLEST_OVERVIEW: Final = 256
_SEEN: Final = 255


def working_file(  # noqa: PLR0913 - what is copied, of what, and how it is told
    image: Path,
    out: Path,
    *,
    window: tuple[int, int, int, int],
    needed: list[str] | None,
    is_sparse: bool,
    driver: str,
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
    needed
        For each row of blocks of `BLOCK` pixels of that window, a ``1`` for each one that is
        needed; None if all are. Others are not decoded, and there are no overviews, as long as
        the pixels are plainly copied and some were seen.
    is_sparse
        Whether blocks of the image were never written.
    driver
        Of GDAL, for the kind of file that the gate found.
    advance
        Called with the share done.

    Raises
    ------
    RefusedError
        ``image_corrupt``, ``image_numbers_unknown``, ``image_colours_unknown``,
        ``image_unreadable``.
    UnfinishedError
        ``disk_full``, ``working_file_not_written``.
    """
    row, column, rows, columns = window
    ledger = Ledger()
    with opened(image, driver=driver) as source:
        recipe = recipe_of(source, is_sparse=is_sparse)
        treatment = Treatment.of(source, recipe)
        copying = _Copying(source=source, recipe=recipe, treatment=treatment, ledger=ledger)
        with writing():
            part = Window(column, row, columns, rows)
            blocks = needed if treatment.is_plain else None
            valid_pixels, collar_pixels = copying.into(out, part, blocks, advance)
            if valid_pixels == 0 and blocks is not None:
                ledger.clear()  # whether the picture shows anything at all is told by all of it
                valid_pixels, collar_pixels = copying.into(out, part, None, advance)
    if needed is None:
        with writing():
            _add_overviews(out, rows=rows, columns=columns)
    advance(0.95)
    ledger.verify(out)
    return {
        "valid_pixels": valid_pixels,
        "collar_pixels": collar_pixels,
        **notes(treatment),
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class _Copying:
    """One image, on its way into a file of our own."""

    source: DatasetReader
    recipe: Recipe
    treatment: Treatment
    ledger: Ledger

    def into(
        self,
        out: Path,
        part: Window,
        needed: list[str] | None,
        advance: Callable[[float], None],
    ) -> tuple[int, int]:
        """Copy window by window; give the pixels that were seen, and those of a collar."""
        valid_pixels = collar_pixels = 0
        with rasterio.open(out, "w", **_profile(self.source, part)) as copy:
            for chunk in _parts(
                chunks(self.source, part, is_plain=self.treatment.is_plain), needed
            ):
                there = Window(
                    chunk.col_off + part.col_off,
                    chunk.row_off + part.row_off,
                    chunk.width,
                    chunk.height,
                )
                picture, valid, covered = seen_pixels(
                    self.source, self.recipe, self.treatment, there
                )
                copy.write(picture, window=chunk)
                mask = valid.view(np.uint8) * np.uint8(_SEEN)
                copy.write_mask(mask, window=chunk)
                self.ledger.note(chunk, picture, mask)
                valid_pixels += int(np.count_nonzero(valid))
                collar_pixels += covered
                done = chunk.row_off * part.width + chunk.height * (chunk.col_off + chunk.width)
                advance(_SHARE_OF_PIXELS * done / (part.width * part.height))
        return valid_pixels, collar_pixels


def _parts(whole: Iterator[Window], needed: list[str] | None) -> Iterator[Window]:
    """Give windows of whole blocks less what nobody needs of them."""
    for window in whole:
        if needed is None:
            yield window
            continue
        bottom, right = window.row_off + window.height, window.col_off + window.width
        for top in range(window.row_off, bottom, BLOCK):
            row = needed[top // BLOCK][window.col_off // BLOCK : -(-right // BLOCK)]
            if "1" in row:
                left = window.col_off + row.index("1") * BLOCK
                end = min(window.col_off + (row.rindex("1") + 1) * BLOCK, right)
                yield Window(left, top, end - left, min(BLOCK, bottom - top))


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
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "interleave": "pixel",
        "photometric": "RGB",
        "compress": "ZSTD",
        "zstd_level": 1,
        "predictor": 2,
        "bigtiff": "IF_SAFER",
    }


def _add_overviews(out: Path, *, rows: int, columns: int) -> None:
    factors = []
    factor = 2
    while max(rows, columns) // factor >= _SMALLEST_OVERVIEW:
        factors.append(factor)
        factor *= 2
    if factors:
        with rasterio.open(out, "r+", driver="GTiff", sharing=False) as copy:
            copy.build_overviews(factors, Resampling.average)
