"""What the table of an inspection says of its ground, and what it leaves out."""

import json

from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Role
from tests.inspection.jobs.done import made


def test_of_one_flight_alone_nothing_is_told_of_what_is_new(service, visit, done) -> None:
    document = json.loads((made() / "inspection.json").read_bytes())
    found = [{**one, "epoch": "standing"} for one in document["findings"]]
    run, _ = done(said={"findings": found})
    with service.records.writing(service.offices["here"]) as session:
        session.get_one(InspectionRun, run).baseline_id = None
    visitor = visit()
    page = visitor.page
    visitor.sign_in(service.person("here", Role.REVIEWER).login)
    visitor.open(f"#/inspection/{run}")
    page.locator("[data-ready] .map[aria-busy=false]").wait_for()
    page.keyboard.press("j")
    since = page.locator(".one dl div", has_text="Since when")
    since.get_by_text("not known from one flight").wait_for()
    cells = page.locator(".tally tr", has_text="findings").locator("td").all_inner_texts()
    assert cells == ["–", "–", "1", "1"]
    assert "=" not in page.locator(".key .sign").all_inner_texts()
    page.locator(".downloads", has_text="report.pdf").wait_for()
    assert page.locator(".downloads a", has_text="change score").count() == 0
    visitor.require_peace()


def test_the_table_explains_what_it_leaves_out_and_what_is_held_against_the_limit(
    service, visit, done
) -> None:
    document = json.loads((made() / "inspection.json").read_bytes())
    (one,) = document["findings"]
    limits = {**document["answers"]["limits"], "value": 0.0888, "limit": 2.5}
    run, _ = done(
        said={
            "findings": [one, {**one, "id": "F002", "epoch": "recovered"}],
            "answers": {**document["answers"], "limits": limits},
        }
    )
    visitor = visit()
    page = visitor.page
    visitor.sign_in(service.person("here", Role.REVIEWER).login)
    visitor.open(f"#/inspection/{run}")
    page.locator("[data-ready]").wait_for()
    cells = page.locator(".tally tr", has_text="findings").locator("td").all_inner_texts()
    assert cells == list("1111")
    told = page.locator(".tally .aside").all_inner_texts()
    assert "Recovered, in the list but not in this table: 1." in told
    assert any("limit of 2.50 ha: 0.0888 ha of open land" in words for words in told)
    visitor.require_peace()
