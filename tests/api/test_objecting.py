"""What anybody may object to, how often, and how it is answered on the record."""

import hashlib
import json
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pyproj import Geod
from sqlalchemy import select

from api.public import Public
from inspection.access.rates import Rate
from inspection.access.rights import Action
from inspection.objections import filing
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.inspections import (
    Finding,
    InspectionRun,
    InspectionState,
    Review,
    ReviewOutcome,
)
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import BoundaryVersion
from inspection.records.tables.reports import Objection
from tests.api.conftest import often

GEOD = Geod(ellps="WGS84")
DATABASES = ("sqlite", "postgresql")
SCRIPT = "<script>alert('x')</script> Bukaan itu milik tetangga kami.\n=1+1"
CONTACT = "SYNTHETIC PERSON, 0800 000 0000"


@pytest.fixture
def anybody(service):
    with service.client(headers={"Accept-Language": "en"}) as client:
        yield client


def test_nobody_asks_without_end(service, anybody):
    service.app.state.public = Public(
        looking=Rate(3, window_s=1.0),
        judging=Rate(1, window_s=60),
        objecting=Rate(1, window_s=60),
        trying=Rate(3, window_s=60),
    )
    try:
        found = [anybody.get(f"/api/v1/verifications/{'0' * 16}") for _ in range(5)]
        assert [one.status_code for one in found] == [200, 200, 200, 429, 429]
        assert found[-1].json()["code"] == "asked_too_often"
        time.sleep(int(found[-1].headers["Retry-After"]))
        assert anybody.get(f"/api/v1/verifications/{'0' * 16}").status_code == 200
        # What is refused is not even read.
        assert anybody.post("/api/v1/verifications", content=b"no").status_code == 422
        assert anybody.post("/api/v1/verifications", content=b"no").status_code == 429
        asked = {"report_sha256": "0" * 64, "text": "Keberatan saya."}
        # What is refused uses up nothing of what is taken, and is bounded by itself.
        assert anybody.post("/api/v1/objections", json=asked).status_code == 404
        good = asked | {"report_sha256": service.report("here").sha256}
        assert anybody.post("/api/v1/objections", json=good).status_code == 201
        assert anybody.post("/api/v1/objections", json=good).status_code == 429
        service.app.state.public.objecting = often()
        assert anybody.post("/api/v1/objections", json=asked).status_code == 429
    finally:
        service.app.state.public = Public(
            looking=often(), judging=often(), objecting=often(), trying=often()
        )


def test_one_household_counts_as_one_and_others_do_not():
    rate = Rate(2, window_s=60)
    for origin in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "192.0.2.1", "192.0.2.2"):
        rate.take(origin)
    for origin in ("2001:db8:1:2:3::", "2001:db8:1:2::7"):
        with pytest.raises(Exception, match="asked_too_often"):
            rate.take(origin)
    rate.take("2001:db8:1:3::1")
    rate.take("192.0.2.1")


def tracked(service, report) -> str:
    with service.as_role(Role.INSPECTOR) as inspector:
        made = inspector.post(f"/api/v1/permits/{report.permit_id}/tracking-codes")
        return made.json()["code"]


def deeds(service, action) -> list[dict]:
    asked = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq)
    with service.records.reading(service.offices["here"]) as session:
        return [json.loads(one.content) for one in session.scalars(asked)]


