"""Permits in the pages: taken in from a file after a look at what it would change, and found."""

from playwright.sync_api import expect
from sqlalchemy import select

from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from tests.api.web.conftest import INJECTED, SIZES

OWN = """
extends = "generic"
version = "2026-11-29"
system = "Sistem Kantor"
"""


def add_own_mapping(visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="How files are read").last.click()
    page.get_by_role("button", name="Add a mapping").click()
    page.locator("dialog input[name=name]").fill("kantor")
    page.locator("dialog textarea").fill("not = [toml")
    page.locator("dialog button.main").click()
    page.locator("dialog .notice.bad").wait_for()
    page.locator("dialog textarea").fill(OWN)
    page.locator("dialog button.main").click()
    page.get_by_text("kantor · Sistem Kantor").wait_for()
    visitor.require_access_for_all()


def see_what_waits(page) -> None:
    """A column that was not read, and a number of which the file tells twelve times."""
    assert "cuaca (13)" in page.locator(".notice.doubt", has_text="Not read").inner_text()
    waiting = page.locator(".rows li", has_text="DOUBLE")
    assert waiting.count() == 10
    assert "boundary" not in waiting.first.inner_text().lower()
    assert "P-" in waiting.first.inner_text()
    page.get_by_role("button", name="Show 2 more (of 2)").click()
    assert waiting.count() == 12


def test_a_file_shows_what_it_would_change_and_is_taken_in(service, office, visit, photograph):
    person = service.person(office, Role.GIS)
    first, second = (service.next("B-") for _ in range(2))
    known = f"licence_id;holder_name\n{first};PT Batu\n".encode()
    with service.signed_in(office, person.id) as client:
        params = {"mapping": "generic", "name": "a.csv", "dry_run": False}
        done = client.post("/api/v1/permits/imports", params=params, content=known)
        assert done.json()["new"] == 1, done.text
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    page.locator("summary", has_text="Office").click()
    page.get_by_role("link", name="Take in permits").click()
    add_own_mapping(visitor)

    visitor.open("#/import")
    twice = [f"DOUBLE;{service.next('P-')};;PT Dua;1;cerah\n" for _ in range(12)]
    rows = f"""permit_number;area_code;licence_id;holder_name;declared_area_ha;cuaca
;;{first};{INJECTED};12,5;cerah
;;{second};PT Pasir;-3;
;;{second};PT Pasir;4;
{"".join(twice)}"""
    page.locator("input[type=file]").set_input_files(
        {"name": "izin.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.locator("select[name=mapping]").select_option("kantor")
    page.get_by_role("button", name="Show what it would change").click()
    page.locator(".notice.doubt", has_text="Nothing is changed yet").wait_for()
    changed = page.locator(".rows li", has_text=first)
    assert changed.get_by_text("berkas kantor says: PT Batu").count() == 1
    assert changed.get_by_text(INJECTED).count() == 1
    assert page.get_by_text("must be ≥ 0").count() == 1
    see_what_waits(page)
    photograph(visitor, "import-en-desk-light")
    visitor.require_access_for_all()
    with service.records.reading(service.offices[office]) as session:
        assert session.scalars(select(Permit.reference)).all() == [first]
    page.get_by_role("button", name="Take it in").click()
    page.locator(".notice.good").wait_for()
    # Its result is still there for who leaves the page and comes back.
    visitor.open("#/mappings")
    page.get_by_role("heading", name="How files are read").wait_for()
    visitor.open("#/import")
    page.get_by_role("heading", name="Taken in last: izin.csv").wait_for()
    page.locator(".notice.good").wait_for()
    page.locator("input[type=file]").set_input_files(
        {"name": "izin.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.locator("select[name=mapping]").select_option("kantor")
    with service.records.reading(service.offices[office]) as session:
        assert sorted(session.scalars(select(Permit.reference))) == sorted([first, second])
    page.get_by_role("button", name="Show what it would change").click()
    page.get_by_text("was taken in before").wait_for()
    page.locator("input[type=file]").set_input_files(
        {"name": "x.csv", "mimeType": "text/csv", "buffer": b"a;b\n1;2\n"}
    )
    page.get_by_role("button", name="Show what it would change").click()
    page.locator(".notice.bad").wait_for()
    page.set_viewport_size(SIZES["phone"])
    visitor.require_access_for_all()
    visitor.require_peace()


def test_permits_go_on_past_the_first_and_a_search_outlives_going_back(service, office, visit):
    person = service.person(office, Role.GIS)
    rows = "".join(f"P-{n:02};PT Contoh {n}\n" for n in range(43))
    with service.signed_in(office, person.id) as client:
        params = {"mapping": "generic", "name": "a.csv", "dry_run": False}
        content = f"licence_id;holder_name\n{rows}".encode()
        done = client.post("/api/v1/permits/imports", params=params, content=content)
        assert done.json()["new"] == 43, done.text
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    for address in ("#/permits", "#/upload"):
        visitor.open(address)
        page.get_by_text("20 permits shown, there are more").wait_for()
        page.get_by_role("button", name="Show more").click()
        page.get_by_text("40 permits shown, there are more").wait_for()
        page.get_by_role("button", name="Show more").click()
        page.get_by_text("43 permits", exact=True).wait_for()
        assert page.get_by_role("button", name="Show more").count() == 0
    visitor.open("#/permits")
    page.locator("input[name=text]").fill("contoh 41")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("1 permit", exact=True).wait_for()
    page.get_by_role("link", name="P-41").click()
    page.get_by_role("heading", name="P-41").wait_for()
    page.go_back()
    page.get_by_role("link", name="P-41").wait_for()
    assert page.locator("input[name=text]").input_value() == "contoh 41"
    expect(page.locator(".rows li")).to_have_count(1)
    visitor.require_access_for_all()
    visitor.require_peace()
