"""A reviewer at work: from the queue to a decision, by keyboard, and the report on the record."""

import json
import re

from pyproj import Geod
from shapely.geometry import shape
from sqlalchemy import select

from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    InspectionRun,
)
from inspection.records.tables.offices import Role
from tests.api.web.finished import add_by_hand, find_more, words, write_report
from tests.inspection.jobs.done import made

BAR_PX = 60
"""As on every other page."""


def test_from_the_queue_to_the_receipt_by_keyboard(service, visit, done, photograph) -> None:
    person = service.person("here", Role.REVIEWER)
    run, reference = done()
    add_by_hand(service, run)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    page.get_by_role("heading", name="Waiting for review").wait_for()
    page.get_by_role("link", name=reference, exact=True).click()
    page.locator(".answers li").nth(4).wait_for()
    page.locator("[data-ready] .map[aria-busy=false]").wait_for()
    visitor.require_access_for_all()
    look_at_the_keys(page)
    accept_one_and_reject_one(visitor, photograph)
    assert words(service, run) == {
        "F001": [("accepted", None)],
        "H001": [("accepted", None), ("rejected", "shadow")],
    }
    decide_and_attach(service, visitor, run, photograph)
    visitor.open("#/reviews")
    page.get_by_role("heading", name="Waiting for review").wait_for()
    assert page.get_by_role("link", name=reference, exact=True).count() == 0
    visitor.require_peace()


def look_at_the_keys(page) -> None:
    page.keyboard.press("?")
    page.locator("dialog .keys").wait_for()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.keyboard.press("a")
    page.locator(".told", has_text="Choose a finding first").wait_for()


def accept_one_and_reject_one(visitor, photograph) -> None:
    page = visitor.page
    page.keyboard.press("j")
    page.locator(".one h3", has_text="F001 · vegetation clearing").wait_for()
    page.locator(
        ".one", has_text=re.compile("888 ± 30 m².*different seasons", re.DOTALL)
    ).wait_for()
    assert page.get_by_role("button", name="Confirm the result").is_disabled()
    page.locator(".map[aria-busy=false]").wait_for()
    require_all_in_the_window(page)
    page.keyboard.press("b")
    page.locator("button[aria-pressed=true]", has_text="Earlier flight").wait_for()
    page.get_by_role("button", name="Swipe").click()
    page.locator(".map[aria-busy=false]").wait_for()
    photograph(visitor, "review-en-desk-light")
    with page.expect_response(is_word) as answer:
        page.keyboard.press("a")
    assert answer.value.status == 201
    page.locator(".pick", has_text="F001").locator(".tag.good").wait_for()
    page.locator(".told", has_text="F001 accepted. Not judged yet: 0.").wait_for()

    page.keyboard.press("j")
    page.locator(".one h3", has_text="H001 · road").wait_for()
    page.locator(".key li", has_text="disturbed before, still open").wait_for()
    page.keyboard.press("r")
    page.locator("dialog select").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "review-reason-en-desk-light")
    page.locator("dialog select").select_option("shadow")
    page.keyboard.press("Tab")
    page.keyboard.type("jab")
    with page.expect_response(is_word) as answer:
        page.get_by_role("button", name="Reject", exact=True).click()
    assert answer.value.status == 201
    page.locator(".one", has_text=re.compile("rejected: shadow.*jab", re.DOTALL)).wait_for()
    page.locator("button:not([disabled])", has_text="Confirm the result").wait_for()
    require_all_in_the_window(page)
    # By another library than the product's: of F001 whole, of H001 nothing any more.
    (stated,) = json.loads((made() / "inspection.json").read_bytes())["findings"]
    ground = shape({"type": "MultiPolygon", "coordinates": stated["vertices"]})
    hectares = f"{abs(Geod(ellps='WGS84').geometry_area_perimeter(ground)[0]) / 1e4:.4f}"
    cells = page.locator(".tally tr", has_text="inside").locator("td").all_inner_texts()
    assert cells == [hectares] * 4
    assert page.locator(".tally tr", has_text="findings").locator("td").all_inner_texts() == list(
        "1111"
    )


def require_all_in_the_window(page) -> None:
    """Map, the words to say, and the list: nothing of them is out of sight."""
    parts = (".map", ".one h3", ".one .line", ".pick[aria-current=true]")
    for top, bottom in heights(page, *parts):
        assert 0 <= top < bottom <= page.viewport_size["height"]
    ((top, bottom),) = heights(page, ".bar")
    assert bottom - top < BAR_PX + 1


