"""
A real server of uploads for tests, run by its path: FOLDER, PORT.

A child serves; where it is killed, another is begun at once, without all the imports.
"""

import os
import random
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import uvicorn
from sqlalchemy import select

from api.uploads import Refusal, UploadApp
from geo.errors import UnfinishedError
from inspection.language import Language
from inspection.objects.folder import FolderObjects
from inspection.objects.store import Stored
from inspection.records.engine import open_engine
from inspection.records.store import Records
from inspection.records.tables.offices import User
from inspection.settings import Settings
from inspection.uploads.quota import limits_of
from inspection.uploads.refusals import UploadError
from inspection.uploads.uploads import Uploads


@dataclass(frozen=True, kw_only=True)
class Person:
    office_id: UUID
    user_id: UUID


class Desk:
    """Admits everybody who says who they are: what accounts are for is not tested here."""

    def __init__(self, records: Records) -> None:
        with records.reading_all() as session:
            self.people = {
                user.name: Person(office_id=user.office_id, user_id=user.id)
                for user in session.scalars(select(User))
            }

    def __call__(self, scope) -> Person | Refusal:
        name = dict(scope["headers"]).get(b"authorization", b"").decode().removeprefix("Bearer ")
        refusal = Refusal(status=401, error=UploadError("upload_absent"))
        return self.people.get(name, refusal)


class Failing(FolderObjects):
    """A store that fails as often as the file `fail` says, before it kept an object or after."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._share = root / "fail"
        self._chance = random.Random(3)  # noqa: S311 - the same each time

    def adopt(self, path: Path, *, expected: str | None = None) -> Stored:
        share = float(self._share.read_text()) if self._share.exists() else 0.0
        self._fail(share)
        stored = super().adopt(path, expected=expected)
        self._fail(share)
        return stored

    def _fail(self, share: float) -> None:
        if self._chance.random() < share:
            raise UnfinishedError("object_store_failed")


def main(folder: Path, port: int) -> None:
    records = Records(open_engine(f"sqlite:///{folder / 'records.db'}"))
    uploads = Uploads(
        records,
        Failing(folder),
        folder=folder / "uploads",
        limits=limits_of(Settings()),
    )
    app = UploadApp(uploads, Desk(records), language=Language.ENGLISH)
    uvicorn.run(app, port=port, log_level="warning", lifespan="off")


def supervise(folder: Path, port: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            main(folder, port)
            os._exit(0)
        try:
            (folder / "pid").write_text(str(child))
            os.waitpid(child, 0)
        except SystemExit:
            os.kill(child, signal.SIGKILL)
            raise


if __name__ == "__main__":
    supervise(Path(sys.argv[1]), int(sys.argv[2]))
