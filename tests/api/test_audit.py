"""The audit log over HTTP: read by its auditor alone, exported whole, proven in part."""

import base64
import json
import time

import pytest
from sqlalchemy import select, text

from inspection.evidence.audit_log import verify_log
from inspection.evidence.head import head_from
from inspection.evidence.head_key import public_keys
from inspection.records.audit import INSTALLATION, Deed, line_of, record
from inspection.records.columns import now
from inspection.records.heads import sign_heads
from inspection.records.tables.audit import AuditHead
from inspection.records.tables.offices import Office, Role
from inspection.records.tables.permits import Permit

DATABASES = ("sqlite", "postgresql")
EVENTS = "/api/v1/audit/events"


@pytest.fixture
def office(service):
    """An office of its own, with twelve events, and its auditor."""
    code = service.next("audited")
    row = Office(code=code, name=code, time_zone="Asia/Jakarta", profile="generic", language="id")
    with service.records.writing_all() as session:
        session.add(row)
    service.offices[code] = row.id
    for number in range(12):
        action = "file.read" if number % 3 == 0 else "permit.tracked"
        deed = Deed(
            action=action,
            subject_kind="file",
            subject_id=f"f{number % 4}",
            facts={"n": number},
            private={"name": "Somebody"} if number == 0 else None,
        )
        with service.records.writing(row.id) as session:
            record(session, deed, actor=None)
    service.people[code, "auditor"] = service.person(code, Role.AUDITOR).id
    return code


@pytest.fixture
def auditor(service, office):
    with service.signed_in(office, service.people[office, "auditor"]) as client:
        yield client


def numbers(answer):
    return [one["seq"] for one in answer.json()["items"]]


def test_pages_follow_one_another_while_reading_adds_events(auditor) -> None:
    found, after = [], {}
    while True:
        answer = auditor.get(EVENTS, params={"size": 5, **after})
        found += numbers(answer)
        if answer.json()["after"] is None:
            break
        after = {"after": answer.json()["after"]}
    assert found == list(range(12, 0, -1))
    newest = auditor.get(EVENTS, params={"action": "audit.read"}).json()["items"]
    assert [one["seq"] for one in newest] == [15, 14, 13]
    assert newest[0]["actor"] is not None
    assert "Somebody" not in auditor.get(EVENTS).text


def test_an_event_names_the_permit_that_it_is_about(service, office, auditor) -> None:
    permit = service.permit(office)
    with service.records.writing(service.offices[office]) as session:
        reference = session.get_one(Permit, permit).reference
        deed = Deed(action="permit.tracked", subject_kind="permit", subject_id=str(permit))
        record(session, deed, actor=None)
    first, second = auditor.get(EVENTS, params={"size": 2}).json()["items"]
    assert (first["subject_id"], first["subject_name"]) == (str(permit), reference)
    assert second["subject_name"] is None


def test_events_are_found_by_action_subject_and_time(auditor) -> None:
    whole = auditor.get(EVENTS).json()["items"]
    assert whole[-1]["facts"] == {"n": 0}
    assert numbers(auditor.get(EVENTS, params={"action": "file.read"})) == [10, 7, 4, 1]
    both = {"action": "file.read", "subject_id": "f1"}
    assert numbers(auditor.get(EVENTS, params=both)) == [10]
    since, until = whole[5]["at"], whole[3]["at"]
    times = {"since": since, "until": until, "action": "permit.tracked"}
    assert numbers(auditor.get(EVENTS, params=times)) == [
        one["seq"] for one in whole[4:6] if one["action"] == "permit.tracked"
    ]
    read = auditor.get(EVENTS, params={"action": "audit.read", "size": 1}).json()["items"][0]
    assert read["facts"]["wanted"] == times | {"since": since, "until": until}
    early = base64.urlsafe_b64encode(b"0001-01-01T00:00:00+14:00 1").decode()
    for nonsense in (
        {"after": "x"},
        {"after": early},
        {"after": "é"},
        {"since": "2026-01-01"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"until": "9999-12-31T23:59:59-12:00"},
        {"action": "a\0b"},
        {"actor": "somebody"},
        {"subject_id": "\0"},
        {"size": 0},
        {"who": "me"},
    ):
        assert auditor.get(EVENTS, params=nonsense).status_code == 422


