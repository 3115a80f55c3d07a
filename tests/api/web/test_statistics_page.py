"""Figures of an office in the browser: charts beside their tables, for eyes and for ears."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from inspection.exchange.workbook import XLSX
from inspection.records.tables.inspections import DecisionOutcome
from inspection.records.tables.offices import Role
from tests.api.test_statistics import ACCEPTED, EDITED, Bureau, ledger, there
from tests.api.web.conftest import INJECTED

TITLES = {"en": "How the office does", "id": "Kinerja kantor"}


@pytest.fixture
def bureau(service):
    """An office with something of everything."""
    bureau = Bureau(service)
    bureau.calendar()
    asked = there("2026-02-06 10:00")
    run = bureau.run(asked=asked, flown=asked, ledger_ha=ledger(1.5, 0.75, 0.0))
    bureau.find(run, ACCEPTED)
    bureau.find(run, EDITED, doubts=["shadow"])
    bureau.find(run, "shadow", ground_class="water", doubts=["shadow", "edge"])
    bureau.decide(run, there("2026-02-09 10:00"))
    pit = bureau.permit(INJECTED, regency="Kab. Bandung Barat", district=INJECTED)
    bureau.run(pit, asked=there("2026-03-06 10:00"), ledger_ha=ledger(3.25))
    late = bureau.run(asked=there("2026-03-06 10:00"), is_comparable=False)
    bureau.decide(late, there("2026-03-09 11:00"), DecisionOutcome.DECLINED)
    waiting = bureau.run(asked=datetime.now(UTC) - timedelta(days=20))
    bureau.find(waiting)
    bureau.find(waiting, ground_class="road")
    return bureau


def cells(section) -> list[list[str]]:
    return [row.split("\t") for row in section.locator("tbody tr").all_inner_texts()]


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [("desk", "en", "light"), ("phone", "id", "dark"), ("desk", "id", "dark"),
     ("phone", "en", "light")],
)  # fmt: skip
def test_everybody_of_an_office_sees_how_it_does(
    bureau, visit, photograph, size, language, scheme
) -> None:
    visitor = visit(size, language, color_scheme=scheme)
    page = visitor.page
    visitor.sign_in(bureau.service.person(bureau.code, Role.GIS).login)
    visitor.open("#/statistics/2026-01/2026-03")
    page.get_by_role("heading", level=1, name=TITLES[language]).wait_for()
    sections = page.locator("section.figure")
    expect(sections).to_have_count(9)
    # Each chart is one picture with a name, and its numbers stand in a table beside it.
    for at in range(9):
        section = sections.nth(at)
        assert section.get_by_role("img").get_attribute("aria-label")
        assert section.get_by_role("table").locator("tbody tr").count() > 0
        assert section.locator("th[scope=row]").count() == section.locator("tbody tr").count()
        links = section.locator(".files a")
        addresses = [links.nth(number).get_attribute("href") for number in range(links.count())]
        with bureau.service.signed_in(bureau.code, bureau.reviewer) as client:
            kinds = [client.get(one).headers["content-type"] for one in addresses]
        assert [kind.partition(";")[0] for kind in kinds] == [XLSX, "text/csv"]
    if size == "desk":
        widths = "all => all.every((one) => one.scrollWidth <= one.clientWidth)"
        assert page.locator(".figure .scroll").evaluate_all(widths), "no column is out of sight"
    visitor.require_access_for_all()
    visitor.require_calm()
    visitor.require_peace()
    photograph(visitor, f"statistics-{language}-{size}-{scheme}")


def test_the_numbers_are_those_of_the_record_and_other_months_are_asked_for(bureau, visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.sign_in(bureau.service.person(bureau.code, Role.AUDITOR).login)
    page.get_by_text("Office", exact=True).click()
    page.get_by_role("link", name="Statistics").click()
    page.get_by_label("From").fill("2026-01")
    page.get_by_label("Until").fill("2026-03")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("statistics/2026-01/2026-03"))
    page.get_by_text("Asked for in these months: 3.").wait_for()
    (months, decisions, classes, causes, doubts, ages, years, districts, permits) = [
        cells(one) for one in page.locator("section.figure").all()
    ]
    assert months == [
        ["Jan 2026", "0", "0", "0", "0", "0", "0"],
        ["Feb 2026", "1", "1", "0", "1", "0", "0"],
        ["Mar 2026", "2", "2", "1", "0", "1", "0"],
    ]
    # Two hours of Friday and two of Monday; the other one is as long and an hour.
    assert decisions == [
        ["All together", "2", "4.5", "5.0"],
        ["Feb 2026", "1", "4.0", "4.0"],
        ["Mar 2026", "1", "5.0", "5.0"],
    ]
    assert classes == [
        ["All together", "3", "2", "1", "67%"],
        ["excavation", "2", "2", "0", "100%"],
        ["standing water", "1", "0", "1", "0%"],
    ]
    assert len(causes) == 1
    assert causes[0][1:] == ["1", "100%"]
    assert [row[0] for row in doubts] == ["shadow", "no doubt", "at unseen ground"]
    assert ages[2] == ["up to 30 d", "2", "1"]
    assert years == [["2026", "2 (compared: 1)", "5.50", "0.75", "0.00"]]
    assert districts == [
        [f"{INJECTED}, Kab. Bandung Barat", "1 (compared: 0)", "3.25", "not known", "not known"],
        ["place not on record", "1", "2.25", "0.75", "0.00"],
    ]
    assert permits[0][0] == INJECTED
    assert permits[0][2:] == ["3.25", "not known", "not known"]
    # A class is told by its filling too, not by its colour alone.
    fills = page.locator("section.figure >> nth=0").locator("rect.part-0, rect.part-1")
    assert fills.count() == 2
    wide = page.locator("section.figure >> nth=6").locator("rect.part-1").get_attribute("fill")
    assert wide.startswith("url(#hatch-")

    page.get_by_label("Until").fill("2025-12")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("The last month lies before the first.").wait_for()
    page.get_by_label("From").fill("2025-12")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("Asked for in these months: 0.").wait_for()
    expect(page.get_by_text("There is nothing to count yet.").first).to_be_visible()
    page.locator("section.figure a", has_text=INJECTED).click()
    page.get_by_role("heading", level=1).filter(has_text=INJECTED).wait_for()
    visitor.require_peace()


@pytest.mark.parametrize("rest", ["2026-13/2026-14", "x", "2026-01/2025-01", "1900-01/2026-01"])
def test_an_address_that_names_no_months_says_so_and_asks_for_others(bureau, visit, rest) -> None:
    visitor = visit()
    visitor.sign_in(bureau.service.person(bureau.code, Role.REVIEWER).login)
    visitor.open(f"#/statistics/{rest}")
    visitor.page.locator(".notice").wait_for()
    expect(visitor.page.get_by_role("button", name="Show")).to_be_visible()
    visitor.require_access_for_all()


def test_an_office_without_any_work_is_told_that_there_is_nothing(service, office, visit) -> None:
    visitor = visit("phone", "id")
    visitor.sign_in(service.person(office, Role.ADMIN).login)
    visitor.open("#/statistics")
    visitor.page.get_by_role("heading", level=1, name=TITLES["id"]).wait_for()
    expect(visitor.page.get_by_text("Belum ada yang dapat dihitung.")).to_have_count(8)
    expect(visitor.page.get_by_text("0 dari 0")).to_have_count(0)
    visitor.require_access_for_all()
    visitor.require_peace()
