"""Inspections by a table in the browser, and the addresses of layers for a GIS."""

import json
import re
import zipfile

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from inspection.errors import UnfinishedError
from inspection.jobs.trying import in_short
from inspection.records.tables.inspections import InspectionRun, InspectionState, ReviewState
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import Permit
from inspection.records.tables.trials import TrialItem, TrialState
from inspection.terminal.failure import failure_of, problem_of
from tests.api.web.conftest import INJECTED
from tests.inspection.jobs.done import made


@pytest.fixture
def table(service):
    """Two rows that can be inspected and one that cannot, and what they are called."""
    permits = [service.permit("here") for _ in range(2)]
    word = service.next("site-")
    service.upload("here", word.encode(), name=f"{word}.tif")
    with service.records.reading(service.offices["here"]) as session:
        names = [session.get_one(Permit, one).reference for one in permits]
    rows = [f"{name},{word}.tif" for name in names]
    yield "\n".join(["permit,current", rows[0], f"{INJECTED},{word}.tif", rows[1], ""]), names
    service.take_back_inspections()


def put(service, reference, state, **more) -> None:
    """As a worker would leave the newest inspection of a permit."""
    with service.records.writing(service.offices["here"]) as session:
        asked = (
            select(InspectionRun)
            .join(Permit, Permit.id == InspectionRun.permit_id)
            .where(Permit.reference == reference)
            .order_by(InspectionRun.created_at.desc(), InspectionRun.id.desc())
            .limit(1)
        )
        row = session.scalars(asked).one()
        row.state = state
        for name, value in more.items():
            setattr(row, name, value)


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_a_table_is_judged_started_watched_and_tried_again(
    service, visit, table, photograph, size, scheme
) -> None:
    text, names = table
    visitor = visit(size, "en", color_scheme=scheme)
    page = visitor.page
    visitor.sign_in(service.person("here", Role.GIS).login)
    visitor.open("#/batches")
    page.get_by_role("heading", level=1, name="Inspections by table").wait_for()
    page.get_by_role("button", name="Check the table").click()
    page.get_by_text("Choose a table first.").wait_for()
    file = {"name": "table.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("#table").set_input_files(file)
    page.get_by_role("button", name="Check the table").click()
    page.get_by_text("2 rows can be inspected, 1 cannot. Nothing has started yet.").wait_for()
    bad = page.locator(".rows > li", has_text=INJECTED)
    expect(bad).to_contain_text("is no permit on record")
    visitor.require_access_for_all()
    photograph(visitor, f"batch-judged-{size}-{scheme}")

    page.get_by_role("button", name="Start inspections: 2").click()
    page.wait_for_url(re.compile("#/batches/."))
    page.get_by_text("0 of 2 that were started are over").wait_for()
    rows = page.locator(".rows > li")
    expect(rows).to_have_count(3)
    page.get_by_role("heading", level=1, name=re.compile("^table.csv, ")).wait_for()
    for number, name in enumerate((names[0], INJECTED, names[1])):
        expect(rows.nth(number)).to_contain_text(f"Row {number + 2}: {name}")
        expect(rows.nth(number)).to_contain_text("site-")
    expect(rows.nth(1)).to_contain_text("Not started")
    # What a worker does is seen without asking for it.
    put(service, names[0], InspectionState.RUNNING, step="register", share=0.5)
    expect(rows.nth(0)).to_contain_text(re.compile("Under way · .* 50%"), timeout=30_000)
    problem = problem_of(failure_of(UnfinishedError("disk_full")))
    put(service, names[1], InspectionState.FAILED, problem=problem)
    put(service, names[0], InspectionState.DONE, step=None, review=ReviewState.OPEN)
    page.get_by_text("All 2 that were started are over").wait_for(timeout=30_000)
    expect(rows.nth(2)).to_contain_text("Failed")
    page.get_by_label("only what failed or was not started").check()
    expect(rows).to_have_count(2)
    visitor.require_access_for_all()
    photograph(visitor, f"batch-{size}-{scheme}")
    page.get_by_role("button", name="Try 1 that failed again").click()
    page.get_by_text("1 of 2 that were started are over").wait_for()
    expect(rows).to_have_count(1)
    page.get_by_label("only what failed or was not started").uncheck()
    page.get_by_role("link", name="All tables").click()
    first = page.locator(".rows > li").first
    expect(first).to_contain_text("table.csv")
    expect(first).to_contain_text("Done: 1 · Waiting: 1 · Not started: 1")
    visitor.require_peace()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"\x00\x01\x02 nothing that is a table" * 50, "a.csv", None),
        (b"permit,baseline\n1,2\n", "a.csv", "The table has no column current."),
        (b"permit,current\n" + b"x,auto\n" * 10_000, "a.csv", "The table has 10,000 rows;"),
    ],
)
def test_what_is_no_table_is_told_in_a_sentence(service, visit, content, name, said) -> None:
    visitor = visit()
    page = visitor.page
    visitor.sign_in(service.person("here", Role.GIS).login)
    visitor.open("#/batches")
    page.locator("#table").set_input_files({"name": name, "mimeType": "", "buffer": content})
    page.get_by_role("button", name="Check the table").click()
    trouble = page.get_by_role("alert")
    trouble.wait_for()
    expect(trouble).to_contain_text(said or "The table")
    visitor.require_peace()


