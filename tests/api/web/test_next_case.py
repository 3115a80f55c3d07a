"""From case to case: after each decision the queue's next one is a click or a key away."""

import re
from uuid import UUID

from sqlalchemy import update

from inspection.records.tables.inspections import InspectionRun, ReviewState
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from tests.api.web.finished import words


def named(service, word, made) -> tuple[UUID, str]:
    """An inspection whose permit is found by this word."""
    run, reference = made
    with service.records.writing(service.offices["here"]) as session:
        permit = session.get_one(Permit, session.get_one(InspectionRun, run).permit_id)
        permit.words = f"{permit.words} {word}"
    return run, reference


def test_the_next_case_is_one_key_away_until_the_queue_is_empty(
    service, visit, done, photograph
) -> None:
    person = service.person("here", Role.REVIEWER)
    word = f"{service.next('antre')}x"
    first, second, own, third, fourth = (
        named(service, word, done(**more)) for more in ({}, {}, {"by": person.id}, {}, {})
    )
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    page.get_by_label("Permit: number, kind or place").fill(word)
    page.get_by_role("button", name="Search").click()
    page.locator(".queue > li", has_text=own[1]).wait_for()
    page.get_by_role("link", name=second[1], exact=True).click()
    page.locator("[data-ready]").wait_for()
    page.keyboard.press("x")
    assert page.locator(".next:visible").count() == 0, "nothing is decided yet"
    note = page.get_by_label("Note to the decision")
    page.get_by_text("A note is required to return it or not to confirm it").wait_for()
    page.get_by_role("button", name="Return", exact=True).click()
    page.get_by_text("Write a note first").wait_for()
    assert page.locator("dialog").count() == 0, "nothing is asked that would be refused"
    assert note.evaluate("(one) => one === document.activeElement && one.required")
    visitor.require_access_for_all()
    note.fill("fly it again")
    assert page.get_by_text("Write a note first").count() == 0
    page.get_by_role("button", name="Return", exact=True).click()
    page.locator("dialog[aria-label='Return this inspection?']").wait_for()
    assert page.get_by_label("Attach the report").count() == 0, "there is no report to attach"
    page.locator("dialog button.main").click()
    page.get_by_role("link", name=f"Next case: {third[1]}").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "review-next-en-desk-light")

    page.locator("h1").click()
    page.keyboard.press("x")
    page.get_by_role("heading", name=third[1]).wait_for()
    page.locator("[data-ready]").wait_for()
    assert page.url.endswith(str(third[0]))
    page.keyboard.press("j")
    page.locator(".one h3", has_text="F001").wait_for()
    page.keyboard.press("a")
    page.locator("button:not([disabled])", has_text="Confirm the result").click()
    page.locator("dialog button.main").click()
    page.get_by_role("link", name=f"Next case: {fourth[1]}").click()
    page.get_by_role("heading", name=fourth[1]).wait_for()
    assert words(service, third[0]) == {"F001": [("accepted", None)]}
    empty_the_queue(service, visitor, first, fourth, photograph)
    visitor.require_peace()


def empty_the_queue(service, visitor, first, last, photograph) -> None:
    """Behind the last one it begins again; then nothing fits; then nothing is left."""
    page = visitor.page
    decide_elsewhere(service, last[0])
    page.reload()
    page.get_by_role("link", name=f"Next case: {first[1]}").wait_for()
    decide_elsewhere(service, first[0])
    page.reload()
    page.get_by_text("Nothing else that waits matches the filters of your queue").wait_for()
    page.locator(".next").get_by_role("link", name="Waiting for review").click()
    page.get_by_label("Permit: number, kind or place").fill("")
    page.get_by_role("heading", name="Waiting for review").wait_for()
    with service.records.writing(service.offices["here"]) as session:
        waits = InspectionRun.review == ReviewState.OPEN
        session.execute(update(InspectionRun).where(waits).values(review=ReviewState.APPROVED))
    visitor.open(f"#/inspection/{last[0]}")
    page.get_by_text("The queue is empty: nothing else waits for your decision").wait_for()
    visitor.require_access_for_all()
    page.get_by_role("button", name="Bahasa Indonesia").click()
    page.get_by_text(re.compile("Antrean kosong")).wait_for()
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("[data-ready] .map[aria-busy=false]").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "review-empty-queue-id-phone-light")


def decide_elsewhere(service, run) -> None:
    with service.records.writing(service.offices["here"]) as session:
        session.get_one(InspectionRun, run).review = ReviewState.DECLINED
