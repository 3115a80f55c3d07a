"""A backup: the databases as they are at one moment, then whatever objects are not there yet."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, select

from geo.errors import RefusedError, UnfinishedError
from inspection.errors import DisprovedError, UsageError
from inspection.evidence.head_key import public_pem
from inspection.objects.draft import chunks_of
from inspection.objects.folder import FolderObjects
from inspection.objects.store import ObjectStore, Stored
from inspection.records.columns import text_of
from inspection.records.heads import known_keys
from inspection.records.migrations.upgrade import revision_of
from inspection.records.store import Records
from inspection.records.tables.audit import AuditChain
from inspection.records.tables.flights import Upload, UploadState
from inspection.upkeep.copies import copied
from inspection.upkeep.shelf import OBJECTS, PARTS, beginning, name_of, seal
from inspection.uploads.parts import PART

KEYS: Final = "audit-keys.pem"
SETTINGS: Final = "settings.toml"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a backup holds."""

    name: str
    objects: int
    copied: int
    """Objects that were not there yet."""

    copied_bytes: int
    damaged: tuple[str, ...]
    """Objects that are damaged at their source, and of which no earlier copy is here."""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What is backed up."""

    engine: Engine
    objects: ObjectStore
    uploads: Path
    """Folder of the files on their way."""

    data: Path
    settings: Iterable[str]
    """Lines that say how it is set up, without secrets."""


def back_up(installation: Installation, shelf: Path, *, at: datetime) -> Kept:
    """
    Make a backup in a folder, while others write; it appears there whole or not at all.

    Objects go first to where all backups share them, each checked against its hash; whatever
    the databases name was in the store before they were copied, for nothing is ever removed.

    Raises
    ------
    UsageError
        ``backup_into_itself``; as `beginning` and `copied`.
    """
    inside = shelf.resolve(), installation.data.resolve()
    if inside[0].is_relative_to(inside[1]) or inside[1].is_relative_to(inside[0]):
        raise UsageError("backup_into_itself")
    target = FolderObjects(shelf)
    with beginning(shelf, at) as folder:
        (folder / SETTINGS).write_text("\n".join(installation.settings) + "\n")
        with Records(installation.engine).reading_all() as session:
            pems = [public_pem(key) for key in known_keys(session)]
        (folder / KEYS).write_bytes(b"".join(pems))
        with copied(installation.engine, folder) as connection:
            facts, coming = _facts(connection), _unfinished(connection)
        gone = list(_copy_parts(installation.uploads, folder / PARTS, coming))
        brought = _Bringing(installation.objects, target)
        with (folder / OBJECTS).open("w") as lines:
            lines.writelines(f"{one.sha256} {one.size_bytes}\n" for one in brought.all())
        for one in gone:
            _from_object(installation.objects, folder / PARTS, one)
        kept = Kept(
            name=name_of(folder),
            objects=brought.objects,
            copied=brought.copied,
            copied_bytes=brought.copied_bytes,
            damaged=tuple(brought.damaged),
        )
        seal(
            folder,
            {
                "created_at": text_of(at),
                "software": version("tinjau"),
                "database": installation.engine.dialect.name,
                **facts,
                "objects": kept.objects,
                "damaged": list(kept.damaged),
            },
        )
    return kept


class _Coming(NamedTuple):
    """A file on its way, as the records say."""

    id: UUID
    received: int
    claimed_sha256: str


class _Bringing:
    """Objects on their way to where they are kept."""

    def __init__(self, source: ObjectStore, target: FolderObjects) -> None:
        self._source, self._target = source, target
        self.objects = self.copied = self.copied_bytes = 0
        self.damaged: list[str] = []

    def all(self) -> Iterator[Stored]:
        """Every object of the source, once it is at the target too."""
        for entry in self._source.entries():
            if isinstance(entry, Stored) and self._is_brought(entry):
                self.objects += 1
                yield entry

    def _is_brought(self, entry: Stored) -> bool:
        try:
            if self._target.stored(entry.sha256) == entry:
                return True
        except RefusedError:
            pass  # not there yet
        try:
            self._target.put(self._source.stream(entry.sha256), expected=entry.sha256)
        except DisprovedError:
            self.damaged.append(entry.sha256)
            return False
        self.copied += 1
        self.copied_bytes += entry.size_bytes
        return True


def _facts(connection: Connection) -> dict[str, Any]:
    chains = connection.execute(
        select(AuditChain.chain, AuditChain.seq, AuditChain.hash).order_by(AuditChain.chain)
    )
    return {
        "revision": revision_of(connection),
        "chains": [{"chain": str(one[0]), "seq": one[1], "hash": one[2]} for one in chains],
    }


def _unfinished(connection: Connection) -> list[_Coming]:
    asked = select(Upload.id, Upload.received, Upload.claimed_sha256)
    rows = connection.execute(asked.where(Upload.state == UploadState.RECEIVING)).all()
    return [_Coming(*row) for row in rows]


def _copy_parts(uploads: Path, folder: Path, coming: Iterable[_Coming]) -> Iterator[_Coming]:
    """Copy of each file on its way what was acknowledged; gives those that lie there no more."""
    folder.mkdir(mode=0o700)
    for one in coming:
        try:
            pieces = chunks_of(uploads / f"{one.id}{PART}")
            _write_beginning(pieces, folder / f"{one.id}{PART}", one.received)
        except UnfinishedError:
            yield one


def _from_object(source: ObjectStore, folder: Path, one: _Coming) -> None:
    """What became an object since the databases were copied begins with what had arrived."""
    with suppress(RefusedError, DisprovedError):  # it was given up: nothing of it is needed
        _write_beginning(
            source.stream(one.claimed_sha256), folder / f"{one.id}{PART}", one.received
        )


def _write_beginning(pieces: Iterator[bytes], target: Path, size: int) -> None:
    first = next(pieces, b"")
    with target.open("wb") as copy:
        for piece in chain([first], pieces):
            copy.write(piece[: size - copy.tell()])
            if copy.tell() == size:
                break
