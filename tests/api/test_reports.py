"""Reports over HTTP: listed, read whole and in part, bundled, attached; each reading on record."""

import base64
import hashlib
import io
import json
import subprocess
import sys
import zipfile

import httpx
import numpy as np
import pytest
from sqlalchemy import select

from inspection.access.rights import Action
from inspection.delivery import outbox
from inspection.objects.store import CHUNK_BYTES, key_of
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.inspections import DecisionOutcome, InspectionRun
from inspection.records.tables.offices import Role
from tests.inspection.records.filed import made_up


@pytest.fixture
def reviewer(service):
    with service.as_role(Role.REVIEWER) as client:
        yield client


def run_of(service, report) -> InspectionRun:
    with service.records.reading(service.offices["here"]) as session:
        return session.get_one(InspectionRun, report.inspection_id)


def reads(service, subject) -> list[dict]:
    """What the log says of readings of something."""
    asked = select(AuditEvent).where(
        AuditEvent.action == "file.read", AuditEvent.subject_id == str(subject)
    )
    with service.records.reading(service.offices["here"]) as session:
        return [json.loads(one.content) for one in session.scalars(asked.order_by(AuditEvent.seq))]


def spoil(service, sha256, at=0) -> None:
    path = service.app.state.settings.data / key_of(sha256)
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_a_bundle_is_proven_by_verify_once_it_is_unpacked(
    service, reviewer, result_files, tmp_path
):
    report = service.real_report(result_files)
    answer = reviewer.get(f"/api/v1/reports/{report.id}/bundle")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert folder.name in answer.headers["Content-Disposition"]
    done = subprocess.run(
        [sys.executable, "-m", "inspection", "verify", folder, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["report_sha256"] == report.sha256
    (event,) = reads(service, report.id)
    assert event["actor"] == str(service.people["here", Role.REVIEWER])
    assert event["facts"] == {"file": "bundle.zip", "sha256": report.sha256}


def test_every_file_comes_as_it_was_stored_and_no_browser_runs_it(service, reviewer):
    files = made_up()
    report = service.report("here", files=files)
    shown = reviewer.get(f"/api/v1/reports/{report.id}").json()
    assert {one["name"]: one["size"] for one in shown["files"]} == {
        name: len(data) for name, data in files.items()
    }
    for name, data in files.items():
        answer = reviewer.get(f"/api/v1/reports/{report.id}/files/{name}")
        assert answer.content == data
        digest = hashlib.sha256(data).digest()
        assert answer.headers["ETag"] == f'"{digest.hex()}"'
        assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "no-store" in answer.headers["Cache-Control"]
    kinds = {one["name"]: one["media_type"] for one in shown["files"]}
    assert kinds["current.tif"] == "image/tiff"
    assert [one["facts"]["file"] for one in reads(service, report.id)] == list(files)
    for name in ("nothing.pdf", "", "../report.pdf", "..%2f..%2frecords.db", "stac", "stac/"):
        gone = reviewer.get(f"/api/v1/reports/{report.id}/files/{name}")
        assert gone.status_code == 404, name


def test_parts_are_what_was_asked_for_and_one_reading(service, reviewer):
    files = made_up()
    report = service.report("here", files=files)
    data, address = files["current.tif"], f"/api/v1/reports/{report.id}/files/current.tif"
    size, tag = len(data), f'"{hashlib.sha256(data).hexdigest()}"'
    for asked, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=1048570-1048590", 1048570, 1048591),
        (f"bytes={size - 5}-", size - 5, size),
        ("bytes=-7", size - 7, size),
        (f"bytes=5-{size + 100}", 5, size),
        (f"bytes=-{size + 100}", 0, size),
    ):
        answer = reviewer.get(address, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (206, data[start:end]), asked
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
    assert len(reads(service, report.id)) == 1
    for more in (
        {"Range": "bytes=0-1,5-6"},
        {"Range": "lines=0-1"},
        {"Range": "bytes=5-2"},
        {"Range": "bytes=-"},
        {"Range": "bytes=0-1", "If-Range": '"another"'},
        {"Range": "bytes=0-1", "If-Range": "Sat, 29 Oct 2022 19:43:31 GMT"},
    ):
        answer = reviewer.get(address, headers=more)
        assert (answer.status_code, len(answer.content)) == (200, size), more
    assert (
        reviewer.get(address, headers={"Range": "bytes=0-1", "If-Range": tag}).content == data[:2]
    )
    for beyond in (f"bytes={size}-", "bytes=-0", f"bytes={10**17}-"):
        answer = reviewer.get(address, headers={"Range": beyond})
        assert (answer.status_code, answer.json()["code"]) == (416, "range_outside")
        assert answer.headers["Content-Range"] == f"bytes */{size}"
    with service.as_role(Role.GIS) as other:
        other.get(address, headers={"Range": "bytes=0-1"})
    by = [one["actor"] for one in reads(service, report.id)]
    assert by.count(str(service.people["here", Role.GIS])) == 1


def test_wrong_bytes_are_never_given_as_if_they_were_right(service, reviewer):
    chance = np.random.default_rng(5)
    files = made_up() | {"current.tif": chance.bytes(3 * CHUNK_BYTES)}
    report = service.report("here", files=files)
    at = f"/api/v1/reports/{report.id}"
    spoil(service, report.files["report.pdf"])
    spoil(service, report.files["current.tif"], at=-1)
    answer = reviewer.get(f"{at}/files/report.pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "object_damaged")
    answer = reviewer.get(f"{at}/files/current.tif", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.json()["code"]) == (409, "object_damaged")
    for address in ("files/current.tif", "bundle"):
        got = bytearray()
        with pytest.raises(httpx.RemoteProtocolError):
            take_all(reviewer, f"{at}/{address}", got)
        assert len(got) < len(files["current.tif"])
    (service.app.state.settings.data / key_of(report.files["report.html"])).unlink()
    assert reviewer.get(f"{at}/files/report.html").json()["code"] == "object_missing"
    assert reviewer.get(f"{at}/bundle").json()["code"] == "object_missing"
    sizes = {one["name"]: one["size"] for one in reviewer.get(at).json()["files"]}
    assert sizes["report.html"] is None
    # What is sound is still given, by the same server.
    light = reviewer.get(f"{at}/files/report-light.pdf")
    assert light.content == files["report-light.pdf"]


def take_all(client, address, into) -> None:
    with client.stream("GET", address) as answer:
        assert answer.status_code == 200
        for piece in answer.iter_raw():
            into += piece


def test_a_flight_comes_as_it_was_brought_and_its_name_is_only_a_name(service, reviewer):
    report = service.report("here")
    flight = run_of(service, report).current_id
    answer = reviewer.get(f"/api/v1/flights/{flight}/files/orthophoto")
    assert answer.content.startswith(b"a picture of IUP")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="penerbangan _utara_.tif"; '
        "filename*=UTF-8''penerbangan%20%22utara%22.tif"
    )
    log = reviewer.get(f"/api/v1/flights/{flight}/files/flight_log")
    assert log.content.startswith(b"flown over")
    assert [one["facts"]["file"] for one in reads(service, flight)] == ["orthophoto", "flight_log"]
    assert reviewer.get(f"/api/v1/flights/{flight}/files/dsm").status_code == 404


def test_attaching_is_on_the_permit_s_record_and_seen_by_anybody_as_a_step(service, reviewer):
    undecided = service.report("here", outcome=None)
    run = run_of(service, undecided)
    refused = reviewer.post(f"/api/v1/reports/{undecided.id}/attach")
    assert (refused.status_code, refused.json()["code"]) == (409, "report_not_decided")
    report = service.report("here", run=run, outcome=DecisionOutcome.APPROVED)
    refused = reviewer.post(f"/api/v1/reports/{undecided.id}/attach")
    assert (refused.status_code, refused.json()["code"]) == (409, "report_superseded")
    assert reviewer.get(f"/api/v1/reports/{report.id}/receipt").status_code == 404
    first, second = (reviewer.post(f"/api/v1/reports/{report.id}/attach") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert reviewer.get(f"/api/v1/reports/{report.id}/receipt").json() == first.json()
    assert first.json()["document"]["by_role"] == "reviewer"
    history = reviewer.get(f"/api/v1/permits/{run.permit_id}").json()
    assert history["receipts"] == [first.json()]
    assert [one["outcome"] for one in history["decisions"]] == ["approved"]
    assert [one["sequence"] for one in history["reports"]] == [2, 1]
    assert [one["sha256"] for one in history["flights"]]
    assert (history["objections"], history["open_objections"]) == ([], 0)
    listed = reviewer.get(f"/api/v1/permits/{run.permit_id}/reports", params={"size": 1}).json()
    (newest,) = listed["items"]
    assert newest["receipt"]["number"] == first.json()["document"]["number"]
    assert newest["supersedes_id"] == str(undecided.id)
    (oldest,) = reviewer.get(
        f"/api/v1/permits/{run.permit_id}/reports", params={"size": 1, "after": listed["after"]}
    ).json()["items"]
    assert oldest["superseded_by_id"] == str(report.id)


def test_a_program_reads_with_its_scope_and_attaches_with_another(service):
    report = service.report("here")
    _, secret = service.token("here", service.people["here", Role.REVIEWER], Action.REPORT_READ)
    with service.client(headers={"Authorization": f"Bearer {secret}"}) as program:
        light = program.get(f"/api/v1/reports/{report.id}/files/report-light.pdf")
        assert light.status_code == 200
        refused = program.post(f"/api/v1/reports/{report.id}/attach")
    assert (refused.status_code, refused.json()["code"]) == (403, "token_scope")


def test_the_administrator_sees_why_a_message_did_not_arrive(service, monkeypatch):
    report = service.report("here")
    with service.as_role(Role.REVIEWER) as reviewer:
        reviewer.post(f"/api/v1/reports/{report.id}/attach")
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 1)
    with service.records.writing(service.offices["here"]) as session:
        newest = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
        message = session.scalars(newest).one()
        message.attempts, message.held_until = 1, None
        held = outbox.Held(
            id=message.id,
            office_id=message.office_id,
            kind=message.kind,
            payload={},
            written_at=message.created_at,
            attempt=1,
            until=None,
        )
    outbox.mark_failed(
        service.records, held, {"code": "receiver_refuses", "facts": {"status": 500}}
    )
    with service.as_role(Role.ADMIN) as admin:
        for language, word in (("en", "record system"), ("id", "Sistem pencatat")):
            headers = {"Accept-Language": language}
            told = admin.get("/api/v1/messages", headers=headers).json()["items"][0]
            assert told["report_id"] == str(report.id)
            assert told["problem"]["code"] == "receiver_refuses"
            assert word in told["problem"]["message"]
            assert "500" in told["problem"]["message"]
            assert (told["given_up_at"] is None, told["next_at"]) == (False, None)
        again = admin.post(f"/api/v1/messages/{message.id}/send")
    assert again.status_code == 202
    assert (again.json()["given_up_at"], again.json()["attempts"]) == (None, 0)
