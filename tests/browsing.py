"""A browser that others made, for a file of tests: while it is open no other loop can run here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def chromium() -> str:
    """Where Debian's browser is; without it the test is skipped."""
    found = next((name for name in CHROMIUM if Path(name).is_file()), None)
    if found is None:
        pytest.skip("needs the system package chromium")
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser, until it is closed again."""
    found = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield started
        started.close()
