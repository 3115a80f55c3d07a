"""Citizens at the pages: is a report genuine, what does one hold against it, what was answered."""

import re

import cv2
import numpy as np
import pytest
import segno
from playwright.sync_api import expect
from sqlalchemy import func, select

from inspection.objections.answering import answer
from inspection.objections.filing import Objecting, file_objection
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.inspections import Finding, InspectionRun
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import AnswerOutcome, Objection, Report, TrackingCode
from inspection.report.seal import verification_code
from tests.api.web.conftest import SIZES, WATCH
from tests.api.web.finished import finish
from tests.api.web.test_stories import INJECTIONS
from tests.browsing import QUIET, chromium
from tests.inspection.jobs.done import made
from tests.inspection.report.conftest import poppler

A_PROOF_MS = 120_000
"""To prove pages they are set anew, which takes as long as the machine is busy."""

CONTACT = "SYNTHETIC PERSON, 0800 000 0000"


@pytest.fixture(scope="module")
def report(service):
    """A report whose papers are real."""
    files = {
        path.relative_to(made()).as_posix(): path.read_bytes()
        for path in made().rglob("*")
        if path.is_file()
    }
    return service.real_report(files)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    """The first page of the report as a scanner sees it."""
    folder = tmp_path_factory.mktemp("sheet")
    poppler("pdftoppm", "-r", "150", "-l", "1", "-png", made() / "report.pdf", folder / "page")
    return cv2.imread(str(next(folder.glob("page*.png"))))


@pytest.fixture
def term(service):
    """The office has three days to answer an objection."""
    week = {str(day): [480, 960] for day in range(1, 8)}
    stated = {"name": service.next("days"), "time_zone": "Asia/Jakarta", "week": week}
    with service.as_role(Role.ADMIN) as admin:

        def state(term) -> None:
            said = admin.put("/api/v1/office/objections", json={"term": term})
            assert said.status_code == 200, said.text

        assert admin.put("/api/v1/office/calendars", json=stated).status_code == 200
        state({"calendar": stated["name"], "days": 3})
        yield
        state(None)


def on_a_table(sheet: np.ndarray, *, degrees: float) -> np.ndarray:
    """The sheet lies askew, the light comes from one side, and the hand was not still."""
    high, wide = sheet.shape[:2]
    turned = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 0.9)
    photo = cv2.warpAffine(sheet, turned, (wide, high), borderValue=(70, 80, 90))
    light = np.linspace(0.65, 1.0, wide)[None, :, None]
    return (cv2.GaussianBlur(photo, (0, 0), 0.8) * light).astype(np.uint8)


def in_force(service, report) -> None:
    """No later report took its place yet: else the tests of this module ran twice."""
    with service.client() as client:
        assert client.get(f"/api/v1/verifications/{report.sha256}").json()["verdict"] == "genuine"


@pytest.mark.usefixtures("term")
def test_a_citizen_verifies_objects_and_reads_the_answer(
    service, visit, report, sheet, photograph, tmp_path
) -> None:
    in_force(service, report)
    with service.records.writing(service.offices["here"]) as session:
        session.add(TrackingCode(permit_id=report.permit_id, code="W4RG4W4RG4W4RG4W"))
        reference = session.get_one(Permit, report.permit_id).reference
    # Far from the office: its days are told by its own clocks.
    citizen = visit("phone", "en", color_scheme="dark", timezone_id="Pacific/Honolulu")
    verify_by_file(citizen, reference, tmp_path)
    verify_by_photo(citizen, report, sheet, tmp_path, photograph)
    number = object_to_a_finding(citizen, photograph)

    reviewer = visit("desk", "en")
    answer_it(service, reviewer, number, photograph)
    read_the_answer(citizen, number, photograph)

    asked = service.inspection("here", permit_id=report.permit_id)
    with service.records.reading(service.offices["here"]) as session:
        run = session.get_one(InspectionRun, asked)
    machine = service.report("here", outcome=None, run=run)
    page = citizen.page
    citizen.open(f"#/verify/{machine.sha256[:16]}")
    page.locator(".judgement.doubt", has_text="not reviewed yet").wait_for()
    citizen.open(f"#/verify/{report.sha256[:16]}")
    page.locator(".judgement.good", has_text="A newer inspection of the permit").wait_for()
    later = service.report("here", run=run)
    citizen.open(f"#/verify/{report.sha256}")
    page.locator(".judgement.doubt", has_text="superseded").wait_for()
    page.locator(".judgement a", has_text=f"{later.sha256[:4].upper()}-").click()
    page.locator(".judgement.good", has_text="Genuine").wait_for()
    citizen.open(f"#/verify/{'0' * 16}")
    page.locator(".judgement.bad", has_text="Not known here").wait_for()
    citizen.require_peace()
    reviewer.require_peace()


