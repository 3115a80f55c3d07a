"""What the record says of an upload, and how its end is put there, by whoever holds it."""

from geo.errors import RefusedError
from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.flights import Upload, UploadState
from inspection.uploads.digests import Digests
from inspection.uploads.parts import Parts
from inspection.uploads.refusals import UploadError


def is_whole(upload: Upload) -> bool:
    """Whether all of its bytes are safe, and known to be those announced."""
    return upload.received == upload.size


def deed_on(
    upload: Upload,
    verb: str,
    facts: dict[str, Json],
    *,
    private: dict[str, Json] | None = None,
) -> Deed:
    """What was done to an upload, for the log of events."""
    return Deed(
        action=f"upload.{verb}",
        subject_kind="upload",
        subject_id=str(upload.id),
        facts=facts,
        private=private,
    )


def _hand(upload: Upload) -> str:
    """Who sends it now."""
    return str(upload.carried_by or upload.brought_by)


class Keeping:
    """Changes of uploads; the caller of each method holds the upload that it is about."""

    def __init__(self, records: Records, objects: ObjectStore, parts: Parts) -> None:
        self.parts = parts
        self.digests = Digests()
        self._records = records
        self._objects = objects

    def acknowledge(self, upload: Upload, received: int) -> None:
        """Put on the record how many bytes are safe."""
        with self._records.writing(upload.office_id) as session:
            session.get_one(Upload, upload.id).received = received
        upload.received = received

    def take_over(self, upload: Upload) -> Upload:
        """
        Give a file that is whole to the object store.

        Raises
        ------
        UploadError
            ``upload_hash_differs`` if the disk gave back other bytes than it was given.
        """
        path = self.parts.path(upload.id)
        try:
            if path.exists():
                self._objects.adopt(path, expected=upload.claimed_sha256)
            else:  # Somebody who died afterwards had come so far.
                self._objects.stored(upload.claimed_sha256)
        except RefusedError as error:
            self.refuse(upload)
            raise UploadError("upload_hash_differs") from error
        return self.close(upload, UploadState.COMPLETE, by=_hand(upload))

    def refuse(self, upload: Upload) -> None:
        """End an upload whose bytes are not those announced."""
        problem: dict[str, Json] = {"code": "upload_hash_differs"}
        self.close(upload, UploadState.REFUSED, by=_hand(upload), problem=problem)

    def close(
        self,
        upload: Upload,
        state: UploadState,
        *,
        by: str | None = None,
        problem: dict[str, Json] | None = None,
    ) -> Upload:
        """Put the end of an upload on the record, then remove what lies around of it."""
        with self._records.writing(upload.office_id) as session:
            row = session.get_one(Upload, upload.id)
            row.state, row.finished_at, row.problem = state, now(), problem
            facts: dict[str, Json] = {
                "sha256": row.claimed_sha256,
                "size": row.size,
                "received": row.received,
            }
            record(session, deed_on(row, str(state), facts), actor=by)
        self.digests.forget(upload.id)
        self.parts.remove(upload.id)
        return row
