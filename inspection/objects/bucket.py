"""Objects in a bucket of S3, or of a server that speaks as S3 does."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import S3Store

from geo.errors import RefusedError, UnfinishedError
from inspection.errors import DisprovedError
from inspection.objects.draft import chunks_of, drafting, sweep
from inspection.objects.faults import bucket_faults, folder_faults
from inspection.objects.store import (
    CHUNK_BYTES,
    OBJECTS,
    Foreign,
    Stored,
    key_of,
    proven,
    require_equal,
    require_inside,
    sha256_in,
)

MOST_PARTS: Final = 9_000
"""S3 takes 10,000 parts of one upload at most."""

AT_ONCE: Final = 3
"""Parts under way at the same time; each is held in memory until it has arrived."""


class BucketObjects:
    """
    An `ObjectStore` in a bucket.

    Bytes are written to a local draft first: what they are called is known only when the last
    one is there. The bucket shows an object when all of it arrived; each part travels with
    its checksum, and the whole is read back and hashed before it is acknowledged.
    """

    def __init__(self, store: S3Store, *, desk: Path) -> None:
        self._store = store
        self._desk = desk

    def put(self, chunks: Iterable[bytes], *, expected: str | None = None) -> Stored:
        """Keep bytes that are not there yet; those that are there but damaged are replaced."""
        with drafting(self._desk) as draft:
            draft.write(chunks)
            require_equal(draft.sha256, expected)
            self._send(draft.path, draft.sha256, draft.size_bytes)
            return Stored(sha256=draft.sha256, size_bytes=draft.size_bytes)

    def adopt(self, path: Path, *, expected: str | None = None) -> Stored:
        """Send a local file, which is removed when it has arrived."""
        stored = self.put(chunks_of(path), expected=expected)
        with folder_faults():
            path.unlink()
        return stored

    def stream(self, sha256: str) -> Iterator[bytes]:
        """Read a whole object, checked."""
        stored = self.stored(sha256)
        yield from proven(self._pieces(key_of(sha256), stored.size_bytes), sha256)

    @contextmanager
    def lend(self, sha256: str) -> Iterator[Path]:
        """Give a local copy for as long as it is needed."""
        with drafting(self._desk) as draft:
            draft.write(self.stream(sha256))
            yield draft.path

    def span(self, sha256: str, start: int, length: int) -> bytes:
        """Read some bytes out of an object."""
        require_inside(start, length, self.stored(sha256).size_bytes)
        return self._piece(key_of(sha256), start, length) if length else b""

    def stored(self, sha256: str) -> Stored:
        """Say that an object is there and how large it is."""
        size = self._size(key_of(sha256))
        if size is None:
            raise RefusedError("object_missing", where=sha256)
        return Stored(sha256=sha256, size_bytes=size)

    def entries(self) -> Iterator[Stored | Foreign]:
        """List the bucket; S3 lists keys in their order."""
        before = ""
        with bucket_faults():
            for page in obstore.list(self._store, OBJECTS, chunk_size=1000):
                for one in page:
                    sha256 = sha256_in(one["path"])
                    if sha256 is None:
                        yield Foreign(key=one["path"])
                        continue
                    if sha256 <= before:
                        # Whoever compares two lists would find objects missing that are there.
                        raise UnfinishedError("object_store_failed")
                    before = sha256
                    yield Stored(sha256=sha256, size_bytes=one["size"])

    def sweep(self, *, older_than_s: float) -> int:
        """Remove the drafts of writers that died; the bucket itself shows none."""
        return sweep(self._desk, older_than_s=older_than_s)

    def read_note(self, name: str) -> Iterator[bytes]:
        """Read a note that lies beside the objects."""
        size = self._size(name)
        if size is not None:
            yield from self._pieces(name, size)

    def write_note(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a note beside the objects."""
        with drafting(self._desk) as draft, bucket_faults():
            draft.write(chunks)
            obstore.put(self._store, name, draft.path, max_concurrency=AT_ONCE)

    def _send(self, path: Path, sha256: str, size: int) -> None:
        key = key_of(sha256)
        if self._size(key) is None:
            with bucket_faults():
                self._upload(path, sha256, size, only_if_absent=True)
            if self._is_intact(sha256):
                return
        elif self._is_intact(sha256):
            return
        # What lies there is not what its name says, so nobody can have relied on it.
        with bucket_faults():
            self._upload(path, sha256, size, only_if_absent=False)
        if not self._is_intact(sha256):
            raise UnfinishedError("object_store_failed")

    def _upload(self, path: Path, sha256: str, size: int, *, only_if_absent: bool) -> None:
        key = key_of(sha256)
        if size > CHUNK_BYTES:
            # Parts cannot be sent on the condition that the object is absent. It does no harm:
            # all that could be overwritten are the same bytes.
            part = max(CHUNK_BYTES, size // MOST_PARTS)
            obstore.put(
                self._store,
                key,
                # Bytes that the local disk gives back wrong end the upload before it is shown.
                proven(chunks_of(path), sha256),
                use_multipart=True,
                chunk_size=part,
                max_concurrency=AT_ONCE,
            )
            return
        whole = b"".join(proven(chunks_of(path), sha256))
        with suppress(AlreadyExistsError):  # Another writer was quicker with the same bytes.
            obstore.put(
                self._store,
                key,
                whole,
                mode="create" if only_if_absent else "overwrite",
                use_multipart=False,
            )

    def _is_intact(self, sha256: str) -> bool:
        try:
            for _ in self.stream(sha256):
                pass
        except DisprovedError:
            return False
        return True

    def _size(self, key: str) -> int | None:
        with bucket_faults():
            try:
                return obstore.head(self._store, key)["size"]
            except FileNotFoundError:
                return None

    def _pieces(self, key: str, size: int) -> Iterator[bytes]:
        # Piece by piece, so that a connection that breaks costs one piece and not the whole.
        for start in range(0, size, CHUNK_BYTES):
            yield self._piece(key, start, min(CHUNK_BYTES, size - start))

    def _piece(self, key: str, start: int, length: int) -> bytes:
        with bucket_faults():
            return obstore.get_range(self._store, key, start=start, length=length).to_bytes()
