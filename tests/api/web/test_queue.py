"""The reviewers' queue in the browser: its order in words, its filters and its counts."""

import re
from uuid import UUID

from inspection.records.tables.inspections import InspectionRun, ReviewState
from inspection.records.tables.offices import Role
from tests.api.test_queue import EVERY_DAY, OUTSIDE, UNCERTAIN, begin, tell, waits


def test_a_reviewer_sees_what_is_due_first_and_what_stands_out(service, visit, photograph) -> None:
    person = service.person("here", Role.REVIEWER)
    word = f"{service.next('antre')}x"
    calendar = {"name": service.next("every day "), "time_zone": "UTC", "week": EVERY_DAY}
    late, soon, stopped = (waits(service, word, one) for one in (OUTSIDE | UNCERTAIN, 0, 0))
    own = waits(service, word, by=person.id)
    back = waits(service, word, review=ReviewState.RETURNED)
    other = waits(service, service.next("lain"))
    with service.as_role("admin") as admin, service.as_role("gis") as gis:
        assert admin.put("/api/v1/office/calendars", json=calendar).status_code == 200
        for one, started in ((late, 12), (soon, 4), (stopped, 4)):
            begin(gis, one[1], calendar, unit="days")
            tell(gis, one[2], "10", started)
        tell(gis, stopped[2], "41", 2)

    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    page.get_by_role("heading", name="Waiting for review").wait_for()
    rows = page.locator(".queue > li")
    rows.filter(has_text=other[2]).wait_for()
    page.get_by_label("Permit: number, kind or place").fill(word)
    page.get_by_role("button", name="Search").click()
    # All rows are laid anew at once: the other one is gone when these are the answer's.
    rows.filter(has_text=other[2]).wait_for(state="detached")
    assert [row.split("\n")[0] for row in rows.all_inner_texts()] == [
        one[2] for one in (late, soon, stopped, own)
    ]
    first, second, third, fourth = rows.all_inner_texts()
    assert re.search(r"▲ ground disturbed outside the boundary\s+\? uncertain", first)
    assert re.search(
        r"✕ Overdue since .*\s+\d+ h \d+ min of working time too late\s+1[12]\.\d of 10 working",
        first,
    )
    assert re.search(
        r"Due .*\s+\d+ h \d+ min of working time left\s+[345]\.\d of 10 working", second
    )
    assert "✓ nothing stands out" in second
    assert re.search(r"‖ Stopped: no time is counted\s+2 of 10 working days used", third)
    assert "You sent it: a colleague decides" in fourth
    assert "No service time is counted" in fourth
    assert rows.nth(1).locator("progress").get_attribute("max") == "10"
    visitor.require_access_for_all()
    photograph(visitor, "queue-en-desk-light")

    narrow(page, late[2], soon[2], back[2])

    with service.records.writing(service.offices["here"]) as session:
        for run, *_ in (late, soon, stopped, own, back, other):
            session.get_one(InspectionRun, UUID(run)).review = ReviewState.APPROVED
    visitor.require_peace()


def narrow(page, late, soon, back) -> None:
    def only(reference) -> None:
        page.locator(".queue > li:only-child", has_text=reference).wait_for()

    page.get_by_label(re.compile("only overdue")).check()
    only(late)
    page.get_by_label(re.compile("only overdue")).uncheck()
    page.locator(".queue > li", has_text=soon).wait_for()
    page.get_by_label("What stands out").select_option("outside")
    only(late)
    # Another page looked at, and back: the queue is as it was left.
    page.get_by_role("link", name="Inspections").click()
    page.get_by_role("heading", name="Inspections of the office").wait_for()
    page.go_back()
    only(late)
    page.get_by_label("What stands out").select_option("")
    page.get_by_role("button", name="Returned").click()
    only(back)
    page.get_by_label("Permit: number, kind or place").fill("nothing is called so")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing in the queue matches").wait_for()
