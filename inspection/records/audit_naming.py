"""What people call the things that events of the audit log are about, as they are called today."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Report


def names_of(session: Session, events: Sequence[AuditEvent]) -> dict[tuple[str, str], str]:
    """Give the permit's number for each permit, inspection and report, by its kind and its id."""
    found: dict[tuple[str, str], str] = {}
    for kind, asked, key in (
        ("permit", select(Permit.id, Permit.reference), Permit.id),
        ("inspection", _of_permit(InspectionRun), InspectionRun.id),
        ("report", _of_permit(Report), Report.id),
    ):
        wanted = {_id(one.subject_id) for one in events if one.subject_kind == kind} - {None}
        if wanted:
            rows = session.execute(asked.where(key.in_(wanted)))
            found.update({(kind, str(row_id)): reference for row_id, reference in rows})
    return found


def _of_permit(kind: type[InspectionRun] | type[Report]) -> Select[UUID, str]:
    return select(kind.id, Permit.reference).join(Permit, Permit.id == kind.permit_id)


def _id(text: str) -> UUID | None:
    # An event names what it is about by any text; what was damaged may say anything.
    try:
        return UUID(text)
    except ValueError:
        return None
