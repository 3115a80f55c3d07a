"""The menu of people who have many pages, on a telephone: one button, by finger and by key."""

import pytest
from playwright.sync_api import expect

from inspection.records.tables.offices import Role, User
from tests.api.web.conftest import SIZES

LINE = 64
"""Pixels: the bar is as high as one button and the room around it."""

TITLES = {
    "en": ("Pages: Permits", "Audit log", "Sign out", "Inspections"),
    "id": ("Halaman: Izin", "Jejak audit", "Keluar", "Pemeriksaan"),
}


EVERYBODY = {"en": "For everybody", "id": "Untuk siapa saja"}


@pytest.fixture(scope="module")
def everything(service):
    """Who may do all there is to do in an office, under a name as long as names are."""
    name = "Ni Luh Putu Ayu Kusuma Wardhani Sastroamidjojo, S.T., M.Sc."
    person = service.person("here", *(one for one in Role if one is not Role.CENTRAL_ADMIN))
    with service.records.writing(service.offices["here"]) as session:
        session.get_one(User, person.id).name = name
    return person, name


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_menu_of_all_roles_is_one_button_on_a_telephone(
    visit, everything, photograph, language
) -> None:
    person, name = everything
    visitor = visit("phone", language, has_touch=True, is_mobile=True)
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open("#/permits")
    page.locator(".rows li").first.wait_for()
    title, log, away, other = TITLES[language]
    button = page.get_by_role("button", name=title)
    panel = page.locator("#menu")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(panel).to_be_hidden()
    assert page.locator(".bar").bounding_box()["height"] <= LINE
    assert button.evaluate("(one) => one.scrollWidth <= one.clientWidth"), "its word is whole"
    assert 15 < button.locator("svg").bounding_box()["width"] < 30
    before = page.locator("h1").bounding_box()
    visitor.require_calm()

    button.tap()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert page.locator("h1").bounding_box() == before, "it lies over the page"
    assert panel.get_by_role("link").count() == 17
    assert panel.locator("[aria-current=page]").count() == 1
    expect(panel).to_contain_text(name)
    everybody = panel.get_by_role("group", name=EVERYBODY[language])
    assert everybody.get_by_role("link").count() == 2, "what anybody may ask is no office's"
    box = panel.bounding_box()
    assert box["y"] + box["height"] <= SIZES["phone"]["height"], "all of it is seen at once"
    for link in panel.get_by_role("link").all():
        assert link.bounding_box()["height"] >= 44, "as large as a finger"
    visitor.require_access_for_all()
    photograph(visitor, f"menu-{language}-phone")

    panel.get_by_role("link", name=log, exact=True).tap()
    page.get_by_role("button", name=log).wait_for()
    expect(panel).to_be_hidden()
    page.locator(".opener").tap()
    # On the page's margin: in the middle a line of the log could lie, and be followed.
    page.touchscreen.tap(3, SIZES["phone"]["height"] - 10)
    expect(panel).to_be_hidden()
    by_keys(page, log, other)
    # Wide enough, it is a line again, and closed again when the telephone is turned back.
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".bar > nav")).to_be_visible()
    expect(page.locator(".opener")).to_have_count(0)
    page.set_viewport_size(SIZES["phone"])
    page.locator(".opener").tap()
    panel.get_by_role("button", name=away).tap()
    page.locator("input[name=password]").wait_for()
    visitor.require_calm()
    visitor.require_peace()


def by_keys(page, here, other) -> None:
    """Opened, left, closed and used with nothing but keys; the focus is never lost."""
    opener, panel = page.locator(".opener"), page.locator("#menu")
    opener.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Space")
    expect(panel).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(panel).to_be_hidden()
    opener.focus()
    page.keyboard.press("Enter")
    panel.get_by_role("link", name=other, exact=True).press("Enter")
    page.get_by_role("button", name=other).wait_for()
    expect(panel).to_be_hidden()
    page.go_back()
    page.get_by_role("button", name=here).wait_for()
