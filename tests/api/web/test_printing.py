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
DOTS_A_MM = 96 / 25.4
ALIKE = 0.9

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
    shown = seen_on_the_screen(page)
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
        share = page.locator(".desk .map").evaluate("(map) => map.style.getPropertyValue('--fit')")
        require_map_on_the_first_sheet(printed, folder, shown, float(share), sheets)
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


def seen_on_the_screen(page) -> np.ndarray:
    """The map's picture before anything is printed, without what lies on it to be pressed."""
    picture = page.locator(".desk .map").screenshot()
    return cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)


def require_map_on_the_first_sheet(printed, folder, shown, share, sheets) -> None:
    """Answers, the whole map as it was on the screen, its scale and its legend: on one sheet."""
    for told in ("Right place?", "Over the limits?", "Legend", "permit boundary", "UTM"):
        assert told in sheets[0], told
    poppler("pdftoppm", "-r", "96", "-l", "1", "-png", printed, folder / "first")
    sheet = cv2.imread(str(next(folder.glob("first*.png"))))
    wide, high = (round(side * share) for side in reversed(shown.shape[:2]))
    small = cv2.resize(shown, (wide, high), interpolation=cv2.INTER_AREA)
    alike = cv2.matchTemplate(sheet, small, cv2.TM_CCOEFF_NORMED)
    left, top = cv2.minMaxLoc(alike)[3]
    require_same_ground(sheet[top : top + high, left : left + wide], small)
    assert wide > 90 * DOTS_A_MM
    below, beside = sheet.shape[0] - top - high, sheet.shape[1] - left - wide
    assert min(left, top, below, beside) > 12 * DOTS_A_MM, "inside the margins"
    corner = sheet[top + high - 30 : top + high - 4, left + 4 : left + 60]
    assert corner.max() > 230, "the scale's ground"
    assert corner.min() < 90, "the bar of the scale"


def require_same_ground(printed, shown) -> None:
    """Near each corner lies what lay there on the screen; the sign of north is drawn otherwise."""
    assert printed.shape == shown.shape
    # Leaves are finer than the paper's dots.
    printed, shown = (cv2.GaussianBlur(one, (0, 0), 1) for one in (printed, shown))
    high, wide = shown.shape[:2]
    for across, down in ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)):
        x, y = round(wide * across), round(high * down)
        part = shown[y - 40 : y + 40, x - 40 : x + 40]
        around = printed[y - 60 : y + 60, x - 60 : x + 60]
        alike = cv2.matchTemplate(around, part, cv2.TM_CCOEFF_NORMED)
        _, likeness, _, found = cv2.minMaxLoc(alike)
        assert likeness > ALIKE
        assert found == pytest.approx((20, 20), abs=2), "pixels of the paper"
