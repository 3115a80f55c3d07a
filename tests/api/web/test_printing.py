"""Pages on paper, by Chromium's own printing and another program's reading: F4 and A4."""

import re

import cv2
import numpy as np
import pytest

from inspection.records.tables.offices import Role
from tests.api.web.finished import add_by_hand
from tests.inspection.report.conftest import poppler

PAPERS = {"f4": (210, 330), "a4": (210, 297)}
POINTS_A_MM = 72 / 25.4
ADDED = 45
"""Findings, so that their list goes on from sheet to sheet."""


def test_an_inspection_is_printed_tidily(service, visit, done, tmp_path) -> None:
    run, reference = done()
    for _ in range(ADDED):
        add_by_hand(service, run)
    # In the dark, by a reviewer who has all buttons: paper is white, and nothing can be pressed.
    visitor = visit(color_scheme="dark")
    page = visitor.page
    visitor.sign_in(service.person("here", Role.REVIEWER).login)
    visitor.open(f"#/inspection/{run}")
    page.locator("[data-ready] .map[aria-busy=false]").wait_for()
    page.keyboard.press("j")
    page.locator(".one h3", has_text="F001").wait_for()
    page.locator(".desk .map[aria-busy=false]").wait_for()
    for paper, (width, height) in PAPERS.items():
        folder = tmp_path / paper
        folder.mkdir()
        printed = folder / "printed.pdf"
        page.pdf(path=printed, width=f"{width}mm", height=f"{height}mm")
        size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", poppler("pdfinfo", printed))
        told = [float(side) / POINTS_A_MM for side in size.groups()]
        assert told == pytest.approx([width, height], abs=1)
        sheets = poppler("pdftotext", "-layout", printed, "-").split("\f")[:-1]
        read_the_sheets(sheets, run, reference)
        look_at_the_sheets(printed, folder, len(sheets))
    page.emulate_media(media="print")
    for kept in (".findings > li", ".one", ".desk .map"):
        style = page.locator(kept).first.evaluate("(one) => getComputedStyle(one).breakInside")
        assert style == "avoid", kept
    visitor.require_peace()


def read_the_sheets(sheets, run, reference) -> None:
    """From where and when stands at each foot; nothing to press; no finding is torn apart."""
    assert len(sheets) > 2
    for number, sheet in enumerate(sheets, 1):
        foot = sheet.strip().splitlines()[-1]
        assert f"#/inspection/{run} · printed on " in foot
        assert re.search(rf"{number} ?/ ?{len(sheets)}$", foot)
    whole = "\n".join(sheets)
    assert f"Inspection of {reference}" in whole
    for pressed in ("Sign out", "Confirm the", "Accept", "Send a flight", "Swipe", "Note to the"):
        assert not re.search(rf"\b{pressed}\b", whole), pressed
    assert re.search(r"report no\. 1 · verification code [0-9A-Z-]{12,}", sheets[0])
    for told_by_the_screen in ("Choose a finding", "Filter and sort"):
        assert told_by_the_screen not in whole
    require_whole_findings(sheets)


def require_whole_findings(sheets) -> None:
    """On each sheet as many findings begin as end."""
    listed = [re.findall(r"^ *([FH]\d{3}) \w+", sheet, re.MULTILINE) for sheet in sheets]
    assert sum(len(set(codes)) for codes in listed) >= ADDED + 1
    for codes, sheet in zip(listed, sheets, strict=True):
        # The chosen finding has a part of its own above the list, which says its code again.
        rows = len(set(codes))
        assert len(re.findall(r"inside · [\d.,]+", sheet)) in (rows, rows - 1), sheet


def look_at_the_sheets(printed, folder, count) -> None:
    """The ground is black on white; the flight's green and brown are there, on one sheet."""
    poppler("pdftoppm", "-r", "50", "-png", printed, folder / "sheet")
    shots = sorted(folder.glob("sheet*.png"))
    assert len(shots) == count
    green, brown = [], []
    for shot in shots:
        red, grass, blue = (band.astype(int) for band in reversed(cv2.split(cv2.imread(str(shot)))))
        assert min(red[5, 5], grass[5, 5], blue[5, 5]) == 255
        brightness = np.stack([red, grass, blue]).max(axis=0)
        assert np.mean(brightness[:20]) == 255, "nothing dark lies in the margins"
        green.append(np.count_nonzero((grass > red + 25) & (grass > blue + 25)))
        brown.append(np.count_nonzero((red > blue + 60) & (red > grass + 30)))
    assert max(green) > 10_000
    assert max(brown) > 2_000
    assert np.argmax(green) == np.argmax(brown)
