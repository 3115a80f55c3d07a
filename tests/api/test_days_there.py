"""Days that anybody is told are those of the office: at night in UTC it is tomorrow there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inspection.records.tables import base
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Office, Role
from inspection.records.tables.reports import TrackingCode

# Half past four in the afternoon in UTC: half past eleven at night in Jakarta, and the next
# day in Makassar. An hour later it is the next day in Jakarta too.
EVENING = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "America/Lima")
MOMENTS = [
    pytest.param(EVENING, (2, 3, 2), id="evening in Jakarta"),
    pytest.param(EVENING + timedelta(hours=1), (3, 3, 2), id="night in Jakarta"),
    pytest.param(EVENING - timedelta(hours=12), (2, 2, 1), id="night in Lima"),
]


@pytest.fixture
def anybody(service):
    with service.client(headers={"Accept-Language": "en"}) as client:
        yield client


@pytest.fixture
def move(service):
    """Moves the second office to a zone, and back when the test is over."""

    def to(zone: str) -> str:
        with service.records.writing(service.offices["there"]) as session:
            office = session.get_one(Office, service.offices["there"])
            before, office.time_zone = office.time_zone, zone
        return before

    first = to(ZONES[0])
    yield to
    to(first)


@pytest.fixture
def at(monkeypatch):
    """Whatever is put on the record is put there at a moment."""
    return lambda moment: monkeypatch.setattr(base, "now", lambda: moment)


@pytest.mark.parametrize(("moment", "days"), MOMENTS)
def test_a_tracking_code_tells_the_day_of_the_office(service, anybody, at, move, moment, days):
    at(moment)
    report = service.report("there")
    code = TrackingCode(permit_id=report.permit_id, code=f"DAYS{report.sha256[:12].upper()}")
    with service.records.writing(service.offices["there"]) as session:
        session.add(code)
    for zone, day in zip(ZONES, days, strict=True):
        move(zone)
        told = anybody.get(f"/api/v1/status/{code.code}").json()
        assert (told["step"], told["time_zone"]) == ("decided", zone)
        assert datetime.fromisoformat(told["since"]) == moment
        assert f"Since {day} March 2026." in told["text"]


@pytest.mark.parametrize(("moment", "days"), MOMENTS)
def test_a_verification_tells_the_day_of_the_office(service, anybody, at, move, moment, days):
    at(moment - timedelta(days=20))
    report = service.report("there", outcome=None)
    with service.records.reading(service.offices["there"]) as session:
        run = session.get_one(InspectionRun, report.inspection_id)
    at(moment)
    later = service.report("there", run=run)
    for zone, day in zip(ZONES, days, strict=True):
        move(zone)
        told = anybody.get(f"/api/v1/verifications/{report.sha256}").json()
        assert (told["verdict"], told["report"]["time_zone"]) == ("superseded", zone)
        assert told["report"]["superseded_by"]["sha256"] == later.sha256
        assert f"until {day} March 2026" in told["sentence"]
        found = anybody.get(f"/api/v1/verifications/{report.sha256}/findings").json()
        assert found["time_zone"] == zone


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        # Two whole days, begun after the office closed: Tuesday and Wednesday.
        pytest.param(EVENING, (4, 4, 4), id="evening in Jakarta"),
        # From Tuesday noon in Jakarta, and one o'clock in Makassar, until Thursday.
        pytest.param(EVENING + timedelta(hours=12, minutes=30), (5, 5, 4), id="noon in Jakarta"),
    ],
)
def test_an_objection_is_due_when_the_office_closes(service, anybody, at, move, moment, due):
    week = {str(day): [480, 960] for day in range(1, 6)}
    report = service.report("there")
    at(moment)
    asked = {"report_sha256": report.sha256, "text": "Saya berkeberatan."}
    number = anybody.post("/api/v1/objections", json=asked).json()["number"]
    with service.signed_in("there", service.people["there", Role.ADMIN]) as admin:
        try:
            for zone, day in zip(ZONES, due, strict=True):
                move(zone)
                stated = {"name": service.next("days"), "time_zone": zone, "week": week}
                assert admin.put("/api/v1/office/calendars", json=stated).status_code == 200
                term = {"term": {"calendar": stated["name"], "days": 2}}
                assert admin.put("/api/v1/office/objections", json=term).status_code == 200
                told = anybody.get(f"/api/v1/status/objections/{number}").json()
                assert datetime.fromisoformat(told["created_at"]) == moment
                assert told["time_zone"] == zone
                closes = datetime(2026, 3, day, 16, tzinfo=ZoneInfo(zone))
                assert datetime.fromisoformat(told["due_at"]) == closes
        finally:
            admin.put("/api/v1/office/objections", json={"term": None})
