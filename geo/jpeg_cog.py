"""
Our own writer of cloud optimised GeoTIFFs in JPEG: the tables of a TIFF around what was packed.

BigTIFF, tiles of JPEG in YCbCr, each a whole picture of its own; masks of one bit in DEFLATE; the
directories first, then the coarsest level, the finest last, each tile's mask behind it. Tiles that
show nothing take no room. The place on the ground is said in the very tags that GDAL writes for it.
"""

import struct
import tempfile
from collections.abc import Callable, Iterable
from os import cpu_count
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from geo.grid import Grid, Tile
from geo.jpeg_packing import BANDS, SIDE, Index, pack
from geo.pyramid import Part, levels_of
from geo.raster import Mask

_HEADER: Final = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16)
_SHORT, _LONG8 = 3, 16
_PACKED: Final = {3: "H", 4: "I", 12: "d", 16: "Q"}
_ASCII: Final = 2
_OVERVIEW, _MASK = 1, 4
_JPEG, _DEFLATE = 7, 8
_YCBCR, _MASK_COLOURS = 6, 4
_OFFSETS, _COUNTS = 324, 325
_PLACE_TAGS: Final = (33550, 33922, 34264, 34735, 34736, 34737)

type Values = tuple[int, bytes, int]
"""Type of a tag, its bytes, how many there are."""


class _Level:
    """What was packed of one level: how long its tiles and masks are, and which they are."""

    def __init__(self, index: Index, *, number: int, shape: tuple[int, int]) -> None:
        self.is_finest = number == 0
        self.rows, self.columns = (-(-length // (1 << number)) for length in shape)
        blocks = -(-self.rows // SIDE), -(-self.columns // SIDE)
        own = np.flatnonzero(index["level"] == number)
        here = index["row"][own], index["column"][own]
        self.records = own[np.lexsort(here[::-1])]
        """Positions in the index, row by row."""

        self.counts: NDArray[np.uint64] = np.zeros((*blocks, 2), np.uint64)
        """(blocks down, blocks across, 2): bytes of tiles and of masks."""
        self.counts[*here, 0] = index["tile_bytes"][own]
        self.counts[*here, 1] = index["mask_bytes"][own]


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
        The file to be made; a passing file lies in its folder.
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
    parts = (Part(tile.row, tile.column, values, valid) for tile, values, valid in tiles)
    with tempfile.TemporaryFile(dir=path.parent) as stream:
        threads = cpu_count() or 1
        index = pack(parts, stream, shape=grid.shape, quality=quality, threads=threads)
        lengths = index["tile_bytes"].astype(np.int64) + index["mask_bytes"]
        starts = np.cumsum(lengths) - lengths

        def packed(number: int) -> bytes:
            stream.seek(int(starts[number]))
            return stream.read(int(lengths[number]))

        assemble_jpeg_cog(path, grid, index, packed)


def assemble_jpeg_cog(path: Path, grid: Grid, index: Index, packed: Callable[[int], bytes]) -> None:
    """
    Write a cloud optimised GeoTIFF of what `geo.jpeg_packing.pack` packed.

    Directories come first, whose length is known before what they point at, and then the levels.

    Parameters
    ----------
    path
        The file to be made.
    grid
        Placement and size of the file.
    index
        Of the stream: each block at most once, and within the picture.
    packed
        Gives tile and mask of a record of the index, as one piece.

    Raises
    ------
    OSError
        If there is no room.
    """
    levels = [
        _Level(index, number=number, shape=grid.shape)
        for number in range(levels_of(grid.shape, side=SIDE))
    ]
    place = _place_tags(grid)
    directories = [
        {**_tags(level, kind), **(place if level.is_finest and kind == 0 else {})}
        for level in levels
        for kind in (0, 1)
    ]
    end = len(_HEADER) + sum(map(_length, directories))
    for number in reversed(range(len(levels))):
        # Row by row, each tile before its mask, in whatever order they came.
        counts = levels[number].counts
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
            for record in level.records.tolist():
                file.write(packed(record))


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


def _tags(level: _Level, kind: int) -> dict[int, Values]:
    """Tags of a level's picture, or of its mask; where its tiles are is not yet known."""
    subfile = (0 if level.is_finest else _OVERVIEW) | (_MASK if kind else 0)
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
    counts = level.counts[..., kind].ravel().tolist()
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