def verify_by_file(citizen, reference, tmp_path) -> None:
    page = citizen.page
    citizen.open()
    page.get_by_role("link", name="Verify a report").first.click()
    page.locator("input[name=mark]").wait_for()
    citizen.require_access_for_all()
    page.locator("input#paper").set_input_files(made() / "report.pdf")
    page.locator(".judgement.good", has_text=reference).wait_for(timeout=A_PROOF_MS)
    page.locator(".judgement", has_text=re.compile("result confirmed", re.IGNORECASE)).wait_for()
    # One digit of it, in nothing that anybody sees.
    sound = (made() / "report.pdf").read_bytes()
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(sound.replace(b"D:2026", b"D:2025", 1))
    assert altered.read_bytes() != sound
    page.locator("input#paper").set_input_files(altered)
    page.locator(".judgement.bad", has_text="Altered").wait_for(timeout=A_PROOF_MS)
    page.locator(".judgement li", has_text="not byte for byte").wait_for()
    # Another language says it again, of a file that nobody has to look for once more.
    page.get_by_role("button", name="Bahasa Indonesia").click()
    page.locator(".judgement.bad li", has_text="byte demi byte").wait_for(timeout=A_PROOF_MS)
    page.get_by_role("button", name="English").click()
    page.locator(".judgement.bad li", has_text="not byte for byte").wait_for()
    citizen.require_access_for_all()
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    page.locator("input#paper").set_input_files(large)
    page.get_by_text("at most 67 MB are taken").wait_for()


def verify_by_photo(citizen, report, sheet, tmp_path, photograph) -> None:
    page = citizen.page
    photo, blank = tmp_path / "photo.jpg", tmp_path / "blank.png"
    cv2.imwrite(str(photo), on_a_table(sheet, degrees=7))
    cv2.imwrite(str(blank), np.full_like(sheet, 200))
    torn = tmp_path / "torn.png"
    torn.write_bytes(blank.read_bytes()[:200])
    page.locator("input#photo").set_input_files(torn)
    page.get_by_text("The picture cannot be read").wait_for()
    page.locator("input#photo").set_input_files(blank)
    page.get_by_text("No QR was found in the picture").wait_for()
    page.locator("input#photo").set_input_files(photo)
    page.wait_for_url(f"**/#/verify/{report.sha256}")
    page.locator(".judgement.good").wait_for()
    page.get_by_text("Only the code was looked up").wait_for()
    citizen.require_access_for_all()
    photograph(citizen, "verify-genuine-en-phone-dark")
    # What was said of one report does not stay beside the code of another.
    page.locator("input[name=mark]").fill("A1B2")
    page.locator(".judgement").wait_for(state="detached")


