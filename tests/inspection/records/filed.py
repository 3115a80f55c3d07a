"""Reports put on the record directly, of files that the test makes up or brings."""

import hashlib
import json

import shapely
from sqlalchemy import func, select

from inspection.records.ids import uuid7
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import (
    Decision,
    Finding,
    InspectionRun,
    InspectionState,
)
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.records.tables.reports import Report

GROUND = shapely.box(115.5, -3.3, 115.6, -3.2)


def made_up() -> dict[str, bytes]:
    """Files of a report that no other has."""
    document = json.dumps({"id": str(uuid7())}).encode()
    mark = hashlib.sha256(document).hexdigest().encode()
    return {
        "inspection.json": document,
        "report.pdf": b"%PDF-1.7 full " + mark,
        "report-light.pdf": b"%PDF-1.7 light " + mark,
        "report.html": b"<script>alert(1)</script>",
        "current.tif": mark * 40_000,
        "stac/collection.json": b"{}",
        "manifest.json": b"{}",
    }


def inspected_permit(session, objects, *, by, reference=None) -> InspectionRun:
    """A permit with a boundary, a flight and an inspection that is done, with one finding."""
    permit = Permit(reference=reference or f"IUP {uuid7()}")
    boundary = BoundaryVersion(
        permit_id=permit.id,
        sequence=1,
        stage=BoundaryStage.GRANTED,
        source="test",
        sha256="0" * 64,
        stated_crs="EPSG:4326",
        area_m2=1.0,
        outline=GROUND,
    )
    picture = objects.put([b"a picture of " + permit.reference.encode()]).sha256
    log = objects.put([b"flown over " + permit.reference.encode()]).sha256
    flight = Flight(
        permit_id=permit.id,
        brought_by=by,
        name='penerbangan "utara".tif',
        sha256=picture,
        files={"flight_log": log},
    )
    run = InspectionRun(
        permit_id=permit.id,
        boundary_id=boundary.id,
        current_id=flight.id,
        submitted_by=by,
        request={},
        state=InspectionState.DONE,
        share=1.0,
        document_id="TJ-TEST",
    )
    finding = Finding(
        inspection_id=run.id,
        code="F-001",
        ground_class="excavation",
        epoch="new",
        location="outside",
        area_m2=900.0,
        document={},
        outline=GROUND,
    )
    session.add_all([permit, boundary, flight, run, finding])
    session.flush()
    return run


def file_report(session, objects, run, *, files=None, outcome=None, decided_by=None) -> Report:
    """The next report of an inspection's permit; with an outcome, issued with that decision."""
    stored = {name: objects.put([data]).sha256 for name, data in (files or made_up()).items()}
    decision = None
    if outcome is not None:
        decision = Decision(
            inspection_id=run.id,
            submitted_by=run.submitted_by,
            decided_by=decided_by,
            outcome=outcome,
            note="",
            reviews_sha256="0" * 64,
        )
        session.add(decision)
    of_permit = Report.permit_id == run.permit_id
    before = session.scalars(
        select(Report).where(of_permit).order_by(Report.sequence.desc()).limit(1)
    ).one_or_none()
    report = Report(
        permit_id=run.permit_id,
        inspection_id=run.id,
        sequence=(session.scalar(select(func.max(Report.sequence)).where(of_permit)) or 0) + 1,
        supersedes_id=before.id if before else None,
        sha256=stored["inspection.json"],
        files=stored,
        decision_id=decision.id if decision else None,
    )
    session.add(report)
    session.flush()
    return report
