"""What an office does for itself in the pages: its people, its days, its log, its permits."""

import ast
import json
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from inspection.access.rights import IN_PERSON, Action
from inspection.delivery.attaching import attach
from inspection.evidence.audit_log import verify_log
from inspection.evidence.head_key import fingerprint
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.deeds import DEEDS
from inspection.records.heads import sign_heads
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.inspections import ReviewOutcome
from inspection.records.tables.offices import Office, Role, Token
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Report
from tests.api.conftest import PASSWORD
from tests.api.test_audit import tamper
from tests.api.test_clocks import permit_of, state, take
from tests.api.web.conftest import SIZES
from tests.api.web.test_pages import WEB, branches

INJECTED = '<img src=x onerror="alert(1)">{login}${x}'


@pytest.fixture
def office(service):
    """An office of its own, so that its lists hold nothing of other tests; and its people."""
    code = service.next("bureau")
    row = Office(
        code=code, name=f"Dinas {code}", time_zone="Asia/Jakarta", profile="generic", language="id"
    )
    with service.records.writing_all() as session:
        session.add(row)
    service.offices[code] = row.id
    return code


def choose(page, name: str, *ticked: str) -> None:
    for one in ticked:
        page.locator(f"dialog input[name={name}][value='{one}']").check()


def test_every_scope_and_deed_has_words() -> None:
    words = branches(json.loads((WEB / "src/wording/en.json").read_text()))
    said = {key.removeprefix("scope.") for key in words if key.startswith("scope.")}
    assert said == {str(one) for one in Action} - {str(one) for one in IN_PERSON}
    deeds = {key.removeprefix("deed.") for key in words if key.startswith("deed.")}
    listed = re.findall(r"'([a-z_]+\.[a-z_]+)'", (WEB / "src/office/deeds.ts").read_text())
    assert deeds == set(listed) == DEEDS


def facts_told() -> set[str]:
    """Every name under which a deed tells a fact, read in the code that puts deeds on the log."""
    told: set[str] = set()
    for path in [*Path("inspection").rglob("*.py"), *Path("api/routes").glob("*.py")]:
        text = path.read_text("utf-8")
        if re.search(r"import .*\b(Deed|deed_on)\b", text) is None:
            continue
        for node in ast.walk(ast.parse(text)):
            for given in facts_in(node):
                told |= {
                    key.value
                    for one in ast.walk(given)
                    if isinstance(one, ast.Dict)
                    for key in one.keys
                    if isinstance(key, ast.Constant) and str(key.value).islower()
                }
    return told


def facts_in(node: ast.AST) -> list[ast.expr]:
    """What a call or an assignment gives as facts of a deed."""
    named = ("facts", "told")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        makes = node.func.id in ("Deed", "deed_on", "_record", "_recorded", "_note")
        return [*node.args, *(one.value for one in node.keywords)] if makes else []
    if isinstance(node, ast.AnnAssign | ast.Assign):
        targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
        is_facts = any(isinstance(one, ast.Name) and one.id in named for one in targets)
        return [node.value] if is_facts and node.value is not None else []
    return []


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_fact_of_a_deed_has_words(language) -> None:
    told = facts_told()
    assert {"sha256", "outcome", "allowed_hundredths", "public_key", "manifest_sha256"} < told
    told |= {str(one) for one in ReviewOutcome}
    words = json.loads((WEB / f"src/wording/{language}.json").read_text())["fact"]
    assert {one.removesuffix("_hundredths") for one in told} <= set(words)


def test_an_auditor_reads_facts_in_their_own_words(service, office, visit) -> None:
    person = service.person(office, Role.AUDITOR)
    permit = service.permit(office)
    facts = {
        "inspection.submitted": {"permit": str(permit), "files": {"orthophoto": "a" * 64}},
        "clock.begun": {"step": "verifikasi", "allowed_hundredths": 1050},
        "value.corrected": {"field": "holder_name"},
        "finding.rejected": {"finding": "F001", "reason": "image_seam"},
        "objection.answered": {"outcome": "upheld"},
        "office.changed": {"language": "id", "profile": "generic"},
        "inspection.decided": {"outcome": "approved", "accepted": 12, "rejected": 3},
        "audit.read": {"wanted": {"action": "user.roles", "since": "2026-11-30T03:00:00.000Z"}},
    }
    for action, told in facts.items():
        deed = Deed(action=action, subject_kind="permit", subject_id=str(permit), facts=told)
        with service.records.writing(service.offices[office]) as session:
            record(session, deed, actor=str(person.id))
    visitor = visit("phone", "id")
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open("#/audit")
    rows = page.locator("section .rows > li")
    rows.first.wait_for()
    for said in (
        "Ortofoto: aaaa",
        "Hari kerja yang diberikan: 10,5",
        "Isian: Pemegang izin",
        "Alasan: sambungan atau cacat citra",
        "Hasil: dikabulkan",
        "Bahasa laporan: Indonesia",
        "Temuan diterima: 12",
        "Tindakan: Peran",
        "Sejak: 30 Nov 2026",
    ):
        assert rows.filter(has_text=said).count() >= 1, said
    visitor.require_access_for_all()
    visitor.require_peace()


