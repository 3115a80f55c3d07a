"""Writing our own rasters: cloud optimised GeoTIFFs, tile by tile, never whole in memory."""

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.windows import Window

from geo.errors import UnfinishedError
from geo.grid import Grid, Tile
from geo.intake.reading import require_memory
from geo.jpeg_cog import write_jpeg_cog
from geo.raster import Mask

BLOCK_PX = 512

LEAST_ROOM_BYTES = 1 << 20

CACHE_BYTES = 256 << 20
"""GDAL's block cache: bytes inside rasterio.Env, where a bare 256 would mean 256 bytes."""


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """How the pixels of a file are packed."""

    options: dict[str, str | int]
    """Creation options of GDAL's COG driver, which writes what we do not write ourselves."""

    nodata: int | None
    """Value that means not seen; None where a mask band says it."""


JPEG_QUALITY = 85

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

PICTURE = Encoding(options={"COMPRESS": "JPEG", "QUALITY": JPEG_QUALITY}, nodata=None)
"""Red, green, blue for people to look at: JPEG in YCbCr beside an exact one-bit mask."""

EXACT_PICTURE = Encoding(options={"COMPRESS": "ZSTD", "LEVEL": 2, "PREDICTOR": "YES"}, nodata=None)
"""The same without loss, for pictures so coarse that every pixel is measured on."""

SCORE = Encoding(options={"COMPRESS": "ZSTD", "LEVEL": 2}, nodata=255)
"""One band of whole numbers 0 to 100, exact; 255 where there is none."""


def write_cog(
    path: Path,
    grid: Grid,
    tiles: Iterable[tuple[Tile, NDArray[np.uint8], Mask]],
    *,
    encoding: Encoding,
    bands: int,
) -> None:
    """
    Write a cloud optimised GeoTIFF from tiles as they come.

    Parameters
    ----------
    path
        The file to be made; a passing file of the same name and ``.tmp`` lies beside it.
    grid
        Placement and size of the file.
    tiles
        Where each tile lies, its values (bands, rows, columns), and its mask (rows, columns)
        that is True where seen. Tiles that never come stay unseen and take no room.
    encoding
        How the pixels are packed.
    bands
        Number of bands.

    Raises
    ------
    MemoryError
        If that is why it could not be written.
    UnfinishedError
        ``disk_full``; ``write_failed`` if the file does not read back whole, which is how a
        full disk shows itself when the library that writes it does not say so.
    """
    if encoding is PICTURE:
        _write_picture(path, grid, tiles)
        return
    passing = path.with_name(path.name + ".tmp")
    profile = _profile(grid, bands=bands, nodata=encoding.nodata)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True, GDAL_CACHEMAX=CACHE_BYTES):
        try:
            with rasterio.open(passing, "w", **profile) as target:
                for tile, values, valid in tiles:
                    window = Window(tile.column, tile.row, tile.columns, tile.rows)
                    target.write(values, window=window)
                    if encoding.nodata is None:
                        target.write_mask(valid, window=window)
            rasterio.shutil.copy(
                passing,
                path,
                driver="COG",
                BLOCKSIZE=BLOCK_PX,
                OVERVIEW_RESAMPLING="AVERAGE",
                BIGTIFF="IF_SAFER",
                SPARSE_OK=True,
                NUM_THREADS="ALL_CPUS",
                **encoding.options,
            )
            _require_whole(path, grid)
        except (RasterioError, CPLE_BaseError) as error:
            require_memory(error)
            _require_room(path, error)
            raise UnfinishedError("write_failed", name=path.name) from error
        finally:
            passing.unlink(missing_ok=True)


def _write_picture(
    path: Path, grid: Grid, tiles: Iterable[tuple[Tile, NDArray[np.uint8], Mask]]
) -> None:
    try:
        write_jpeg_cog(path, grid, tiles, quality=JPEG_QUALITY)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise UnfinishedError("disk_full") from error
        raise


def _profile(grid: Grid, *, bands: int, nodata: int | None) -> dict[str, Any]:
    return {
        "driver": "GTiff",
        "dtype": "uint8",
        "count": bands,
        "height": grid.rows,
        "width": grid.columns,
        "crs": grid.rasterio_crs,
        "transform": grid.transform,
        "nodata": nodata,
        "tiled": True,
        "blockxsize": BLOCK_PX,
        "blockysize": BLOCK_PX,
        "compress": "ZSTD",
        "zstd_level": 1,
        "bigtiff": "IF_SAFER",
        "sparse_ok": True,
        "photometric": "RGB" if bands == 3 else "MINISBLACK",  # noqa: PLR2004
    }


def _require_room(path: Path, error: RasterioError) -> None:
    """Say so if the disk is full: the library that writes often only says that it failed."""
    disk = os.statvfs(path.parent)
    if disk.f_bavail * disk.f_frsize < LEAST_ROOM_BYTES:
        raise UnfinishedError("disk_full") from error


def _require_whole(path: Path, grid: Grid) -> None:
    """Read the file back, block by block."""
    with rasterio.open(path, driver="GTiff") as written:
        if (written.height, written.width) != grid.shape:
            raise UnfinishedError("write_failed", name=path.name)
        for _, window in written.block_windows(1):
            written.read(window=window)
