"""A reviewer draws: an outline is edited, findings are added, and what fails is not lost."""

import json
import re
from math import log, pi, radians, tan

import pytest
from pyproj import Geod
from shapely import MultiPolygon
from shapely.geometry import shape
from sqlalchemy import select

from inspection.records.tables.inspections import Finding, Review
from inspection.records.tables.offices import Role
from tests.api.web.finished import add_by_hand, find_more, words
from tests.inspection.jobs.small import outline

RADIUS_M = 6_378_137
SLIDE_PX = 40
PADDING_PX = 60
FINEST_M = 2 * pi * RADIUS_M / 256 / 2**20
"""A pixel at the closest that the map goes to a finding."""


def shape_of(values) -> MultiPolygon:
    return shape({"type": "MultiPolygon", "coordinates": values["vertices"]})


def area_m2(values) -> float:
    """Of an outline in degrees, by another library than the product's way there."""
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(shape_of(values))[0])


def on_plane(position) -> tuple[float, float]:
    longitude, latitude = position
    return RADIUS_M * radians(longitude), RADIUS_M * log(tan(pi / 4 + radians(latitude) / 2))


def pixel_of(page, vertices, position) -> tuple[tuple[float, float], float]:
    """Where on the screen a place is, on a map that shows all of an outline; and a pixel's size."""
    page.locator(".map").scroll_into_view_if_needed()
    box = page.locator(".map").bounding_box()
    points = [on_plane(one) for polygon in vertices for ring in polygon for one in ring]
    (west, east), (south, north) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    room = box["width"] - 2 * PADDING_PX, box["height"] - 2 * PADDING_PX
    metres = max((east - west) / room[0], (north - south) / room[1], FINEST_M)
    x, y = on_plane(position)
    right = box["x"] + box["width"] / 2 + (x - (west + east) / 2) / metres
    down = box["y"] + box["height"] / 2 - (y - (south + north) / 2) / metres
    return (right, down), metres


def rows(service, kind, run) -> list:
    with service.records.reading(service.offices["here"]) as session:
        asked = select(kind).order_by(kind.created_at, kind.id)
        if kind is Finding:
            asked = asked.where(Finding.inspection_id == run)
        else:
            asked = asked.join(Finding, Finding.id == Review.finding_id)
            asked = asked.where(Finding.inspection_id == run)
        return session.scalars(asked).all()


@pytest.fixture
def reviewing(service, visit, done):
    """A reviewer before a finished inspection, whose map is drawn."""

    def open_desk(*more):
        run, _ = done()
        visitor = visit(*more)
        visitor.sign_in(service.person("here", Role.REVIEWER).login)
        visitor.open(f"#/inspection/{run}")
        visitor.page.locator("[data-ready] .map[aria-busy=false]").wait_for()
        return visitor, run

    return open_desk


def test_an_outline_is_edited_measured_and_the_first_one_stays(
    service, reviewing, photograph
) -> None:
    visitor, run = reviewing()
    page = visitor.page
    page.keyboard.press("e")
    page.locator(".told", has_text="Choose a finding first").wait_for()
    page.keyboard.press("j")
    page.locator(".one h3", has_text="F001").wait_for()
    page.locator(".map[aria-busy=false]").wait_for()
    (finding,) = rows(service, Finding, run)
    first = finding.document["vertices"]
    page.keyboard.press("e")
    page.locator(".outlining", has_text="Closed").wait_for()
    page.keyboard.press("a")
    page.locator(".told", has_text="Save or cancel the drawing first").wait_for()
    page.get_by_role("button", name="Save").click()
    page.locator(".outlining .notice.bad", has_text="The edit changes nothing").wait_for()
    visitor.require_access_for_all()

    corner = max(first[0][0], key=lambda one: one[1] - one[0])  # in the north-west
    scale = drag_outwards(page, first, corner)
    photograph(visitor, "review-edit-en-desk-light")
    leave_and_come_back(visitor, run)
    page.get_by_role("button", name="Save").click()
    page.locator(".told", has_text="F001 edited").wait_for()
    (word,) = rows(service, Review, run)
    (new,) = set(map(tuple, word.edit["vertices"][0][0])) - set(map(tuple, first[0][0]))
    moved = [now - then for now, then in zip(on_plane(new), on_plane(corner), strict=True)]
    assert moved == pytest.approx([-SLIDE_PX * scale, SLIDE_PX * scale], abs=2 * scale)
    assert word.edit["area_m2"] == pytest.approx(area_m2(word.edit), rel=1e-4)
    assert word.edit["area_m2"] > area_m2(finding.document) + 1
    as_told(page, word.edit)
    assert (
        f"originally: {finding.document['area_m2']:,.0f} ± " in page.locator(".stated").inner_text()
    )
    assert rows(service, Finding, run)[0].document == finding.document

    say_and_undo(page)
    assert words(service, run) == {"F001": [("edited", None), ("accepted", None), ("edited", None)]}
    again = rows(service, Review, run)[-1].edit
    assert shape_of(again).equals(shape_of(word.edit))
    assert {**again, "vertices": []} == {**word.edit, "vertices": []}
    visitor.require_access_for_all()
    photograph(visitor, "review-edited-en-desk-light")
    page.get_by_role("button", name="Bahasa Indonesia").click()
    page.get_by_text("Laporannya sendiri ditulis dalam bahasa Inggris").first.wait_for()
    page.locator(".pick").first.click()
    page.locator(".one li", has_text="hari dalam setahun").wait_for()
    visitor.require_peace()