def test_events_are_found_by_who_did_them_and_a_mistyped_action_is_told(
    service, office, auditor
) -> None:
    auditor.get(EVENTS)
    me = str(service.people[office, "auditor"])
    found = auditor.get(EVENTS, params={"actor": me}).json()["items"]
    assert [(one["actor"], one["action"]) for one in found] == [(me, "audit.read")]
    refused = auditor.get(EVENTS, params={"action": "user.role"})
    assert (refused.status_code, refused.json()["code"]) == (422, "audit_action_unknown")
    assert "user.roles" in refused.json()["title"]


def test_only_what_the_log_knows_gets_onto_it(service, office) -> None:
    deed = Deed(action="file.red", subject_kind="file", subject_id="f")
    with (
        pytest.raises(ValueError, match="among the deeds"),
        service.records.writing(service.offices[office]) as session,
    ):
        record(session, deed, actor=None)


def test_the_export_stands_alone_and_is_on_the_record(service, office, auditor) -> None:
    with service.records.writing_all() as session:
        sign_heads(session, service.app.state.audit_key, at=now())
    answer = auditor.get("/api/v1/audit/log")
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = answer.content.splitlines()
    keys = public_keys("".join(auditor.get("/api/v1/audit/state").json()["public_keys"]).encode())
    proof = verify_log(lines, name="log", keys=keys)
    assert (proof.flaws, proof.heads, proof.covered) == ((), 2, 13)
    assert json.loads(lines[-1])["event"]["action"] == "audit.exported"
    # Whatever is cut off on the way shows, for the first head covers the last event.
    cut = verify_log(lines[:-1], name="log", keys=keys)
    assert [flaw.code for flaw in cut.flaws] == ["audit_head_contradicted"]
    heads = auditor.get("/api/v1/audit/heads").json()["items"]
    assert [one["seq"] for one in heads] == [12]
    assert heads[0]["line"].encode() in lines
    assert {json.loads(line)["event"]["chain"] for line in lines[2:]} == {
        str(service.offices[office])
    }


def tamper(service, office) -> None:
    """Change an event as whoever owns the database could."""
    engine, chain = service.records._writer, service.offices[office]
    is_file = engine.dialect.name == "sqlite"
    made = "SELECT sql FROM sqlite_master WHERE name = 'audit_events_no_update'"
    with engine.begin() as connection:
        if is_file:
            (rule,) = connection.execute(text(made)).one()
            connection.execute(text("DROP TRIGGER audit_events_no_update"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text("UPDATE audit_events SET content = 'x' WHERE seq = 5 AND chain = :chain"),
            {"chain": chain.hex if is_file else chain},
        )
        if is_file:
            connection.execute(text(rule))


def test_the_state_proves_a_bounded_part_and_names_what_is_wrong(service, office, auditor) -> None:
    state = auditor.get("/api/v1/audit/state").json()
    assert (state["length"], state["examined"]["first"], state["examined"]["last"]) == (12, 1, 12)
    assert state["examined"]["holds"]
    assert state["examined"]["next"] is None
    tamper(service, office)
    examined = auditor.get("/api/v1/audit/state").json()["examined"]
    assert not examined["holds"]
    assert [flaw["code"] for flaw in examined["flaws"]] == [
        "audit_line_unreadable",
        "audit_event_out_of_line",
    ]
    assert [flaw["place"] for flaw in examined["flaws"]] == ["audit_events#5", "audit_events#6"]
    later = auditor.get("/api/v1/audit/state", params={"first": 4}).json()["examined"]
    assert later["flaws"][0] == examined["flaws"][0]
    damaged = auditor.get(EVENTS, params={"subject_id": "f0"}).json()["items"]
    assert [one["facts"] for one in damaged] == [{"n": 8}, None, {"n": 0}]


def test_a_head_is_signed_by_the_service_itself(service) -> None:
    until = time.monotonic() + 30
    heads = []
    # That of the installation's own chain, in which the key is: soon after the start.
    while not heads and time.monotonic() < until:
        with service.records.reading_all() as session:
            heads = session.scalars(select(AuditHead).where(AuditHead.chain == INSTALLATION)).all()
        time.sleep(0.1)
    assert head_from(line_of(heads[0])).is_by([service.app.state.audit_key.public_key()])
