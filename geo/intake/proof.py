"""What a child packed, proven before any of it is taken: it may have stopped obeying us."""

import re
import zlib
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from geo.errors import RefusedError, UnfinishedError
from geo.jpeg_packing import BANDS, MASK_BYTES, RECORD, SIDE, Index, tile_head
from geo.pyramid import levels_of

_END: Final = b"\xff\xd9"
_MARKER: Final = re.compile(rb"\xff[^\x00]")
_LONGEST: Final = 4 * BANDS * SIDE**2


class Proven:
    """
    The stream of a child and its index, of which every byte is looked at.

    A tile is what our own packing of any pixels may give: its head is that of all tiles, and what
    follows are pixels and nothing else. A mask has as many bits as a block has pixels. What reads
    back otherwise than it was packed was lost on the disk.

    Raises
    ------
    RefusedError
        ``image_unreadable`` if this was not packed by us.
    UnfinishedError
        ``working_file_not_written`` if some of it is not there.
    """

    def __init__(
        self, stream: BinaryIO, index: Path, *, shape: tuple[int, int], quality: int
    ) -> None:
        self._stream = stream
        self._head = tile_head(quality)
        self._masks: set[bytes] = set()
        self.index = _read(index, shape)
        """`geo.jpeg_packing.RECORD` of each block."""

        self._lengths = self.index["tile_bytes"].astype(np.int64) + self.index["mask_bytes"]
        self._starts = np.cumsum(self._lengths) - self._lengths

    def part(self, number: int) -> bytes:
        """Tile and mask of one record, as one piece."""
        self._stream.seek(int(self._starts[number]))
        part = self._stream.read(int(self._lengths[number]))
        record = self.index[number]
        if len(part) != self._lengths[number] or zlib.crc32(part) != record["checksum"]:
            raise UnfinishedError("working_file_not_written")
        length = int(record["tile_bytes"])
        self._require_tile(part[:length])
        self._require_mask(part[length:])
        return part

    def _require_tile(self, tile: bytes) -> None:
        is_ours = tile.startswith(self._head) and tile.endswith(_END)
        if not is_ours or _MARKER.search(tile, len(self._head), len(tile) - len(_END)):
            raise RefusedError("image_unreadable")

    def _require_mask(self, mask: bytes) -> None:
        if mask in self._masks:
            return
        opening = zlib.decompressobj()
        try:
            bits = opening.decompress(mask, MASK_BYTES + 1)
        except zlib.error:
            raise RefusedError("image_unreadable") from None
        if len(bits) != MASK_BYTES or not opening.eof or opening.unused_data:
            raise RefusedError("image_unreadable")
        if bits.count(b"\xff") == MASK_BYTES:  # most are of this kind
            self._masks.add(mask)


def _read(path: Path, shape: tuple[int, int]) -> Index:
    blocks = [
        tuple(-(-length // (SIDE << level)) for length in shape)
        for level in range(levels_of(shape, side=SIDE))
    ]
    size = path.stat().st_size
    if size % RECORD.itemsize or size > RECORD.itemsize * sum(
        down * across for down, across in blocks
    ):
        raise RefusedError("image_unreadable")
    index = np.fromfile(path, RECORD)
    is_within = (index["level"] < len(blocks)).all()
    if is_within:
        down, across = np.array(blocks, np.uint32)[index["level"]].T
        is_within = (
            (index["row"] < down).all()
            and (index["column"] < across).all()
            and (index["tile_bytes"] <= _LONGEST).all()
            and (index["mask_bytes"] <= 2 * MASK_BYTES).all()
        )
    places = np.unique(index[["level", "row", "column"]])
    if not is_within or len(places) != len(index):
        raise RefusedError("image_unreadable")
    return index
