"""A finished inspection of the smallest flights: made once, and put on the record by no worker."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

from inspection.evidence.canonical import canonical_bytes
from inspection.jobs.child import GivenRecord
from inspection.jobs.keeping import keep_result
from inspection.language import Language
from inspection.objects.store import ObjectStore
from inspection.pipeline import run_inspection
from inspection.profiles.profile import read_profile
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.request import Request
from tests.inspection.jobs.small import write_all


@cache
def made() -> Path:
    """The folder of the result."""
    folder = Path(mkdtemp(prefix="tinjau-test-"))
    write_all(folder)
    run_inspection(
        Request(
            boundary=folder / "boundary.geojson",
            current=folder / "current.tif",
            baseline=folder / "baseline.tif",
            permit=folder / "permit.json",
            language=Language.ENGLISH,
            created_at=datetime.fromisoformat("2026-11-21T03:00:00Z"),
        ),
        out=folder / "result",
        profile=read_profile("generic"),
        archive=GivenRecord(()),
    )
    return folder / "result"


def put(
    records: Records, objects: ObjectStore, office: UUID, run: UUID, *, name: str | None = None
) -> None:
    """
    Put the result on the record of an inspection that waits.

    With a `name` it is the result of another inspection, of which nothing but the document is
    true: enough for what looks at no other file.
    """
    result = made()
    files = {
        path.relative_to(result).as_posix(): objects.put([path.read_bytes()]).sha256
        for path in result.rglob("*")
        if path.is_file()
    }
    if name is not None:
        document = json.loads((result / "inspection.json").read_bytes())
        renamed = canonical_bytes({**document, "id": name})
        files = {"inspection.json": objects.put([renamed]).sha256}
    with records.writing(office) as session:
        row = session.get_one(InspectionRun, run)
        row.state, row.started_at = InspectionState.RUNNING, now()
    with records.writing(office) as session:
        keep_result(session, objects, run, files)
