"""Keeps the reviewers' queue true: rates what was kept unrated, and reads the clocks again."""

import logging
from threading import Event
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.jobs.keeping import read_document
from inspection.objects.store import ObjectStore
from inspection.records.columns import now
from inspection.records.deadlines import WAITING, note_deadlines, permits_waiting
from inspection.records.store import Records
from inspection.records.tables.inspections import Concern, InspectionRun
from inspection.records.tables.offices import Office
from inspection.review.concerns import concerns_of

_log = logging.getLogger(__name__)


def keep_queue(records: Records, objects: ObjectStore, stop: Event) -> None:
    """Go through what waits for review in each office: a stop that was told ahead may have come."""
    with records.reading_all() as session:
        offices = session.scalars(select(Office.id)).all()
    for office in offices:
        with records.reading(office) as session:
            unrated = _unrated(session)
        for one in unrated:
            if stop.is_set():
                return
            _rate(records, objects, office, one)
        with records.writing(office) as session:
            note_deadlines(session, permits_waiting(session), now=now())


def _unrated(session: Session) -> list[tuple[UUID, str]]:
    asked = select(InspectionRun.id, InspectionRun.document_sha256).where(
        InspectionRun.review.in_(WAITING),
        InspectionRun.rank == -int(Concern.UNRATED),
    )
    return [(one.id, one.document_sha256) for one in session.execute(asked)]


def _rate(records: Records, objects: ObjectStore, office: UUID, unrated: tuple[UUID, str]) -> None:
    run_id, sha256 = unrated
    try:
        concerns = concerns_of(read_document(objects, sha256))
    except RefusedError as error:
        # It stays unrated, and so in front, where people meet the damage too.
        _log.warning("inspection %s is not rated: %s", run_id, error.code)
        return
    with records.writing(office) as session:
        session.get_one(InspectionRun, run_id).rank = -int(concerns)
