"""The pages in a browser that others made, and what it thinks of them."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from api.pages import BUILT
from inspection.records.tables.offices import Office, Role
from tests.api.conftest import PASSWORD, Service
from tests.api.drawn import rasters
from tests.api.web.finished import finish
from tests.api.web.map_shown import Shown, said
from tests.browsing import open_browser

AXE = BUILT.parent / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}

# What the policy of contents stopped, and how far things moved that nobody touched, is written
# down in the page, before its first script runs.
WATCH = """
window.stopped = []
addEventListener('securitypolicyviolation', (e) => window.stopped.push(e.violatedDirective))
window.jumped = 0
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.jumped += one.value
}).observe({ type: 'layout-shift', buffered: true })
"""
MOST_TOLD = 6000
"""Characters of a page."""

MOST_JUMP = 0.05
"""Half of what is called good: above a tenth, people lose their place."""

SHOWN = pytest.StashKey[list[Page]]()
"""The pages that a test has open: where it fails, what they show is part of what is told."""

INJECTED = '<img src=x onerror="alert(1)">{login}${x}'
"""What somebody is called, or a thing, who means harm: it is shown as it was written."""


@dataclass
class Visitor:
    """A person at a browser of their own."""

    service: Service
    context: BrowserContext
    page: Page
    dialogs: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, address: str = "") -> None:
        self.page.goto(f"{self.service.url}/{address}")

    def sign_in(self, login: str) -> None:
        self.open()
        self.page.locator("input[name=login]").fill(login)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("form button.main").click()
        self.page.locator(".who span").wait_for(state="attached")

    def require_peace(self) -> None:
        """No dialog came up, the policy had nothing to stop, and no script failed."""
        assert self.dialogs == []
        assert self.page.evaluate("window.stopped") == []
        assert self.faults == []

    def slow_down(self, *, latency_ms: float) -> None:
        """Let each answer come so much later."""
        line = self.context.new_cdp_session(self.page)
        line.send("Network.enable")
        free = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
        line.send("Network.emulateNetworkConditions", {**free, "latency": latency_ms})

    def require_calm(self) -> None:
        """Since this was last asked, hardly anything moved that nobody touched."""
        jumped = self.page.evaluate("() => [window.jumped, window.jumped = 0][0]")
        assert jumped < MOST_JUMP, self.page.url

    def require_access_for_all(self) -> None:
        """What axe-core finds serious; and nothing is wider than the screen."""
        if not self.page.evaluate("'axe' in window"):
            # In the browser's own hands, past the policy: the product does not serve it.
            self.page.evaluate(AXE.read_text() + ";0")
        found = self.page.evaluate("axe.run().then((one) => one.violations)")
        assert [
            (one["id"], [node["html"][:120] for node in one["nodes"]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ] == []
        assert self.page.locator("[hidden]:visible").count() == 0
        assert self.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not BUILT.is_dir():
        pytest.fail("the pages are not built: run make setup")
    with open_browser() as opened:
        yield opened


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.when == "call" and report.failed:
        for page in item.stash.get(SHOWN, []):
            seen = page.evaluate("[location.href, document.activeElement.outerHTML.slice(0, 300)]")
            text = page.locator("body").inner_text()
            report.sections.append(("the page", "\n".join([*seen, text[:MOST_TOLD]])))
    return report


@pytest.fixture
def visit(browser, service, request):
    """Gives visitors: of a screen's size, and of a language."""
    contexts = []
    request.node.stash[SHOWN] = pages = []

    def come(size: str = "desk", language: str = "en", **more) -> Visitor:
        context = browser.new_context(viewport=SIZES[size], locale=language, **more)
        # A machine that is busy with other tests makes no page wrong.
        context.set_default_timeout(30_000)
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        pages.append(page)
        visitor = Visitor(service, context, page)
        page.on("dialog", lambda one: (visitor.dialogs.append(one.message), one.dismiss()))
        page.on("pageerror", lambda one: visitor.faults.append(str(one)))
        page.on("response", lambda one: note_failure(visitor, one))
        page.on("console", lambda one: note(visitor, one))
        return visitor

    yield come
    for context in contexts:
        context.close()


def note(visitor: Visitor, message) -> None:
    # The browser's own notes of answers that are no success are not faults of ours.
    if message.type == "error" and not re.match(r"Failed to load resource", message.text):
        visitor.faults.append(message.text)


def note_failure(visitor: Visitor, response) -> None:
    if response.status >= 500:
        visitor.faults.append(f"{response.status} {response.url}")


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


@pytest.fixture
def done(service):
    """Gives finished inspections with all their files, each with one finding."""
    return partial(finish, service)


@pytest.fixture
def shown(service, visit, done):
    """Opens the map of the drawn inspection for a reviewer."""

    def come(size: str = "desk", language: str = "en", **more) -> Shown:
        run, _ = done(rasters=rasters(), said=said())
        visitor = visit(size, language, **more)
        visitor.sign_in(service.person("here", Role.REVIEWER).login)
        visitor.open(f"#/inspection/{run}")
        visitor.page.locator("[data-ready] .map[aria-busy=false]").wait_for()
        return Shown(visitor)

    return come


@pytest.fixture
def photograph():
    """Keeps a picture of a page, where TINJAU_SCREENSHOTS names a folder for them."""
    named = os.environ.get("TINJAU_SCREENSHOTS")

    def take(visitor: Visitor, name: str) -> None:
        if named:
            Path(named).mkdir(parents=True, exist_ok=True)
            visitor.page.screenshot(path=Path(named) / f"{name}.png", full_page=True)

    return take


def heights(page, *parts: str) -> list[list[float]]:
    """From where to where each part reaches on the screen: all at one moment."""
    measure = "(all) => all.map((one) => document.querySelector(one).getBoundingClientRect())"
    return page.evaluate(f"(all) => ({measure})(all).map((one) => [one.top, one.bottom])", parts)


def choose(page, name: str, *ticked: str) -> None:
    for one in ticked:
        page.locator(f"dialog input[name={name}][value='{one}']").check()
