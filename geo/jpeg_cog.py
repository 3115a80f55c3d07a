"""
Our own writer of cloud optimised GeoTIFFs in JPEG: each pixel is packed once, as it comes.

BigTIFF, tiles of JPEG in YCbCr, each a whole picture of its own; masks of one bit in DEFLATE; the
directories first, then the coarsest level, the finest last, each tile's mask behind it. Tiles that
show nothing take no room. The place on the ground is said in the very tags that GDAL writes for it.
"""

import struct
import tempfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from os import cpu_count
from pathlib import Path
from typing import BinaryIO, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from geo.grid import Grid, Tile
from geo.pyramid import Block, Pyramid
from geo.raster import Mask

SIDE: Final = 512
BANDS: Final = 3

_HEADER: Final = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16)
_SHORT, _LONG8 = 3, 16
_PACKED: Final = {3: "H", 4: "I", 12: "d", 16: "Q"}
_ASCII: Final = 2
_OVERVIEW, _MASK = 1, 4
_JPEG, _DEFLATE = 7, 8
_YCBCR, _MASK_COLOURS = 6, 4
_OFFSETS, _COUNTS = 324, 325
_PLACE_TAGS: Final = (33550, 33922, 34264, 34735, 34736, 34737)
_WAITING: Final = 16
"""Blocks that may wait to be written, for each thread that packs."""

type Values = tuple[int, bytes, int]
"""Type of a tag, its bytes, how many there are."""


