"""How an installation is doing: whether it can work, and figures that cost little to get."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from geo.errors import RefusedError, UnfinishedError
from inspection.errors import UsageError
from inspection.objects.faults import folder_faults
from inspection.objects.store import ObjectStore
from inspection.records.columns import now
from inspection.records.migrations.upgrade import require_current
from inspection.records.store import Records
from inspection.records.tables.audit import AuditHead
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.inspections import InspectionRun, InspectionState

OPEN: Final = (InspectionState.SUBMITTED, InspectionState.RUNNING, InspectionState.QUARANTINED)
"""States in which few inspections are at a time, so that they may be counted."""

_LAG: Final = timedelta(seconds=30)
"""How long a transaction may take that ends an inspection, before its end is counted."""

_NOWHERE: Final = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Vitals:
    """Figures of one moment; what there is none of is zero, or None."""

    inspections: dict[str, int]
    """How many are open, by state."""

    ended: dict[str, int]
    """How many ended since somebody began to count, by state."""

    oldest_waiting_s: float | None
    uploads: int
    outbox: int
    outbox_oldest_s: float | None
    outbox_given_up: int
    head_age_s: float | None
    """Since the newest signed head; a service that signs lets it not grow over a day."""


@dataclass(kw_only=True)
class Counting:
    """Counts what ended from when it began to look; one for each process."""

    records: Records
    since: datetime = field(default_factory=now)
    ended: dict[str, int] = field(default_factory=dict)

    def look(self) -> Vitals:
        """
        Look at the records, along their indexes alone.

        Raises
        ------
        UnfinishedError
            As `inspection.records.engine.told`.
        """
        at = now()
        with self.records.reading_all() as session:
            until = max(self.since, at - _LAG)
            ended = _ended(session, self.since, until)
            found = _look(session, at, self.ended | _sum(self.ended, ended))
        # Only now: a look that failed is made again over the same time.
        self.since, self.ended = until, found.ended
        return found


def require_ready(
    engine: Engine, objects: ObjectStore, folders: Iterable[Path], *, least_free: int
) -> None:
    """
    Require that the database answers and is up to date, that objects can be read, and room.

    Raises
    ------
    UnfinishedError
        ``database_unreachable``, ``database_busy``, ``database_older``, ``database_newer``,
        ``object_store_failed``, ``storage_denied``, ``disk_nearly_full``.
    """
    try:
        require_current(engine)
    except UsageError as error:
        raise UnfinishedError(error.code) from error
    next(iter(objects.entries()), None)
    with suppress(RefusedError):  # there is no such object: an answer
        objects.stored(_NOWHERE)
    for folder in folders:
        free = free_bytes(folder)
        if free < least_free:
            raise UnfinishedError("disk_nearly_full", free=free, least=least_free)


def free_bytes(folder: Path) -> int:
    """Room that is left on the disk of a folder, or of the nearest one above it that is there."""
    with folder_faults():
        there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        return shutil.disk_usage(there).free


def _look(session: Session, at: datetime, ended: dict[str, int]) -> Vitals:
    def count(asked: Select[int]) -> int:
        return session.scalar(asked) or 0

    def age(asked: Select[datetime]) -> float | None:
        first = session.scalar(asked)
        return None if first is None else max(0.0, (at - first).total_seconds())

    waiting = OutboxMessage.delivered_at.is_(None), OutboxMessage.given_up_at.is_(None)
    given_up = OutboxMessage.delivered_at.is_(None), OutboxMessage.given_up_at.is_not(None)
    # Whatever is older has expired, and is no upload that anybody waits for.
    coming = Upload.expires_at > at, Upload.state == UploadState.RECEIVING
    submitted = InspectionRun.state == InspectionState.SUBMITTED
    return Vitals(
        inspections={
            state: count(select(func.count()).where(InspectionRun.state == state)) for state in OPEN
        },
        ended=ended,
        oldest_waiting_s=age(select(func.min(InspectionRun.created_at)).where(submitted)),
        uploads=count(select(func.count()).select_from(Upload).where(*coming)),
        outbox=count(select(func.count()).select_from(OutboxMessage).where(*waiting)),
        outbox_oldest_s=age(select(func.min(OutboxMessage.created_at)).where(*waiting)),
        outbox_given_up=count(select(func.count()).select_from(OutboxMessage).where(*given_up)),
        # Names sort by time: the last one is the newest.
        head_age_s=age(select(AuditHead.created_at).order_by(AuditHead.id.desc()).limit(1)),
    )


def _ended(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    asked = (
        select(InspectionRun.state, func.count())
        .where(InspectionRun.finished_at > since, InspectionRun.finished_at <= until)
        .group_by(InspectionRun.state)
    )
    return {str(state): number for state, number in session.execute(asked)}


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + number for name, number in other.items()}