def test_an_objection_goes_its_way_from_anybody_to_an_answer(service, anybody):
    report = service.report("here")
    code = tracked(service, report)
    by_code = anybody.get(f"/api/v1/status/{code}/findings").json()
    by_mark = anybody.get(f"/api/v1/verifications/{by_code['code']}/findings").json()
    assert by_code == by_mark
    assert by_code["report_sha256"] == report.sha256
    figures = {"ground_class": "excavation", "epoch": "new", "location": "outside"}
    figures |= {"area_m2": 900.0, "area_uncertainty_m2": None, "is_edited": False}
    # Its outline is that of the permit.
    figures |= {"area_outside_m2": None, "distance_outside_m": None, "from_middle_m": 0.0}
    assert by_code["findings"][0].pop("direction")
    assert by_code["findings"] == [{"code": "F-001", **figures}]
    filed = anybody.post(
        "/api/v1/objections",
        json={"tracking_code": code, "finding": "F-001", "text": SCRIPT, "contact": CONTACT},
    )
    assert filed.status_code == 201
    assert filed.json().keys() == {"number", "created_at", "sentence"}
    number = filed.json()["number"]
    assert f"{number[:4]}-{number[4:8]}-{number[8:]}:" in filed.json()["sentence"]
    status = anybody.get(f"/api/v1/status/{code}").json()
    assert (status["objections_open"], status["objections_answered"]) == (1, 0)
    seen = anybody.get(f"/api/v1/status/objections/{number.lower()[:6]} {number[6:]}").json()
    assert (seen["finding"], seen["answers"]) == ("F-001", [])
    assert CONTACT not in json.dumps(seen)
    with service.as_role(Role.AUDITOR) as auditor:
        history = auditor.get(f"/api/v1/permits/{report.permit_id}")
        (open_one,) = history.json()["objections"]
        assert history.json()["open_objections"] == 1
        assert (open_one["text"], open_one["has_contact"]) == (SCRIPT, True)
        assert CONTACT not in history.text
        at = f"/api/v1/objections/{open_one['id']}"
        assert auditor.get(at).json() == open_one
        before = deeds(service, "objection.contact_read")
        assert auditor.get(f"{at}/contact").status_code == 403
    with service.as_role(Role.REVIEWER) as reviewer:
        assert deeds(service, "objection.contact_read") == before
        assert reviewer.get(f"{at}/contact").json() == {"contact": CONTACT}
        *earlier, read = deeds(service, "objection.contact_read")
        assert earlier == before
        assert read["actor"] == str(service.people["here", Role.REVIEWER])
        said = {"outcome": "partly", "text": "Bukaan itu memang di luar batas Anda."}
        answered = reviewer.post(f"{at}/answers", json=said)
        assert answered.status_code == 201
        assert reviewer.post(f"{at}/answers", json=said | {"outcome": "upheld"}).status_code == 201
    seen = anybody.get(f"/api/v1/status/objections/{number}").json()
    assert [one["outcome"] for one in seen["answers"]] == ["partly", "upheld"]
    assert seen["answers"][0].keys() == {"outcome", "text", "created_at"}
    status = anybody.get(f"/api/v1/status/{code}").json()
    assert (status["objections_open"], status["objections_answered"]) == (0, 1)
    log = json.dumps([deeds(service, f"objection.{verb}") for verb in ("filed", "answered")])
    assert CONTACT not in log
    assert "tetangga" not in log


def test_an_objection_without_sense_is_refused(service, anybody):
    report, other = service.report("here"), service.report("there")
    good = {"report_sha256": report.sha256, "text": "Saya berkeberatan."}
    permit = service.permit("here")
    with service.as_role(Role.INSPECTOR) as inspector:
        bare = inspector.post(f"/api/v1/permits/{permit}/tracking-codes").json()["code"]
    cases = [
        (good | {"finding": "F-999"}, 422, "objection_finding"),
        (good | {"report_sha256": "0" * 64}, 404, "absent"),
        ({"tracking_code": "2" * 16, "text": good["text"]}, 404, "absent"),
        ({"tracking_code": bare, "text": good["text"]}, 409, "objection_without_report"),
        (good | {"tracking_code": bare}, 422, "objection_about"),
        ({"text": good["text"]}, 422, "objection_about"),
        (good | {"text": "pendek"}, 422, "request_invalid"),
        (good | {"text": " " * 40}, 422, "request_invalid"),
        (good | {"text": "x" * 4001}, 422, "request_invalid"),
        (good | {"text": "with a NUL \x00 in it"}, 422, "request_invalid"),
        (good | {"contact": "x" * 201}, 422, "request_invalid"),
        (good | {"number": "ABC"}, 422, "request_invalid"),
        (good | {"answered_at": "2026-01-01T00:00:00Z"}, 422, "request_invalid"),
    ]
    for asked, status, code in cases:
        answer = anybody.post("/api/v1/objections", json=asked)
        assert (answer.status_code, answer.json()["code"]) == (status, code), asked
    asked_of = [f"status/{bare}", f"status/{'2' * 16}", f"verifications/{'0' * 64}"]
    found = [anybody.get(f"/api/v1/{one}/findings") for one in asked_of]
    assert [one.json()["code"] for one in found] == ["objection_without_report", "absent", "absent"]
    assert anybody.post("/api/v1/objections", json=good).status_code == 201
    assert anybody.post("/api/v1/objections", json=good | {"text": "é" * 4000}).status_code == 201
    theirs = anybody.post("/api/v1/objections", json=good | {"report_sha256": other.sha256})
    assert theirs.status_code == 201
    with service.as_role(Role.REVIEWER) as reviewer:
        listed = reviewer.get("/api/v1/objections", params={"size": 200}).json()["items"]
    assert theirs.json()["number"] not in {one["number"] for one in listed}


