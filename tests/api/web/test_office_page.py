"""The office in the pages of its administrator: its days, service time, rules and messages."""

from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import select

from inspection.delivery.attaching import attach
from inspection.records.columns import now
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.offices import Role
from inspection.records.tables.reports import Report
from tests.api.test_clocks import permit_of, state, take
from tests.api.web.conftest import INJECTED, SIZES


def test_a_holiday_moves_the_day_on_which_a_permit_is_due(service, office, visit, photograph):
    boss = service.person(office, Role.ADMIN)
    staff = service.person(office, Role.GIS)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(boss.login)
    page.locator("summary", has_text="Office").click()
    page.get_by_role("link", name="The office").click()
    page.get_by_text(f"Dinas {office}").wait_for()
    page.get_by_role("link", name="Calendar and service time").click()
    make_calendar(visitor, "Kantor A/B")
    licence = service.next("I-due-")
    with service.signed_in(office, staff.id) as client:
        # A Monday morning: three working days end on Wednesday.
        take(client, "oss-status", state(licence, "10", "2026-03-16 08:00:00"))
        assert permit_of(client, licence)["clocks"][0]["due_at"] == "2026-03-18T09:00:00Z"
        stated = client.get("/api/v1/office/objections").json()
        assert stated == {"term": {"calendar": "Kantor A/B", "days": 14}}
        visitor.open("#/office/calendar/2026")
        page.reload()
        page.get_by_role("button", name="Paste a list").click()
        page.locator("dialog textarea").fill(
            "17 Maret 2026; Cuti\n2026-02-30; none\n03-04-2026 two"
        )
        page.locator("dialog input[name=source]").fill("SKB 2026")
        page.locator("dialog button.main").click()
        told = page.locator("dialog textarea").evaluate("(one) => one.validationMessage")
        assert told.endswith(": 2026-02-30; none | 03-04-2026 two")
        page.locator("dialog textarea").fill(f"17 Maret 2026; {INJECTED}\n25-12-2026, Natal\n")
        page.locator("dialog button.main").click()
        page.locator(".rows li", has_text=INJECTED).wait_for()
        assert page.locator(".month .closed").count() == 2
        assert permit_of(client, licence)["clocks"][0]["due_at"] == "2026-03-19T09:00:00Z"
        assert (
            "Thu 08:00–16:00; Fri 07:30–11:30, 13:00–16:00"
            in page.locator("p.aside").first.inner_text()
        )
        photograph(visitor, "calendar-en-desk-light")
        visitor.require_access_for_all()
        # The Saturday is worked instead; the holiday goes again.
        page.get_by_role("button", name="14 March 2026", exact=True).click()
        page.locator("dialog input[name=name]").fill("Ganti hari")
        page.locator("dialog input[name=source]").fill("Surat 1")
        page.locator("dialog input[name=works]").check()
        page.locator("dialog button.main").click()
        page.locator(".month .opened").wait_for()
        page.get_by_role("button", name="Remove: 2026-03-17").click()
        expect(page.locator(".month .closed")).to_have_count(1)
        assert permit_of(client, licence)["clocks"][0]["due_at"] == "2026-03-18T09:00:00Z"

    look_at_the_rest(service, office, visitor, photograph)


def make_calendar(visitor, name) -> None:
    page = visitor.page
    page.get_by_role("button", name="Make a calendar").click()
    page.locator("dialog input[name=name]").fill(name)
    page.locator("dialog", has_text="usual office hours").wait_for()
    hours = page.locator("dialog fieldset input")
    assert [one.input_value() for one in hours.all()] == ["08:00–16:00"] * 5 + [""] * 2
    hours.nth(4).fill("07.30-11.30, 13.00-12.00")
    page.locator("dialog button.main").click()
    assert hours.nth(4).evaluate("(one) => one.validationMessage").startswith("Write it as")
    hours.nth(4).fill("07.30-11.30, 13.00-16.00")
    visitor.require_access_for_all()
    page.locator("dialog button.main").click()
    page.get_by_role("heading", name=name).wait_for()
    service, answers = (
        page.locator("section", has=page.get_by_role("heading", name=title, exact=True))
        for title in ("Service time", "Answers to objections")
    )
    assert not service.locator("input[name=step]").is_visible()
    service.get_by_role("button", name="Save").click()
    service.locator(".notice.good", has_text="switched off").wait_for()
    service.locator("select[name=calendar]").select_option(name)
    service.locator("input[name=step]").fill("verification")
    assert service.get_by_label("Counted in").input_value() == ""
    for section, days in ((service, "3"), (answers, "14")):
        section.locator("select[name=calendar]").select_option(name)
        section.locator("input[name=days]").fill(days)
        section.get_by_role("button", name="Save").click()
        section.locator(".notice.good", has_text="counts from now on").wait_for()


