"""What is sent: a file of this machine, or one of a parcel."""

import hashlib
import json
import os
from pathlib import Path
from typing import Final

from geo.errors import RefusedError
from inspection.parcels.copies import Copies
from inspection.parcels.manifest import KIND, NAME, PackedFile, plain_name
from inspection.sending.sending import Told

CHUNK_BYTES: Final = 2**20
"""What a cut costs at most, since a chunk that has a checksum is kept whole or not at all."""

ENDING: Final = ".upload.json"


class FileSource:
    """A file of this machine. What is needed to go on lies beside it until it has arrived."""

    def __init__(self, path: Path, *, server: str, permit: str | None, kind: str) -> None:
        self._path = path
        self._server = server
        self._beside = path.with_name(path.name + ENDING)
        status = path.stat()
        self._marks = _marks(status)
        notes = self._noted()
        self._place = str(notes["url"]) if notes else None
        self.told = Told(
            name=plain_name(path),
            size=status.st_size,
            sha256=str(notes["sha256"]) if notes else self._sha256(),
            kind=kind,
            permit=permit,
        )

    def read(self, offset: int) -> bytes:
        """Give the next piece."""
        with self._path.open("rb") as file:
            if _marks(os.fstat(file.fileno())) != self._marks:
                raise RefusedError("input_changed")
            file.seek(offset)
            return file.read(CHUNK_BYTES)

    def place(self) -> str | None:
        """What an earlier run was given, if it was about this file as it is now."""
        return self._place

    def keep(self, place: str) -> None:
        """Note what this run is given."""
        notes = {
            "server": self._server,
            "marks": self._marks,
            "sha256": self.told.sha256,
            "url": place,
        }
        self._beside.write_text(json.dumps(notes), encoding="utf-8")

    def forget(self) -> None:
        """It has arrived."""
        self._beside.unlink(missing_ok=True)

    def _noted(self) -> dict[str, object] | None:
        try:
            notes = json.loads(self._beside.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        known = (notes.get("server"), notes.get("marks")) if isinstance(notes, dict) else None
        return notes if known == (self._server, self._marks) else None

    def _sha256(self) -> str:
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def _marks(status: os.stat_result) -> list[int]:
    return [status.st_size, status.st_mtime_ns]


class ManifestSource:
    """The manifest of a parcel, which goes before its files."""

    def __init__(self, copies: Copies) -> None:
        copy = copies.first
        self._content = copy.content
        self.told = Told(
            name=NAME,
            size=len(copy.content),
            sha256=copy.manifest.sha256,
            kind=KIND,
            permit=str(copy.manifest.stated.permit),
        )

    def read(self, offset: int) -> bytes:
        """Give the next piece."""
        return self._content[offset : offset + CHUNK_BYTES]


class ParcelSource:
    """A file of a parcel: read by the block, each held against its hash before it is sent."""

    def __init__(self, copies: Copies, file: PackedFile, *, piece_bytes: int) -> None:
        self._copies = copies
        self._file = file
        self._piece_bytes = piece_bytes
        self._last: tuple[int, bytes] = (-1, b"")
        manifest = copies.first.manifest
        self._block_bytes = manifest.stated.block_bytes
        self.told = Told(
            name=file.name,
            size=file.size,
            sha256=file.sha256,
            kind=file.role,
            permit=str(manifest.stated.permit),
            parcel=manifest.sha256,
        )

    def read(self, offset: int) -> bytes:
        """Give the next piece, which ends where its block does."""
        number, start = divmod(offset, self._block_bytes)
        if self._last[0] != number:
            self._last = number, self._copies.block(self._file, number)
        return self._last[1][start : start + self._piece_bytes]
