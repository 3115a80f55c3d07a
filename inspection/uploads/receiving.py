"""One chunk on its way into a part file."""

from dataclasses import dataclass
from threading import Lock

from inspection.records.tables.flights import Upload
from inspection.uploads.announced import Checksum
from inspection.uploads.keeping import Keeping
from inspection.uploads.parts import Hold, Part
from inspection.uploads.refusals import UploadError


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """What a client says of the bytes that it is about to send."""

    offset: int
    length: int
    checksum: Checksum | None

    def require_next(self, *, received: int, size: int) -> None:
        """Refuse bytes that are not the next ones of the file."""
        if self.offset != received:
            raise UploadError("upload_offset_differs", offset=self.offset, expected=received)
        if self.offset + self.length > size:
            raise UploadError("upload_beyond_length", size=size)


class Reception:
    """
    Bytes of one chunk, hashed as they come.

    What came of a chunk that was cut short is kept, unless its checksum could not be held
    against it. Nothing is acknowledged before it is on the disk. Its methods may be called from
    any thread; each waits for the one before.
    """

    def __init__(self, keeping: Keeping, upload: Upload, hold: Hold, chunk: Chunk) -> None:
        self.upload = upload
        self._keeping = keeping
        self._hold = hold
        self._chunk = chunk
        path = keeping.parts.path(upload.id)
        self._part = Part(path, upload.received)
        try:
            self._digest = keeping.digests.of(upload.id, path, upload.received)
        except BaseException:
            self._part.close()
            raise
        # At least what was read for it is not read again, should this chunk come to nothing.
        keeping.digests.remember(upload.id, upload.received, self._digest)
        self._checked = chunk.checksum.begun() if chunk.checksum else None
        self._came = 0
        self._turn = Lock()

    @property
    def is_last(self) -> bool:
        """Whether the file is whole when all of the chunk came."""
        return self._chunk.offset + self._chunk.length == self.upload.size

    def write(self, data: bytes | bytearray) -> None:
        """
        Take some bytes.

        Raises
        ------
        UploadError
            ``upload_beyond_length`` if they are more than was said.
        """
        with self._turn:
            if self._came + len(data) > self._chunk.length:
                raise UploadError("upload_beyond_length", size=self.upload.size)
            self._part.write(data)
            self._digest.update(data)
            if self._checked is not None:
                self._checked.update(data)
            self._came += len(data)

    def finish(self) -> Upload:
        """
        Acknowledge what came; the upload is complete afterwards if that was the last of it.

        Raises
        ------
        UploadError
            ``upload_checksum_differs``: the chunk is thrown away, to be sent again;
            ``upload_hash_differs``: the whole file is not the one announced.
        """
        with self._turn:
            return self._finished()

    def close(self) -> None:
        """Let others go on; what was not acknowledged is thrown away by them."""
        with self._turn:
            self._part.close()
            self._hold.release()

    def _finished(self) -> Upload:
        chunk, upload = self._chunk, self.upload
        checksum = chunk.checksum
        if checksum and self._checked and not checksum.fits(self._checked):
            self._part.cut(upload.received)
            raise UploadError("upload_checksum_differs")
        if not self._came:
            return upload
        self._part.settle()
        received = upload.received + self._came
        if received == upload.size and self._digest.hexdigest() != upload.claimed_sha256:
            self._part.close()
            self._keeping.refuse(upload)
            raise UploadError("upload_hash_differs")
        self._keeping.acknowledge(upload, received)
        if received == upload.size:
            # The store moves the file: nobody may have it open for writing.
            self._part.close()
            return self._keeping.take_over(upload)
        self._keeping.digests.remember(upload.id, received, self._digest)
        return upload
