"""The directories of a TIFF, read without trusting a single number in them."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.errors import RefusedError
from geo.intake.limits import Limits

type Integers = NDArray[np.uint64]

_SIZES: Final = {
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
    16: 8, 17: 8, 18: 8,
}  # fmt: skip
_UNSIGNED: Final = {1: "u1", 3: "u2", 4: "u4", 13: "u4", 16: "u8", 18: "u8"}

# Offsets and byte counts of strips and tiles: the tags whose length grows with the image.
_BLOCK_TAGS: Final = frozenset({273, 279, 324, 325})
_DECISIVE: Final = _BLOCK_TAGS | {254, 256, 257, 258, 259, 262, 277, 278, 284, 322, 323, 339}


class Entry(NamedTuple):
    """One tag: how many values of which type, and where they lie in the file."""

    tag: int
    kind: int
    length: int
    offset: int


@dataclass(frozen=True, kw_only=True)
class Directory:
    """One image of the file: those of its tags that say where its pixels are, by number."""

    entries: dict[int, Entry]


class TiffFile:
    """
    A TIFF or BigTIFF of either byte order, open for reading.

    Parameters
    ----------
    file
        Opened in binary mode, unbuffered or not; closed by whoever opened it.
    byte_order
        ``<`` or ``>``.
    is_big
        Whether it is a BigTIFF.
    limits
        How many directories and tags are read before the file is turned away.
    """

    def __init__(self, file: BinaryIO, *, byte_order: str, is_big: bool, limits: Limits) -> None:
        self._file = file
        self._order = byte_order
        self.is_big = is_big
        self._limits = limits
        self.size = os.fstat(file.fileno()).st_size

    def directories(self) -> Iterator[Directory]:
        """Follow the chain of directories; refuse one that loops, leaves the file or never ends."""
        if self.is_big and self._unpack("HH", self._bytes(4, 4)) != (8, 0):
            raise damaged("header")
        offset = self._word(self._bytes(8, 8) if self.is_big else self._bytes(4, 4))
        if offset == 0:
            raise damaged("header")
        seen: set[int] = set()
        while offset:
            if offset in seen:
                raise damaged(f"directory {len(seen)}")
            if len(seen) == self._limits.max_directories:
                raise RefusedError("image_header_too_long", limit=self._limits.max_directories)
            seen.add(offset)
            directory, offset = self._directory(len(seen) - 1, offset)
            yield directory

    def integers(self, entry: Entry, *, count: int) -> Integers:
        """
        Read the first `count` values of a tag as unsigned integers.

        Raises
        ------
        RefusedError
            If the tag holds fewer, or values of another type.
        """
        kind = _UNSIGNED.get(entry.kind)
        if kind is None or entry.length < count:
            raise damaged(f"tag {entry.tag}")
        data = self._bytes(entry.offset, count * _SIZES[entry.kind])
        return np.frombuffer(data, dtype=self._order + kind).astype(np.uint64)

    def _directory(self, number: int, offset: int) -> tuple[Directory, int]:
        head, entry_size, word = (8, 20, 8) if self.is_big else (2, 12, 4)
        (count,) = self._unpack("Q" if self.is_big else "H", self._bytes(offset, head))
        if not 0 < count <= self._limits.max_tags:
            raise damaged(f"directory {number}")
        start = offset + head
        table = self._bytes(start, count * entry_size + word)
        layout = self._order + ("HHQ8x" if self.is_big else "HHI4x")
        entries: dict[int, Entry] = {}
        rows = struct.iter_unpack(layout, table[:-word])
        for index, (tag, kind, values) in enumerate(rows):
            # A value that fits stands in the table itself, where its offset would be.
            at = start + (index + 1) * entry_size - word
            size = values * _SIZES.get(kind, 0)
            if size > word:
                at = self._word(table[at - start : at - start + word])
            self._require_inside(tag, at, size)
            if tag in _DECISIVE:
                if tag in entries:
                    raise damaged(f"tag {tag}")  # readers differ on which of the two counts
                entries[tag] = Entry(tag, kind, values, at)
        return Directory(entries=entries), self._word(table[-word:])

    def _require_inside(self, tag: int, offset: int, size: int) -> None:
        # A list that the file could never have held is a lie; any other was cut off.
        longest = self._limits.max_tag_bytes
        if size > (max(longest, self.size) if tag in _BLOCK_TAGS else longest):
            raise damaged(f"tag {tag}")
        if size:
            self.require(offset + size)

    def require(self, end: int) -> None:
        """Refuse the file if it ends before byte `end`."""
        if end > 2**48:
            raise damaged("offset")  # no disk holds this: a lie, not a broken upload
        if end > self.size:
            raise RefusedError(
                "image_truncated", size_bytes=self.size, missing_bytes=end - self.size
            )

    def _bytes(self, offset: int, length: int) -> bytes:
        self.require(offset + length)
        self._file.seek(offset)
        data = self._file.read(length)
        if len(data) != length:
            raise RefusedError(
                "image_truncated", size_bytes=self.size, missing_bytes=length - len(data)
            )
        return data

    def _word(self, data: bytes) -> int:
        return int.from_bytes(data, "little" if self._order == "<" else "big")

    def _unpack(self, layout: str, data: bytes) -> tuple[int, ...]:
        return struct.unpack(self._order + layout, data)


def damaged(where: str) -> RefusedError:
    """Refusal of a header that contradicts itself."""
    return RefusedError("image_header_damaged", where=where)
