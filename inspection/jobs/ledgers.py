"""Reads the ledgers of results that were kept before these stood beside their inspections."""

import logging
from threading import Event
from uuid import UUID

from sqlalchemy import select

from geo.errors import RefusedError
from inspection.jobs.keeping import read_document
from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun, InspectionState

_log = logging.getLogger(__name__)


def read_ledgers(records: Records, objects: ObjectStore, stop: Event) -> None:
    """Note beside each finished inspection what its document says, where that is not known yet."""
    unread = select(InspectionRun.id, InspectionRun.office_id, InspectionRun.document_sha256).where(
        InspectionRun.state == InspectionState.DONE,
        InspectionRun.ledger_ha.is_(None),
        InspectionRun.document_sha256.is_not(None),
    )
    with records.reading_all() as session:
        found = session.execute(unread).all()
    for run_id, office, sha256 in found:
        if stop.is_set():
            return
        ledger = _ledger(objects, run_id, str(sha256))
        if ledger is not None:
            with records.writing(office) as session:
                session.get_one(InspectionRun, run_id).ledger_ha = ledger


def _ledger(objects: ObjectStore, run_id: UUID, sha256: str) -> dict[str, Json] | None:
    try:
        ledger: dict[str, Json] = read_document(objects, sha256)["ledger_ha"]
    except (RefusedError, ValueError, KeyError) as error:
        # It stays uncounted, and whoever looks at the figures is told of how many that holds.
        _log.warning("inspection %s: its ledger cannot be read: %s", run_id, type(error).__name__)
        return None
    return ledger
