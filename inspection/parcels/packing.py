"""A parcel written onto a stick: whole at its end, gone on with where the stick was pulled."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from geo.errors import RefusedError, UnfinishedError, naming
from inspection.errors import UsageError
from inspection.objects.draft import make_durable
from inspection.parcels.manifest import (
    MOST_FILES,
    NAME,
    Cut,
    PackedFile,
    Statement,
    piece_name,
    plain_name,
    sealed,
)

WHOLE: Final = Cut()

type Advance = Callable[[int], None]


class _Written(NamedTuple):
    """A block that was written just now."""

    start: int
    length: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ToPack:
    """A file that is to be packed, and what it is."""

    path: Path
    role: str


@dataclass(frozen=True, kw_only=True)
class Label:
    """What is said of a parcel beside its files."""

    permit: UUID
    packed_at: str
    packed_by: str | None
    flight: dict[str, Any]


def pack(
    files: Sequence[ToPack],
    out: Path,
    *,
    label: Label,
    key: Ed25519PrivateKey,
    advance: Advance,
    cut: Cut = WHOLE,
) -> bytes:
    """
    Write files into a new folder, and its manifest last; gives the manifest's bytes.

    Until it is whole, the folder has another name. What an earlier run brought onto the stick is
    read again and kept where it is right; so no run trusts what another only thinks it wrote.

    Raises
    ------
    UsageError
        ``out_exists``, ``out_impossible``; ``parcel_too_many``.
    RefusedError
        ``input_missing``, ``input_unreadable``, ``upload_empty``, ``input_changed``.
    UnfinishedError
        ``disk_full``; ``parcel_not_kept`` if the stick gives back other bytes than it was given.
    """
    if os.path.lexists(out):
        raise UsageError("out_exists", name=out.name)
    if len(files) > MOST_FILES:
        raise UsageError("parcel_too_many", limit=MOST_FILES)
    draft = out.with_name(f".{out.name}.packing")
    try:
        draft.mkdir(exist_ok=True)
    except (FileNotFoundError, NotADirectoryError, FileExistsError, PermissionError) as error:
        raise UsageError("out_impossible", name=out.name) from error
    _require_room(draft, files)
    packed = []
    before = 0
    for number, one in enumerate(files):
        with naming(one.path):
            writing = _Writing(draft, number, cut)
            packed.append(writing.packed(one, _beyond(before, advance)))
            before += packed[-1].size
    stated = Statement(
        permit=label.permit,
        packed_at=label.packed_at,
        packed_by=label.packed_by,
        flight=label.flight,
        block_bytes=cut.block_bytes,
        piece_blocks=cut.piece_blocks,
        files=packed,
    )
    content = sealed(stated, key)
    _finish(draft, out, content, packed, cut)
    return content


def _beyond(start: int, advance: Advance) -> Advance:
    return lambda done: advance(start + done)


class _Writing:
    """One file on its way into its pieces."""

    def __init__(self, folder: Path, number: int, cut: Cut) -> None:
        self._folder = folder
        self._number = number
        self._cut = cut

    def packed(self, file: ToPack, advance: Advance) -> PackedFile:
        whole = hashlib.sha256()
        blocks: list[str] = []
        with file.path.open("rb") as source:
            before = os.fstat(source.fileno())
            if before.st_size == 0:
                raise RefusedError("upload_empty")
            for piece, size in enumerate(self._cut.pieces(before.st_size)):
                for block in self._piece(source, piece, size):
                    whole.update(block)
                    blocks.append(hashlib.sha256(block).hexdigest())
                    advance(source.tell())
            after = os.fstat(source.fileno())
            if _marks(before) != _marks(after):
                raise RefusedError("input_changed")
        return PackedFile(
            name=plain_name(file.path),
            role=file.role,
            size=before.st_size,
            sha256=whole.hexdigest(),
            blocks=blocks,
        )

    def _piece(self, source: BinaryIO, piece: int, size: int) -> Iterator[bytes]:
        """Write a piece where it is not there already; give its blocks."""
        path = self._folder / piece_name(self._number, piece)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        with open(descriptor, "r+b", buffering=0) as target:  # noqa: PTH123 - a descriptor
            written: list[_Written] = []
            for start in range(0, size, self._cut.block_bytes):
                length = min(self._cut.block_bytes, size - start)
                block = source.read(length)
                if len(block) < length:
                    raise RefusedError("input_changed")
                if _read(target, start, len(block)) != block:
                    _write(target, start, block)
                    written.append(_Written(start, length, hashlib.sha256(block).hexdigest()))
                yield block
            target.truncate(size)
            os.fsync(descriptor)
            _require_kept(target, size, written)


def _finish(draft: Path, out: Path, content: bytes, packed: Sequence[PackedFile], cut: Cut) -> None:
    """Write the manifest, remove what an earlier run left of other files, and give the name."""
    ours = {
        piece_name(number, piece)
        for number, file in enumerate(packed)
        for piece in range(len(cut.pieces(file.size)))
    }
    for path in draft.iterdir():
        if path.name not in ours and path.is_file():
            path.unlink()
    manifest = draft / NAME
    manifest.write_bytes(content)
    make_durable(manifest)
    make_durable(draft)
    try:
        draft.rename(out)
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError("out_exists", name=out.name) from error
    make_durable(out.parent)


def _require_room(draft: Path, files: Sequence[ToPack]) -> None:
    """Say at once, and not after an hour, that the stick is too small."""
    needed = 0
    for one in files:
        with naming(one.path):
            needed += one.path.stat().st_size
    there = sum(path.stat().st_size for path in draft.iterdir() if path.is_file())
    status = os.statvfs(draft)
    if status.f_bavail * status.f_frsize + there < needed:
        raise UnfinishedError("disk_full")


def _require_kept(target: BinaryIO, size: int, written: Sequence[_Written]) -> None:
    """Read again what was written, from the stick and not from memory."""
    os.posix_fadvise(target.fileno(), 0, size, os.POSIX_FADV_DONTNEED)
    for one in written:
        block = _read(target, one.start, one.length)
        if hashlib.sha256(block).hexdigest() != one.sha256:
            raise UnfinishedError("parcel_not_kept")


def _read(file: BinaryIO, start: int, length: int) -> bytes:
    file.seek(start)
    pieces = []
    while length and (piece := file.read(length)):
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def _write(file: BinaryIO, start: int, block: bytes) -> None:
    file.seek(start)
    rest = memoryview(block)
    while rest:
        count = file.write(rest)
        if not count:
            raise OSError(errno.EIO, "the system takes no more bytes and gives no reason")
        rest = rest[count:]


def _marks(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
