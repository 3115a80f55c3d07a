"""Putting a backup back where nothing is: every hash and the audit chains are proven first."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, create_engine, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from geo.errors import GeoError, RefusedError
from inspection.errors import DisprovedError, UsageError
from inspection.evidence.chain import End
from inspection.evidence.head_key import public_keys
from inspection.objects.draft import make_durable
from inspection.objects.folder import FolderObjects
from inspection.objects.store import ObjectStore, key_of
from inspection.records.audit import Deed, record
from inspection.records.audit_reading import examined
from inspection.records.columns import now
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.offices import SignIn
from inspection.upkeep.backup import KEYS
from inspection.upkeep.copies import (
    DUMP,
    JOBS,
    RECORDS,
    is_empty,
    jobs_file,
    put_back,
    put_file,
    records_file,
)
from inspection.upkeep.shelf import PARTS, Backup, chosen, damaged, objects_of

_BESIDE: Final = ("", "-wal", "-shm")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a backup is put back."""

    engine: Engine
    objects: ObjectStore
    uploads: Path


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was put back."""

    name: str
    created_at: str
    objects: int
    chains: int
    events: int
    lost: tuple[str, ...]
    """Objects that were damaged already when the backup was made."""


def put_in_place(shelf: Path, name: str | None, place: Place, *, replace: bool) -> Restored:
    """
    Put back a backup, else the newest: the objects first, and last the database.

    What was in the way is moved aside when told to `replace`, for a file of SQLite; a database of
    PostgreSQL must be an empty one.

    Raises
    ------
    RefusedError
        ``backup_absent``, ``backup_of_other_database``.
    UsageError
        ``restore_not_empty``; as `inspection.upkeep.copies.copied`.
    DisprovedError
        ``backup_damaged`` with the file; ``backup_chain_broken`` if the audit log does not hold.
    """
    backup = chosen(shelf, name)
    is_file = place.engine.dialect.name == "sqlite"
    if backup.manifest["database"] != place.engine.dialect.name:
        raise RefusedError("backup_of_other_database", where=str(backup.manifest["database"]))
    if not is_empty(place.engine) and not (replace and is_file):
        raise UsageError("restore_not_empty")
    objects = sum(_bring(FolderObjects(shelf), place.objects, *one) for one in objects_of(backup))
    _bring_parts(backup, place.uploads)
    events = _put_file(backup, place.engine) if is_file else _put_on_server(backup, place.engine)
    upgrade(place.engine)
    _note(Records(place.engine), backup)
    return Restored(
        name=backup.folder.name,
        created_at=backup.manifest["created_at"],
        objects=objects,
        chains=len(backup.manifest["chains"]),
        events=events,
        lost=tuple(backup.manifest["damaged"]),
    )


def _bring(source: FolderObjects, target: ObjectStore, sha256: str, size: int) -> int:
    try:
        for _ in target.stream(sha256):
            pass
    except GeoError:
        pass  # not there, or damaged
    else:
        return 1
    try:
        if source.stored(sha256).size_bytes != size:
            raise damaged(key_of(sha256))
        target.put(source.stream(sha256), expected=sha256)
    except (DisprovedError, RefusedError) as error:
        raise damaged(key_of(sha256)) from error
    return 1


def _bring_parts(backup: Backup, uploads: Path) -> None:
    uploads.mkdir(parents=True, exist_ok=True)
    for part in (backup.folder / PARTS).glob("*"):
        shutil.copyfile(part, uploads / part.name)
        (uploads / part.name).chmod(0o600)
        make_durable(uploads / part.name)


def _put_file(backup: Backup, engine: Engine) -> int:
    """Prove the log in the copy, then let the copy appear in the database's place."""
    there = {RECORDS: records_file(engine), JOBS: jobs_file(engine)}
    passing = {
        name: put_file(backup.folder / name, place)
        for name, place in there.items()
        if (backup.folder / name).exists()
    }
    try:
        own = create_engine(f"sqlite:///{passing[RECORDS]}", poolclass=NullPool)
        events = _examine(backup, own)
    except BaseException:
        for path in passing.values():
            path.unlink()
        raise
    is_in_the_way = not is_empty(engine)
    engine.dispose()
    _move_aside(there.values(), now() if is_in_the_way else None)
    # The jobs first, as they were copied; what counts as restored is the file of the records.
    for name in (JOBS, RECORDS):
        if name in passing:
            passing[name].replace(there[name])
    make_durable(there[RECORDS].parent)
    return events


def _put_on_server(backup: Backup, engine: Engine) -> int:
    put_back(engine, backup.folder / DUMP)
    return _examine(backup, engine)


def _examine(backup: Backup, engine: Engine) -> int:
    pem = (backup.folder / KEYS).read_bytes()
    keys = public_keys(pem) if pem else []  # no service ever ran there
    events = 0
    with Session(engine) as session:
        for one in backup.manifest["chains"]:
            proof = examined(session, UUID(one["chain"]), keys=keys)
            stated = End(seq=one["seq"], hash=one["hash"])
            if proof.flaws or proof.end != stated:
                where = proof.flaws[0].file if proof.flaws else f"audit_events#{stated.seq}"
                raise DisprovedError("backup_chain_broken", where=where)
            events += proof.end.seq
    return events


def _move_aside(files: Iterable[Path], at: datetime | None) -> None:
    """Keep what is in the way under another name; remove what holds nothing."""
    for file in files:
        for ending in _BESIDE:
            path = file.with_name(file.name + ending)
            with suppress(FileNotFoundError):
                if at is None:
                    path.unlink()
                else:
                    path.rename(path.with_name(f"{path.name}.before-restore-{at:%Y%m%dT%H%M%SZ}"))


def _note(records: Records, backup: Backup) -> None:
    """Put the restoring on the record, and end the sessions that it brought back to life."""
    facts = {"backup": backup.folder.name, "manifest_sha256": backup.sha256}
    deed = Deed(
        action="backup.restored",
        subject_kind="backup",
        subject_id=backup.folder.name,
        facts=dict(facts),
    )
    with records.writing_all() as session:
        session.execute(update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now()))
        record(session, deed, actor=None)