@dataclass(eq=False)
class _Level:
    """What was packed of one level, in a passing file, and where its tiles and masks begin."""

    rows: int
    columns: int
    packed: BinaryIO
    offsets: NDArray[np.uint64] = field(init=False)
    """(blocks down, blocks across), in the passing file; a mask follows its tile."""

    counts: NDArray[np.uint64] = field(init=False)
    """(2, blocks down, blocks across): bytes of tiles and of masks."""

    def __post_init__(self) -> None:
        blocks = -(-self.rows // SIDE), -(-self.columns // SIDE)
        self.offsets = np.zeros(blocks, np.uint64)
        self.counts = np.zeros((2, *blocks), np.uint64)

    def filled(self, block: Block) -> tuple[int, int]:
        """Rows and columns of a block that belong to the picture."""
        left = self.rows - block.row * SIDE, self.columns - block.column * SIDE
        return min(left[0], SIDE), min(left[1], SIDE)

    def keep(self, block: Block, parts: tuple[bytes, bytes]) -> None:
        self.offsets[block.row, block.column] = self.packed.tell()
        self.counts[:, block.row, block.column] = [len(part) for part in parts]
        self.packed.writelines(parts)


def write_jpeg_cog(
    path: Path,
    grid: Grid,
    tiles: Iterable[tuple[Tile, NDArray[np.uint8], Mask]],
    *,
    quality: int,
) -> None:
    """
    Write red, green and blue as a cloud optimised GeoTIFF.

    Parameters
    ----------
    path
        The file to be made; passing files lie in its folder.
    grid
        Placement and size of the file.
    tiles
        Row by row, each on whole blocks of `SIDE` pixels: its values (3, rows, columns), zero
        where not valid, and its mask (rows, columns). Tiles that never come stay unseen.
    quality
        Of the JPEG, to 100; colours are kept half as fine as light.

    Raises
    ------
    OSError
        If there is no room.
    """
    pyramid = Pyramid(grid, side=SIDE, bands=BANDS)
    with ExitStack() as stack:
        levels = [
            _Level(
                rows=-(-grid.rows // (1 << level)),
                columns=-(-grid.columns // (1 << level)),
                packed=stack.enter_context(tempfile.TemporaryFile(dir=path.parent)),
            )
            for level in range(pyramid.levels)
        ]
        blocks = ((block, levels[block.level]) for block in pyramid.blocks(tiles))
        for block, parts in _packed(blocks, quality=quality):
            levels[block.level].keep(block, parts)
        _assemble(path, levels, place=_place_tags(grid))


def _packed(
    blocks: Iterator[tuple[Block, _Level]], *, quality: int
) -> Iterator[tuple[Block, tuple[bytes, bytes]]]:
    """Pack blocks on all cores while others are still being read; what comes out keeps order."""
    threads = cpu_count() or 1
    waiting: deque[tuple[Block, Future[tuple[bytes, bytes]]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for block, level in blocks:
            shape = level.filled(block)
            waiting.append((block, pool.submit(_tile_and_mask, block, shape, quality)))
            if len(waiting) > _WAITING * threads:
                first, parts = waiting.popleft()
                yield first, parts.result()
        for block, parts in waiting:
            yield block, parts.result()


def _tile_and_mask(block: Block, shape: tuple[int, int], quality: int) -> tuple[bytes, bytes]:
    rows, columns = shape
    picture = cv2.merge([band[:rows, :columns] for band in block.values[::-1]])
    if shape != (SIDE, SIDE):  # beyond its rim a picture goes on, so that no edge is packed there
        beyond = (0, SIDE - rows, 0, SIDE - columns)
        picture = cv2.copyMakeBorder(picture, *beyond, cv2.BORDER_REPLICATE)
    words = [
        *(cv2.IMWRITE_JPEG_QUALITY, quality),
        *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420),
    ]
    is_packed, tile = cv2.imencode(".jpg", picture, words)
    if not is_packed:
        raise OSError("a block could not be packed")
    return tile.tobytes(), zlib.compress(np.packbits(block.valid, axis=1).tobytes(), 6)


def _place_tags(grid: Grid) -> dict[int, Values]:
    """Tags that say where a picture lies, as GDAL writes them."""
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=1,
            height=1,
            count=1,
            dtype="uint8",
            crs=grid.rasterio_crs,
            transform=grid.transform,
        ):
            pass
        content = memory.read()
    start = int.from_bytes(content[4:8], "little")
    count = int.from_bytes(content[start : start + 2], "little")
    tags = {}
    for number in range(count):
        at = start + 2 + 12 * number
        tag, kind, length, offset = struct.unpack("<HHII", content[at : at + 12])
        if tag in _PLACE_TAGS:
            size = length * (1 if kind == _ASCII else struct.calcsize(_PACKED[kind]))
            if size <= 4:  # noqa: PLR2004 - what fits stands in the table
                offset = at + 8
            tags[tag] = kind, content[offset : offset + size], length
    return tags


def _assemble(path: Path, levels: list[_Level], *, place: dict[int, Values]) -> None:
    """Write directories, whose length is known before what they point at, and then the levels."""
    directories = [
        {**_tags(level, kind, is_finest=number == 0), **(place if number == kind == 0 else {})}
        for number, level in enumerate(levels)
        for kind in (0, 1)
    ]
    end = len(_HEADER) + sum(map(_length, directories))
    for number in reversed(range(len(levels))):
        # Row by row, each tile before its mask, in whatever order they came.
        counts = np.moveaxis(levels[number].counts, 0, -1)
        starts = (np.cumsum(counts).reshape(counts.shape) - counts + np.uint64(end)) * (counts > 0)
        for kind, directory in enumerate(directories[2 * number : 2 * number + 2]):
            directory[_OFFSETS] = _numbers(_LONG8, *starts[..., kind].ravel().tolist())
        end += int(counts.sum())
    with path.open("wb") as file:
        file.write(_HEADER)
        for number, directory in enumerate(directories):
            is_last = number + 1 == len(directories)
            file.write(_directory(directory, at=file.tell(), is_last=is_last))
        for level in reversed(levels):
            for row, column in np.argwhere(level.counts[0]):
                level.packed.seek(int(level.offsets[row, column]))
                file.write(level.packed.read(int(level.counts[:, row, column].sum())))


def _tags(level: _Level, kind: int, *, is_finest: bool) -> dict[int, Values]:
    """Tags of a level's picture, or of its mask; where its tiles are is not yet known."""
    subfile = (0 if is_finest else _OVERVIEW) | (_MASK if kind else 0)
    tags = {
        254: _numbers(4, subfile),
        256: _numbers(4, level.columns),
        257: _numbers(4, level.rows),
    }
    shorts: dict[int, tuple[int, ...]]
    if kind:
        shorts = {258: (1,), 259: (_DEFLATE,), 262: (_MASK_COLOURS,), 277: (1,)}
    else:
        shorts = {258: (8,) * BANDS, 259: (_JPEG,), 262: (_YCBCR,), 277: (BANDS,), 530: (2, 2)}
    shorts |= {284: (1,), 322: (SIDE,), 323: (SIDE,), 339: (1,) * (1 if kind else BANDS)}
    tags |= {tag: _numbers(_SHORT, *values) for tag, values in shorts.items()}
    counts = level.counts[kind].ravel().tolist()
    return tags | {_COUNTS: _numbers(_LONG8, *counts), _OFFSETS: _numbers(_LONG8, *counts)}


def _numbers(kind: int, *values: int) -> Values:
    return kind, struct.pack(f"<{len(values)}{_PACKED[kind]}", *values), len(values)


def _length(tags: dict[int, Values]) -> int:
    outside = sum(-(-len(packed) // 8) * 8 for _, packed, _ in tags.values() if len(packed) > 8)  # noqa: PLR2004
    return 8 + 20 * len(tags) + 8 + outside


def _directory(tags: dict[int, Values], *, at: int, is_last: bool) -> bytes:
    """Bytes of a directory, and behind it the values too long to stand in it."""
    table, outside = [struct.pack("<Q", len(tags))], b""
    values_at = at + 8 + 20 * len(tags) + 8
    for tag, (kind, packed, count) in sorted(tags.items()):
        told = packed.ljust(-(-len(packed) // 8) * 8, b"\0")
        if len(told) > 8:  # noqa: PLR2004 - what fits stands in the table
            table.append(struct.pack("<HHQQ", tag, kind, count, values_at + len(outside)))
            outside += told
        else:
            table.append(struct.pack("<HHQ", tag, kind, count) + told)
    end = 0 if is_last else values_at + len(outside)
    return b"".join([*table, struct.pack("<Q", end), outside])