def object_to_a_finding(citizen, photograph) -> str:
    page = citizen.page
    citizen.open("#/status/W4RG4W4RG4W4RG4W")
    page.get_by_text("Waiting for the office's answer: 0").wait_for()
    page.get_by_role("link", name="Object to a report").click()
    which = page.get_by_label("What do you object to")
    which.wait_for()
    (option,) = [one for one in which.locator("option").all_inner_texts() if "F-001" in one]
    assert option.startswith("F-001 excavation · newly disturbed"), option
    which.select_option("F-001")
    page.locator(".choosing .about", has_text="middle of the permit").wait_for()
    assert page.locator(".where_from text").all_text_contents()[-1:] == ["F-001"]
    citizen.require_access_for_all()
    page.get_by_label("Your objection").fill("          ")
    page.get_by_role("button", name="File the objection").click()
    page.get_by_text("Write at least 10 characters").wait_for()
    page.get_by_label("Your objection").fill("The pit is our neighbour's, not ours.")
    page.get_by_role("button", name="Bahasa Indonesia").click()
    page.get_by_role("heading", name="Ajukan keberatan").wait_for()
    page.reload()
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Object to a report").wait_for()
    expect(page.get_by_label("Your objection")).to_have_value(re.compile("^The pit is our"))
    expect(page.locator("select[name=finding]")).to_have_value("F-001")
    page.locator(".where_from").wait_for()
    page.get_by_label("How the office can reach you").fill(CONTACT)
    photograph(citizen, "object-en-phone-dark")
    page.get_by_role("button", name="File the objection").click()
    page.locator(".number").wait_for()
    number = page.locator(".number").inner_text()
    note = page.locator("textarea[readonly]").input_value()
    assert number in note
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", number)
    assert len(note) <= 160
    assert page.get_by_role("link", name="SMS").get_attribute("href").startswith("sms:?body=Obj")
    citizen.require_access_for_all()
    assert page.evaluate("Object.keys(sessionStorage)") == [], "filed, the draft is gone"
    page.get_by_role("link", name="Follow this objection").click()
    page.get_by_text("The office has not answered yet").wait_for()
    page.get_by_text("The office must answer by").wait_for()
    return number


def readings(service) -> int:
    asked = select(func.count()).where(AuditEvent.action == "objection.contact_read")
    with service.records.reading(service.offices["here"]) as session:
        return session.scalar(asked)


def answer_it(service, reviewer, number, photograph) -> None:
    page, read_before = reviewer.page, readings(service)
    reviewer.sign_in(service.person("here", Role.REVIEWER).login)
    page.get_by_role("link", name="Objections").click()
    page.locator(".rows li", has_text=number).get_by_text("Answer due").wait_for()
    reviewer.require_access_for_all()
    photograph(reviewer, "objections-en-desk-light")
    # The newest of those that wait is the first.
    page.locator(".rows li", has_text=number).get_by_role("link").click()
    page.get_by_text("The pit is our neighbour's").wait_for()
    assert CONTACT not in page.locator("main").inner_text()
    assert readings(service) == read_before
    page.get_by_role("button", name="Show how to reach the person").click()
    page.get_by_text(CONTACT).wait_for()
    assert readings(service) == read_before + 1
    page.locator(".choice", has_text="Upheld in part").click()
    page.get_by_label("Answer", exact=True).fill("It lies outside your permit indeed.")
    page.reload()
    expect(page.get_by_label("Answer", exact=True)).to_have_value(re.compile("^It lies outside"))
    expect(page.locator(".choice", has_text="Upheld in part").locator("input")).to_be_checked()
    photograph(reviewer, "objection-answering-en-desk-light")
    page.get_by_role("button", name="Answer on the record").click()
    page.locator("dialog", has_text="cannot be changed").get_by_role(
        "button", name="Cancel"
    ).click()
    assert page.locator(".answered li").count() == 0
    page.get_by_role("button", name="Answer on the record").click()
    page.locator("dialog button.main").click()
    page.get_by_text("The answer is on the record").wait_for()
    page.locator(".answered li", has_text="outside your permit").wait_for()
    reviewer.require_access_for_all()


