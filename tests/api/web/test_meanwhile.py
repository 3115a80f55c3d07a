"""What comes before a decision is made: a line that fails, and colleagues who were first."""

import re

from inspection.records.tables.inspections import DecisionOutcome
from inspection.records.tables.offices import Role
from tests.api.web.conftest import heights
from tests.api.web.finished import (
    add_by_hand,
    decisions,
    find_more,
    is_word,
    words,
    write_report,
)


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


def reject_as_a_colleague(service, run) -> None:
    with service.as_role(Role.REVIEWER) as client:
        (one,) = client.get(f"/api/v1/inspections/{run}/findings").json()["items"]
        said = {"outcome": "rejected", "reason_code": "shadow"}
        client.post(f"/api/v1/findings/{one['id']}/reviews", json=said).raise_for_status()


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
