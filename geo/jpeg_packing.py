"""
Packing a picture and its pyramid as it comes: tiles of JPEG and masks of one bit, each once.

What was packed lies in one stream, block after block in the order of their coming, each tile
before its mask; an index says which they are.
"""

import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import BinaryIO, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.pyramid import Block, Part, Pyramid

SIDE: Final = 512
BANDS: Final = 3
MASK_BYTES: Final = SIDE * SIDE // 8

RECORD: Final = np.dtype(
    [
        ("level", "<u4"),
        ("row", "<u4"),
        ("column", "<u4"),
        ("tile_bytes", "<u4"),
        ("mask_bytes", "<u4"),
        ("checksum", "<u4"),
    ]
)
"""Of one block: where it belongs, counted in blocks; how long its tile and its mask are; and their
CRC-32 together."""

_WAITING: Final = 16
"""Blocks that may wait to be written, for each thread that packs."""

_SCAN: Final = b"\xff\xda"
_MASK_EFFORT: Final = 6

type Index = NDArray[np.void]
"""One `RECORD` for each block of a stream."""


def pack(
    parts: Iterable[Part], stream: BinaryIO, *, shape: tuple[int, int], quality: int, threads: int
) -> Index:
    """
    Pack a picture and all its coarser levels.

    Parameters
    ----------
    parts
        Of red, green and blue, row by row. Blocks that never come, or show nothing, take no room.
    stream
        Where it is written.
    shape
        Rows and columns of the picture.
    quality
        Of the JPEG, to 100; colours are kept half as fine as light.
    threads
        That pack while other parts are still being read; what is written does not depend on them.

    Raises
    ------
    OSError
        If there is no room.
    """
    blocks = Pyramid(shape, side=SIDE, bands=BANDS).blocks(parts)
    records = []
    for block, (tile, mask) in _packed(blocks, shape, quality, threads):
        stream.write(tile)
        stream.write(mask)
        checksum = zlib.crc32(mask, zlib.crc32(tile))
        place = block.level, block.row, block.column
        records.append((*place, len(tile), len(mask), checksum))
    return np.array(records, RECORD)


def _packed(
    blocks: Iterator[Block], shape: tuple[int, int], quality: int, threads: int
) -> Iterator[tuple[Block, tuple[bytes, bytes]]]:
    """Pack blocks on several threads; what comes out keeps order."""
    waiting: deque[tuple[Block, Future[tuple[bytes, bytes]]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for block in blocks:
            waiting.append(
                (block, pool.submit(_tile_and_mask, block, _filled(block, shape), quality))
            )
            if len(waiting) > _WAITING * threads:
                first, parts = waiting.popleft()
                yield first, parts.result()
        for block, parts in waiting:
            yield block, parts.result()


def _filled(block: Block, shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of a block that belong to the picture."""
    rows, columns = (-(-length // (1 << block.level)) for length in shape)
    return min(rows - block.row * SIDE, SIDE), min(columns - block.column * SIDE, SIDE)


def _tile_and_mask(block: Block, shape: tuple[int, int], quality: int) -> tuple[bytes, bytes]:
    rows, columns = shape
    picture = cv2.merge([band[:rows, :columns] for band in block.values[::-1]])
    if shape != (SIDE, SIDE):  # beyond its rim a picture goes on, so that no edge is packed there
        beyond = (0, SIDE - rows, 0, SIDE - columns)
        picture = cv2.copyMakeBorder(picture, *beyond, cv2.BORDER_REPLICATE)
    return _tile(picture, quality), _mask(block.valid)


def _tile(picture: cv2.typing.MatLike, quality: int) -> bytes:
    words = [
        *(cv2.IMWRITE_JPEG_QUALITY, quality),
        *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420),
    ]
    is_packed, tile = cv2.imencode(".jpg", picture, words)
    if not is_packed:
        raise OSError("a block could not be packed")
    return tile.tobytes()


def _mask(valid: NDArray[np.bool_]) -> bytes:
    return _full_mask() if valid.all() else _deflated(valid)


def _deflated(valid: NDArray[np.bool_]) -> bytes:
    return zlib.compress(np.packbits(valid, axis=1).tobytes(), _MASK_EFFORT)


@cache
def _full_mask() -> bytes:
    return _deflated(np.ones((SIDE, SIDE), np.bool_))


@cache
def tile_head(quality: int) -> bytes:
    """Give the bytes by which every tile begins, up to its pixels."""
    tile = _tile(np.zeros((SIDE, SIDE, BANDS), np.uint8), quality)
    scan = tile.index(_SCAN)
    length = int.from_bytes(tile[scan + len(_SCAN) : scan + len(_SCAN) + 2], "big")
    return tile[: scan + len(_SCAN) + length]
