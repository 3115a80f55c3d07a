"""Parcels read again: each block held against its hash, out of whichever copy is well."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import RefusedError, about
from inspection.parcels.manifest import (
    Manifest,
    PackedFile,
    opened,
    piece_name,
    read_manifest,
    read_upto,
)


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A parcel's folder whose manifest is what was signed."""

    folder: Path
    manifest: Manifest
    content: bytes
    """The manifest as it lies there."""


class Copies:
    """
    Copies of one parcel: the first one is taken in, the others help out where it is damaged.

    Raises
    ------
    RefusedError
        ``parcel_unreadable``, ``parcel_altered``.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._copies: Final = [_copy(folder) for folder in folders]

    @property
    def first(self) -> Copy:
        """The one that is taken in."""
        return self._copies[0]

    def block(self, file: PackedFile, number: int) -> bytes:
        """
        Read a block, from the first copy in which it is what was packed.

        Raises
        ------
        RefusedError
            ``parcel_piece_missing``, ``parcel_block_damaged``, with the block meant.
        """
        expected = file.blocks[number]
        size = self.first.manifest.stated.block_bytes
        start, end = number * size, min((number + 1) * size, file.size)
        damaged = False
        for copy, at in self._where(file):
            found = _read(copy, at, start, end)
            if found is not None and hashlib.sha256(found).hexdigest() == expected:
                return found
            damaged = damaged or found is not None
        code = "parcel_block_damaged" if damaged else "parcel_piece_missing"
        with about(file.name):
            raise RefusedError(
                code, where=f"block {number + 1}", block=number + 1, blocks=len(file.blocks)
            )

    def _where(self, file: PackedFile) -> list[tuple[Copy, int]]:
        return [
            (copy, number)
            for copy in self._copies
            for number, other in enumerate(copy.manifest.stated.files)
            if (other.sha256, other.size) == (file.sha256, file.size)
        ]


def _copy(folder: Path) -> Copy:
    with about(folder.name):
        manifest, content = read_manifest(folder)
    return Copy(folder=folder, manifest=manifest, content=content)


def _read(copy: Copy, file: int, start: int, end: int) -> bytes | None:
    """Give the bytes where a block should be; None if there are none, or the stick fails."""
    most = copy.manifest.stated.block_bytes * copy.manifest.stated.piece_blocks
    found = b""
    try:
        # A copy may be cut otherwise: then a block of the first one lies in two pieces of it.
        while start + len(found) < end:
            number, at = divmod(start + len(found), most)
            with opened(copy.folder / piece_name(file, number)) as piece:
                piece.seek(at)
                got = read_upto(piece, min(end - start - len(found), most - at))
            if not got:
                break
            found += got
    except OSError:
        return None
    return found or None