def test_an_edit_leads_to_the_next_finding_that_waits(service, reviewing) -> None:
    visitor, run = reviewing()
    page = visitor.page
    find_more(service, run, 1)
    page.reload()
    page.locator("[data-ready] .map[aria-busy=false]").wait_for()
    for code, left in (("F001", "F002"), ("F002", "F002")):
        page.locator(".pick", has_text=code).click()
        page.keyboard.press("e")
        page.get_by_label("What is seen there").select_option("road")
        page.get_by_role("button", name="Save").click()
        page.locator(".told", has_text=f"{code} edited").wait_for()
        page.locator(".one h3", has_text=left).wait_for()
    visitor.require_peace()


def leave_and_come_back(visitor, run) -> None:
    """By the menu and by loading the page anew: both ask first, and the drawing is still there."""
    page = visitor.page
    drawn = page.get_by_label("Longitude and latitude in degrees").input_value()
    page.get_by_role("link", name="Permits").click()
    page.locator("dialog", has_text="The drawing is not saved").wait_for()
    page.get_by_role("button", name="Go on drawing").click()
    assert page.url.endswith(str(run))
    page.evaluate("location.reload()")
    page.wait_for_function("true")
    assert visitor.dialogs == [""]
    visitor.dialogs.clear()
    page.get_by_role("link", name="Permits").click()
    page.locator("dialog button.main").click()
    page.locator(".outlining").wait_for(state="detached")
    assert page.url.endswith("#/permits")
    page.go_back()
    page.locator("[data-ready] .outlining", has_text="Drawn before the page was left").wait_for()
    assert page.get_by_label("Longitude and latitude in degrees").input_value() == drawn


def drag_outwards(page, vertices, corner) -> float:
    """Drag a corner to the north-west, then elsewhere, and undo that; the size of a pixel."""
    (x, y), scale = pixel_of(page, vertices, corner)
    drag(page, (x, y), (x - SLIDE_PX, y - SLIDE_PX))
    drag(page, (x - SLIDE_PX, y - SLIDE_PX), (x - 90, y + 5))
    page.locator(".outlining button", has_text="Undo a step").click()
    return scale


def say_and_undo(page) -> None:
    page.keyboard.press("a")
    page.locator(".pick .tag", has_text="accepted").wait_for()
    page.keyboard.press("u")
    page.locator(".pick .tag", has_text="edited").wait_for()
    page.get_by_text("All judgements (3)").click()
    page.locator(".history li").nth(2).wait_for()
    assert page.locator(".history li").nth(1).inner_text().startswith("✓ accepted")


def as_told(page, values) -> None:
    size = f"{values['area_m2']:,.0f} ± {values['area_uncertainty_m2']:.0f} m²"
    page.locator(".stated", has_text=size).wait_for()


