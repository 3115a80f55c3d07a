"""
What a page costs over a bad line: bytes, time until it is of use, how much it jumps, what axe says.

The line is that of a browser's own emulation: 400 kbit/s down and up, 400 ms there and back.
Nothing here is a limit: the figures are of this machine and of two cores.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from affine import Affine
from playwright.sync_api import BrowserContext, Page, sync_playwright
from rasterio.io import MemoryFile

from inspection.records.tables.offices import Role
from inspection.records.tables.reports import TrackingCode
from tests.api.conftest import PASSWORD, Service, running
from tests.api.web.conftest import AXE, SIZES, WATCH
from tests.api.web.finished import finish
from tests.browsing import QUIET, chromium
from tests.inspection.jobs.small import EAST, NORTH

BYTES_S = 400_000 / 8
LATENCY_MS = 400
SIDE, GSD = 4096, 0.05
PERMITS = 40


@dataclass
class Counted:
    """What went over the line since it was begun."""

    bytes: int = 0
    requests: int = 0


@contextmanager
def slow(context: BrowserContext, *, is_slow: bool = True) -> Iterator[tuple[Page, Counted]]:
    """A page at the end of the line, and what went over it."""
    page = context.new_page()
    counted = Counted()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    if is_slow:
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": BYTES_S,
                "uploadThroughput": BYTES_S,
            },
        )

    def arrived(event: dict[str, float]) -> None:
        counted.bytes += int(event["encodedDataLength"])
        counted.requests += 1

    line.on("Network.loadingFinished", arrived)
    yield page, counted
    page.close()


def opened(page: Page, address: str, ready: str) -> float:
    """Seconds until something of use is there."""
    began = time.monotonic()
    page.goto(address, wait_until="commit")
    page.locator(ready).first.wait_for(timeout=120_000)
    return time.monotonic() - began


def rasters() -> dict[str, bytes]:
    """Pictures of some tens of megabytes, over the ground of the smallest inspection."""
    noise = np.random.default_rng(3)
    found = {}
    for name in ("current.tif", "baseline.tif"):
        with MemoryFile() as file:
            with file.open(
                driver="COG",
                width=SIDE,
                height=SIDE,
                count=3,
                dtype="uint8",
                crs="EPSG:32750",
                transform=Affine(GSD, 0, EAST, 0, -GSD, NORTH),
                compress="JPEG",
            ) as target:
                target.write(noise.integers(1, 255, (3, SIDE, SIDE), np.uint8))
            found[name] = file.read()
    return found


def measure(service: Service) -> None:
    """Print a table of all pages, and one of the ways that take longest."""
    root = service.url
    flier = service.person("here", Role.INSPECTOR)
    reviewer = service.person("here", Role.REVIEWER)
    for _ in range(PERMITS):
        service.permit("here")
    run, _ = finish(service, by=flier.id, rasters=rasters())
    with service.records.writing(service.offices["here"]) as session:
        session.add(TrackingCode(permit_id=service.permits["here"], code="K7QW3MRT9XCD4HPN"))
    nobody = None
    pages = (
        (nobody, "sign in", "#/", "input[name=password]"),
        (nobody, "follow a permit", "#/status/K7QW3MRT9XCD4HPN", ".steps .now"),
        (flier, "send a flight", "#/upload", ".found li"),
        (flier, "my flights", "#/flights", ".rows li"),
        (flier, "inspections", "#/inspections", ".rows li"),
        (flier, "inspection, its figures", f"#/inspection/{run}", ".coverage .notice"),
        (reviewer, "to review", "#/reviews", "h1"),
        (reviewer, "inspection, whole map", f"#/inspection/{run}", ".map[aria-busy=false]"),
    )
    print(f"{'page':26}{'':8}{'kB':>8}{'calls':>7}{'s':>7}{'jump':>8}{'axe':>6}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))

        def entered(person) -> list:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{root}/")
            page.locator("input[name=login]").fill(person.login)
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("form button.main").click()
            page.locator(".who span").wait_for(state="attached")
            kept = context.cookies()
            context.close()
            return kept

        cookies = {one.login: entered(one) for one in (flier, reviewer)}
        for person, name, address, ready in pages:
            context = browser.new_context(viewport=SIZES["phone"], locale="id")
            context.add_init_script(WATCH)
            if person is not None:
                context.add_cookies(cookies[person.login])
            for word in ("cold", "warm"):
                with slow(context) as (page, counted):
                    seconds = opened(page, f"{root}/{address}", ready)
                    row = f"{name:26}{word:8}{counted.bytes / 1e3:8.1f}{counted.requests:7}"
                    print(f"{row}{seconds:7.2f}{told_of(page)}", flush=True)
            context.close()
        context = browser.new_context(viewport=SIZES["desk"], locale="id")
        context.add_cookies(cookies[reviewer.login])
        address = f"{root}/#/inspection/{run}"
        for word in ("cold", "warm"):
            with slow(context, is_slow=False) as (page, counted):
                seconds = opened(page, address, ".map[aria-busy=false]")
                row = f"{'  on the loopback, desk':26}{word:8}{counted.bytes / 1e3:8.1f}"
                print(f"{row}{counted.requests:7}{seconds:7.2f}", flush=True)
        browser.close()


def told_of(page: Page) -> str:
    """How much it jumped, and how many serious and other things axe finds."""
    jumped = page.evaluate("window.jumped")
    page.evaluate(AXE.read_text() + ";0")
    found = page.evaluate("axe.run().then((one) => one.violations.map((each) => each.impact))")
    serious = sum(one in ("serious", "critical") for one in found)
    return f"{jumped:8.3f}{serious:4}/{len(found)}"


def main() -> None:
    """Measure the pages of an installation of its own."""
    with running(None) as service:
        measure(service)


if __name__ == "__main__":
    main()
