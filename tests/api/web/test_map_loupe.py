"""The loupe: both flights at one place, a pixel of the picture on one of the screen."""

import cv2
import numpy as np
import pytest

from tests.api.drawn import BROWN, GREEN
from tests.api.web.map_shown import Shown


def test_the_loupe_shows_both_flights_at_one_place(shown, photograph) -> None:
    desk = shown()
    desk.calibrate()
    page = desk.page
    page.keyboard.press("l")
    x, y = (pixel - 1 for pixel in desk.at(118, 100))
    desk.place.hover(position={"x": x, "y": y})
    # The map shows more than a pixel of the picture on each of its own: the loupe twice that.
    require_edge(desk, 10 * 2 * desk.px_per_m)
    photograph(desk.visitor, "map-loupe-en-desk-light")
    desk.visitor.require_access_for_all()
    for _ in range(2):
        bar = page.locator(".ol-scale-line").inner_text()
        page.get_by_role("button", name="Zoom out").click()
        page.locator(".ol-scale-line").filter(has_not_text=bar).wait_for()
    width, height = desk.place.evaluate("(one) => [one.clientWidth, one.clientHeight]")
    desk.place.hover(position={"x": width / 2 - 5, "y": height / 2})
    # Now the map shows less than there is; the loupe all of it, a pixel on a pixel.
    require_edge(desk, 5 * 4 / desk.px_per_m / 0.5)
    page.get_by_role("button", name="Loupe").click()
    page.locator(".lenses").wait_for(state="hidden")
    desk.visitor.require_peace()


def require_edge(desk: Shown, away_px: float) -> None:
    """The flights differ from an edge on that lies so far east of the middle of the lens."""
    earlier, now = lenses(desk)
    row = now.shape[0] // 4
    assert np.abs(earlier[row] - GREEN).max() < 14
    green, brown = (np.abs(now[row] - colour).max(axis=1) < 14 for colour in (GREEN, BROWN))
    assert green[:20].all()
    assert brown[-20:].all()
    assert np.flatnonzero(brown)[0] - now.shape[1] / 2 == pytest.approx(away_px, abs=4)


def lenses(desk: Shown) -> list[np.ndarray]:
    found = desk.page.locator(".lens")
    pictures = []
    for place in range(found.count()):
        desk.page.locator(f"figure:nth-child({place + 1}) .lens[aria-busy=false]").wait_for()
        shot = np.frombuffer(found.nth(place).screenshot(), np.uint8)
        whole = cv2.imdecode(shot, cv2.IMREAD_COLOR)[:, :, ::-1].astype(int)
        # Less the rim, which lies between pixels of the screen.
        pictures.append(whole[4:-4, 4:-4])
    return pictures


def move_the_loupe_by_finger(phone: Shown) -> None:
    box = phone.place.bounding_box()
    assert box is not None
    before = phone.told("metres")
    hand = phone.visitor.context.new_cdp_session(phone.page)
    y = box["y"] + box["height"] * 0.4
    xs = [box["x"] + box["width"] * share for share in (0.7, 0.6, 0.5, 0.4, 0.3)]
    for kind, x in (("touchStart", xs[0]), *(("touchMove", x) for x in xs), ("touchEnd", None)):
        points = [] if x is None else [{"x": x, "y": y}]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.page.wait_for_function(
        "(before) => document.querySelector('.metres').textContent !== before", arg=before
    )
    for _ in range(2):
        earlier, now = lenses(phone)
    assert (np.abs(now - GREEN).max(axis=2) < 14).mean() > 0.9, "it went west"
    assert (np.abs(earlier - GREEN).max(axis=2) < 14).mean() > 0.9


def test_a_telephone_looks_and_measures_by_finger(shown, photograph) -> None:
    phone = shown("phone", "id", has_touch=True, color_scheme="dark")
    page = phone.page
    page.get_by_role("button", name="Lup").tap()
    box = phone.place.bounding_box()
    assert box is not None
    phone.place.tap(position={"x": box["width"] * 0.6, "y": box["height"] * 0.4})
    page.locator(".readout", has_text="Di tanda").wait_for()
    earlier, now = lenses(phone)
    assert (np.abs(earlier - GREEN).max(axis=2) < 14).mean() > 0.9
    assert (np.abs(now - BROWN).max(axis=2) < 14).mean() > 0.9
    photograph(phone.visitor, "map-loupe-id-phone-dark")
    move_the_loupe_by_finger(phone)
    phone.visitor.require_access_for_all()
    page.get_by_role("button", name="Lup").tap()
    page.get_by_role("button", name="Panjang").tap()
    for share in (0.3, 0.7):
        phone.place.tap(position={"x": box["width"] * share, "y": box["height"] * 0.6})
    phone.place.tap(position={"x": box["width"] * 0.7, "y": box["height"] * 0.6})
    page.locator(".panel .figures data").wait_for()
    photograph(phone.visitor, "map-length-id-phone-dark")
    phone.visitor.require_access_for_all()
    phone.visitor.require_peace()