def test_rules_are_told_in_the_language_of_who_reads_them(service, office, visit) -> None:
    visitor = visit("desk", "id")
    page = visitor.page
    visitor.sign_in(service.person(office, Role.ADMIN).login)
    visitor.open("#/office/rules")
    page.get_by_role("heading", name="Bawaan produk ini").wait_for()
    page.get_by_role("heading", name="Indonesia: perizinan pertambangan provinsi").wait_for()
    page.get_by_text("Setiap angka").first.click()
    ring = page.locator("tr", has=page.get_by_role("rowheader", name="clip.ring_m"))
    ring.get_by_text("bawaan produk ini", exact=True).wait_for()
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Defaults of this product").wait_for()
    page.get_by_role("heading", name="Indonesia: provincial mining permits").wait_for()
    assert page.get_by_text("bawaan produk ini").count() == 0
    visitor.require_peace()


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


def test_an_auditor_sees_whether_the_chain_holds_and_where_it_broke(
    service, office, visit, photograph
):
    person = service.person(office, Role.AUDITOR)
    for number in range(12):
        deed = Deed(
            action="file.read" if number % 3 else "user.roles",
            subject_kind="file",
            subject_id=f"f{number}",
            facts={"n": number, "said": INJECTED, "reason": "password", "code": None},
        )
        with service.records.writing(service.offices[office]) as session:
            record(session, deed, actor=str(person.id))
    with service.records.writing_all() as session:
        sign_heads(session, service.app.state.audit_key, at=now())
    visitor = visit("desk", "id")
    page = visitor.page
    visitor.sign_in(person.login)
    page.locator("summary", has_text="Kantor").click()
    page.get_by_role("link", name="Jejak audit").click()
    page.locator(".notice.good", has_text="Utuh").wait_for()
    key = fingerprint(service.app.state.audit_key.public_key())
    page.get_by_text(f"dengan kunci {key[:16]}").wait_for()
    photograph(visitor, "audit-id-desk-light")
    visitor.require_access_for_all()
    page.locator("select[name=action]").select_option("user.roles")
    page.locator("select[name=actor]").select_option(label=person.login.title())
    page.get_by_role("button", name="Tampilkan", exact=True).click()
    rows = page.locator("section .rows > li")
    expect(rows).to_have_count(4)
    assert rows.first.get_by_text(INJECTED).count() == 1
    rows.first.get_by_text("Alasan: kata sandi", exact=True).wait_for()
    assert rows.first.get_by_text("null").count() == 0
    rows.first.get_by_text("Berkas", exact=False).first.wait_for()
    page.get_by_role("link", name="f3", exact=True).click()
    expect(rows).to_have_count(1)
    visitor.open("#/audit/action%3Duser.role")
    page.locator(".notice.bad", has_text="user.roles").wait_for()
    visitor.open("#/audit/subject_id%3Da%20b")
    page.locator(".notice.bad li", has_text="Terhadap apa: hanya ID").wait_for()
    page.locator("input[name=since]").fill("2026-11-30T10:00")
    page.locator("input[name=until]").fill("2026-11-30T09:00")
    assert page.locator("input[name=until]:invalid").count() == 1

    with page.expect_download() as coming:
        page.get_by_role("link", name="Unduh log").click()
    log = Path(coming.value.path()).read_bytes().splitlines()
    keys = [service.app.state.audit_key.public_key()]
    assert verify_log(log, name="log", keys=keys).flaws == ()

    tamper(service, office)
    visitor.open("#/audit")
    page.locator(".notice.bad", has_text="Putus").wait_for()
    page.locator(".notice.bad li", has_text="Kejadian 5").first.wait_for()
    page.set_viewport_size(SIZES["phone"])
    visitor.require_access_for_all()
    photograph(visitor, "audit-broken-id-phone-light")
    visitor.require_peace()


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