def read_the_answer(citizen, number, photograph) -> None:
    page = citizen.page
    citizen.open("#/status/W4RG4W4RG4W4RG4W")
    page.get_by_text("Answered: 1").wait_for()
    page.locator(".card .aside", has_text="(WIB)").first.wait_for()
    passed_on = page.locator("textarea").first.input_value()
    assert passed_on.startswith("Permit status W4RG-4W4R-G4W4-RG4W: ")
    citizen.require_access_for_all()
    page.locator("input[name=number]").fill(f"{number[:6].lower()} {number[6:]}")
    page.get_by_role("button", name="Show the answer").click()
    page.locator(".answered .tag", has_text="Upheld in part").wait_for()
    page.get_by_text("It lies outside your permit indeed.").wait_for()
    page.locator(".answered .aside", has_text="WIB").wait_for()
    assert CONTACT not in page.locator("main").inner_text()
    citizen.require_access_for_all()
    photograph(citizen, "objection-en-phone-dark")


def test_the_camera_reads_a_qr_that_leads_to_an_address(service, browser, report, tmp_path) -> None:
    code = verification_code(report.sha256)
    drawn = tmp_path / "qr.png"
    segno.make(f"https://elsewhere.example/#/verify/{code}", error="m").save(drawn, scale=6)
    qr = cv2.imread(str(drawn))
    frame = np.full((720, 1280, 3), 140, np.uint8)
    frame[200 : 200 + qr.shape[0], 500 : 500 + qr.shape[1]] = qr
    film = tmp_path / "film.mjpeg"
    film.write_bytes(cv2.imencode(".jpg", on_a_table(frame, degrees=-6))[1].tobytes() * 10)
    seen = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    film_word = f"--use-file-for-fake-video-capture={film}"
    kind = browser.browser_type
    camera = kind.launch(executable_path=chromium(), args=[*QUIET, *seen, film_word])
    try:
        context = camera.new_context(viewport=SIZES["phone"], locale="id")
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{service.url}/#/verify")
        page.get_by_role("button", name="Pindai QR").click()
        # Only the code is taken from it, and asked of this service.
        page.wait_for_url(f"{service.url}/#/verify/{code}")
        page.locator(".judgement", has_text=report.sha256[:16]).wait_for()
        # It is off: nobody is filmed for longer than it takes.
        assert page.locator("video").count() == 0
        assert page.evaluate("window.stopped") == []
    finally:
        camera.close()


def test_what_citizens_and_offices_write_is_shown_as_text(service, visit) -> None:
    texts = [f"{text} " + "." * 10 for text in INJECTIONS]
    reviewer, here = service.people["here", Role.REVIEWER], service.offices["here"]
    filed = []
    for text in texts:
        one = service.report("here")
        asked = Objecting(
            tracking_code=None, report_sha256=one.sha256, finding=None, text=text, contact=text
        )
        objection = file_objection(service.records, asked)
        filed.append((one, objection))
        with service.records.writing(here) as session:
            session.get_one(Permit, one.permit_id).reference = text
            row = session.get_one(Objection, objection.id)
            answer(session, row, outcome=AnswerOutcome.DISMISSED, text=text, by=reviewer)
    citizen, office = visit("phone", "id"), visit("desk", "id")
    office.sign_in(service.person("here", Role.REVIEWER).login)
    office.open("#/objections")
    office.page.locator(".rows li").first.wait_for()
    for text, (one, objection) in zip(texts, filed, strict=True):
        citizen.open(f"#/objection/{objection.number}")
        citizen.page.locator(".answered .words", has_text=text.strip()).wait_for()
        citizen.open(f"#/verify/{one.sha256}")
        citizen.page.locator(".facts dd", has_text=text.strip()).wait_for()
        citizen.open(f"#/object/permit/{text[:30]}")
        citizen.page.locator(".notice.bad").wait_for()
        office.open(f"#/objections/{objection.id}")
        office.page.locator("blockquote", has_text=text.strip()).wait_for()
        office.page.locator(".card a", has_text=text.strip()).wait_for()
        office.page.locator(".contact button").click()
        office.page.locator(".contact strong", has_text=text.strip()).wait_for()
        office.page.locator(".answered .words", has_text=text.strip()).wait_for()
    citizen.require_peace()
    office.require_peace()


