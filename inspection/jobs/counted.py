"""What an approved inspection comes to by what people let count, kept for the statistics."""

import logging
from threading import Event

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import GeoError
from inspection.accepted import counted_ledger
from inspection.jobs.keeping import read_document
from inspection.objects.store import ObjectStore
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun, ReviewState
from inspection.records.tables.reports import Reissue, Report
from inspection.review_note import REVIEWED
from inspection.schema import from_json

_log = logging.getLogger(__name__)


def note_counted(session: Session, objects: ObjectStore, decided: Reissue) -> None:
    """Note it beside the inspection; of one that was declined nothing counts."""
    run = session.get_one(InspectionRun, decided.inspection_id)
    if run.review is ReviewState.APPROVED:
        judged = session.get_one(Report, decided.report_id)
        read = from_json(read_document(objects, judged.sha256))
        run.counted_ha = dict(counted_ledger(read, REVIEWED.validate_python(decided.review)))


def count_decided(records: Records, objects: ObjectStore, stop: Event) -> None:
    """Note it of all that was approved before this was kept, or whose report was not written."""
    uncounted = (
        select(Reissue.office_id, Reissue.id)
        .join(InspectionRun, InspectionRun.id == Reissue.inspection_id)
        .where(InspectionRun.review == ReviewState.APPROVED, InspectionRun.counted_ha.is_(None))
    )
    with records.reading_all() as session:
        found = session.execute(uncounted).all()
    for office, decided in found:
        if stop.is_set():
            return
        try:
            with records.writing(office) as session:
                note_counted(session, objects, session.get_one(Reissue, decided))
        except (GeoError, ValueError, KeyError, TypeError) as error:
            # It counts as measured until then, and whoever operates the installation is told.
            _log.warning("decision %s cannot be counted: %s", decided, type(error).__name__)
