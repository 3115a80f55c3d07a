"""Several inspections asked for in one call: each an ordinary one, or refused for itself."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspection.errors import AbsentError, RefusedError
from inspection.jobs.asking import enter, keep_papers
from inspection.jobs.preparing import Preparation, Prepared, Wanted
from inspection.jobs.submission import retry
from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.records.audit import Deed, record
from inspection.records.store import Records
from inspection.records.tables.batches import Batch, BatchItem
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.permits import Permit
from inspection.terminal.failure import failure_of, problem_of

MOST: Final = 500
"""Inspections in one call."""

FAILED: Final = (InspectionState.FAILED, InspectionState.QUARANTINED)
"""What is tried again together; who took one back meant it."""

_IN_ONE_QUESTION: Final = 400

type Asking = Wanted | dict[str, Json]
"""What is asked for, or the problem that is known of it already."""


@dataclass(frozen=True, kw_only=True)
class OfTable:
    """A row of a table, and what it names."""

    line: int
    line_permit: str | None
    line_current: str | None


@dataclass(frozen=True, kw_only=True)
class Several:
    """What is asked for together."""

    items: Sequence[Asking]
    table: str | None = None
    """Name of the table that they are from."""

    lines: Sequence[OfTable] = ()
    """Of each item that is from a table, its row there."""


@dataclass(frozen=True, kw_only=True)
class ItemNow:
    """One of a batch, and its inspection as it is now: the newest, where one was tried again."""

    item: BatchItem
    run: InspectionRun | None = None
    permit: str | None = None
    """What the office calls it."""

    flight: str | None = None
    """What its picture is called."""


def ask_all(
    records: Records,
    objects: ObjectStore,
    office: UUID,
    wanted: Several,
    *,
    by: UUID,
    at: datetime,
) -> UUID:
    """Put in line what can be inspected, and keep why the rest cannot; gives the batch."""
    # What takes long is done first: whoever writes keeps others from writing.
    with records.reading(office) as session:
        preparation = Preparation(
            session, objects, [one for one in wanted.items if isinstance(one, Wanted)]
        )
        ready = [
            _ready(preparation, one, at, f"inspections.{position}")
            for position, one in enumerate(wanted.items)
        ]
    good = [one for one in ready if isinstance(one, Prepared)]
    keep_papers(objects, good)
    with records.writing(office) as session:
        batch = Batch(submitted_by=by, table_name=wanted.table)
        session.add(batch)
        runs = iter(enter(session, good, by=by))
        for position, one in enumerate(ready):
            line = vars(wanted.lines[position]) if wanted.lines else {}
            item = BatchItem(batch_id=batch.id, position=position, **line)
            if isinstance(one, Prepared):
                item.inspection_id = next(runs).id
            else:
                item.problem = one
            session.add(item)
        deed = Deed(
            action="batch.submitted",
            subject_kind="batch",
            subject_id=str(batch.id),
            facts={"inspections": len(good), "refused": len(ready) - len(good)},
        )
        record(session, deed, actor=str(by))
        return batch.id


def items_of(session: Session, batch: Batch) -> list[ItemNow]:
    """The items of a batch in their order, each with its inspection as it is now."""
    asked = (
        select(BatchItem, InspectionRun, Permit.reference, Flight.name)
        .outerjoin(InspectionRun, InspectionRun.id == BatchItem.inspection_id)
        .outerjoin(Permit, Permit.id == InspectionRun.permit_id)
        .outerjoin(Flight, Flight.id == InspectionRun.current_id)
        .where(BatchItem.batch_id == batch.id)
        .order_by(BatchItem.position)
    )
    rows = session.execute(asked).all()
    newest = _newest(session, [run for _, run, _, _ in rows if run is not None])
    return [
        ItemNow(item=item, run=newest[run.id] if run else None, permit=permit, flight=flight)
        for item, run, permit, flight in rows
    ]


def counts_of(
    session: Session, batches: Sequence[Batch]
) -> dict[UUID, tuple[Counter[InspectionState], int]]:
    """
    How many inspections of some batches are in each state, and how many items are refused.

    What was tried again is counted as it is now.
    """
    ids = [one.id for one in batches]
    refused = (
        select(BatchItem.batch_id, func.count())
        .where(BatchItem.batch_id.in_(ids), BatchItem.inspection_id.is_(None))
        .group_by(BatchItem.batch_id)
    )
    without = {row[0]: row[1] for row in session.execute(refused)}
    asked = (
        select(BatchItem.batch_id, InspectionRun)
        .join(InspectionRun, InspectionRun.id == BatchItem.inspection_id)
        .where(BatchItem.batch_id.in_(ids))
    )
    rows = session.execute(asked).all()
    newest = _newest(session, [run for _, run in rows])
    states: dict[UUID, Counter[InspectionState]] = {one: Counter() for one in ids}
    for batch, run in rows:
        states[batch][newest[run.id].state] += 1
    return {one: (states[one], without.get(one, 0)) for one in ids}


def retry_failed(session: Session, objects: ObjectStore, batch: Batch, *, by: UUID) -> int:
    """Put in line again what failed of a batch, as it was asked; gives how many these are."""
    again = 0
    for one in items_of(session, batch):
        if one.run is not None and one.run.state in FAILED:
            try:
                retry(session, objects, one.run.id, by=by)
            except RefusedError:
                # Its files are gone: it stays as it is, and the others are tried.
                continue
            again += 1
    return again


def _newest(session: Session, runs: Sequence[InspectionRun]) -> dict[UUID, InspectionRun]:
    """Of each inspection the one that tried it again last, or itself."""
    newest = {one.id: one for one in runs}
    behind = {one.id: one.id for one in runs}
    """Which of them each that was tried again stands for."""
    looked = list(newest)
    while looked:
        later: list[InspectionRun] = []
        for some in batched(looked, _IN_ONE_QUESTION):
            asked = select(InspectionRun).where(InspectionRun.retry_of_id.in_(some))
            later += session.scalars(asked)
        for one in later:
            if one.retry_of_id is not None:
                first = behind[one.retry_of_id]
                behind[one.id], newest[first] = first, one
        looked = [one.id for one in later]
    return newest


def _ready(
    preparation: Preparation, wanted: Asking, at: datetime, where: str
) -> Prepared | dict[str, Json]:
    if not isinstance(wanted, Wanted):
        return wanted
    try:
        return preparation.of(wanted, at=at)
    except (AbsentError, RefusedError) as error:
        error.where = error.where or where
        return problem_of(failure_of(error))