def heights(page, *parts: str) -> list[list[float]]:
    """From where to where each part reaches on the screen: all at one moment."""
    measure = "(all) => all.map((one) => document.querySelector(one).getBoundingClientRect())"
    return page.evaluate(f"(all) => ({measure})(all).map((one) => [one.top, one.bottom])", parts)


def decide_and_attach(service, visitor, run, photograph) -> None:
    page = visitor.page
    page.get_by_label("Note to the decision").fill("as seen")
    page.get_by_role("heading", name="Report of the machine, not reviewed yet").wait_for()
    page.get_by_role("button", name="Confirm the result").click()
    page.locator("dialog", has_text="accepted: 1, rejected: 1, edited: 0").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "review-sure-en-desk-light")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert decisions(service, run) == []
    page.get_by_role("button", name="Confirm the result").click()
    assert page.get_by_label("Attach the report to the permit's record").is_checked()
    page.locator("dialog button.main").click()
    page.get_by_text("will be written shortly").wait_for()
    page.get_by_text("It will be attached to the permit's record in the same moment").wait_for()
    page.get_by_role("heading", name="until the decided one is written").wait_for()
    page.locator("main .tag", has_text="Result confirmed").first.wait_for()
    assert page.get_by_role("button", name="Accept", exact=True).count() == 0
    steps = page.locator(".foldeds summary", has_text="Suggested next steps")
    before = steps.inner_text()
    tally = page.locator(".tally").inner_text()
    write_report(service, run)
    page.get_by_text("The report says what was decided").wait_for()
    page.get_by_role("heading", name="The decided report, in force").wait_for()
    page.locator(".notice.good", has_text="receipt here-0").wait_for()
    # Without loading the page anew: what the answers call for is no longer a review.
    page.wait_for_function(
        "(before) => document.querySelector('.foldeds summary')?.innerText !== before", arg=before
    )
    assert page.locator(".tally").inner_text() == tally
    with page.expect_download() as download:
        page.get_by_role("link", name="GeoPackage").click()
    assert download.value.path().read_bytes() == (made() / "inspection.gpkg").read_bytes()
    visitor.require_access_for_all()
    photograph(visitor, "review-decided-en-desk-light")


def is_word(answer) -> bool:
    return answer.url.endswith("/reviews") and answer.request.method == "POST"


def test_what_does_not_arrive_is_taken_back_and_what_changed_is_told(
    service, visit, done, photograph
) -> None:
    person = service.person("here", Role.REVIEWER)
    run, _ = done()
    visitor = visit("phone", "id")
    page = visitor.page
    visitor.sign_in(person.login)
    page.get_by_role("heading", name="Menunggu peninjauan").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "reviews-id-phone-light")
    visitor.open(f"#/inspection/{run}")
    page.locator("[data-ready] .map[aria-busy=false]").wait_for()
    page.locator(".pick").first.click()
    page.context.route("**/reviews", lambda route: route.abort())
    page.get_by_role("button", name="Terima", exact=True).click()
    page.locator(".told", has_text="ditarik kembali").wait_for()
    page.locator(".desk .notice.bad").wait_for()
    page.locator(".pick .tag", has_text="belum dinilai").wait_for()
    (top, bottom), (about, _) = heights(page, ".map", ".one h3")
    assert 0 <= top < bottom <= about < page.viewport_size["height"]
    assert words(service, run) == {"F001": []}
    visitor.require_access_for_all()
    photograph(visitor, "review-undone-id-phone-light")
    page.context.unroute("**/reviews")
    page.get_by_role("button", name="Terima", exact=True).click()
    approve = page.get_by_role("button", name="Sahkan hasil", exact=True)
    page.locator("button:not([disabled])", has_text=re.compile("^Sahkan hasil")).wait_for()

    # That the tap did something is seen between the map and what is read.
    require_told_in_sight(page)
    reject_as_a_colleague(service, run)
    page.get_by_role("button", name="Terima", exact=True).click()
    page.locator(".desk .notice.bad", has_text="sudah memberi penilaian lain atas F001").wait_for()
    page.locator(".pick .tag", has_text="ditolak").wait_for()
    page.get_by_role("button", name="Terima", exact=True).click()
    page.locator(".pick .tag", has_text="diterima").wait_for()
    page.locator("button:not([disabled])", has_text=re.compile("^Sahkan hasil")).wait_for()
    assert words(service, run) == {
        "F001": [("accepted", None), ("rejected", "shadow"), ("accepted", None)]
    }

    add_by_hand(service, run)
    approve.click()
    page.locator("dialog button.main").click()
    page.get_by_text("Data di halaman ini sudah dimuat ulang").wait_for()
    page.locator(".decision li", has_text=re.compile("^H001.*diterima")).wait_for()
    assert page.locator(".decision li", has_text="F001").count() == 0
    page.locator(".pick", has_text="H001").wait_for()
    assert decisions(service, run) == []
    visitor.require_access_for_all()
    photograph(visitor, "review-changed-id-phone-light")
    decide_and_attach_by_hand(service, visitor, run, photograph)
    assert decisions(service, run) == [(DecisionOutcome.APPROVED, person.id)]
    visitor.require_peace()


