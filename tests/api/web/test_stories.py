"""What people come for: what an inspection saw, what is on record, and the way back in."""

from uuid import uuid4

import cv2
import numpy as np

from inspection.records.tables.flights import UploadState
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import TrackingCode
from tests.api.conftest import PASSWORD
from tests.api.drawn import BROWN, GREEN, GROUND, rasters


def test_the_map_shows_the_pixels_of_the_inspection(service, visit, photograph) -> None:
    person = service.person("here", Role.REVIEWER)
    done = service.drawn("here", rasters(), GROUND)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open(f"#/inspection/{done}")
    canvas = page.locator(".map")
    canvas.wait_for()

    def sides() -> tuple[np.ndarray, np.ndarray]:
        page.locator(".map[aria-busy=false]").wait_for()
        page.wait_for_timeout(200)
        assert visitor.faults == []
        data = np.frombuffer(canvas.screenshot(), np.uint8)
        image = cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1].astype(int)
        height, width = image.shape[:2]
        row = height * 3 // 5
        return image[row, width // 2 - 60], image[row, width // 2 + 60]

    west, east = sides()
    assert np.abs(west - GREEN).max() < 12
    assert np.abs(east - BROWN).max() < 12
    photograph(visitor, "map-en-desk-light")
    page.get_by_role("button", name="Earlier flight").click()
    west, east = sides()
    assert np.abs(east - GREEN).max() < 12
    page.get_by_role("button", name="Swipe").click()
    west, east = sides()
    assert np.abs(east - BROWN).max() < 12, "this flight on the right of the line"
    page.get_by_role("slider").press("End")
    west, east = sides()
    assert np.abs(east - GREEN).max() < 12, "the earlier one up to the line"
    page.get_by_role("button", name="Change").click()
    west, east = sides()
    assert np.abs(west - GREEN).max() < 12, "see-through where nothing changed"
    assert east[0] - east[2] > 60, "red where it did"
    photograph(visitor, "map-change-en-desk-light")
    visitor.require_peace()


INJECTIONS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "<style>*{background:url(//example.invalid)}</style>",
    "</title><script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>",
)


def test_texts_from_the_record_are_shown_as_texts(service, visit) -> None:
    person = service.person("here", Role.INSPECTOR)
    runs = []
    for text in INJECTIONS:
        run = service.inspection("here", by=person.id)
        runs.append(run)
        service.upload("here", b"12", name=text, state=UploadState.RECEIVING, by=person.id)
        with service.records.writing(service.offices["here"]) as session:
            row = session.get_one(InspectionRun, run)
            permit = session.get_one(Permit, row.permit_id)
            permit.reference, permit.words = text, text.casefold()
            row.state = InspectionState.FAILED
            row.problem = {"code": "disk_full", "facts": {}, "file": text, "where": text}
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    page.locator(".rows li").first.wait_for()
    shown = page.locator(".rows .what a").all_text_contents()
    assert sorted(shown) == sorted(INJECTIONS)
    files = page.locator(".card .rows strong").all_text_contents()
    assert sorted(files) == sorted(INJECTIONS), "what was begun elsewhere"
    page.locator("#page").get_by_role("link", name="Send a flight").click()
    page.locator(".found .pick").first.wait_for()
    for text in INJECTIONS:
        page.locator("input[name=permit]").fill(text)
        page.get_by_role("button", name="Search").click()
        page.locator(".found .pick", has_text=text).first.wait_for()
    page.locator(".found .pick").first.click()
    page.locator(".chosen").wait_for()
    for run, text in zip(runs, INJECTIONS, strict=True):
        visitor.open(f"#/inspection/{run}")
        page.locator("h1", has_text=text).wait_for()
        page.locator(".notice.bad", has_text=text).wait_for()
    visitor.require_peace()


def test_anybody_follows_a_permit_and_passes_the_text_on(service, visit) -> None:
    with service.records.writing(service.offices["here"]) as session:
        permit = service.permits["here"]
        session.add(TrackingCode(permit_id=permit, code="ABCD2345EFGH6789"))
    visitor = visit("phone", "id", permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    visitor.open()
    page.locator("input[name=code]").fill("abcd-2345 efgh-6789")
    page.get_by_role("button", name="Lihat status").click()
    page.locator(".answer").wait_for()
    page.get_by_role("button", name="Salin").click()
    page.get_by_text("Tersalin").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert page.locator(".answer").inner_text() in text
    assert 20 < len(text) <= 160
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Follow a permit").wait_for()
    page.reload()
    page.get_by_role("heading", name="Follow a permit").wait_for()
    visitor.open("#/status/ABCD2345EFGH6788")
    page.get_by_text("This code is not known; check its letters.").wait_for()
    visitor.require_peace()


def test_an_address_behind_which_there_is_nothing_is_a_page_that_is_not_there(
    service, visit
) -> None:
    visitor = visit()
    visitor.sign_in(service.person("here", Role.INSPECTOR).login)
    foreign = service.permit("there")
    for address in ("inspection/nope", f"inspection/{uuid4()}", "upload/nope", f"upload/{foreign}"):
        visitor.open("#/status")
        visitor.page.get_by_role("heading", name="Follow a permit").wait_for()
        visitor.open(f"#/{address}")
        visitor.page.get_by_role("heading", name="There is no such page").wait_for()
        assert "openapi" not in visitor.page.locator("main").inner_text()
    visitor.require_peace()


def test_a_session_that_ended_is_told_and_the_page_comes_back(service, visit) -> None:
    person = service.person("here", Role.AUDITOR)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    page.get_by_role("heading", name="Inspections of the office").wait_for()
    visitor.context.clear_cookies()
    page.locator("summary", has_text="Office").click()
    page.get_by_role("link", name="Follow a permit").click()
    page.get_by_role("link", name="Inspections").click()
    page.get_by_text("Your session has ended").wait_for()
    assert page.get_by_role("link", name="Inspections").count() == 0
    page.locator("input[name=login]").fill(person.login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button.main").click()
    page.get_by_role("heading", name="Inspections of the office").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.locator("input[name=password]").wait_for()
    page.reload()
    page.locator("input[name=password]").wait_for()
    visitor.require_peace()
