"""Uploads on both databases: one from its announcement to its end, and limits held at once."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from inspection.objects.folder import FolderObjects
from inspection.records.tables.flights import UploadState
from inspection.uploads.announced import Announced
from inspection.uploads.quota import Limits
from inspection.uploads.receiving import Chunk
from inspection.uploads.refusals import UploadError
from inspection.uploads.uploads import Uploads

DATA = b"flight" * 1000
FILE = Announced(
    size=len(DATA),
    sha256=hashlib.sha256(DATA).hexdigest(),
    name="citra \u202e.tif",
    kind="file",
    permit_id=None,
)


@dataclass(frozen=True, kw_only=True)
class Person:
    office_id: UUID
    user_id: UUID


def test_an_upload_is_kept_and_its_limits_hold(world, tmp_path) -> None:
    limits = Limits(most_bytes=10**6, at_once=3, bytes_a_day=10**6, lifetime=timedelta(days=7))
    objects = FolderObjects(tmp_path)
    uploads = Uploads(world.records, objects, folder=tmp_path / "uploads", limits=limits)
    person = Person(office_id=world.here, user_id=world.inspector)

    def announce(_: int) -> bool:
        try:
            uploads.announce(person, FILE)
        except UploadError as error:
            assert error.code == "upload_quota_user"  # noqa: PT017 - some are refused, some not
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(announce, range(6))) == 3
    other = Person(office_id=world.here, user_id=world.reviewer)
    upload = uploads.announce(other, FILE)
    for start in (0, 3000):
        chunk = Chunk(offset=start, length=3000, checksum=None)
        reception = uploads.receive(other, upload.id, chunk)
        reception.write(DATA[start : start + 3000])
        last = reception.finish()
        reception.close()
    assert last.state is UploadState.COMPLETE
    assert last.name == FILE.name
    assert objects.stored(FILE.sha256).size_bytes == len(DATA)
    stranger = Person(office_id=world.there, user_id=world.stranger)
    with pytest.raises(UploadError, match="upload_absent"):
        uploads.look(stranger, upload.id)
    assert uploads.sweep() == 0
