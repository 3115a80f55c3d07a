"""The offices in the pages of a central administrator, from signing in to an office that works."""

from sqlalchemy import select

from inspection.records.tables.offices import Office, Role
from tests.api.web.conftest import INJECTED, SIZES


def row_of(page, name):
    return page.locator(".rows li", has_text=name)


def say(page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"dialog input[name={name}]").fill(value)


def test_a_new_office_is_made_and_its_administrator_sees_an_empty_desk(service, visit, photograph):
    person = service.person("central", Role.CENTRAL_ADMIN)
    central = visit()
    page = central.page
    central.sign_in(person.login)
    # It is where such a person begins; of cases they have no page, by the menu or its address.
    page.get_by_role("heading", name="Offices of the installation").wait_for()
    menu = page.locator("nav[aria-label=Pages]")
    assert menu.locator(".links a").all_inner_texts() == ["Offices"]
    page.locator("summary", has_text="More").click()
    drawer = menu.locator(".drawer a").all_inner_texts()
    assert drawer[-2:] == ["Audit log", "My account"]
    assert not {"Inspections", "Permits", "Objections", "People", "The office"} & set(drawer)
    for address in (
        "#/inspections",
        "#/permits",
        "#/people",
        f"#/permit/{service.permits['here']}",
    ):
        central.open(address)
        page.get_by_text("The address may be wrong, or the page is not for your role.").wait_for()

    central.open("#/offices")
    row_of(page, "there · Asia/Jakarta").wait_for()
    photograph(central, "offices-en-desk-light")
    central.require_access_for_all()
    code, login = service.next("banten-"), service.next("kepala")
    password = make(central, code, login, photograph)
    row = row_of(page, code)
    assert row.locator("strong").inner_text() == f"{INJECTED} {code}"
    row.get_by_text("People: 1 · Permits: 0 · Files kept: 0 B").wait_for()
    with service.records.reading_all() as session:
        office = session.scalars(select(Office).where(Office.code == code)).one()
    assert (office.time_zone, office.profile) == ("Asia/Makassar", "indonesia-province")
    service.offices[code] = office.id

    head = visit("phone", "id")
    enter(head, login, password)
    head.page.get_by_role("heading", name="Pemeriksaan di kantor ini").wait_for()
    head.page.locator(".empty").wait_for()
    assert head.page.locator("main a[href*='#/inspection/']").count() == 0
    photograph(head, "new-office-id-phone-light")
    head.require_access_for_all()

    suspend(central, head, code, login, password)
    for visitor in (central, head):
        visitor.require_peace()


def make(central, code, login, photograph) -> str:
    """Make an office by the keyboard; first with what does not fit."""
    page = central.page
    page.get_by_role("button", name="Make an office").press("Enter")
    say(page, code="Banten!", name=f"{INJECTED} {code}", admin_name="Kepala", admin_login=login)
    page.locator("dialog button.main").press("Enter")
    assert page.locator("dialog input[name=code]:invalid").count() == 1
    say(page, code="here", time_zone="Asia/Nowhere")
    page.locator("dialog select[name=profile]").select_option("indonesia-province")
    page.locator("dialog select[name=language]").select_option("id")
    page.locator("dialog button.main").press("Enter")
    page.locator("dialog .notice.bad", has_text="time zone").wait_for()
    say(page, time_zone="Asia/Makassar")
    page.locator("dialog button.main").press("Enter")
    page.locator("dialog .notice.bad", has_text="There is an office").wait_for()
    photograph(central, "office-refused-en-desk-light")
    central.require_access_for_all()
    say(page, code=code)
    page.locator("dialog button.main").press("Enter")
    password = page.locator("dialog .secret").input_value()
    central.require_access_for_all()
    page.get_by_role("button", name="I have noted it").click()
    return password


def enter(visitor, login, password) -> None:
    visitor.open()
    visitor.page.locator("input[name=login]").fill(login)
    visitor.page.locator("input[name=password]").fill(password)
    visitor.page.locator("form button.main").click()