def drag(page, start, end) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def test_findings_are_added_by_keys_numbers_and_mouse_and_no_drawing_is_lost(
    service, reviewing, photograph
) -> None:
    visitor, run = reviewing()
    page = visitor.page
    by_keys(page)
    page.get_by_label("What is seen there").select_option("road")
    page.get_by_role("button", name="Save").click()
    assert page.evaluate("document.activeElement.name") == "note"
    page.keyboard.type("a new track")
    page.context.route("**/findings", lambda route: route.abort())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".outlining .notice.bad", has_text="cannot be reached").wait_for()
    page.locator(".outlining", has_text="Corners: 4. Closed.").wait_for()
    assert page.locator(".pick").count() == 0 or len(rows(service, Finding, run)) == 1
    photograph(visitor, "review-add-en-desk-light")
    page.context.unroute("**/findings")
    page.get_by_role("button", name="Save").click()
    page.locator(".told", has_text="H001 added").wait_for()
    as_measured(page, rows(service, Finding, run)[-1], "H001")

    page.keyboard.press("n")
    page.get_by_text("Corners in numbers").click()
    west, south, *_ = outline().bounds
    square = [[west + 2e-4 * x, south + 2e-4 * y] for x, y in ((1, 1), (2, 1), (2, 2), (1, 2))]
    refuse_numbers(page, square)
    give_numbers(page, [square[0], square[2], square[1], square[3]])
    page.locator(".outlining .notice.doubt", has_text="crosses itself").wait_for()
    page.get_by_label("What is seen there").select_option("water")
    page.get_by_label("Basis for this statement").fill("a pond")
    page.get_by_role("button", name="Save").click()
    page.locator(".outlining .notice.bad", has_text="crosses itself").wait_for()
    middle = f"{west + 3e-4:.6f}"
    page.locator(".outlining p", has_text=f"wrong at {middle}").wait_for()
    photograph(visitor, "review-crossed-en-desk-light")
    visitor.require_access_for_all()
    give_numbers(page, square)
    leave_the_field(page)
    page.get_by_role("button", name="Save").click()
    page.locator(".told", has_text="H002 added").wait_for()
    by_numbers = rows(service, Finding, run)[-1]
    as_measured(page, by_numbers, "H002")
    assert by_numbers.document["area_m2"] == pytest.approx(
        area_m2({"vertices": [[[*square, square[0]]]]}), rel=1e-4
    )

    by_mouse(page)
    page.get_by_label("What is seen there").select_option("built")
    page.get_by_label("Basis for this statement").fill("a hut")
    page.get_by_role("button", name="Save").click()
    page.locator(".told", has_text="H003 added").wait_for()
    as_measured(page, rows(service, Finding, run)[-1], "H003")
    assert words(service, run)["H003"] == [("accepted", None)]
    list_some_of_them(page)
    visitor.require_access_for_all()
    visitor.require_peace()


def by_keys(page) -> None:
    page.keyboard.press("n")
    page.locator(".outlining", has_text="Corners: 0").wait_for()
    for count, key in enumerate(("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown"), start=1):
        page.keyboard.press("Enter")
        page.locator(".outlining", has_text=f"Corners: {count}. Not closed").wait_for()
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.locator(".outlining", has_text="Corners: 5. Not closed").wait_for()
    page.keyboard.press("Delete")
    page.locator(".outlining", has_text="Corners: 4. Not closed").wait_for()
    page.keyboard.press("c")
    page.locator(".outlining", has_text="Corners: 4. Closed").wait_for()


def refuse_numbers(page, square) -> None:
    """What is no place on earth, too far or too little is told with its line, and not taken."""
    box = page.get_by_label("Longitude and latitude in degrees")
    good = [f"{x:.9f} {y:.9f}" for x, y in square]
    for lines, told in (
        (["200 95", "1 2", "3 4"], "Line 1 is no place on earth"),
        ([good[0], good[1], f"{square[2][1]:.6f} {square[2][0]:.6f}"], "Line 3 is no place on"),
        ([good[0], "", "1 2", good[2]], r"Line 3 lies [\d,]+ km from the permit"),
        (good[:2], "at least three points; there are 2"),
        (['{"type": "Polygon", "coordinates": [[[200, 95], [1, 2], [3, 4]]]}'], "Corner 1 is no"),
    ):
        box.fill("\n".join(lines))
        assert page.locator(".outlining .notice").count() == 0
        page.get_by_role("button", name="Take these corners").click()
        page.locator(".outlining .notice.bad", has_text=re.compile(told)).wait_for()
        page.locator(".outlining", has_text="Corners: 0. Not closed").wait_for()


