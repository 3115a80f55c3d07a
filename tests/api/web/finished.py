"""Inspections that are over, with all their files, and what happens to them next."""

import json

from sqlalchemy import select

from inspection.delivery.attaching import attach
from inspection.evidence.canonical import canonical_bytes
from inspection.jobs.keeping import keep_result
from inspection.records.columns import now
from inspection.records.tables.inspections import (
    Decision,
    Finding,
    InspectionRun,
    InspectionState,
    Review,
)
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Reissue, ReissueState, Report
from tests.inspection.jobs.done import made
from tests.inspection.jobs.small import outline


def finish(service, *, rasters=None, said=None, **more):
    """
    An inspection with one finding; its id, and its permit's reference.

    `rasters` take the place of those that it wrote, and `said` of what its document says.
    """
    run = service.inspection("here", outline=outline(), **more)
    put = service.app.state.objects.put
    result = made()
    files = {
        path.relative_to(result).as_posix(): put([path.read_bytes()]).sha256
        for path in result.rglob("*")
        if path.is_file()
    }
    document = json.loads((result / "inspection.json").read_bytes())
    files |= {name: put([data]).sha256 for name, data in (rasters or {}).items()}
    renamed = canonical_bytes({**document, **(said or {}), "id": service.next("TJ-")})
    files["inspection.json"] = put([renamed]).sha256
    with service.records.writing(service.offices["here"]) as session:
        row = session.get_one(InspectionRun, run)
        row.state, row.started_at = InspectionState.RUNNING, now()
        row.baseline_id = row.current_id
        reference = session.get_one(Permit, row.permit_id).reference
    with service.records.writing(service.offices["here"]) as session:
        keep_result(session, service.app.state.objects, run, files)
    return run, reference


def add_by_hand(service, run) -> None:
    """A finding that a colleague saw."""
    west, south, *_ = outline().bounds
    side = 0.0001
    ring = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    asked = {
        "outline": {
            "type": "Polygon",
            "coordinates": [[[west + side * (x + 1), south + side * (y + 1)] for x, y in ring]],
        },
        "ground_class": "road",
        "epoch": "standing",
        "note": "a road",
    }
    with service.as_role(Role.REVIEWER) as colleague:
        answer = colleague.post(f"/api/v1/inspections/{run}/findings", json=asked)
    assert answer.status_code == 201, answer.text


def find_more(service, run, count: int) -> None:
    """As many findings more of the inspection itself, F002 and so on, that nobody judged."""
    with service.records.writing(service.offices["here"]) as session:
        first = session.scalars(select(Finding).where(Finding.inspection_id == run)).one()
        same = ("ground_class", "epoch", "location", "area_m2", "outline")
        for number in range(2, count + 2):
            code = f"F{number:03d}"
            more = {name: getattr(first, name) for name in same}
            document = {**first.document, "id": code}
            session.add(Finding(inspection_id=run, code=code, document=document, **more))


def words(service, run) -> dict[str, list[tuple[str, str | None]]]:
    """All that was said of each finding, the oldest first."""
    with service.records.reading(service.offices["here"]) as session:
        findings = session.scalars(select(Finding).where(Finding.inspection_id == run)).all()
        return {
            one.code: [
                (str(word.outcome), word.reason_code)
                for word in session.scalars(
                    select(Review).where(Review.finding_id == one.id).order_by(Review.sequence)
                )
            ]
            for one in findings
        }


def write_report(service, run) -> None:
    """What the worker does after a decision, as far as the pages see it."""
    with service.records.writing(service.offices["here"]) as session:
        before = session.scalars(select(Report).where(Report.inspection_id == run)).one()
        decision = session.scalars(select(Decision).where(Decision.inspection_id == run)).one()
        objects = service.app.state.objects
        document = json.loads(b"".join(objects.stream(before.sha256)))
        steps = [one for one in document["next_steps"] if one["code"] != "review"]
        assert len(steps) == len(document["next_steps"]) - 1
        kept = objects.put([canonical_bytes({**document, "next_steps": steps})]).sha256
        report = Report(
            permit_id=before.permit_id,
            inspection_id=run,
            sequence=before.sequence + 1,
            sha256=kept,
            files={**before.files, "inspection.json": kept},
            supersedes_id=before.id,
            decision_id=decision.id,
        )
        session.add(report)
        reissue = session.scalars(select(Reissue).where(Reissue.inspection_id == run)).one()
        reissue.state = ReissueState.DONE
        if reissue.is_to_attach:
            session.flush()
            attach(session, report, by=decision.decided_by, role=str(Role.REVIEWER))


def decisions(service, run) -> list:
    with service.records.reading(service.offices["here"]) as session:
        made = session.scalars(select(Decision).where(Decision.inspection_id == run))
        return [(one.outcome, one.decided_by) for one in made]


def is_word(answer) -> bool:
    return answer.url.endswith("/reviews") and answer.request.method == "POST"
