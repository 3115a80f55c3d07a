"""Uploads of an installation: announced, received piece by piece, taken over when whole."""

from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.records.audit import record
from inspection.records.columns import now
from inspection.records.ids import uuid7
from inspection.records.store import Records
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.permits import BoundaryVersion, Permit
from inspection.uploads.announced import Announced
from inspection.uploads.carrying import Voucher, gone_on_with, is_theirs, vouched
from inspection.uploads.keeping import Keeping, deed_on, is_whole
from inspection.uploads.parts import Parts
from inspection.uploads.quota import Bringer, Limits, require_room
from inspection.uploads.receiving import Chunk, Reception
from inspection.uploads.refusals import UploadError

LEAVINGS_S: Final = 24 * 3600
"""How old something must be that belongs to no upload, to be removed."""


class Uploads:
    """
    What is on its way to the object store.

    The record says how many bytes are safe; a part file may hold more, which are thrown away.
    When all bytes have the announced hash, that is put on the record before the object store
    is given the file, so that whoever finds it so can finish what another began.
    """

    def __init__(
        self, records: Records, objects: ObjectStore, *, folder: Path, limits: Limits
    ) -> None:
        self.limits = limits
        self._records = records
        self._objects = objects
        self._parts = Parts(folder)
        self._keeping = Keeping(records, objects, self._parts)

    def announce(self, bringer: Bringer, file: Announced) -> Upload:
        """
        Take note of a file that is to come; one that goes on is where it was cut.

        Raises
        ------
        UploadError
            As `require_room` and `vouched`; ``upload_permit_absent``,
            ``permit_without_boundary``.
        """
        with self._records.reading(bringer.office_id) as session:
            voucher = vouched(session, self._objects, file)
        if file.goes_on and (known := self._gone_on_with(bringer, file, voucher)):
            return known
        began = now()
        upload = Upload(
            id=uuid7(),
            created_at=began,
            brought_by=bringer.user_id,
            permit_id=file.permit_id,
            parcel_sha256=voucher.parcel_sha256 if voucher else None,
            signed_with=voucher.key_id if voucher else None,
            name=file.name,
            kind=file.kind,
            size=file.size,
            received=0,
            claimed_sha256=file.sha256,
            state=UploadState.RECEIVING,
            expires_at=began + self.limits.lifetime,
        )
        self._parts.begin(upload.id)
        try:
            with self._records.writing(bringer.office_id) as session:
                facts: dict[str, Json] = {"size": file.size, "sha256": file.sha256}
                if voucher is not None:
                    facts |= {"parcel": voucher.parcel_sha256, "key": str(voucher.key_id)}
                # First, for it holds the office's chain: what is counted then stays so.
                deed = deed_on(upload, "announced", facts, private={"name": file.name})
                record(session, deed, actor=str(bringer.user_id))
                require_room(session, bringer, file.size, limits=self.limits, now=began)
                _require_permit(session, file.permit_id)
                session.add(upload)
        except BaseException:
            self._parts.remove(upload.id)
            raise
        return upload

    def _gone_on_with(
        self, bringer: Bringer, file: Announced, voucher: Voucher | None
    ) -> Upload | None:
        with self._records.writing(bringer.office_id) as session:
            _require_permit(session, file.permit_id)
            known = gone_on_with(session, bringer, file, voucher)
        return None if known is None else self.look(bringer, known.id)

    def look(self, bringer: Bringer, upload_id: UUID) -> Upload:
        """
        Say how far an upload is; one that is whole is complete afterwards.

        Raises
        ------
        UploadError
            ``upload_absent``, ``upload_expired``, ``upload_gone``; ``upload_locked`` while it
            is being taken over.
        """
        upload = self._found(bringer, upload_id)
        if upload.state is UploadState.COMPLETE or not is_whole(self._open(bringer, upload_id)):
            return upload
        with self._parts.hold(upload_id):
            # Once more: the one who held it before may have done it.
            upload = self._found(bringer, upload_id)
            if upload.state is UploadState.COMPLETE:
                return upload
            return self._keeping.take_over(self._open(bringer, upload_id))

    def receive(self, bringer: Bringer, upload_id: UUID, chunk: Chunk) -> Reception:
        """
        Begin to take a chunk; nobody else can until the reception is closed.

        Raises
        ------
        UploadError
            As `look`; ``upload_complete``; ``upload_offset_differs``, ``upload_beyond_length``.
        """
        self._open(bringer, upload_id)
        hold = self._parts.hold(upload_id)
        try:
            # Once more: the one who held it before may have changed all of it.
            upload = self._open(bringer, upload_id)
            self._require_unfinished(upload)
            chunk.require_next(received=upload.received, size=upload.size)
            return Reception(self._keeping, upload, hold, chunk)
        except BaseException:
            hold.release()
            raise

    def end(self, bringer: Bringer, upload_id: UUID) -> None:
        """
        Give up an upload, and forget what arrived.

        Raises
        ------
        UploadError
            As `look`; ``upload_complete``, for an object may be evidence already.
        """
        self._open(bringer, upload_id)
        with self._parts.hold(upload_id):
            upload = self._open(bringer, upload_id)
            self._require_unfinished(upload)
            self._keeping.close(upload, UploadState.ENDED, by=str(bringer.user_id))

    def sweep(self) -> int:
        """End what has expired, finish what somebody began to, remove leavings; count them."""
        with self._records.reading_all() as session:
            due = session.scalars(
                select(Upload).where(
                    Upload.state == UploadState.RECEIVING,
                    (Upload.expires_at <= now()) | (Upload.received == Upload.size),
                )
            ).all()
        swept = sum(self._end_one(upload) for upload in due)
        for upload_id in self._parts.old(older_than_s=LEAVINGS_S):
            with self._records.reading_all() as session:
                row = session.get(Upload, upload_id)
            if row is None or row.state is not UploadState.RECEIVING:
                self._parts.remove(upload_id)
                swept += 1
        return swept

    def _end_one(self, seen: Upload) -> bool:
        try:
            with self._parts.hold(seen.id):
                with self._records.reading_all() as session:
                    upload = session.get_one(Upload, seen.id)
                if upload.state is not UploadState.RECEIVING:
                    return False
                if is_whole(upload):
                    self._keeping.take_over(upload)
                else:
                    self._keeping.close(upload, UploadState.EXPIRED)
        except UploadError:  # In use, or refused just now: either way it is looked after.
            return False
        return True

    def _require_unfinished(self, upload: Upload) -> None:
        """Finish what somebody began to, and say so; the caller holds the upload."""
        if is_whole(upload):
            self._keeping.take_over(upload)
            raise UploadError("upload_complete")

    def _found(self, bringer: Bringer, upload_id: UUID) -> Upload:
        with self._records.reading(bringer.office_id) as session:
            upload = session.scalars(
                select(Upload).where(Upload.id == upload_id, is_theirs(bringer))
            ).one_or_none()
        if upload is None:
            raise UploadError("upload_absent")
        return upload

    def _open(self, bringer: Bringer, upload_id: UUID) -> Upload:
        """Give an upload that may go on; one whose last byte is safe is taken over, not expired."""
        upload = self._found(bringer, upload_id)
        match upload.state:
            case UploadState.COMPLETE:
                raise UploadError("upload_complete")
            case UploadState.EXPIRED:
                raise UploadError("upload_expired")
            case UploadState.REFUSED | UploadState.ENDED:
                raise UploadError("upload_gone")
        if upload.expires_at <= now() and not is_whole(upload):
            raise UploadError("upload_expired")
        return upload


def _require_permit(session: Session, permit_id: UUID | None) -> None:
    """See that files of a permit can be inspected: else all their bytes would come in vain."""
    if permit_id is None:
        return
    if session.get(Permit, permit_id) is None:
        raise UploadError("upload_permit_absent")
    bounded = select(BoundaryVersion.id).where(BoundaryVersion.permit_id == permit_id).limit(1)
    if session.scalars(bounded).first() is None:
        raise UploadError("permit_without_boundary")
