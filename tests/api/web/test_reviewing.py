"""A reviewer at work: from the queue to a decision, by keyboard, and the report on the record."""

import json
import re

from pyproj import Geod
from shapely.geometry import shape

from inspection.records.tables.offices import Role
from tests.api.web.conftest import heights
from tests.api.web.finished import add_by_hand, decisions, is_word, words, write_report
from tests.inspection.jobs.done import made

BAR_PX = 60
"""As on every other page."""


def test_from_the_queue_to_the_receipt_by_keyboard(service, visit, done, photograph) -> None:
    person = service.person("here", Role.REVIEWER)
    run, reference = done()
    add_by_hand(service, run)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    page.get_by_role("heading", name="Waiting for review").wait_for()
    page.get_by_role("link", name=reference, exact=True).click()
    page.locator(".answers li").nth(4).wait_for()
    page.locator("[data-ready] .map[aria-busy=false]").wait_for()
    visitor.require_access_for_all()
    look_at_the_keys(page)
    accept_one_and_reject_one(visitor, photograph)
    assert words(service, run) == {
        "F001": [("accepted", None)],
        "H001": [("accepted", None), ("rejected", "shadow")],
    }
    decide_and_attach(service, visitor, run, photograph)
    visitor.open("#/reviews")
    page.get_by_role("heading", name="Waiting for review").wait_for()
    assert page.get_by_role("link", name=reference, exact=True).count() == 0
    visitor.require_peace()


def look_at_the_keys(page) -> None:
    page.keyboard.press("?")
    page.locator("dialog .keys").wait_for()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.keyboard.press("a")
    page.locator(".told", has_text="Choose a finding first").wait_for()


def accept_one_and_reject_one(visitor, photograph) -> None:
    page = visitor.page
    page.keyboard.press("j")
    page.locator(".one h3", has_text="F001 · vegetation clearing").wait_for()
    (one,) = (
        found
        for found in json.loads((made() / "inspection.json").read_bytes())["findings"]
        if found["id"] == "F001"
    )
    size = f"{one['area_m2']:,.0f} ± {one['area_uncertainty_m2']:.0f} m²"
    page.locator(
        ".one", has_text=re.compile(f"{size}.*days of the year apart", re.DOTALL)
    ).wait_for()
    assert page.get_by_role("button", name="Confirm the result").is_disabled()
    page.locator(".map[aria-busy=false]").wait_for()
    require_all_in_the_window(page)
    page.keyboard.press("b")
    page.locator("button[aria-pressed=true]", has_text="Earlier flight").wait_for()
    page.get_by_role("button", name="Swipe").click()
    page.locator(".map[aria-busy=false]").wait_for()
    photograph(visitor, "review-en-desk-light")
    with page.expect_response(is_word) as answer:
        page.keyboard.press("a")
    assert answer.value.status == 201
    page.locator(".pick", has_text="F001").locator(".tag.good").wait_for()
    page.locator(".told", has_text="F001 accepted. Not judged yet: 0.").wait_for()

    page.keyboard.press("j")
    page.locator(".one h3", has_text="H001 · road").wait_for()
    page.locator(".key li", has_text="disturbed before, still open").wait_for()
    page.keyboard.press("r")
    page.locator("dialog select").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "review-reason-en-desk-light")
    page.locator("dialog select").select_option("shadow")
    page.keyboard.press("Tab")
    page.keyboard.type("jab")
    with page.expect_response(is_word) as answer:
        page.get_by_role("button", name="Reject", exact=True).click()
    assert answer.value.status == 201
    page.locator(".one", has_text=re.compile("rejected: shadow.*jab", re.DOTALL)).wait_for()
    page.locator("button:not([disabled])", has_text="Confirm the result").wait_for()
    require_all_in_the_window(page)
    # By another library than the product's: of F001 whole, of H001 nothing any more.
    (stated,) = json.loads((made() / "inspection.json").read_bytes())["findings"]
    ground = shape({"type": "MultiPolygon", "coordinates": stated["vertices"]})
    hectares = f"{abs(Geod(ellps='WGS84').geometry_area_perimeter(ground)[0]) / 1e4:.4f}"
    cells = page.locator(".tally tr", has_text="inside").locator("td").all_inner_texts()
    assert cells == [hectares] * 4
    assert page.locator(".tally tr", has_text="findings").locator("td").all_inner_texts() == list(
        "1111"
    )


def require_all_in_the_window(page) -> None:
    """Map, the words to say, and the list: nothing of them is out of sight."""
    parts = (".map", ".one h3", ".one .line", ".pick[aria-current=true]")
    for top, bottom in heights(page, *parts):
        assert 0 <= top < bottom <= page.viewport_size["height"]
    ((top, bottom),) = heights(page, ".bar")
    assert bottom - top < BAR_PX + 1


def decide_and_attach(service, visitor, run, photograph) -> None:
    page = visitor.page
    page.get_by_label("Note to the decision").fill("as seen")
    page.get_by_role("heading", name="Report of the machine, not reviewed yet").wait_for()
    page.get_by_role("button", name="Confirm the result").click()
    page.locator("dialog", has_text="accepted: 1, rejected: 1, edited: 0").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "review-sure-en-desk-light")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert decisions(service, run) == []
    page.get_by_role("button", name="Confirm the result").click()
    assert page.get_by_label("Attach the report to the permit's record").is_checked()
    page.locator("dialog button.main").click()
    page.get_by_text("will be written shortly").wait_for()
    page.get_by_text("It will be attached to the permit's record in the same moment").wait_for()
    page.get_by_role("heading", name="until the decided one is written").wait_for()
    page.locator("main .tag", has_text="Result confirmed").first.wait_for()
    assert page.get_by_role("button", name="Accept", exact=True).count() == 0
    steps = page.locator(".foldeds summary", has_text="Suggested next steps")
    before = steps.inner_text()
    tally = page.locator(".tally").inner_text()
    write_report(service, run)
    page.get_by_text("The report says what was decided").wait_for()
    page.get_by_role("heading", name="The decided report, in force").wait_for()
    page.locator(".notice.good", has_text="receipt here-0").wait_for()
    # Without loading the page anew: what the answers call for is no longer a review.
    page.wait_for_function(
        "(before) => document.querySelector('.foldeds summary')?.innerText !== before", arg=before
    )
    assert page.locator(".tally").inner_text() == tally
    with page.expect_download() as download:
        page.get_by_role("link", name="GeoPackage").click()
    assert download.value.path().read_bytes() == (made() / "inspection.gpkg").read_bytes()
    visitor.require_access_for_all()
    photograph(visitor, "review-decided-en-desk-light")