@pytest.mark.parametrize(("size", "language"), [("phone", "id")])
def test_other_rules_are_tried_by_the_service_and_by_a_command(
    service, visit, done, photograph, size, language
) -> None:
    _, reference = done()
    visitor = visit(size, language)
    page = visitor.page
    visitor.sign_in(service.person("here", Role.GIS).login)
    visitor.open("#/batches")
    part = page.locator("section", has_text="Apa yang berubah dengan aturan lain?")
    part.get_by_label("Aturan yang dicoba").select_option("generic")
    part.get_by_text("Di mesin layanan itu sendiri").click()
    command = part.get_by_label("Perintah untuk mesin itu", exact=True)
    expect(command).to_have_value(
        "tinjau batch --permits '*' --office here --profile generic --dry-run --out what-if"
    )
    # Rules of one's own, that are none; then some that come along.
    part.get_by_label("Aturan yang dicoba").select_option(label="Berkas aturan sendiri")
    part.get_by_role("button", name="Coba aturan ini").click()
    part.get_by_text("Pilih dahulu berkas aturan.").wait_for()
    file = {"name": "a.toml", "mimeType": "", "buffer": b"limt = 1"}
    part.get_by_label("Berkas aturan (.toml)").set_input_files(file)
    part.get_by_role("button", name="Coba aturan ini").click()
    part.get_by_role("alert").wait_for()
    part.get_by_label("Aturan yang dicoba").select_option("indonesia-province")
    part.get_by_label("Hanya izin yang memuat kata-kata ini").fill(reference)
    part.get_by_role("button", name="Coba aturan ini").click()
    page.get_by_role("heading", level=1, name=re.compile("^Andai indonesia-province, ")).wait_for()
    page.get_by_text("0 dari 1 hasil sudah dicoba").wait_for()
    page.get_by_text("Percobaan: tidak ada yang diterbitkan").wait_for()
    as_tried(service)
    row = page.locator(".rows > li")
    expect(row).to_contain_text("Dapat dibandingkan? ✓ ya → ✕ tidak", timeout=15_000)
    expect(row).to_contain_text("jawaban berbeda")
    expect(row.get_by_role("link", name=reference, exact=True)).to_be_visible()
    page.get_by_text("Semua 1 hasil sudah selesai; 1 akan berbeda jawabannya").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, f"what-if-{language}-{size}")
    first, second = (one.bounding_box() for one in page.locator(".files a").all())
    assert second["y"] >= first["y"] + first["height"] or second["x"] > first["x"] + first["width"]
    with page.expect_download() as given:
        page.get_by_role("link", name="Semua jawaban sebagai buku kerja (Excel)").click()
    assert given.value.suggested_filename == "what-if.xlsx"
    page.get_by_role("link", name="Semua tabel").click()
    page.get_by_text("Hasil dengan jawaban berbeda: 1").first.wait_for()


def as_tried(service) -> None:
    """What a worker would write of the one result of the newest trial."""
    with service.records.writing(service.offices["here"]) as session:
        row = session.scalars(
            select(TrialItem).order_by(TrialItem.created_at.desc()).limit(1)
        ).one()
        before, after = in_short(made_document()), in_short(made_document())
        after["answers"]["comparable"]["verdict"] = "fail"
        row.state, row.before, row.after, row.changes = TrialState.DONE, before, after, 1


def made_document() -> dict:
    """The document of the smallest inspection."""
    return json.loads((made() / "inspection.json").read_bytes())


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "id")])
def test_addresses_of_layers_are_copied_and_lead_to_the_layers(
    service, visit, done, photograph, size, language
) -> None:
    run, reference = done()
    person = service.person("here", Role.AUDITOR)
    visitor = visit(size, language, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open("#/layers")
    row = page.locator(".rows > li", has_text=reference)
    row.locator("summary").click()
    features = page.get_by_label("OGC API - Features", exact=True)
    expect(features).to_have_value(f"{service.url}/ogc")
    tiles = f"{service.url}/tiles/{run}"
    expect(row.get_by_label("WMTS", exact=True)).to_have_value(f"{tiles}/WMTSCapabilities.xml")
    told = [one.input_value() for one in row.locator("input").all()]
    assert told[1:] == [f"{tiles}/{one}/{{z}}/{{x}}/{{y}}.png" for one in (
        "current", "baseline", "change",
    )]  # fmt: skip
    with page.expect_download() as given:
        row.get_by_role("link", name="QGIS").click()
    assert given.value.suggested_filename.endswith(".qgz")
    with zipfile.ZipFile(given.value.path()) as project:
        (name,) = (one for one in project.namelist() if one.endswith(".qgs"))
        assert f"{service.url}/ogc" in project.read(name).decode()
    row.get_by_role("button").first.click()
    row.get_by_text({"en": "Copied", "id": "Tersalin"}[language]).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{tiles}/WMTSCapabilities.xml"
    with service.signed_in("here", person.id) as client:
        assert client.get(f"{tiles}/WMTSCapabilities.xml").status_code == 200
        assert client.get(f"{service.url}/ogc").status_code == 200
    visitor.require_access_for_all()
    visitor.require_peace()
    photograph(visitor, f"layers-{language}-{size}")
