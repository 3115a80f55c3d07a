"""A flight is sent: over a connection that breaks, on another device, past a session that ends."""

import numpy as np
import pytest
import rasterio
from affine import Affine
from sqlalchemy import select

from inspection.records.tables.flights import Flight, Upload, UploadState
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from tests.api.conftest import PASSWORD
from tests.api.drawn import EAST, GROUND, GSD, NORTH, SIDE
from tests.api.web.bad_line import BadLine

COUNT_LOCKS = """
window.locks = [0, 0]
navigator.wakeLock.request = async () => {
  locks[0] += 1
  return { release: async () => { locks[1] += 1 } }
}
"""


@pytest.fixture
def line(service):
    line = BadLine(service.url)
    yield line
    line.close()


@pytest.fixture(scope="module")
def flight(tmp_path_factory):
    """A picture of 12 MB that no compression shortens."""
    path = tmp_path_factory.mktemp("flight") / "flight one.tif"
    side = SIDE * 4
    noise = np.random.default_rng(7).integers(1, 255, (3, side, side), np.uint8)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=side,
        height=side,
        count=3,
        dtype="uint8",
        crs="EPSG:32750",
        transform=Affine(GSD / 4, 0, EAST, 0, -GSD / 4, NORTH),
    ) as target:
        target.write(noise)
    return path


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_flight_is_sent_over_a_connection_that_breaks(
    service, visit, line, flight, photograph, size
) -> None:
    person = service.person("here", Role.INSPECTOR)
    permit = service.permit("here", GROUND)
    with service.records.reading(service.offices["here"]) as session:
        reference = session.get_one(Permit, permit).reference
    longitude, latitude = GROUND.centroid.coords[0]
    place = {"longitude": longitude, "latitude": latitude}
    allowed = ["geolocation"] if size == "phone" else []
    visitor = visit(size, geolocation=place, permissions=allowed)
    visitor.context.add_init_script(COUNT_LOCKS)
    page = visitor.page
    visitor.service = line
    visitor.sign_in(person.login)
    page.get_by_role("link", name="Send a flight").first.click()
    find_permit(page, size, reference)
    page.locator("input[type=file]").set_input_files(flight)
    remarks = page.locator(".remarks")
    remarks.get_by_text("12.5 cm per pixel").wait_for()
    remarks.get_by_text("holds the whole permit").wait_for()
    page.locator(".map canvas").first.wait_for()
    photograph(visitor, f"upload-checked-en-{size}-light")

    line.cut_after = 5_000_000
    page.get_by_role("button", name="Send and inspect").click()
    page.get_by_text("Waiting for the connection").wait_for()
    photograph(visitor, f"upload-waiting-en-{size}-light")
    arrived = upload_of(service, person).received
    assert 0 < arrived < flight.stat().st_size
    line.mend()
    page.reload()
    page.get_by_text("Choose this file again").wait_for()
    photograph(visitor, f"upload-again-en-{size}-light")
    page.locator("input[type=file]").set_input_files(flight)
    line.cut_after = 3_000_000
    page.get_by_role("button", name="Go on sending").click()
    page.get_by_text("Waiting for the connection").wait_for()
    assert page.evaluate("locks") == [1, 0], "the screen is kept on"
    visitor.context.set_offline(True)
    page.get_by_text("This device has no network").wait_for()
    line.mend()
    visitor.context.set_offline(False)

    page.get_by_role("heading", name=f"Inspection of {reference}").wait_for()
    assert page.evaluate("locks") == [1, 1], "and let go"
    upload = upload_of(service, person)
    assert upload.state is UploadState.COMPLETE
    assert upload.permit_id == permit
    assert b"".join(service.app.state.objects.stream(upload.claimed_sha256)) == flight.read_bytes()
    with service.records.reading(service.offices["here"]) as session:
        run = session.scalars(
            select(InspectionRun).where(InspectionRun.submitted_by == person.id)
        ).one()
        assert session.get_one(Flight, run.current_id).sha256 == upload.claimed_sha256
    see_it_refused(service, page, run.id)
    visitor.require_peace()


def go_to(page, name: str) -> None:
    """By the menu, which a telephone has behind a button."""
    if page.locator(".opener").count():
        page.locator(".opener").click()
    page.get_by_role("link", name=name).first.click()


def see_it_refused(service, page, run) -> None:
    """From its page, which follows it, to the list of own flights."""
    change(service, run, state=InspectionState.RUNNING)
    page.locator(".steps .now", has_text="Taking in the files").wait_for()
    later = page.locator(".steps li").all_inner_texts()[-2:]
    assert later == ["Review and decision by the office", "Filing with the permit's record"]
    page.evaluate("Object.defineProperty(navigator, 'onLine', { value: false, writable: true })")
    page.evaluate("dispatchEvent(new Event('offline'))")
    page.get_by_text("This device has no network").wait_for()
    page.evaluate("navigator.onLine = true; dispatchEvent(new Event('online'))")
    page.get_by_text("This device has no network").wait_for(state="detached")
    change(service, run, state=InspectionState.RUNNING, step="detect", share=0.5)
    page.locator(".steps .now", has_text="Looking for disturbed ground").wait_for()
    problem = {"code": "disk_full", "facts": {}, "file": "flight one.tif", "where": None}
    change(service, run, state=InspectionState.REFUSED, problem=problem)
    page.locator(".notice.bad", has_text="flight one.tif").wait_for()
    go_to(page, "My flights")
    page.locator(".rows .tag.bad").wait_for()
    page.locator("#page").get_by_role("link", name="Send a flight").wait_for()


