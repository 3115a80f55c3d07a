"""What whoever watches over the service is told: readiness, and figures for Prometheus."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, text

from api.vitals import InstallationVitals
from geo.errors import UnfinishedError
from inspection.jobs.submission import cancel
from inspection.objects.folder import FolderObjects
from inspection.records.columns import now
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.flights import UploadState
from inspection.records.tables.offices import Role
from inspection.upkeep.vitals import Counting, require_ready

DATABASES = ("sqlite", "postgresql")


def figures(told: str) -> dict[str, float]:
    return {
        sample.name + "".join(sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


def test_the_figures_are_those_of_the_records(service, monkeypatch) -> None:
    counting = Counting(records=service.records)
    before = counting.look()
    waits = service.inspection("here")
    service.upload("here", b"comes", state=UploadState.RECEIVING)
    message = OutboxMessage(kind="x", payload={}, next_at=now())
    with service.records.writing(service.offices["here"]) as session:
        session.add(message)
        cancel(session, waits, by=service.people["here", Role.INSPECTOR])
    service.inspection("here")
    monkeypatch.setattr("inspection.upkeep.vitals._LAG", timedelta(0))
    after = counting.look()
    assert after.inspections["submitted"] == before.inspections["submitted"] + 1
    assert after.ended.get("cancelled", 0) == before.ended.get("cancelled", 0) + 1
    assert (after.uploads, after.outbox) == (before.uploads + 1, before.outbox + 1)
    assert after.oldest_waiting_s >= 0
    assert after.outbox_oldest_s >= 0
    assert counting.look().ended == after.ended  # nothing is counted twice


def test_prometheus_reads_them(service) -> None:
    with service.client() as client:
        client.get("/api/v1/status/ZZZZZZZZZZZZZZZZ")
        answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    told = figures(answer.text)
    assert told["tinjau_database_up"] == 1
    assert told["tinjau_disk_free_bytesdata"] > 0
    assert {"tinjau_inspectionssubmitted", "tinjau_inspectionsrunning"} <= told.keys()
    assert told["tinjau_audit_head_age_seconds"] < 24 * 3600
    assert told["tinjau_requests_total/api/v1/status/{code}404GET"] >= 1


def test_who_asks_often_costs_the_database_nothing(service) -> None:
    looks = []

    class Counted(Counting):
        def look(self):
            looks.append(1)
            return super().look()

    vitals = InstallationVitals(Counted(records=service.records), {})
    for _ in range(5):
        list(vitals.collect())
    assert len(looks) == 1


def test_without_a_database_there_are_figures_of_the_rest(tmp_path) -> None:
    class Away(Counting):
        def look(self):
            raise UnfinishedError("database_unreachable")

    found = {
        family.name: [sample.value for sample in family.samples]
        for family in InstallationVitals(Away(records=None), {"data": tmp_path}).collect()
    }
    assert found["tinjau_database_up"] == [0]
    assert found["tinjau_disk_free_bytes"][0] > 0
    assert len(found) == 2


def test_no_figure_needs_a_look_at_everything(service) -> None:
    engine = service.app.state.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("SQLite says so in a word")
    asked = []

    def note(_conn, _cursor, statement, parameters, *_) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    Counting(records=service.app.state.records).look()
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) >= 8
    with engine.connect() as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            for step in (row[-1] for row in plan):
                assert not step.startswith("SCAN") or "audit_heads" in step, (step, statement)
    # The newest head is the last entry of an index, read backwards: one row.
    assert any("LIMIT" in statement for statement, _ in asked if "audit_heads" in statement)


def test_what_is_not_ready_says_why(service, tmp_path) -> None:
    engine = service.app.state.engine
    objects = service.app.state.objects

    def why(objects, least=0) -> str:
        with pytest.raises(UnfinishedError) as told:
            require_ready(engine, objects, [tmp_path / "not" / "yet"], least_free=least)
        return told.value.code

    require_ready(engine, objects, [tmp_path], least_free=0)
    assert why(FolderObjects(tmp_path / "gone")) == "object_store_failed"
    assert why(objects, least=10**18) == "disk_nearly_full"
    with engine.begin() as connection:
        (step,) = connection.execute(text("SELECT version_num FROM tinjau_schema")).one()
        connection.execute(text("UPDATE tinjau_schema SET version_num = 'later'"))
    try:
        with service.client() as client:
            answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "database_newer")
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE tinjau_schema SET version_num = :at"), {"at": step})