def test_a_holiday_moves_the_day_on_which_a_permit_is_due(service, office, visit, photograph):
    boss = service.person(office, Role.ADMIN)
    staff = service.person(office, Role.GIS)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(boss.login)
    page.locator("summary", has_text="Office").click()
    page.get_by_role("link", name="The office").click()
    page.get_by_text(f"Dinas {office}").wait_for()
    page.get_by_role("link", name="Calendar and service time").click()
    make_calendar(visitor, "Kantor A/B")
    licence = service.next("I-due-")
    with service.signed_in(office, staff.id) as client:
        # A Monday morning: three working days end on Wednesday.
        take(client, "oss-status", state(licence, "10", "2026-03-16 08:00:00"))
        assert permit_of(client, licence)["clocks"][0]["due_at"] == "2026-03-18T09:00:00Z"
        stated = client.get("/api/v1/office/objections").json()
        assert stated == {"term": {"calendar": "Kantor A/B", "days": 14}}
        visitor.open("#/office/calendar/2026")
        page.reload()
        page.get_by_role("button", name="Paste a list").click()
        page.locator("dialog textarea").fill(
            "17 Maret 2026; Cuti\n2026-02-30; none\n03-04-2026 two"
        )
        page.locator("dialog input[name=source]").fill("SKB 2026")
        page.locator("dialog button.main").click()
        told = page.locator("dialog textarea").evaluate("(one) => one.validationMessage")
        assert told.endswith(": 2026-02-30; none | 03-04-2026 two")
        page.locator("dialog textarea").fill(f"17 Maret 2026; {INJECTED}\n25-12-2026, Natal\n")
        page.locator("dialog button.main").click()
        page.locator(".rows li", has_text=INJECTED).wait_for()
        assert page.locator(".month .closed").count() == 2
        assert permit_of(client, licence)["clocks"][0]["due_at"] == "2026-03-19T09:00:00Z"
        assert (
            "Thu 08:00–16:00; Fri 07:30–11:30, 13:00–16:00"
            in page.locator("p.aside").first.inner_text()
        )
        photograph(visitor, "calendar-en-desk-light")
        visitor.require_access_for_all()
        # The Saturday is worked instead; the holiday goes again.
        page.get_by_role("button", name="14 March 2026", exact=True).click()
        page.locator("dialog input[name=name]").fill("Ganti hari")
        page.locator("dialog input[name=source]").fill("Surat 1")
        page.locator("dialog input[name=works]").check()
        page.locator("dialog button.main").click()
        page.locator(".month .opened").wait_for()
        page.get_by_role("button", name="Remove: 2026-03-17").click()
        expect(page.locator(".month .closed")).to_have_count(1)
        assert permit_of(client, licence)["clocks"][0]["due_at"] == "2026-03-18T09:00:00Z"

    look_at_the_rest(service, office, visitor, photograph)


def make_calendar(visitor, name) -> None:
    page = visitor.page
    page.get_by_role("button", name="Make a calendar").click()
    page.locator("dialog input[name=name]").fill(name)
    page.locator("dialog", has_text="usual office hours").wait_for()
    hours = page.locator("dialog fieldset input")
    assert [one.input_value() for one in hours.all()] == ["08:00–16:00"] * 5 + [""] * 2
    hours.nth(4).fill("07.30-11.30, 13.00-12.00")
    page.locator("dialog button.main").click()
    assert hours.nth(4).evaluate("(one) => one.validationMessage").startswith("Write it as")
    hours.nth(4).fill("07.30-11.30, 13.00-16.00")
    visitor.require_access_for_all()
    page.locator("dialog button.main").click()
    page.get_by_role("heading", name=name).wait_for()
    service, answers = (
        page.locator("section", has=page.get_by_role("heading", name=title, exact=True))
        for title in ("Service time", "Answers to objections")
    )
    assert not service.locator("input[name=step]").is_visible()
    service.get_by_role("button", name="Save").click()
    service.locator(".notice.good", has_text="switched off").wait_for()
    service.locator("select[name=calendar]").select_option(name)
    service.locator("input[name=step]").fill("verification")
    assert service.get_by_label("Counted in").input_value() == ""
    for section, days in ((service, "3"), (answers, "14")):
        section.locator("select[name=calendar]").select_option(name)
        section.locator("input[name=days]").fill(days)
        section.get_by_role("button", name="Save").click()
        section.locator(".notice.good", has_text="counts from now on").wait_for()


def given_up(service, office) -> UUID:
    """A message about a report, which the record system never took."""
    for role in (Role.INSPECTOR, Role.REVIEWER):
        service.people[office, role] = service.person(office, role).id
    report = service.report(office)
    with service.records.writing(service.offices[office]) as session:
        by = service.people[office, Role.REVIEWER]
        attach(session, session.get_one(Report, report.id), by=by, role="reviewer")
        session.flush()
        message = session.scalars(select(OutboxMessage)).one()
        message.given_up_at, message.attempts = now(), 30
        return message.id


def look_at_the_rest(service, office, visitor, photograph) -> None:
    page = visitor.page
    page.get_by_role("link", name="Rules").click()
    page.get_by_text("Every number and its basis").first.click()
    ring = page.locator("tr", has=page.get_by_role("rowheader", name="clip.ring_m"))
    ring.get_by_text("100 m", exact=True).wait_for()
    ring.get_by_text("Strip outside the boundary").wait_for()
    visitor.require_access_for_all()
    page.get_by_role("link", name="Record system").click()
    page.get_by_text("No report has been attached yet").wait_for()
    message = given_up(service, office)
    page.reload()
    page.locator(".rows .tag.bad", has_text="given up").wait_for()
    page.get_by_role("button", name="Send again").click()
    page.locator(".rows .tag", has_text="waits for its turn").wait_for()
    assert page.locator(".rows strong").inner_text().endswith(", report no. 1")
    with service.records.reading(service.offices[office]) as session:
        row = session.get_one(OutboxMessage, message)
        assert (row.given_up_at, row.attempts) == (None, 0)
    page.set_viewport_size(SIZES["phone"])
    for part in ("overview", "calendar/2026", "rules", "messages"):
        visitor.open(f"#/office/{part}")
        page.locator(".tabs a[aria-current]").wait_for()
        visitor.require_access_for_all()
        photograph(visitor, f"office-{part.partition('/')[0]}-en-phone-light")
    visitor.require_peace()