def test_a_flight_begun_on_one_device_goes_on_on_another_or_is_given_up(
    service, visit, line, flight
) -> None:
    person = service.person("here", Role.INSPECTOR)
    permit = service.permit("here", GROUND)
    first = visit()
    first.service = line
    first.sign_in(person.login)
    first.open(f"#/upload/{permit}")
    first.page.locator(".chosen").wait_for()
    first.page.locator("input[type=file]").set_input_files(flight)
    first.page.locator(".remarks .good").wait_for()
    line.cut_after = 7_000_000
    first.page.get_by_role("button", name="Send and inspect").click()
    first.page.get_by_text("Waiting for the connection").wait_for()
    first.context.close()
    line.mend()
    arrived = upload_of(service, person).received
    forgotten = service.upload("here", b"12", state=UploadState.RECEIVING, by=person.id)

    second = visit("phone")
    page = second.page
    second.service = line
    second.sign_in(person.login)
    rows = page.locator(".card .rows li")
    rows.filter(has_text=flight.name).wait_for()
    second.require_access_for_all()
    rows.filter(has_text="current.tif").get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name="Give up").click()
    rows.filter(has_text="current.tif").wait_for(state="detached")
    with service.records.reading(service.offices["here"]) as session:
        assert session.get_one(Upload, forgotten).state is UploadState.ENDED
    second.open(f"#/upload/{permit}")
    page.locator(".chosen").wait_for()
    page.locator("input[type=file]").set_input_files(flight)
    page.locator(".remarks .good").wait_for()
    # Only what had not arrived, and a little for asking, may go over the line.
    line.cut_after = flight.stat().st_size - arrived + 200_000
    page.get_by_role("button", name="Send and inspect").click()
    page.locator(".steps").wait_for()
    second.require_peace()

    # One that was chosen here is given up as a whole.
    second.open(f"#/upload/{permit}")
    page.locator(".chosen").wait_for()
    page.locator("input[type=file]").set_input_files(flight)
    page.locator(".remarks .good").wait_for()
    go_to(page, "My flights")
    page.locator("h2", has_text="Begun on this device").wait_for()
    page.get_by_role("button", name="Give up").click()
    page.get_by_role("dialog").get_by_role("button", name="Give up").click()
    page.locator("h2", has_text="Begun on this device").wait_for(state="detached")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))") == []
    second.require_peace()


def find_permit(page, size, reference) -> None:
    if size == "phone":
        page.get_by_role("button", name="Nearest to me").click()
        page.locator(".pick", has_text="you are inside").get_by_text(reference, exact=True).click()
    else:
        page.get_by_role("button", name="Nearest to me").click()
        page.get_by_text("This page may not ask where the device is").wait_for()
        page.locator("input[name=permit]").fill(reference.lower())
        page.get_by_role("button", name="Search").click()
        page.locator(".pick").get_by_text(reference, exact=True).click()


def upload_of(service, person) -> Upload:
    """The one upload of a person: no cut made a second one."""
    with service.records.reading(service.offices["here"]) as session:
        return session.scalars(select(Upload).where(Upload.brought_by == person.id)).one()


def change(service, run, **columns) -> None:
    with service.records.writing(service.offices["here"]) as session:
        for name, value in columns.items():
            setattr(session.get_one(InspectionRun, run), name, value)


def test_what_cannot_be_right_is_said_before_anything_is_sent(
    service, visit, flight, tmp_path
) -> None:
    person = service.person("here", Role.INSPECTOR)
    far = service.permit("here")
    half, cut, text, empty = (
        tmp_path / name for name in ("half.tif", "cut.tif", "text.tif", "empty.csv")
    )
    half.write_bytes(flight.read_bytes()[:5_000_000])
    cut.write_bytes(flight.read_bytes()[:40])
    text.write_text("no picture")
    empty.touch()
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open(f"#/upload/{far}")
    page.locator(".chosen").wait_for()
    page.locator("input[type=file]").set_input_files([flight, half, cut, text, empty])
    for said in (
        "from the permit",
        "not copied completely",
        "header cannot be read",
        "not an image",
        "is empty",
    ):
        page.locator(".remarks .bad", has_text=said).first.wait_for()
    send = page.get_by_role("button", name="Send and inspect")
    assert send.is_disabled()
    assert page.locator(".map").is_hidden(), "two specks on a map say nothing"
    page.get_by_text("Say what empty.csv is, or remove it").wait_for()
    page.get_by_role("button", name="Remove empty.csv").click()
    # The second orthophoto of a kind: which part is there twice is said by its name.
    page.get_by_text("Two files are of the same kind (").wait_for()
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.7")
    page.locator("input[type=file]").set_input_files(letter)
    row = page.locator(".files li", has_text="letter.pdf").first
    row.locator(".remarks .plain", has_text="no kind of file").wait_for()
    assert row.locator("select").input_value() == ""
    page.get_by_text("Say what letter.pdf is, or remove it").wait_for()
    assert send.is_disabled()
    visitor.require_peace()


def test_a_session_that_ends_while_a_flight_is_sent_costs_nothing(service, visit, flight) -> None:
    person = service.person("here", Role.INSPECTOR)
    permit = service.permit("here", GROUND)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open(f"#/upload/{permit}")
    page.locator(".chosen").wait_for()
    page.locator("input[type=file]").set_input_files(flight)
    page.locator(".remarks .good").wait_for()
    visitor.context.clear_cookies()
    page.get_by_role("button", name="Send and inspect").click()
    page.get_by_text("Your session has ended").wait_for()
    page.locator("input[name=login]").fill(person.login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button.main").click()
    # It goes on by itself.
    page.locator(".steps").wait_for()
    assert upload_of(service, person).state is UploadState.COMPLETE
    visitor.require_peace()