def test_a_quick_reviewer_on_a_slow_line_is_never_told_of_oneself(service, visit, done) -> None:
    run, _ = done()
    find_more(service, run, 7)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(service.person("here", Role.REVIEWER).login)
    visitor.open(f"#/inspection/{run}")
    page.locator("[data-ready] .map[aria-busy=false]").wait_for()
    answers = []
    page.on("response", lambda one: is_word(one) and answers.append(one.status))
    # What is read after one word comes after the next one is on the record.
    visitor.slow_down(latency_ms=500)
    page.keyboard.press("j")
    for number in range(1, 9):
        page.locator(".one h3", has_text=f"F00{number}").wait_for()
        page.keyboard.press("a")
        page.wait_for_timeout(700)
    # On the last one nothing is left to go to: the same word again is none.
    for _ in range(2):
        page.keyboard.press("a")
        page.locator(".told", has_text="F008 is accepted already").wait_for()
        page.wait_for_timeout(400)
    page.locator("button:not([disabled])", has_text="Confirm the result").wait_for()
    assert answers == [201] * 10
    assert words(service, run) == {f"F00{one}": [("accepted", None)] for one in range(1, 9)}
    assert page.locator(".desk .notice").count() == 0
    visitor.require_peace()


def require_told_in_sight(page) -> None:
    (_, under), (top, bottom), (about, _) = heights(page, ".map", ".told", ".one h3")
    assert under - 1 <= top < bottom <= about < page.viewport_size["height"]


def decide_and_attach_by_hand(service, visitor, run, photograph) -> None:
    page = visitor.page
    page.locator("button:not([disabled])", has_text=re.compile("^Sahkan hasil")).click()
    page.get_by_label("Lampirkan laporan pada catatan izin").uncheck()
    visitor.require_access_for_all()
    photograph(visitor, "review-sure-id-phone-light")
    page.locator("dialog button.main").click()
    page.locator(".decision .answer", has_text=re.compile("^Hasil pemeriksaan disahkan")).wait_for()
    write_report(service, run)
    page.get_by_role("heading", name="Laporan yang memuat keputusan dan berlaku").wait_for()
    assert page.locator(".decision .notice.good").count() == 0, "nobody asked for it to be attached"
    page.get_by_role("button", name="Lampirkan pada catatan izin").click()
    page.locator(".decision .notice.good", has_text="tanda terima here-0").wait_for()


def decisions(service, run) -> list:
    with service.records.reading(service.offices["here"]) as session:
        made = session.scalars(select(Decision).where(Decision.inspection_id == run))
        return [(one.outcome, one.decided_by) for one in made]


def reject_as_a_colleague(service, run) -> None:
    with service.as_role(Role.REVIEWER) as client:
        (one,) = client.get(f"/api/v1/inspections/{run}/findings").json()["items"]
        said = {"outcome": "rejected", "reason_code": "shadow"}
        client.post(f"/api/v1/findings/{one['id']}/reviews", json=said).raise_for_status()


