"""Inspections followed as they go on (server-sent events)."""

import json
import threading
import time
from contextlib import ExitStack

import pytest
from sqlalchemy import event

from api.routes import events
from api.watching import EVERY_S
from inspection.access.people import close_account
from inspection.jobs.submission import cancel
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Role, User

DATABASES = ("sqlite", "postgresql")


@pytest.fixture
def run(service):
    made = service.inspection("here")
    yield made
    service.take_back_inspections()


def change(service, run, **values):
    with service.records.writing(service.offices["here"]) as session:
        row = session.get_one(InspectionRun, run)
        for name, value in values.items():
            setattr(row, name, value)


def read(lines):
    """One event: its fields, or a comment."""
    fields = {}
    for line in lines:
        if not line:
            if fields:
                return fields
            continue
        name, _, value = line.partition(": ")
        fields[name] = value
    return fields or None


def follow(client, run, **headers):
    return client.stream("GET", f"/api/v1/inspections/{run}/events", headers=headers)


def test_it_is_told_as_it_goes_on_and_ends_with_its_end(service, run) -> None:
    with service.as_role(Role.REVIEWER) as client:
        with follow(client, run) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.iter_lines()
            assert read(lines) == {"retry": "3000"}
            first = read(lines)
            assert first["event"] == "state"
            assert json.loads(first["data"])["state"] == "submitted"
            change(service, run, state=InspectionState.RUNNING, step="detect", share=0.25)
            second = read(lines)
            assert json.loads(second["data"]) == {
                "state": "running", "step": "detect", "share": 0.25, "code": None,
            }  # fmt: skip
        # Who comes back is told what is new alone.
        with follow(client, run, **{"Last-Event-ID": second["id"]}) as answer:
            lines = answer.iter_lines()
            assert read(lines) == {"retry": "3000"}
            change(
                service, run, state=InspectionState.FAILED, step=None, problem={"code": "disk_full"}
            )
            last = read(lines)
            assert last["event"] == "end"
            assert json.loads(last["data"])["code"] == "disk_full"
            assert read(lines) is None, "it is over"
        with follow(client, run, **{"Last-Event-ID": last["id"]}) as answer:
            assert answer.status_code == 204
        with follow(client, run) as answer:
            events = answer.iter_lines()
            assert read(events) == {"retry": "3000"}
            assert read(events)["event"] == "end"


def test_it_closes_when_the_right_is_lost(service, run, monkeypatch) -> None:
    monkeypatch.setattr("api.routes.events.ASKED_AGAIN_S", 0.5)
    monkeypatch.setattr("api.routes.events.HEARTBEAT_S", 1.0)
    person = service.person("here", Role.AUDITOR)
    with service.signed_in("here", person.id) as client, follow(client, run) as answer:
        lines = answer.iter_lines()
        assert read(lines) == {"retry": "3000"}
        assert read(lines)["event"] == "state"
        assert read(lines) == {"": "still here"}
        with service.records.writing(service.offices["here"]) as session:
            close_account(session, session.get_one(User, person.id), by=None)
        began = time.monotonic()
        while read(lines) is not None:
            assert time.monotonic() - began < 60


def test_many_who_listen_are_one_question_a_second_and_hold_no_connection(
    service, run, monkeypatch
) -> None:
    # Whether they still may is asked of each; that must not fall into what is counted.
    monkeypatch.setattr(events, "ASKED_AGAIN_S", 600.0)
    watch, engine = service.app.state.watch, service.app.state.records._reader
    asked = []

    def note(_connection, _cursor, statement, *_more):
        if "FROM inspections" in statement:
            asked.append(statement)

    ended = []

    def listen(answer):
        ended.extend(line for line in answer.iter_lines() if line == "event: end")

    with service.as_role(Role.INSPECTOR) as client, ExitStack() as all_of_them:
        clients = [
            all_of_them.enter_context(
                service.client(headers=client.headers, cookies=dict(client.cookies))
            )
            for _ in range(60)
        ]
        answers = [all_of_them.enter_context(follow(one, run)) for one in clients]
        threads = [threading.Thread(target=listen, args=(one,)) for one in answers]
        for thread in threads:
            thread.start()
        event.listen(engine, "before_cursor_execute", note)
        began = time.monotonic()
        time.sleep(3)
        event.remove(engine, "before_cursor_execute", note)
        assert 1 <= len(asked) <= (time.monotonic() - began) / EVERY_S + 1
        assert service.app.state.records._reader.pool.checkedout() <= 1
        with service.records.writing(service.offices["here"]) as session:
            cancel(session, run, by=service.people["here", Role.INSPECTOR])
        for thread in threads:
            thread.join(20)
    assert len(ended) == 60
    until = time.monotonic() + 10
    while watch._watchers:
        assert time.monotonic() < until
        time.sleep(0.1)