def suspend(central, head, code, login, password) -> None:
    page = central.page
    row_of(page, code).get_by_role("button", name="Suspend").click()
    page.locator("dialog", has_text="signed out at once").wait_for()
    page.locator("dialog button.main").click()
    row_of(page, code).get_by_text("Suspended", exact=True).wait_for()
    head.page.reload()
    enter(head, login, password)
    head.page.locator(".notice.bad", has_text="dibekukan").wait_for()
    row_of(page, code).get_by_role("button", name="Let in again").click()
    page.locator("dialog button.main").click()
    row_of(page, code).get_by_role("button", name="Suspend").wait_for()
    enter(head, login, password)
    head.page.get_by_role("heading", name="Pemeriksaan di kantor ini").wait_for()


def test_of_two_who_change_an_office_the_second_sees_what_the_first_did(
    service, office, visit, photograph
):
    one, other = (service.person("central", Role.CENTRAL_ADMIN) for _ in range(2))
    visitor = visit("phone", "id", color_scheme="dark")
    page = visitor.page
    visitor.sign_in(one.login)
    page.get_by_role("button", name=f"Ubah: Dinas {office}").click()
    say(page, name=f"Dinas Pertambangan {office}")
    photograph(visitor, "office-change-id-phone-dark")
    visitor.require_access_for_all()
    address = f"/api/v1/offices/{service.offices[office]}"
    with service.signed_in("central", other.id) as client:
        seen = client.get(address).json()["office_sha256"]
        changed = {"office_sha256": seen, "time_zone": "Asia/Jayapura"}
        assert client.patch(address, json=changed).status_code == 200
        page.locator("dialog button.main").click()
        page.locator("dialog .notice.bad", has_text="Seseorang mengubah kantor ini").wait_for()
        assert client.get(address).json()["name"] == f"Dinas {office}"
        # What was typed still stands there; whoever leaves it sees the office as it is now.
        assert page.locator("dialog input[name=name]").input_value().endswith(office)
        page.get_by_role("button", name="Batal").click()
        row_of(page, f"{office} · Asia/Jayapura").wait_for()
        page.get_by_role("button", name=f"Ubah: Dinas {office}").click()
        assert page.locator("dialog input[name=time_zone]").input_value() == "Asia/Jayapura"
        say(page, name=f"Dinas Pertambangan {office}")
        page.locator("dialog button.main").click()
        row_of(page, f"Dinas Pertambangan {office}").wait_for()
        now = client.get(address).json()
        assert (now["name"], now["time_zone"]) == (f"Dinas Pertambangan {office}", "Asia/Jayapura")
    photograph(visitor, "offices-id-phone-dark")
    visitor.require_access_for_all()
    visitor.require_peace()


def test_both_logs_say_what_a_central_administrator_did(service, office, visit, photograph):
    person = service.person("central", Role.CENTRAL_ADMIN)
    auditor = service.person(office, Role.AUDITOR)
    address = f"/api/v1/offices/{service.offices[office]}"
    with service.signed_in("central", person.id) as client:
        seen = client.get(address).json()["office_sha256"]
        changed = {"office_sha256": seen, "name": f"Dinas Baru {office}"}
        assert client.patch(address, json=changed).status_code == 200
    visitor = visit()
    page = visitor.page
    visitor.sign_in(auditor.login)
    visitor.open("#/audit/action%3Doffice.changed")
    row = page.locator("section .rows > li", has_text="Office stated anew")
    row.get_by_text("In the role of: central administrator").wait_for()
    page.get_by_role("button", name="Sign out").click()

    visitor.sign_in(person.login)
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Audit log").click()
    page.locator(".notice.good", has_text="Whole").wait_for()
    signed = page.locator("section .rows > li", has_text="Signed in").first
    signed.get_by_text(f"{person.login.title()} (Central administrator)").wait_for()
    photograph(visitor, "audit-central-en-desk-light")
    visitor.require_access_for_all()
    visitor.open("#/account")
    page.get_by_role("heading", name="Password").wait_for()
    assert page.get_by_role("button", name="Make a token").count() == 0
    page.set_viewport_size(SIZES["phone"])
    visitor.require_access_for_all()
    visitor.require_peace()
