"""The map of an inspection as a desk for looking and measuring: what is drawn, and what it says."""

import json
import re
from functools import cache

import cv2
import numpy as np
import pytest
from shapely import Polygon, box

from geo.crs import LONLAT
from inspection.degrees import rings
from inspection.records.tables.offices import Role
from inspection.tiles import CHANGE_RAMP
from tests.api.drawn import BROWN, EAST, GREEN, GROUND, NORTH, UTM, rasters
from tests.inspection.jobs.done import made

HIDDEN: Polygon = box(EAST + 60, NORTH - 180, EAST + 110, NORTH - 130)
"""Ground that was not observed, in metres: on the green side."""

RING_M = 25.0


@cache
def said() -> dict[str, object]:
    """A document of the ground that the drawn rasters show."""
    document = json.loads((made() / "inspection.json").read_bytes())
    hidden = [{"reason": "unflown", "vertices": rings(HIDDEN, UTM)}]
    return {
        "boundary": {**document["boundary"], "vertices": rings(GROUND, LONLAT)},
        "coverage": {**document["coverage"], "not_observed": hidden},
        "parameters": {**document["parameters"], "clip": {"ring_m": RING_M}},
    }


class Shown:
    """The map as it looks: its pixels, by where they lie on the ground."""

    def __init__(self, visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.place = self.page.locator(".map")
        self.left, self.top, self.px_per_m = 0.0, 0.0, 1.0

    def picture(self) -> np.ndarray:
        self.page.locator(".map[aria-busy=false]").wait_for()
        shot = np.frombuffer(self.place.screenshot(), np.uint8)
        return cv2.imdecode(shot, cv2.IMREAD_COLOR)[:, :, ::-1].astype(int)

    def look(self, name: str) -> np.ndarray:
        self.page.locator(f"[data-look={name}]").click()
        return self.picture()

    def calibrate(self) -> None:
        """Find where the picture lies on the screen, by what is drawn and nothing else."""
        now = self.look("current")
        row = now[now.shape[0] * 9 // 10]
        green, brown = (np.flatnonzero(np.abs(row - c).max(axis=1) < 12) for c in (GREEN, BROWN))
        self.px_per_m = (brown[0] - green[0]) / (256 / 2)
        self.left = green[0] - 0.5
        column = now[:, round(self.left + 85 * self.px_per_m)]
        hatched = np.flatnonzero(np.abs(column - GREEN).max(axis=1) > 40)
        groups = np.split(hatched, np.flatnonzero(np.diff(hatched) > 12) + 1)
        hatched = max(groups, key=len)
        tall = hatched.max() - hatched.min()
        assert tall == pytest.approx(50 * self.px_per_m, abs=4), "as large as the hidden ground"
        self.top = hatched.min() + 1.0 - 130 * self.px_per_m

    def at(self, east: float, south: float) -> tuple[int, int]:
        """Column and row of a place so many metres from the corner of the picture."""
        return round(self.left + east * self.px_per_m), round(self.top + south * self.px_per_m)


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
    for words in ("boundary", "ring that was looked at, 25 m wide", "not observed", "outside"):
        assert words in legend
    assert "vegetation clearing" in legend
    desk.visitor.require_access_for_all()
    desk.visitor.require_peace()


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