def test_an_inspection_names_what_was_objected_to_it(service, visit) -> None:
    run, _ = finish(service)
    here, reviewer = service.offices["here"], service.people["here", Role.REVIEWER]
    with service.records.reading(here) as session:
        sha256 = session.scalars(select(Report).where(Report.inspection_id == run)).one().sha256
        code = session.scalars(select(Finding).where(Finding.inspection_id == run)).one().code
    for finding in (code, None):
        asked = Objecting(
            tracking_code=None,
            report_sha256=sha256,
            finding=finding,
            text="This is not ours.",
            contact=None,
        )
        objection = file_objection(service.records, asked)
        if finding is not None:
            with service.records.writing(here) as session:
                row = session.get_one(Objection, objection.id)
                answer(session, row, outcome=AnswerOutcome.PARTLY, text="Indeed.", by=reviewer)
    office = visit("desk", "en")
    office.sign_in(service.person("here", Role.REVIEWER).login)
    office.open(f"#/inspection/{run}")
    page = office.page
    whole = page.locator(".objected:has(h3) li")
    whole.filter(has_text="the whole report · waits for an answer").wait_for()
    whole.filter(has_text=f"{code} · Upheld in part").wait_for()
    page.keyboard.press("j")
    panel = page.locator(".one .objected li")
    expect(panel).to_have_count(1)
    expect(panel).to_contain_text("Upheld in part")
    office.require_access_for_all()
    panel.get_by_role("link").click()
    page.get_by_text("Indeed.").wait_for()
    office.require_peace()


def test_what_is_half_written_outlives_another_language(service, visit) -> None:
    """On pages of the public and of the office: words, choices and how to reach a person."""
    report = service.report("here")
    citizen = visit("phone", "id")
    page = citizen.page
    citizen.open(f"#/object/report/{report.sha256}")
    page.locator("textarea[name=text]").fill("Batas yang dipakai bukan batas izin saya.")
    page.locator("input[name=contact]").fill(CONTACT)
    page.get_by_role("button", name="English").click()
    page.get_by_label("How the office can reach you").wait_for()
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("^Batas yang dipakai"))
    expect(page.locator("input[name=contact]")).to_have_value(CONTACT)
    page.reload()
    page.locator("textarea[name=text]").wait_for()
    expect(page.locator("input[name=contact]")).to_have_value("")
    page.locator("input[name=contact]").fill(CONTACT)
    page.get_by_role("button", name="Bahasa Indonesia").click()
    # What was clicked before the page is drawn anew would be lost with it.
    page.get_by_label("Cara menghubungi Anda").wait_for()
    expect(page.locator("input[name=contact]")).to_have_value(CONTACT)
    page.locator("form button.main").click()
    number = page.locator(".number").inner_text()
    # It is told once: another language does not take it away, another page does.
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Objection sent").wait_for()
    assert page.locator(".number").inner_text() == number
    citizen.open("#/verify")
    page.locator("input[name=mark]").fill("A1B2-C3D4")
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.locator("input[name=mark]")).to_have_value("A1B2-C3D4")
    citizen.open(f"#/object/report/{report.sha256}")
    expect(page.locator("textarea[name=text]")).to_have_value("")
    citizen.require_peace()

    office = visit("desk", "en")
    page = office.page
    office.open("#/")
    page.locator("input[name=login]").fill("somebody")
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.locator("input[name=login]")).to_have_value("somebody")
    office.sign_in(service.person("here", Role.AUDITOR).login)
    office.open("#/audit")
    page.locator("select[name=action]").select_option("session.began")
    page.locator("input[name=since]").fill("2026-01-02T03:04")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("select[name=action]")).to_have_value("session.began")
    expect(page.locator("input[name=since]")).to_have_value("2026-01-02T03:04")
    office.require_peace()
