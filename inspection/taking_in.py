"""Taking a parcel into the records of this machine: the service's own way, without a line."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from geo.errors import UnfinishedError
from inspection.access.office import actor_named
from inspection.access.rights import Action, Actor, authorize
from inspection.objects.store import ObjectStore
from inspection.records.store import Records
from inspection.sending.sending import Arrived, Told
from inspection.settings import Settings
from inspection.uploads.announced import CHECKSUMS, Checksum, announced
from inspection.uploads.quota import limits_of
from inspection.uploads.receiving import Chunk
from inspection.uploads.refusals import UploadError
from inspection.uploads.uploads import Uploads


class Within:
    """
    A line to the records beside us, for somebody whom they know.

    What the service refuses is refused here too, by the same codes. Nobody asks the person for a
    password: who can run a command here can read the records anyway. The log says who was named.

    Raises
    ------
    RefusedError
        ``user_unknown``; what `Uploads` refuses.
    ForbiddenError
        ``not_allowed``.
    UnfinishedError
        What `Uploads` refuses for now only.
    """

    def __init__(
        self, records: Records, objects: ObjectStore, settings: Settings, *, login: str
    ) -> None:
        self._actor: Actor = authorize(actor_named(records, login), Action.UPLOAD_CHANGE)
        self._uploads = Uploads(
            records, objects, folder=settings.data / "uploads", limits=limits_of(settings)
        )

    def announce(self, told: Told) -> Arrived:
        """Say what is to come."""
        with _in_time():
            upload = self._uploads.announce(self._actor, announced(str(told.size), told.metadata))
        return Arrived(place=str(upload.id), offset=upload.received)

    def offset(self, place: str) -> int | None:
        """Ask how much is there."""
        return self._uploads.look(self._actor, UUID(place)).received

    def send(self, place: str, offset: int, data: bytes) -> int:
        """Give a piece."""
        checksum = Checksum(algorithm=CHECKSUMS[0], digest=hashlib.sha256(data).digest())
        chunk = Chunk(offset=offset, length=len(data), checksum=checksum)
        with _in_time():
            reception = self._uploads.receive(self._actor, UUID(place), chunk)
        try:
            reception.write(data)
            return reception.finish().received
        finally:
            reception.close()


@contextmanager
def _in_time() -> Iterator[None]:
    """Tell what would be taken later from what never will."""
    try:
        yield
    except UploadError as error:
        if error.code == "upload_locked" or "retry_s" in error.facts:
            later = UnfinishedError(error.code)
            later.facts = error.facts
            raise later from error
        raise