def leave_the_field(page) -> None:
    """In a field a key is a letter; wherever else the focus is, it draws."""
    box = page.get_by_label("Longitude and latitude in degrees")
    before = box.input_value()
    assert page.locator(".outlining .notice").count() == 0, "what was wrong is over"
    box.press("Control+End")
    page.keyboard.press("s")
    assert box.input_value() == before + "s"
    box.fill(before)
    page.get_by_role("button", name="Take these corners").click()
    page.keyboard.press("s")
    page.locator(".outlining", has_text="Stretch: set its start").wait_for()
    page.keyboard.press("z")
    page.locator(".outlining", has_text="Corners: 4. Closed").wait_for()


def give_numbers(page, corners) -> None:
    text = "\n".join(f"{x:.9f}, {y:.9f}" for x, y in corners)
    page.get_by_label("Longitude and latitude in degrees").fill("115.5 east")
    page.get_by_role("button", name="Take these corners").click()
    page.locator(".outlining .notice.bad", has_text="Line 1").wait_for()
    page.get_by_label("Longitude and latitude in degrees").fill(text)
    page.get_by_role("button", name="Take these corners").click()
    page.locator(".outlining", has_text="Corners: 4. Closed").wait_for()


def by_mouse(page) -> None:
    page.locator(".map[aria-busy=false]").wait_for()
    page.keyboard.press("n")
    page.locator(".outlining", has_text="Corners: 0").wait_for()
    page.locator(".map").scroll_into_view_if_needed()
    box = page.locator(".map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    corners = [(x - 90, y - 80), (x + 90, y - 80), (x + 90, y + 80)]
    for count, corner in enumerate(corners, start=1):
        page.mouse.click(*corner)
        page.locator(".outlining", has_text=f"Corners: {count}.").wait_for()
    page.mouse.click(*corners[0])
    page.locator(".outlining", has_text="Corners: 3. Closed").wait_for()


def as_measured(page, finding, code) -> None:
    """The page, the record and another library agree on what was drawn."""
    document = finding.document
    assert finding.code == code
    assert document["area_m2"] == pytest.approx(area_m2(document), rel=1e-4)
    page.locator(".one h3", has_text=code).wait_for()
    as_told(page, document)


def list_some_of_them(page) -> None:
    page.get_by_text("Filter and order").click()
    page.get_by_label("Judgement").select_option("open")
    page.get_by_text("Filter and order: 1 of 4 listed").wait_for()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.locator(".one h3", has_text="F001").wait_for()
    page.get_by_label("Class").select_option(label="road (1)")
    page.get_by_text("No finding fits the filter").wait_for()
    page.get_by_role("button", name="List all").click()
    page.locator(".pick").nth(3).wait_for()


def test_single_keys_can_be_switched_off_and_stay_off(service, reviewing) -> None:
    visitor, run = reviewing("phone", "en")
    page = visitor.page
    add_by_hand(service, run)
    page.keyboard.press("Control+j")
    page.keyboard.press("?")
    page.get_by_label("Use single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.reload()
    page.locator("[data-ready]").wait_for()
    for key in ("j", "n", "?"):
        page.keyboard.press(key)
    page.get_by_role("button", name=re.compile("Keyboard shortcuts")).click()
    visitor.require_access_for_all()
    page.get_by_label("Use single-key shortcuts").check()
    page.get_by_role("button", name="Close").click()
    assert page.locator(".one h3").count() == 0
    page.keyboard.press("j")
    page.locator(".one h3", has_text="F001").wait_for()
    page.keyboard.press("n")
    page.locator(".outlining", has_text="Corners: 0").wait_for()
    visitor.require_access_for_all()
    assert json.loads(page.evaluate("JSON.stringify(localStorage)")).get("tinjau.keys") is None
    visitor.require_peace()