def test_one_report_takes_so_many_objections_a_day(service, anybody, monkeypatch):
    monkeypatch.setattr(filing, "MOST_A_DAY", 2)
    asked = {"report_sha256": service.report("here").sha256, "text": "Saya berkeberatan."}
    answers = [anybody.post("/api/v1/objections", json=asked) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 429]
    assert answers[-1].json()["code"] == "objected_too_often"


def test_the_open_ones_come_first_on_whatever_pages(service, anybody):
    report = service.report("here")
    asked = {"report_sha256": report.sha256, "text": "Saya berkeberatan."}
    numbers = [anybody.post("/api/v1/objections", json=asked).json()["number"] for _ in range(7)]
    with service.as_role(Role.REVIEWER) as reviewer:
        for objection in reviewer.get("/api/v1/objections").json()["items"]:
            if objection["number"] in numbers[::2]:
                said = {"outcome": "dismissed", "text": "Tidak terbukti di lapangan."}
                reviewer.post(f"/api/v1/objections/{objection['id']}/answers", json=said)
        of_it = {"inspection": str(report.inspection_id), "size": 200}
        items = reviewer.get("/api/v1/objections", params=of_it).json()["items"]
        assert {one["number"] for one in items} == set(numbers)
        assert [one["answered_at"] is None for one in items] == [True] * 3 + [False] * 4
        for size in (1, 2, 3, 200):
            listed, after = [], None
            while True:
                params = {"size": size} | ({"after": after} if after else {})
                page = reviewer.get("/api/v1/objections", params=params).json()
                assert len(page["items"]) <= size
                listed += page["items"]
                if (after := page["after"]) is None:
                    break
            answered = [one["answered_at"] is not None for one in listed]
            assert answered == sorted(answered), "open ones first"
            ids = [one["id"] for one in listed]
            assert len(ids) == len(set(ids))
            with service.records.reading(service.offices["here"]) as session:
                assert len(ids) == len(session.scalars(select(Objection.id)).all())


def test_a_program_needs_the_scope_to_read_how_to_reach_a_person(service, anybody):
    asked = {
        "report_sha256": service.report("here").sha256,
        "text": "Saya berkeberatan.",
        "contact": CONTACT,
    }
    anybody.post("/api/v1/objections", json=asked)
    reviewer = service.people["here", Role.REVIEWER]
    _, secret = service.token("here", reviewer, Action.OBJECTION_READ)
    with service.client(headers={"Authorization": f"Bearer {secret}"}) as program:
        newest = program.get("/api/v1/objections").json()["items"][0]
        refused = program.get(f"/api/v1/objections/{newest['id']}/contact")
    assert (refused.status_code, refused.json()["code"]) == (403, "token_scope")
    assert hashlib.sha256(CONTACT.encode()).hexdigest() not in json.dumps(newest)


def test_an_office_says_until_when_it_answers(service, anybody):
    asked = {"report_sha256": service.report("here").sha256, "text": "Saya berkeberatan."}
    number = anybody.post("/api/v1/objections", json=asked).json()["number"]
    week = {str(day): [480, 960] for day in range(1, 6)}
    calendar = {"name": service.next("days"), "time_zone": "Asia/Jakarta", "week": week}
    term = {"term": {"calendar": calendar["name"], "days": 2.5}}
    with service.as_role(Role.ADMIN) as admin, service.as_role(Role.REVIEWER) as reviewer:

        def seen() -> dict:
            items = reviewer.get("/api/v1/objections", params={"size": 200}).json()["items"]
            return next(one for one in items if one["number"] == number)

        absent = admin.put("/api/v1/office/objections", json=term)
        assert (absent.status_code, absent.json()["code"]) == (422, "calendar_unknown")
        assert seen()["due_at"] is None
        admin.put("/api/v1/office/calendars", json=calendar)
        try:
            assert admin.put("/api/v1/office/objections", json=term).json() == term
            assert reviewer.get("/api/v1/office/objections").json() == term
            due, filed = (datetime.fromisoformat(seen()[one]) for one in ("due_at", "created_at"))
            # Counted slowly: minute by minute on the office's wall.
            minute, worked = filed.astimezone(ZoneInfo("Asia/Jakarta")), 0
            while worked < 2.5 * 480:
                minute += timedelta(minutes=1)
                is_open = minute.isoweekday() <= 5 and 8 <= minute.hour < 16
                worked += is_open
            # A term of several days ends when the office closes on its last day.
            assert due == minute.replace(hour=16, minute=0, second=0, microsecond=0)
            at = f"/api/v1/status/objections/{number}"
            assert anybody.get(at).json()["due_at"] == seen()["due_at"]
            said = {"outcome": "dismissed", "text": "Tidak terbukti di lapangan."}
            reviewer.post(f"/api/v1/objections/{seen()['id']}/answers", json=said)
            assert seen()["due_at"] is None
            assert anybody.get(at).json()["due_at"] is None
        finally:
            admin.put("/api/v1/office/objections", json={"term": None})