def test_what_a_colleague_decided_first_is_shown_in_place(service, visit, done) -> None:
    for act in ("decide", "judge"):
        run, _ = done()
        visitor = visit()
        page = visitor.page
        visitor.sign_in(service.person("here", Role.REVIEWER).login)
        visitor.open(f"#/inspection/{run}")
        page.locator("[data-ready] .map[aria-busy=false]").wait_for()
        page.keyboard.press("j")
        page.keyboard.press("a")
        confirm = page.locator("button:not([disabled])", has_text="Confirm the result")
        confirm.wait_for()
        decide_as_a_colleague(service, run)
        held = hold_back(page, "**/ground")
        if act == "decide":
            confirm.click()
            page.locator("dialog button.main").click()
        else:
            page.keyboard.press("r")
            page.locator("dialog select").select_option("shadow")
            page.get_by_role("button", name="Reject", exact=True).click()
        page.locator(".notice.bad", has_text="The inspection is decided").wait_for()
        page.locator(".decision .answer", has_text="Result not confirmed by").wait_for()
        page.get_by_text("as seen there").wait_for()
        for name in ("Confirm the result", "Do not confirm it", "Return", "Accept"):
            assert page.get_by_role("button", name=name, exact=True).count() == 0
        # Nobody waits for the rest of what is read before that is seen.
        page.context.unroute("**/ground")
        assert held
        page.locator("main .tag", has_text="Result not confirmed").first.wait_for()
        page.locator(".pick .tag", has_text="accepted").wait_for()
        if act == "decide":
            page.get_by_text("shows the one that was made").wait_for()
        assert page.get_by_text("then decide again").count() == 0
        visitor.require_peace()


def hold_back(page, address: str) -> list:
    """What is asked of an address and not answered yet."""
    held = []

    def hold(route) -> None:
        held.append(route)

    page.context.route(address, hold)
    return held


def decide_as_a_colleague(service, run) -> None:
    with service.as_role(Role.REVIEWER) as client:
        address = f"/api/v1/inspections/{run}"
        sha256 = client.get(address).json()["standing"]["reviews_sha256"]
        decision = {"outcome": "declined", "note": "as seen there", "reviews_sha256": sha256}
        client.post(f"{address}/decisions", json=decision).raise_for_status()


def test_nobody_reviews_what_they_sent(service, visit, done) -> None:
    person = service.person("here", Role.REVIEWER, Role.INSPECTOR)
    run, reference = done(by=person.id)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    page.get_by_role("link", name="To review").click()
    row = page.locator(".rows li", has=page.get_by_role("link", name=reference, exact=True))
    row.locator(".tag", has_text="You sent it").wait_for()
    row.get_by_role("link", name=reference, exact=True).click()
    page.get_by_text("a colleague reviews it").wait_for()
    page.locator("[data-ready]").wait_for()
    page.keyboard.press("j")
    page.locator(".one h3", has_text="F001").wait_for()
    page.keyboard.press("a")
    assert page.get_by_role("button", name="Accept", exact=True).count() == 0
    assert page.get_by_role("button", name="Confirm the result", exact=True).count() == 0
    page.get_by_text("so that two people have seen it").wait_for()
    assert words(service, run) == {"F001": []}
    tell_what_was_decided(service, visitor, run, reference)
    visitor.require_peace()


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


def tell_what_was_decided(service, visitor, run, reference) -> None:
    page = visitor.page
    row = page.locator(".rows li", has=page.get_by_role("link", name=reference, exact=True))
    page.get_by_role("link", name="Inspections").click()
    row.locator(".tag", has_text="Waiting for review").wait_for()
    with service.as_role(Role.REVIEWER) as client:
        address = f"/api/v1/inspections/{run}"
        for outcome in ("returned", "approved"):
            told = client.get(address).json()
            if outcome == "approved":
                (finding,) = client.get(f"{address}/findings").json()["items"]
                said = {"outcome": "accepted"}
                client.post(f"/api/v1/findings/{finding['id']}/reviews", json=said)
                told = client.get(address).json()
            sha256 = told["standing"]["reviews_sha256"]
            decision = {"outcome": outcome, "note": "as seen", "reviews_sha256": sha256}
            client.post(f"{address}/decisions", json=decision).raise_for_status()
            page.reload()
            tag = {"returned": "Returned", "approved": "Result confirmed"}
            row.locator(".tag", has_text=tag[outcome]).wait_for()
            row.get_by_role("link", name=reference, exact=True).click()
            sentence = {"returned": "The reviewer returned it", "approved": "result was confirmed"}
            page.get_by_text(sentence[outcome]).wait_for()
            page.get_by_role("link", name="Inspections").click()
            row.wait_for()
