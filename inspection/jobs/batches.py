"""Several inspections asked for in one call: each an ordinary one, or refused for itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import AbsentError, RefusedError
from inspection.jobs.asking import enter, keep_papers
from inspection.jobs.preparing import Preparation, Prepared, Wanted
from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.records.audit import Deed, record
from inspection.records.store import Records
from inspection.records.tables.batches import Batch, BatchItem
from inspection.records.tables.inspections import InspectionRun
from inspection.terminal.failure import failure_of, problem_of

MOST: Final = 500
"""Inspections in one call."""


def ask_all(
    records: Records,
    objects: ObjectStore,
    office: UUID,
    wanted: Sequence[Wanted],
    *,
    by: UUID,
    at: datetime,
) -> UUID:
    """Put in line what can be inspected, and keep why the rest cannot; gives the batch."""
    # What takes long is done first: whoever writes keeps others from writing.
    with records.reading(office) as session:
        preparation = Preparation(session, objects, wanted)
        ready = [
            _ready(preparation, one, at, f"inspections.{position}")
            for position, one in enumerate(wanted)
        ]
    good = [one for one in ready if isinstance(one, Prepared)]
    keep_papers(objects, good)
    with records.writing(office) as session:
        batch = Batch(submitted_by=by)
        session.add(batch)
        runs = iter(enter(session, good, by=by))
        for position, one in enumerate(ready):
            item = BatchItem(batch_id=batch.id, position=position)
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


def items_of(session: Session, batch: Batch) -> list[tuple[BatchItem, InspectionRun | None]]:
    """The items of a batch in their order, each with its inspection as it is now."""
    asked = (
        select(BatchItem, InspectionRun)
        .outerjoin(InspectionRun, InspectionRun.id == BatchItem.inspection_id)
        .where(BatchItem.batch_id == batch.id)
        .order_by(BatchItem.position)
    )
    return [(one[0], one[1]) for one in session.execute(asked)]


def _ready(
    preparation: Preparation, wanted: Wanted, at: datetime, where: str
) -> Prepared | dict[str, Json]:
    try:
        return preparation.of(wanted, at=at)
    except (AbsentError, RefusedError) as error:
        error.where = error.where or where
        return problem_of(failure_of(error))
