"""What pages say when something is wrong, and that they come back by themselves or when asked."""

import json

from inspection.records.tables.offices import Role

PROBLEM = "application/problem+json"
ANSWERS = {
    # What some machine between here and there says, and what our own service does.
    "500": (
        500,
        "text/html",
        "<h1>oops</h1>",
        "between this device and the service answered (500)",
    ),
    "503": (503, PROBLEM, "database_away", "words of database_away"),
    "403": (403, PROBLEM, "forbidden", "words of forbidden"),
    "429": (429, PROBLEM, "asked_too_often", "Wait 17 seconds"),
    "offline": (0, "", "", "The service cannot be reached"),
}


def answering(status: int, kind: str, body: str):
    """Whatever is asked for, it is answered with this; with 0, not at all."""
    problem = {
        "title": f"The words of {body}.",
        "detail": "Wait 17 seconds and ask again.",
        "code": body,
        "status": status,
    }
    text = json.dumps(problem) if kind == PROBLEM else body

    def answer(route) -> None:
        if status == 0:
            route.abort()
        else:
            route.fulfill(status=status, content_type=kind, body=text)

    return answer


def test_a_page_that_fails_says_what_to_do_and_comes_back(service, visit, photograph) -> None:
    visitor = visit("phone")
    page = visitor.page
    visitor.sign_in(service.person("here", Role.AUDITOR).login)
    heading = page.get_by_role("heading", name="Inspections of the office")
    heading.wait_for()
    lists = "**/api/v1/inspections?*"
    for name, (status, kind, body, told) in ANSWERS.items():
        page.route(lists, answering(status, kind, body))
        visitor.open(f"?{name}#/inspections")
        notice = page.locator(".notice.bad")
        notice.get_by_text(told).wait_for()
        assert notice.locator("p").inner_text() != "", "what to do"
        assert page.evaluate("document.activeElement.id") == "page"
        visitor.require_access_for_all()
        photograph(visitor, f"trouble-{name}-en-phone-light")
        page.unroute(lists)
        if status == 0:
            page.evaluate("dispatchEvent(new Event('online'))")
        else:
            page.get_by_role("button", name="Try again").click()
        heading.wait_for()
    page.route("**/api/v1/session", lambda route: route.abort())
    page.reload()
    page.get_by_text("The service cannot be reached").wait_for()
    assert page.locator("input[name=password]").count() == 0, "nobody is signed out by a bad line"
    page.unroute("**/api/v1/session")
    page.get_by_role("button", name="Try again").click()
    heading.wait_for()
    visitor.faults = [one for one in visitor.faults if not one.startswith("50")]
    visitor.require_peace()
