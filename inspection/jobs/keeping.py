"""What a finished inspection leaves on the record: its findings, its report, its place in line."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.jobs.surveyed import surveyed
from inspection.model import RegistrationStatus
from inspection.objects.store import ObjectStore
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.deadlines import note_deadlines
from inspection.records.flown import note_flown
from inspection.records.tables.inspections import (
    Finding,
    InspectionRun,
    InspectionState,
    ReviewState,
)
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Report
from inspection.review.concerns import concerns_of
from inspection.schema import from_json
from inspection.standing import PastReport

DOCUMENT = "inspection.json"


def reports_before(
    session: Session, objects: ObjectStore, permit_id: UUID
) -> tuple[PastReport, ...]:
    """What the permit's reports said, in the order they were filed."""
    filed = session.scalars(
        select(Report).where(Report.permit_id == permit_id).order_by(Report.sequence)
    )
    return tuple(_past(one, read_document(objects, one.sha256)) for one in filed)


def keep_result(
    session: Session, objects: ObjectStore, run_id: UUID, files: Mapping[str, str]
) -> InspectionState:
    """
    Put a whole result on the record, unless the inspection has ended already; gives its state.

    Raises
    ------
    RefusedError
        ``report_out_of_turn`` if another report took the place that this one states;
        ``report_of_another_permit`` if the same report lies on the record of another.
    """
    run = session.get_one(InspectionRun, run_id, with_for_update=True)
    if run.state is not InspectionState.RUNNING:
        return run.state
    # One report of a permit at a time: each states those before it.
    session.get_one(Permit, run.permit_id, with_for_update=True)
    sha256 = files[DOCUMENT]
    document = read_document(objects, sha256)
    report = file_report(
        session, Report(permit_id=run.permit_id, inspection_id=run.id), document, files
    )
    session.add_all(_finding(run, one) for one in document["findings"])
    session.add_all(surveyed(run.id, from_json(document)))
    status = document["registration"]["status"]
    run.state, run.finished_at = InspectionState.DONE, now()
    run.step, run.share, run.review = None, 1.0, ReviewState.OPEN
    run.document_id, run.document_sha256 = document["id"], sha256
    run.is_comparable = status != RegistrationStatus.NOT_COMPARABLE
    run.ledger_ha = document["ledger_ha"]
    run.rank = -int(concerns_of(document))
    note_deadlines(session, [run.permit_id], now=now())
    note_flown(session, run, document)
    deed = Deed(
        action="inspection.done",
        subject_kind="inspection",
        subject_id=str(run.id),
        facts={
            "document": document["id"],
            "sha256": sha256,
            "report": str(report.id),
            "sequence": report.sequence,
            "findings": len(document["findings"]),
        },
    )
    record(session, deed, actor=None)
    return run.state


def file_report(
    session: Session, report: Report, document: dict[str, Any], files: Mapping[str, str]
) -> Report:
    """
    Give a report its place on the record of its permit, which its writer holds.

    The same document that is on the record already stays where it was.

    Raises
    ------
    RefusedError
        ``report_out_of_turn``, ``report_of_another_permit``.
    """
    known = session.scalars(select(Report).where(Report.sha256 == files[DOCUMENT])).one_or_none()
    if known is not None:
        if known.permit_id != report.permit_id:
            raise RefusedError("report_of_another_permit")
        return known
    filed = session.scalars(
        select(Report).where(Report.permit_id == report.permit_id).order_by(Report.sequence)
    ).all()
    sequence, stated = len(filed) + 1, document["record"]["version"]
    if stated not in (None, sequence):
        raise RefusedError("report_out_of_turn", stated=stated, sequence=sequence)
    report.sequence, report.supersedes_id = sequence, filed[-1].id if filed else None
    report.sha256, report.files = files[DOCUMENT], dict(files)
    session.add(report)
    return report


def _finding(run: InspectionRun, found: dict[str, Any]) -> Finding:
    outline = shapely.MultiPolygon(
        [shapely.Polygon(shell, holes) for shell, *holes in found["vertices"]]
    )
    return Finding(
        inspection_id=run.id,
        code=found["id"],
        ground_class=found["class"],
        epoch=found["epoch"],
        location=found["location"],
        area_m2=found["area_m2"],
        document=found,
        outline=outline,
    )


def _past(report: Report, document: dict[str, Any]) -> PastReport:
    return PastReport(
        version=report.sequence,
        inspection=document["id"],
        created_at=document["created_at"],
        captured_at=document["flights"]["current"]["captured_at"],
        sha256=report.sha256,
        ledger_ha=document["ledger_ha"],
    )


def read_document(objects: ObjectStore, sha256: str) -> dict[str, Any]:
    """A document from the store, by its hash."""
    document: dict[str, Any] = json.loads(b"".join(objects.stream(sha256)))
    return document
