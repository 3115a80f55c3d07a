"""Citizens anywhere are shown the days of the office, with the name of its zone."""

from datetime import UTC, datetime, timedelta

import pytest

from inspection.objections.filing import Objecting, file_objection
from inspection.records.tables import base
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Role
from inspection.records.tables.reports import TrackingCode

# Half past midnight in Jakarta, where it is the third of March; nowhere west of it is it yet.
NIGHT = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
CODE = "N4GHTN4GHTN4GHTN"


@pytest.fixture
def at(monkeypatch):
    """Whatever is put on the record is put there at a moment."""
    return lambda moment: monkeypatch.setattr(base, "now", lambda: moment)


@pytest.fixture
def term(service):
    """The office has two days to answer an objection."""
    week = {str(day): [480, 960] for day in range(1, 6)}
    stated = {"name": service.next("days"), "time_zone": "Asia/Jakarta", "week": week}
    with service.as_role(Role.ADMIN) as admin:
        assert admin.put("/api/v1/office/calendars", json=stated).status_code == 200
        said = {"term": {"calendar": stated["name"], "days": 2}}
        assert admin.put("/api/v1/office/objections", json=said).status_code == 200
        yield
        admin.put("/api/v1/office/objections", json={"term": None})


@pytest.mark.usefixtures("term")
def test_a_citizen_is_shown_the_days_of_the_office(service, visit, at) -> None:
    at(NIGHT - timedelta(days=20))
    first = service.report("here", outcome=None)
    with service.records.reading(service.offices["here"]) as session:
        run = session.get_one(InspectionRun, first.inspection_id)
    at(NIGHT)
    report = service.report("here", run=run)
    with service.records.writing(service.offices["here"]) as session:
        session.add(TrackingCode(permit_id=report.permit_id, code=CODE))
    words = Objecting(
        tracking_code=None, report_sha256=report.sha256, finding=None, text="It is not so.",
        contact=None,
    )  # fmt: skip
    number = file_objection(service.records, words).number
    for away in ("Pacific/Honolulu", "UTC"):
        citizen = visit("phone", "en", timezone_id=away)
        page = citizen.page
        citizen.open(f"#/status/{CODE}")
        page.locator(".card .aside", has_text="3 March 2026 (WIB)").wait_for()
        assert "Since 3 March 2026." in page.locator("textarea").first.input_value()
        citizen.open(f"#/verify/{report.sha256}")
        page.locator(".judgement.good", has_text="3 March 2026 (WIB)").wait_for()
        citizen.open(f"#/verify/{first.sha256}")
        page.locator(".judgement.doubt", has_text="until 3 March 2026").wait_for()
        page.locator(".judgement", has_text="· 3 March 2026 (WIB)").wait_for()
        page.locator(".judgement", has_text="11 February 2026 (WIB)").wait_for()
        citizen.open(f"#/object/report/{report.sha256}")
        page.get_by_text("3 March 2026 (WIB)").first.wait_for()
        citizen.open(f"#/objection/{number}")
        page.locator(".card .aside", has_text="3 March 2026 (WIB)").wait_for()
        # Tuesday and Wednesday; it closes in the morning in UTC.
        page.get_by_text("4 March 2026 (WIB)").wait_for()
        citizen.require_peace()
