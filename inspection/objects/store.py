"""What every object store promises, and what an object is called in it."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from geo.errors import RefusedError
from inspection.errors import DisprovedError

CHUNK_BYTES: Final = 8 * 2**20

OBJECTS: Final = "objects"
"""Folder, or part of the key, under which the objects lie; notes of ours lie beside it."""

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An object that lies in the store."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """Something among the objects that this program did not put there."""

    key: str


class ObjectStore(Protocol):
    """
    Objects by SHA-256, immutable.

    An object appears under its hash whole or not at all, and an object that was acknowledged
    survives the loss of power. The same bytes may be put any number of times, also at once.

    Raises
    ------
    UnfinishedError
        ``disk_full``, ``storage_denied``, ``storage_failed`` or ``object_store_failed``; from any
        method. Nothing half-written can then be seen, and trying again may help.
    """

    def put(self, chunks: Iterable[bytes], *, expected: str | None = None) -> Stored:
        """
        Keep bytes as they arrive; they are hashed on the way.

        Raises
        ------
        RefusedError
            ``object_hash_differs`` if they are not the bytes that were expected.
        """

    def adopt(self, path: Path, *, expected: str | None = None) -> Stored:
        """
        Take over a local file, which is gone from its place afterwards.

        The caller gives the file away: nobody may still have it open for writing.

        Raises
        ------
        RefusedError
            ``object_hash_differs``; the file is then still where it was.
        """

    def stream(self, sha256: str) -> Iterator[bytes]:
        """
        Read a whole object, checked.

        The last piece is given only after the hash was found to be right; a reader that
        consumes all of it without an error has the right bytes.

        Raises
        ------
        RefusedError
            ``object_missing``.
        DisprovedError
            ``object_damaged``.
        """

    def lend(self, sha256: str) -> AbstractContextManager[Path]:
        """Give a checked object as a file that may only be read; raises as `stream`."""

    def span(self, sha256: str, start: int, length: int) -> bytes:
        """
        Read some bytes out of an object, unchecked: a part has no hash.

        Raises
        ------
        RefusedError
            ``object_missing``; ``object_span_outside`` if it has no such bytes.
        """

    def stored(self, sha256: str) -> Stored:
        """Say that an object is there and how large it is; ``object_missing`` if it is not."""

    def entries(self) -> Iterator[Stored | Foreign]:
        """List everything among the objects; the objects come in the order of their hashes."""

    def sweep(self, *, older_than_s: float) -> int:
        """Remove what writers that died left behind; say how many leavings there were."""

    def read_note(self, name: str) -> Iterator[bytes]:
        """Read a note that lies beside the objects; nothing if there is none."""

    def write_note(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a note beside the objects, in place of the one before."""


def is_hash(text: str) -> bool:
    """Whether a text could name an object."""
    return _SHA256.fullmatch(text) is not None


def key_of(sha256: str) -> str:
    """
    Path of an object in its store.

    Raises
    ------
    RefusedError
        ``object_missing`` where this is no hash: nothing can lie under it.
    """
    if not is_hash(sha256):
        raise RefusedError("object_missing")
    return f"{OBJECTS}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def sha256_in(key: str) -> str | None:
    """Hash of the object that lies at this path; None if no object does."""
    name = key.rpartition("/")[2]
    return name if is_hash(name) and key == key_of(name) else None


def require_equal(found: str, expected: str | None) -> None:
    """Refuse bytes that are not those announced."""
    if expected not in (None, found):
        raise RefusedError("object_hash_differs", expected=str(expected), found=found)


def require_inside(start: int, length: int, size: int) -> None:
    """Refuse to read what lies outside the object."""
    if start < 0 or length < 0 or start + length > size:
        raise RefusedError("object_span_outside", start=start, length=length, size=size)


def proven(chunks: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """Pass an object through, and keep its last piece back until its hash is found right."""
    digest = hashlib.sha256()
    kept_back = b""
    for chunk in chunks:
        digest.update(chunk)
        if kept_back:
            yield kept_back
        kept_back = chunk
    if digest.hexdigest() != sha256:
        raise DisprovedError("object_damaged", where=sha256)
    if kept_back:
        yield kept_back
