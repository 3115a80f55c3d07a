"""What an inspection says, sealed, and what its findings were measured with."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.document import Inspection
from inspection.objects.store import ObjectStore
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.reports import Report
from inspection.schema import from_json
from inspection.yardstick import Yardstick


def in_force(session: Session, objects: ObjectStore, run: InspectionRun) -> Inspection:
    """What the report in force says: the one with the decision, once that is written."""
    decided = select(Report.sha256).where(
        Report.inspection_id == run.id, Report.decision_id.is_not(None)
    )
    return _read(objects, session.scalar(decided) or str(run.document_sha256))


def yardstick_of(objects: ObjectStore, run: InspectionRun) -> Yardstick:
    """What the findings of a finished inspection were measured with."""
    return Yardstick.of(_read(objects, str(run.document_sha256)))


def _read(objects: ObjectStore, sha256: str) -> Inspection:
    return from_json(json.loads(b"".join(objects.stream(sha256))))
