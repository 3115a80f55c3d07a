"""The gate: what a file says of itself, judged before any image library sees it."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from geo.errors import RefusedError
from geo.intake.blocks import Layout, judged_blocks, layout_of
from geo.intake.filetype import file_type, tiff_variant
from geo.intake.header import Container, Header, require_bearable
from geo.intake.jpeg import jpeg_header
from geo.intake.limits import Limits
from geo.intake.png import png_header
from geo.intake.tiff import TiffFile

_REDUCED, _PAGE_MASK = 1, 4
_START_BYTES: Final = 1024


def inspect_header(path: Path, *, limits: Limits) -> Header:
    """
    Judge a file by its header alone: a TIFF, JPEG or PNG, whole, and of a size we can bear.

    Reads the tags and the lists of blocks, never a pixel. Takes milliseconds whatever the file.

    Parameters
    ----------
    path
        A regular file; its name means nothing.
    limits
        What one image may cost.

    Raises
    ------
    RefusedError
        ``image_not_found``, ``image_not_a_file``, ``image_unreadable``, ``image_file_empty``,
        ``image_type_unknown``, ``image_not_geotiff``, ``image_header_damaged``,
        ``image_header_too_long``, ``image_truncated``, ``image_too_large``,
        ``image_too_many_bands``, ``image_compression_unknown``, ``image_colours_unknown``,
        ``image_block_too_large``,
        ``image_blocks_overlap``, ``image_expands_too_much``, ``image_empty``,
        ``image_not_first``, ``image_animated``.
    """
    with _opened(path) as file:
        start = file.read(_START_BYTES)
        variant = tiff_variant(start)
        found = file_type(start)
        if found == Container.JPEG:
            return jpeg_header(file, limits)
        if found == Container.PNG:
            return png_header(file, limits)
        if variant is None:
            raise _another_type(start)
        byte_order, is_big = variant
        return _judged(TiffFile(file, byte_order=byte_order, is_big=is_big, limits=limits), limits)


def _opened(path: Path) -> BinaryIO:
    try:
        # Not to wait for ever at a pipe that somebody named like an image.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}:
            raise RefusedError("image_not_found") from None
        if error.errno in {errno.EACCES, errno.ELOOP, errno.ENXIO}:
            raise RefusedError("image_unreadable") from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RefusedError("image_not_a_file")
    return os.fdopen(descriptor, "rb", buffering=0)


def _another_type(start: bytes) -> RefusedError:
    if not start:
        return RefusedError("image_file_empty")
    found = file_type(start)
    if found is None:
        return RefusedError("image_type_unknown")
    return RefusedError("image_not_geotiff", found=found)


def _judged(tiff: TiffFile, limits: Limits) -> Header:
    layouts: list[Layout] = []
    blocks = 0
    missing = 0
    for directory in tiff.directories():
        layout = layout_of(tiff, directory, limits)
        blocks += layout.blocks
        if blocks > limits.max_blocks:
            raise RefusedError("image_header_too_long", limit=limits.max_blocks)
        present = judged_blocks(tiff, directory, layout)
        if not layouts:
            missing = layout.blocks - present
        layouts.append(layout)
    image = layouts[0]
    _require_image_first(layouts)
    if missing == image.blocks:
        raise RefusedError("image_empty", blocks=image.blocks)
    header = Header(
        container=Container.TIFF,
        rows=image.rows,
        columns=image.columns,
        bands=image.bands,
        bits=image.bits,
        compression=image.compression,
        block_rows=image.block_rows,
        block_columns=image.block_columns,
        is_tiled=image.is_tiled,
        is_big=tiff.is_big,
        directories=len(layouts),
        file_bytes=tiff.size,
        decoded_bytes=image.decoded_bytes,
        blocks=image.blocks,
        missing_blocks=missing,
    )
    require_bearable(header, limits)
    return header


def _require_image_first(layouts: list[Layout]) -> None:
    """Readers show the first image of a file; a thumbnail there would pass for the flight."""
    first, *others = layouts
    pages = [other for other in others if not other.subfile & (_REDUCED | _PAGE_MASK)]
    largest = max((page.rows * page.columns for page in pages), default=0)
    if first.subfile & (_REDUCED | _PAGE_MASK) or largest > first.rows * first.columns:
        raise RefusedError("image_not_first")
