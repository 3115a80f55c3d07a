"""The clock of working hours as a reviewer sees it: in both languages, and going on by itself."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit, PermitKey
from tests.api.test_queue import begin
from tests.api.web.finished import finish

OFFICE_ZONE = ZoneInfo("Asia/Jakarta")
USED, LEFT, UNTIL_BREAK, BREAK = 82, 200, 60, 30
"""Minutes of work before now, after it, and when the office closes for how long."""

WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
}


@pytest.fixture
def due(service):
    """When an inspection is due on whose clock the minutes above are; its id and number."""
    begun = datetime.now(UTC).replace(second=0, microsecond=0)
    # Somewhere it is noon, so that all of it happens in one day there.
    ahead = 12 - begun.hour
    zone = f"Etc/GMT{-ahead:+d}"
    local = begun.astimezone(ZoneInfo(zone))
    closes = local.hour * 60 + local.minute + UNTIL_BREAK
    hours = [0, closes, closes + BREAK, 1440]
    week = {str(day): hours for day in range(1, 8)}
    calendar = {"name": service.next("hours "), "time_zone": zone, "week": week}
    run, reference = finish(service)
    with service.records.writing(service.offices["here"]) as session:
        row = session.get_one(InspectionRun, run)
        permit = session.scalars(select(Permit).where(Permit.id == row.permit_id)).one()
        session.add(PermitKey(permit_id=permit.id, kind="licence_id", value=reference))
        permit_id = str(permit.id)
    with service.as_role("admin") as admin, service.as_role("gis") as gis:
        assert admin.put("/api/v1/office/calendars", json=calendar).status_code == 200
        # A working day has 1410 minutes here, of which a fifth is 282.
        begin(gis, permit_id, calendar, days=0.2, unit=None)
        at = f"{local - timedelta(minutes=USED):%Y-%m-%d %H:%M:%S}"
        told = [{"IZINSTATUS": {"id_izin": reference, "kd_status": "10", "tgl_status": at}}]
        params = {"mapping": "oss-status", "name": "s.json", "dry_run": False}
        done = gis.post("/api/v1/permits/imports", params=params, content=json.dumps(told))
        assert done.status_code == 200, done.text
    return begun + timedelta(minutes=LEFT + BREAK), str(run), reference


def until(at, language):
    there = at.astimezone(OFFICE_ZONE)
    dot = ":" if language == "en" else "."
    return f"{WEEKDAYS[language][there.weekday()]} {there:%H}{dot}{there:%M} WIB"


WORDS = {
    "en": (
        r"3 h (20|1\d) min left of working time, until {until}",
        "2 h 20 min left of working time, until {until}",
        r"✕ Overdue since {until}",
        r"1 h (2[2-9]|3\d) min of 4 h 42 min of working time used",
    ),
    "id": (
        r"Sisa waktu kerja 3 jam (20|1\d) menit, sampai {until}",
        "Sisa waktu kerja 2 jam 20 menit, sampai {until}",
        r"✕ Lewat tenggat sejak {until}",
        r"1 jam (2[2-9]|3\d) menit dari 4 jam 42 menit waktu kerja terpakai",
    ),
}


@pytest.mark.parametrize("language", ["en", "id"])
def test_working_time_is_shown_and_goes_on(service, visit, due, photograph, language):
    at, run, reference = due
    first, at_break, late, used = (one.format(until=until(at, language)) for one in WORDS[language])
    visitor = visit("desk", language)
    page = visitor.page
    page.clock.install()
    visitor.sign_in(service.person("here", Role.REVIEWER).login)
    page.locator("input[type=search]").fill(reference)
    page.keyboard.press("Enter")
    time = page.locator(".queue > li:only-child", has_text=reference).locator(".time")
    expect(time).to_have_text(re.compile(f"^{first}{used}$"))
    photograph(visitor, f"clock-queue-{language}-desk-light")
    visitor.require_access_for_all()
    goes_on(page, time, first, at_break, late)

    visitor.open(f"#/inspection/{run}")
    page.reload()
    time = page.locator("section.card .time")
    # The browser's own clock is hours ahead by now: that of the service counts.
    expect(time).to_have_text(re.compile(f"^{first}{used}$"))
    photograph(visitor, f"clock-inspection-{language}-desk-light")
    goes_on(page, time, first, at_break, late)
    visitor.require_peace()


def goes_on(page, time, first, at_break, late):
    """Hours go by while nobody touches the page."""
    page.clock.fast_forward(UNTIL_BREAK * 60_000)
    expect(time.locator("strong")).to_have_text(at_break)
    page.clock.fast_forward(10 * 60_000)
    expect(time.locator("strong")).to_have_text(at_break)
    page.clock.fast_forward(BREAK * 60_000)
    expect(time.locator("strong")).not_to_have_text(at_break)
    expect(time.locator("strong")).not_to_have_text(re.compile(first))
    page.clock.fast_forward(LEFT * 60_000)
    expect(time.locator("strong.overdue")).to_have_text(late)
