"""Batches of permits on record: really inspected, out of the object store, against what stands."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
import shapely
from sqlalchemy import select

from inspection.access.office import office_named
from inspection.access.people import first_admin
from inspection.batch.ordered import Order
from inspection.batch.recorded import records_of
from inspection.batch.store import Folder
from inspection.batch.what_if import changes
from inspection.language import Language
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import User
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.settings import Settings
from inspection.wiring import open_database, open_objects
from inspection.wording.catalogue import wording
from tests.inspection.conftest import run
from tests.inspection.jobs import small


@pytest.fixture
def installation(tmp_path):
    """Three permits: one with two flights, one whose flight lies elsewhere, one with none."""
    settings = Settings(data=tmp_path / "data")
    small.write_all(tmp_path)
    records, engine = open_database(settings)
    first_admin(records, profile="generic", language=Language.ENGLISH)
    office = office_named(records, None)
    objects = open_objects(None, settings)
    stored = {
        name: objects.put([(tmp_path / f"{name}.tif").read_bytes()]).sha256
        for name in ("current", "baseline")
    }
    there = shapely.transform(small.outline(), lambda xy: xy + 0.5)
    with records.writing(office) as session:
        by = session.scalars(select(User)).first().id
        for reference, outline, flights in (
            ("IUP 1", small.outline(), ("baseline", "current")),
            ("IUP 2", there, ("current",)),
            ("IUP 3", small.outline(), ()),
        ):
            permit = Permit(reference=reference)
            boundary = BoundaryVersion(
                permit_id=permit.id,
                sequence=1,
                stage=BoundaryStage.GRANTED,
                source="test",
                sha256="0" * 64,
                stated_crs="EPSG:4326",
                area_m2=7650.0,
                outline=outline,
            )
            session.add_all([permit, boundary])
            for year, name in enumerate(flights, 2025):
                flight = Flight(
                    permit_id=permit.id,
                    brought_by=by,
                    name=f"{name}.tif",
                    sha256=stored[name],
                    claimed_at=datetime(year, 8, 12, tzinfo=UTC),
                )
                session.add(flight)
            session.flush()
            if reference == "IUP 1":
                permit_id, boundary_id, flight_id = permit.id, boundary.id, flight.id
    yield settings, records, objects, office, (permit_id, boundary_id, flight_id, by)
    engine.dispose()


def test_permits_on_record_are_inspected_and_held_against_what_is_published(installation, tmp_path):
    settings, records, objects, office, (permit_id, boundary_id, flight_id, by) = installation
    out = tmp_path / "out"
    words = ("batch", "--permits", "iup", "--out", out, "--language", "en", "--json")
    done = run(*words, env={"TINJAU_DATA": str(settings.data)}, timeout=500)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["states"] == {"done": 1, "refused": 2}
    told = list(csv.DictReader(io.StringIO((out / "batch.csv").read_text())))
    assert [(one["permit"], one["state"], one["code"]) for one in told] == [
        ("IUP 1", "done", ""),
        ("IUP 2", "refused", "boundary_outside_image"),
        ("IUP 3", "refused", "batch_permit_without_flight"),
    ]
    first = told[0]
    assert (first["current"], first["baseline"]) == ("current.tif", "baseline.tif")
    assert first["folder"].startswith("rows/IUP-1-current-"), "called by its permit"
    assert float(first["new_ha"]) == pytest.approx(0.09, rel=0.05)
    assert int(first["peak_mb"]) > 50
    assert run("verify", out / first["folder"]).returncode == 0
    assert not (tmp_path / "data" / "records").exists(), "nothing is filed unasked"

    # Another document stands on the record: what would change is told by it.
    document = json.loads((out / first["folder"] / "inspection.json").read_bytes())
    document["answers"]["observed"]["verdict"] = "fail"
    published = objects.put([json.dumps(document).encode()]).sha256
    with records.writing(office) as session:
        session.add(
            InspectionRun(
                permit_id=permit_id,
                boundary_id=boundary_id,
                current_id=flight_id,
                submitted_by=by,
                request={},
                state=InspectionState.DONE,
                document_sha256=published,
            )
        )
    order = Order(
        table=None,
        permits="*",
        office=None,
        settings=settings,
        profile="generic",
        language=Language.ENGLISH,
        workers=1,
        budget_mb=2000,
        records=None,
        moment=datetime.now(UTC),
    )
    with Folder.opened(out, created_at=order.moment) as folder:
        planned = order.planned(folder.paper)
        found = changes(
            planned,
            trial=folder,
            published={},
            objects=objects,
            words=wording(Language.ENGLISH),
        )
        (change,) = [one for one in found if one.is_other]
    assert (change.permit, change.question, change.before, change.after) == (
        "IUP 1",
        "observed",
        "fail",
        "pass",
    )


def test_a_permit_that_is_not_among_those_on_record_is_refused_though_it_has_a_boundary(
    installation, tmp_path
):
    settings = installation[0]
    rows = ["permit,boundary,current"]
    rows += [f"{name},boundary.geojson,current.tif" for name in ("IUP 1", "IUP 9")]
    (tmp_path / "table.csv").write_text("\n".join(rows))
    words = ("batch", tmp_path / "table.csv", "--out", tmp_path / "out", "--dry-run", "--json")
    done = run(*words, env={"TINJAU_DATA": str(settings.data)})
    answer = json.loads(done.stdout)
    assert [(one["row"], one["code"]) for one in answer["problems"]] == [
        (3, "batch_permit_unknown")
    ]
    assert answer["notes"] == []


def test_of_flights_without_a_time_none_is_taken_for_the_latest(installation):
    settings, records, _, office, _ = installation
    with records.writing(office) as session:
        of_two, alone = Flight.name == "baseline.tif", Permit.reference == "IUP 2"
        undated = select(Flight).join(Permit, Permit.id == Flight.permit_id)
        for one in session.scalars(undated.where(of_two | alone)).all():
            one.claimed_at = None
    with records_of(settings, None, lambda _content, name: name) as known:
        told = [one.problem.code if one.problem else None for one in known.lines("iup")]
    assert told == ["batch_flight_undated", None, "batch_permit_without_flight"]
