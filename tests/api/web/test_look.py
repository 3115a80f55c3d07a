"""Every page in both languages, on a desk and on a telephone: for everybody to use."""

import pytest

from inspection.objections.answering import answer
from inspection.objections.filing import Objecting, file_objection
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Role
from inspection.records.tables.reports import AnswerOutcome, Objection, TrackingCode
from tests.api.drawn import GROUND, rasters


@pytest.fixture(scope="module")
def things(service):
    """One inspection in each state that looks different, and a code to follow."""
    person = service.person("here", Role.INSPECTOR)
    runs = {name: service.inspection("here", by=person.id) for name in ("running", "refused")}
    runs["done"] = service.drawn("here", rasters(), GROUND, by=person.id)
    with service.records.writing(service.offices["here"]) as session:
        running = session.get_one(InspectionRun, runs["running"])
        running.state, running.step, running.share = InspectionState.RUNNING, "register", 0.4
        refused = session.get_one(InspectionRun, runs["refused"])
        refused.state = InspectionState.REFUSED
        refused.problem = {"code": "disk_full", "facts": {}, "file": "current.tif", "where": None}
        runs["permit"] = session.get_one(InspectionRun, runs["done"]).permit_id
        session.add(TrackingCode(permit_id=running.permit_id, code="K7QW3MRT9XCD4HPN"))
    return person, runs, objected(service)


def objected(service):
    """An objection to a finding, which the office answered."""
    asked = Objecting(
        tracking_code=None,
        report_sha256=service.report("here").sha256,
        finding="F-001",
        text="The pit lies on the neighbouring permit.",
        contact="by letter",
    )
    filed = file_objection(service.records, asked)
    said, reviewer = "It does, by eleven metres.", service.people["here", Role.REVIEWER]
    with service.records.writing(service.offices["here"]) as session:
        row = session.get_one(Objection, filed.id)
        answer(session, row, outcome=AnswerOutcome.UPHELD, text=said, by=reviewer)
    return asked.report_sha256, filed


LOOKS = [
    ("id", "desk", "light"),
    ("en", "desk", "light"),
    ("id", "phone", "dark"),
    ("en", "phone", "light"),
]


OTHERS = (
    "reviews",
    "people",
    "office",
    "import",
    "mappings",
    "audit",
    "account",
    "verify",
    "object",
)


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_pages_are_for_everybody(visit, things, photograph, look) -> None:
    language, size, scheme = look
    person, runs, (report, objection) = things
    visitor = visit(size, language, color_scheme=scheme)
    page = visitor.page
    # What jumps, jumps where things come one after the other, in pages that are loaded anew.
    is_slow = scheme == "dark"
    if is_slow:
        visitor.slow_down(latency_ms=150)

    def see(name: str, address: str, ready: str) -> None:
        if address != page.evaluate("location.hash"):
            visitor.open(f"?{name}{address}" if is_slow else address)
        page.locator(ready).first.wait_for()
        assert page.locator("html").get_attribute("lang") == language
        visitor.require_access_for_all()
        visitor.require_calm()
        photograph(visitor, f"{name}-{language}-{size}-{scheme}")

    see("sign-in", "#/", "input[name=password]")
    page.locator("input[name=login]").fill("nobody")
    page.locator("input[name=password]").fill("wrong")
    page.locator("form button.main").click()
    see("sign-in-refused", "#/", ".notice.bad")
    see("status", "#/status/K7QW-3MRT-9XCD-4HPN", ".steps .now")
    see("status-unknown", "#/status/NOTHING", ".notice.bad")
    see("verify", f"#/verify/{report}", ".judgement.good")
    see("object", f"#/object/report/{report}", "main select")
    see("objection", f"#/objection/{objection.number}", ".answered")
    visitor.sign_in(person.login)
    see("flights", "#/flights", ".rows li")
    see("inspections", "#/inspections", ".rows li")
    see("upload", "#/upload", ".found li")
    see("permits", "#/permits", ".rows li")
    see("permit", f"#/permit/{runs['permit']}", ".map[data-shown] canvas")
    see("running", f"#/inspection/{runs['running']}", ".steps .now")
    see("refused", f"#/inspection/{runs['refused']}", ".notice.bad")
    see("done", f"#/inspection/{runs['done']}", ".map[aria-busy=false]")
    see("objections", "#/objections", ".rows li")
    see("objection-answered", f"#/objections/{objection.id}", ".answered li")
    see("absent", "#/nonsense", "h1")
    visitor.require_peace()


def test_no_other_page_of_the_office_jumps_or_shuts_anybody_out(service, visit) -> None:
    roles = (Role.REVIEWER, Role.GIS, Role.ADMIN, Role.AUDITOR)
    visitor = visit("phone", "id", color_scheme="dark")
    visitor.slow_down(latency_ms=150)
    visitor.sign_in(service.person("here", *roles).login)
    for name in OTHERS:
        visitor.open(f"?{name}#/{name}")
        visitor.page.locator("main h1").wait_for()
        visitor.page.wait_for_load_state("networkidle")
        visitor.require_access_for_all()
        visitor.require_calm()
    visitor.require_peace()
