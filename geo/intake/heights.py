"""The working file of a surface model: its heights, in the one form that we read."""

import os
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import RefusedError, UnfinishedError
from geo.intake.reading import opened, require_memory
from geo.intake.writing import require_disk, writing

_BLOCK: Final = 512

HIGHEST_M: Final = 10_000.0
"""No ground is higher or deeper: what is was meant as unknown, though the file does not say so."""


def heights_file(image: Path, out: Path, *, metres_up: float) -> dict[str, Any]:
    """
    Copy one band of heights into a file of our own, in metres. Runs in the child.

    Raises
    ------
    RefusedError
        ``heights_not_one_band``, ``image_corrupt``, ``image_unreadable``.
    UnfinishedError
        ``disk_full``, ``working_file_not_written``.
    """
    # What is kept is the horizontal system: nothing may shift the heights a second time.
    with rasterio.Env(GTIFF_REPORT_COMPD_CS="NO"), opened(image) as source:
        kind = np.dtype(source.dtypes[0])
        if source.count != 1 or kind.kind not in "iuf":
            raise RefusedError("heights_not_one_band", bands=source.count, found=str(kind))
        with writing():
            known = _copied(source, out, metres_up)
    with writing():
        _require_whole(out, known)
    return {"known_pixels": known}


def _copied(source: DatasetReader, out: Path, metres_up: float) -> int:
    profile = {
        "driver": "GTiff",
        "width": source.width,
        "height": source.height,
        "count": 1,
        "dtype": "float32",
        "nodata": np.nan,
        "crs": source.crs,
        "transform": source.transform,
        "tiled": True,
        "blockxsize": _BLOCK,
        "blockysize": _BLOCK,
        "compress": "ZSTD",
        "zstd_level": 1,
        "predictor": 3,
        "bigtiff": "IF_SAFER",
    }
    known = 0
    with rasterio.open(out, "w", **profile) as copy:
        for row in range(0, source.height, _BLOCK):
            for column in range(0, source.width, _BLOCK):
                window = Window(
                    column,
                    row,
                    min(_BLOCK, source.width - column),
                    min(_BLOCK, source.height - row),
                )
                heights = _heights(source, window, metres_up)
                copy.write(heights, 1, window=window)
                known += int(np.isfinite(heights).sum())
    return known


def _heights(source: DatasetReader, window: Window, metres_up: float) -> NDArray[np.float32]:
    try:
        values = source.read(1, window=window).astype(np.float64)
        seen = source.read_masks(1, window=window) > 0
    except (RasterioError, CPLE_BaseError) as error:
        require_memory(error)
        place = {"row": window.row_off, "column": window.col_off}
        raise RefusedError(
            "image_corrupt", rows=window.height, columns=window.width, **place
        ) from error
    with np.errstate(invalid="ignore", over="ignore"):
        # Whole numbers often stand for heights by a step and an offset of their own.
        values = (values * source.scales[0] + source.offsets[0]) * metres_up
        known = seen & (np.abs(values) < HIGHEST_M)
    return np.where(known, values, np.nan).astype(np.float32)


def _require_whole(out: Path, known: int) -> None:
    """Read the finished file again: GDAL may end in peace though the disk was full."""
    descriptor = os.open(out, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    again = 0
    try:
        with rasterio.open(out, driver="GTiff", sharing=False) as written:
            for _, window in written.block_windows(1):
                again += int(np.isfinite(written.read(1, window=window)).sum())
    except RasterioError:
        again = -1
    if again != known:
        require_disk(None)
        raise UnfinishedError("working_file_not_written")