def test_a_code_shows_what_counts_of_what_was_decided(service, anybody):
    machine = service.report("here", outcome=None)
    code = tracked(service, machine)
    here = service.offices["here"]
    by_code, by_mark = f"/api/v1/status/{code}/findings", "/api/v1/verifications/{}/findings"
    answer = anybody.get(by_code)
    assert (answer.status_code, answer.json()["code"]) == (409, "objection_without_report")
    reviewer = service.people["here", Role.REVIEWER]
    with service.records.writing(here) as session:
        run = session.get_one(InspectionRun, machine.inspection_id)
        middle = session.get_one(BoundaryVersion, run.boundary_id).outline.centroid
        longitude, latitude, _ = GEOD.fwd(middle.x, middle.y, 137, 1234)
        edit = {
            "class": "road",
            "epoch": "new",
            "location": "uncertain",
            "area_m2": 400.0,
            "area_uncertainty_m2": 12.0,
            "area_outside_m2": 30.0,
            "distance_outside_m": 4.5,
            "longitude": longitude,
            "latitude": latitude,
        }
        said = {"sequence": 1, "reviewed_by": reviewer, "note": ""}
        first = session.scalars(select(Finding).where(Finding.inspection_id == run.id)).one()
        other = Finding(
            inspection_id=run.id,
            code="F-002",
            ground_class="road",
            epoch="new",
            location="inside",
            area_m2=50.0,
            document={},
            outline=first.outline,
        )
        session.add(other)
        session.flush()
        for finding, outcome, more in (
            (first, ReviewOutcome.EDITED, {"edit": edit}),
            (other, ReviewOutcome.REJECTED, {"reason_code": "shadow"}),
        ):
            session.add(Review(finding_id=finding.id, outcome=outcome, **said, **more))
    decided = service.report("here", run=run)
    told = anybody.get(by_code).json()
    assert (told["report_sha256"], told["decision"]) == (decided.sha256, "approved")
    assert (told["superseded_by"], told["rejected"]) == (None, 1)
    assert told["is_compared"] is (run.baseline_id is not None)
    (counts,) = told["findings"]
    assert (counts["code"], counts["ground_class"], counts["area_m2"]) == ("F-001", "road", 400.0)
    assert (counts["area_outside_m2"], counts["distance_outside_m"]) == (30.0, 4.5)
    assert (counts["direction"], counts["from_middle_m"]) == ("southeast", 1230.0)
    assert counts["is_edited"]
    # Whoever has the first report in hand sees what it says, and that it counts no more.
    first_told = anybody.get(by_mark.format(machine.sha256)).json()
    assert [one["area_m2"] for one in first_told["findings"]] == [900.0, 50.0]
    assert first_told["superseded_by"]["sha256"] == decided.sha256
    # A newer flight takes nothing away, and shows nothing of itself before it is decided.
    asked = service.inspection("here", permit_id=machine.permit_id)
    assert status_of(anybody, code) == ("decided", "inspecting")
    with service.records.writing(here) as session:
        newer = session.get_one(InspectionRun, asked)
        newer.state = InspectionState.DONE
    service.report("here", run=newer, outcome=None)
    assert status_of(anybody, code) == ("decided", "reviewing")
    assert anybody.get(by_code).json() == told
    latest = service.report("here", run=newer)
    assert status_of(anybody, code) == ("decided", None)
    assert anybody.get(by_code).json()["report_sha256"] == latest.sha256


def status_of(client, code) -> tuple[str, str | None]:
    told = client.get(f"/api/v1/status/{code}").json()
    assert len(told["text"]) <= 160
    newer = told["newer"]
    short = {"inspecting": "being inspected", "reviewing": "under review", "returned": "sent back"}
    tail = "" if newer is None else f" Newer flight: {short[newer['step']]}."
    assert ("Newer flight" in told["text"]) is (newer is not None)
    assert told["text"].endswith(tail)
    return told["step"], newer and newer["step"]
