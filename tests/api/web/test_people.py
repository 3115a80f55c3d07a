"""People of an office in the pages: taken in, given roles, shut out; and what each has."""

from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import select

from inspection.records.tables.offices import Role, Token
from tests.api.conftest import PASSWORD
from tests.api.web.conftest import INJECTED, choose


def test_an_administrator_takes_somebody_in_who_signs_in(service, office, visit, photograph):
    boss = service.person(office, Role.ADMIN)
    admin = visit()
    page = admin.page
    admin.sign_in(boss.login)
    page.locator("summary", has_text="Office").click()
    page.get_by_role("link", name="People").click()
    page.get_by_role("button", name="Add a person").click()
    login = service.next("reviewer")
    ask_wrongly(page, login)
    page.locator("dialog button.main").click()
    password = page.locator("dialog .secret").input_value()
    photograph(admin, "person-added-en-desk-light")
    admin.require_access_for_all()
    page.get_by_role("button", name="I have noted it").click()
    row = page.locator(".rows li", has_text=login)
    assert row.locator("strong").inner_text() == INJECTED

    other = visit()
    other.open()
    other.page.locator("input[name=login]").fill(login)
    other.page.locator("input[name=password]").fill(password)
    other.page.locator("form button.main").click()
    other.page.get_by_role("heading", name="Waiting for review").wait_for()
    assert other.page.locator(".who").get_by_text(INJECTED).count() == 1

    # Roles change, the account ends and comes back; what may not be is told where it was asked.
    row.get_by_role("button", name="Change").click()
    choose(page, "roles", "gis")
    page.locator("dialog button.main").click()
    row.get_by_text("GIS staff").wait_for()
    row.get_by_role("button", name="Shut out").click()
    page.locator("dialog button.main").click()
    row.get_by_role("button", name="Let in again").wait_for()
    other.page.reload()
    other.page.locator("input[name=password]").wait_for()
    row.get_by_role("button", name="Let in again").click()
    row.get_by_role("button", name="Shut out").wait_for()
    mine = page.locator(".rows li", has_text=boss.login)
    assert mine.get_by_role("button", name="Shut out").count() == 0
    mine.get_by_role("button", name="Change").click()
    choose(page, "roles", "gis")
    page.locator("dialog input[value=admin]").uncheck()
    page.locator("dialog button.main").click()
    page.locator("dialog .notice.bad", has_text="Let another administrator do it").wait_for()
    page.keyboard.press("Escape")
    for visitor in (admin, other):
        visitor.require_peace()


def test_a_page_that_is_being_left_takes_nothing_more(service, office, visit) -> None:
    """What was done on it would be told there, and not on the page that comes."""
    admin = visit()
    page = admin.page
    admin.sign_in(service.person(office, Role.ADMIN).login)
    admin.open("#/people")
    add = page.get_by_role("button", name="Add a person")
    add.click(trial=True)
    address = "**/api/v1/permits*"
    page.context.route(address, lambda _route: None)  # never answered
    with page.expect_request(address):
        page.get_by_role("link", name="Permits").click()
    with pytest.raises(Error, match="Timeout"):
        page.locator("main button.main").click(timeout=1000)
    page.go_back()
    add.click()
    expect(page.locator("dialog")).to_have_count(1)
    page.get_by_role("button", name="Cancel").click()
    page.context.unroute(address)
    page.go_forward()
    page.get_by_role("heading", name="Permits").wait_for()


def ask_wrongly(page, login) -> None:
    """Ask for a person, at first with what does not fit."""
    # A question goes with its page; what a login is made of is said before, and held to.
    page.go_back()
    expect(page.locator("dialog")).to_have_count(0)
    page.go_forward()
    page.get_by_role("button", name="Add a person").click()
    page.locator("dialog input[name=name]").fill(INJECTED)
    page.locator("dialog input[name=login]").fill("sri baru!")
    page.locator("dialog .aside", has_text="no spaces").wait_for()
    page.locator("dialog button.main").click()
    assert page.locator("dialog input[name=login]:invalid").count() == 1
    page.locator("dialog input[name=login]").fill(login)
    page.locator("dialog button.main").click()
    assert page.locator("dialog input[name=roles]:invalid").count() == 1
    # Refused by the service, the field and its rule are named.
    page.locator("dialog input[name=name]").evaluate("(one) => { one.value = '\u0007' }")
    choose(page, "roles", "reviewer")
    page.locator("dialog button.main").click()
    page.locator("dialog .notice.bad li", has_text="Name: 1 to 120 characters").wait_for()
    assert page.locator("dialog [aria-invalid]").get_attribute("name") == "name"
    page.locator("dialog input[name=name]").fill(INJECTED)


def test_a_token_is_made_used_and_ended_and_a_password_chosen(service, office, visit, photograph):
    person = service.person(office, Role.GIS)
    visitor = visit("phone")
    page = visitor.page
    visitor.sign_in(person.login)
    # By the keyboard alone.
    page.locator(".opener").press("Enter")
    page.get_by_role("link", name="My account").press("Enter")
    page.get_by_role("button", name="Make a token").click()
    page.locator("dialog input[name=name]").fill("nightly")
    page.locator("dialog button.main").click()
    page.locator("dialog li", has_text="What it may do: tick at least one").wait_for()
    choose(page, "scopes", "permit.read")
    assert page.locator("dialog input[value='office.change']").count() == 0
    page.locator("dialog button.main").click()
    secret = page.locator("dialog .secret").input_value()
    visitor.require_access_for_all()
    page.get_by_role("button", name="I have noted it").click()
    with httpx.Client(base_url=service.url, headers={"Authorization": f"Bearer {secret}"}) as one:
        assert one.get("/api/v1/permits").status_code == 200
        assert one.get("/api/v1/inspections").status_code == 403
        page.get_by_role("button", name="End: nightly").click()
        page.locator("dialog button.main").click()
        page.get_by_text("Ended on").wait_for()
        assert one.get("/api/v1/permits").status_code == 401
    with service.records.reading(service.offices[office]) as session:
        token = session.scalars(select(Token).where(Token.user_id == person.id)).one()
        assert abs(token.expires_at - token.created_at - timedelta(days=90)) < timedelta(seconds=9)

    page.get_by_role("button", name="Add a laptop").click()
    page.locator("dialog input[name=name]").fill("field 1")
    page.locator("dialog textarea").fill("not a key" * 8)
    page.locator("dialog button.main").click()
    page.locator("dialog .notice.bad").wait_for()
    page.locator("dialog textarea").fill(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    )
    page.locator("dialog button.main").click()
    page.locator(".rows li", has_text="field 1").wait_for()

    page.get_by_text("Choose another password").click()
    for name, words in (("old", PASSWORD), ("new", "another sentence"), ("again", "another one")):
        page.locator(f"input[name={name}]").fill(words)
    page.get_by_role("button", name="Choose this password").click()
    page.locator(".notice.bad").wait_for()
    page.locator("input[name=again]").fill("another sentence")
    page.get_by_role("button", name="Choose this password").click()
    page.locator(".notice.good").wait_for()
    photograph(visitor, "account-en-phone-light")
    visitor.require_access_for_all()
    visitor.require_peace()