def given_up(service, office) -> UUID:
    """A message about a report, which the record system never took."""
    for role in (Role.INSPECTOR, Role.REVIEWER):
        service.people[office, role] = service.person(office, role).id
    report = service.report(office)
    with service.records.writing(service.offices[office]) as session:
        by = service.people[office, Role.REVIEWER]
        attach(session, session.get_one(Report, report.id), by=by, role="reviewer")
        session.flush()
        message = session.scalars(select(OutboxMessage)).one()
        message.given_up_at, message.attempts = now(), 30
        return message.id


def set_up(route) -> None:
    """The office as it is, but for a record system, which this server has none of."""
    told = route.fetch()
    route.fulfill(response=told, json={**told.json(), "record_system": True})


def look_at_the_rest(service, office, visitor, photograph) -> None:
    page = visitor.page
    page.get_by_role("link", name="Rules").click()
    page.get_by_text("Every number and its basis").first.click()
    ring = page.locator("tr", has=page.get_by_role("rowheader", name="Strip outside the boundary"))
    ring.get_by_text("100 m", exact=True).wait_for()
    # Who may change it is said as on the first part, and in no words of programs.
    page.get_by_text("a central administrator says which").wait_for()
    assert "clip.ring_m" not in page.locator("#page").inner_text()
    visitor.require_access_for_all()
    page.get_by_role("link", name="Record system").click()
    page.get_by_text("No report has been attached yet").wait_for()
    message = given_up(service, office)
    page.route("**/api/v1/office", set_up)
    page.reload()
    page.locator(".rows .tag.bad", has_text="given up").wait_for()
    page.get_by_role("button", name="Send again").click()
    page.locator(".rows .tag", has_text="waits for its turn").wait_for()
    page.unroute("**/api/v1/office")
    page.reload()
    # Nothing goes out where there is nowhere to: no turn, and no button for it.
    page.locator(".rows .tag", has_text="No record system is set up").wait_for()
    assert page.get_by_role("button", name="Send again").count() == 0
    assert page.locator(".rows strong").inner_text().endswith(", report no. 1")
    with service.records.reading(service.offices[office]) as session:
        row = session.get_one(OutboxMessage, message)
        assert (row.given_up_at, row.attempts) == (None, 0)
    page.set_viewport_size(SIZES["phone"])
    for part in ("overview", "calendar/2026", "rules", "messages"):
        visitor.open(f"#/office/{part}")
        page.locator(".tabs a[aria-current]").wait_for()
        visitor.require_access_for_all()
        photograph(visitor, f"office-{part.partition('/')[0]}-en-phone-light")
    visitor.require_peace()


def test_rules_are_told_in_the_language_of_who_reads_them(service, office, visit) -> None:
    visitor = visit("desk", "id")
    page = visitor.page
    visitor.sign_in(service.person(office, Role.ADMIN).login)
    visitor.open("#/office/rules")
    page.get_by_role("heading", name="Bawaan produk ini").wait_for()
    page.get_by_role("heading", name="Indonesia: perizinan pertambangan provinsi").wait_for()
    page.get_by_text("Setiap angka").first.click()
    ring = page.locator(
        "tr", has=page.get_by_role("rowheader", name="Jalur di luar batas yang ikut diperiksa")
    )
    ring.get_by_text("bawaan produk ini", exact=True).wait_for()
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Defaults of this product").wait_for()
    page.get_by_role("heading", name="Indonesia: provincial mining permits").wait_for()
    assert page.get_by_text("bawaan produk ini").count() == 0
    visitor.require_peace()
