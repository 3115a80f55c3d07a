"""The page for a browser: whole in one file, usable on a phone, printable, asking for nothing."""

import re
from dataclasses import replace

import pytest

from tests.browsing import open_browser
from tests.inspection.report.conftest import plain, poppler


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened_one:
        yield opened_one


def opened(browser, printed, **options):
    """The page as a reader sees it; every request but that for the page itself is refused."""
    context = browser.new_context(java_script_enabled=True, **options)
    page = context.new_page()
    asked = []
    address = (printed.folder / "report.html").as_uri()

    def gate(route):
        if route.request.url == address:
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", gate)
    errors = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(address)
    return page, asked, errors


def test_it_asks_for_nothing_and_has_no_script(english):
    page = english.html
    code = re.sub(r"&lt;.*?&gt;", "", page)
    assert not re.search(r"<script|javascript:|\son\w+=", code, re.IGNORECASE)
    links = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert all(link.startswith(("#", "data:image/")) for link in links), links
    assert "url(http" not in page
    assert "@import" not in page


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_it_fits_any_screen(width, english, browser):
    page, asked, errors = opened(browser, english, viewport={"width": width, "height": 740})
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    small = page.evaluate(
        "[...document.querySelectorAll('p, dd, td, li')].map(e => parseFloat(getComputedStyle(e).fontSize)).reduce((a, b) => Math.min(a, b))"  # noqa: E501
    )
    assert small >= 11
    assert (asked, errors) == ([], [])
    # Every drawing is there, has a size, and is told to those who do not see it.
    drawings = page.evaluate(
        "[...document.querySelectorAll('svg')].map(e => [e.getBoundingClientRect().width, e.getAttribute('aria-label')])"  # noqa: E501
    )
    assert len(drawings) > 8
    assert all(shown > 40 and words for shown, words in drawings)
    assert all(shown <= width for shown, _ in drawings)


def test_the_answers_come_first_on_a_phone(english, browser):
    page, *_ = opened(browser, english, viewport={"width": 360, "height": 740})
    headings = page.evaluate("[...document.querySelectorAll('h2')].map(e => e.textContent)")
    assert headings[0] == "Five answers"
    marks = page.evaluate("[...document.querySelectorAll('.questions .mark')].length")
    assert marks == 5


def test_ids_are_unique_so_that_every_hatch_is_its_own(english):
    ids = re.findall(r'\sid="([^"]+)"', english.html)
    assert len(ids) == len(set(ids))
    used = set(re.findall(r"url\(#([^)]+)\)", english.html))
    assert used <= set(ids)


def test_it_prints_on_paper(english, browser, tmp_path):
    page, *_ = opened(browser, english)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    page.pdf(path=tmp_path / "printed.pdf", format="A4")
    text = plain(poppler("pdftotext", "-layout", tmp_path / "printed.pdf", "-"))
    assert plain("Five answers") in text
    assert english.inspection.sources[0].sha256 in text


def test_without_colour_every_verdict_and_place_still_reads(english):
    page = english.html
    for word in ("in order", "not in order", "uncertain", "inside", "outside"):
        assert word in page


def test_hostile_names_stay_words(told, printing, browser):
    permit = {
        "id": '"><svg onload=alert(1)>',
        "holder": "<script>alert(1)</script>",
        "kind": "javascript:alert(1)",
        "commodity": "</style><h1>x</h1>",
    }
    printed = printing(replace(told, permit=permit))
    context_page, asked, errors = opened(browser, printed)
    dialogs = []
    context_page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    context_page.reload()
    assert context_page.evaluate("document.querySelectorAll('script, h1').length") == 1
    assert "<script>alert(1)</script>" in context_page.inner_text("body")
    assert (dialogs, asked, errors) == ([], [], [])
