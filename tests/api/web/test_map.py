"""The map of an inspection: what is drawn on it, and how one flight is laid over the other."""

import re

import numpy as np
import pytest

from inspection.tiles import CHANGE_RAMP
from tests.api.drawn import BROWN, GREEN
from tests.api.web.map_shown import RING_M, Shown


def test_flights_fade_and_ground_is_told_apart(shown, photograph) -> None:
    desk = shown()
    desk.calibrate()
    fade_one_flight_into_the_other(desk)
    photograph(desk.visitor, "map-fade-en-desk-light")
    tell_ground_apart(desk)
    move_the_line_itself(desk)
    desk.look("change")
    ramp = desk.page.locator(".ramp").evaluate("(one) => getComputedStyle(one).backgroundImage")
    stops = [
        tuple(map(float, re.findall(r"[\d.]+", one))) for one in re.findall(r"a?\(([^()]+)\)", ramp)
    ]
    for score, stop in zip((35, 65, 100), stops, strict=True):
        red, green, blue, opacity = CHANGE_RAMP[score]
        assert stop == pytest.approx((red, green, blue, opacity / 255), abs=0.01), score
    legend = desk.page.locator(".key").inner_text()
    for words in (
        "boundary",
        "ring inspected around the permit, 25 m wide",
        "not flown or masked",
        "outside",
    ):
        assert words in legend
    assert "vegetation clearing" in legend
    desk.visitor.require_access_for_all()
    see_it_whole(desk)
    x, y = (pixel - 1 for pixel in desk.at(45, 60))
    desk.place.click(position={"x": x, "y": y})
    desk.page.locator("h3", has_text="F001").wait_for()
    desk.page.locator(".ol-scale-line", has_text="10 m").wait_for()
    desk.visitor.require_peace()


def see_it_whole(desk: Shown) -> None:
    before = desk.look("current")
    desk.page.get_by_role("button", name="Zoom in").click()
    desk.page.locator(".ol-scale-line", has_text="20 m").wait_for()
    desk.page.get_by_role("button", name="Show the whole permit").click()
    desk.page.locator(".ol-scale-line", has_text="50 m").wait_for()
    desk.page.locator("h1").hover()
    assert np.abs(desk.picture() - before).mean() < 1
    desk.page.get_by_role("button", name="The map on the whole screen").click()
    desk.page.wait_for_function("document.fullscreenElement?.matches('.ground')")
    height = desk.place.bounding_box()["height"]
    assert height > before.shape[0] * 0.8, "with its buttons and its legend"
    desk.visitor.require_access_for_all()
    desk.page.keyboard.press("Escape")
    desk.page.evaluate("document.exitFullscreen().catch(() => {})")
    desk.page.wait_for_function("document.fullscreenElement === null")


def fade_one_flight_into_the_other(desk: Shown) -> None:
    x, y = desk.at(200, 128)
    slider = desk.page.get_by_role("slider", name="Earlier flight over this flight")
    for share, key in ((0.5, "Shift"), (0, "Home"), (1, "End")):
        picture = desk.look("fade")
        slider.press(key)
        picture = desk.picture()
        mixed = np.array(BROWN) * (1 - share) + np.array(GREEN) * share
        assert np.abs(picture[y, x] - mixed).max() < 12, share
    now = desk.look("current")
    assert np.abs(now[y, x] - BROWN).max() < 12, "wholly, whatever the slider says"


def tell_ground_apart(desk: Shown) -> None:
    now = desk.look("current")

    def piece(west: float, north: float, east: float, south: float) -> np.ndarray:
        (left, top), (right, bottom) = desk.at(west, north), desk.at(east, south)
        return now[top:bottom, left : right + 1].sum(axis=2)

    plain = sum(GREEN)
    hidden, seen = piece(65, 135, 105, 175), piece(65, 85, 105, 125)
    assert (hidden < 150).mean() > 0.05, "dark strokes"
    assert (hidden > 600).mean() > 0.05, "light ones beside them"
    assert (np.abs(hidden - plain) < 40).mean() > 0.1, "the picture between them"
    assert np.abs(seen - plain).max() < 40
    ring = piece(40 - RING_M - 1.5, 100, 40 - RING_M + 1.5, 180)
    lightest, darkest = ring.max(axis=1), ring.min(axis=1)
    assert (lightest > 700).mean() > 0.3, "the ring's line is light by turns"
    assert (darkest < 150).mean() > 0.3, "and dark"
    assert np.abs(piece(20, 100, 36, 180) - plain).max() < 40, "and nothing within"
    boundary = piece(38.5, 100, 41.5, 120)
    assert (boundary.max(axis=1) > 700).all(), "the boundary's line does not break"


def move_the_line_itself(desk: Shown) -> None:
    desk.look("swipe")
    x, y = desk.at(200, 128)
    line = desk.page.locator(".divider").bounding_box()
    assert line is not None
    assert np.abs(desk.picture()[y, x] - BROWN).max() < 12
    desk.page.mouse.move(line["x"] + line["width"] / 2, line["y"] + 100)
    desk.page.mouse.down()
    desk.page.mouse.move(line["x"] + 250, line["y"] + 100, steps=4)
    desk.page.mouse.up()
    assert np.abs(desk.picture()[y, x] - GREEN).max() < 12
