"""The map of an inspection as a desk for looking and measuring: what is drawn, and what it says."""

import json
import re
from functools import cache

import cv2
import numpy as np
import pytest
from pyproj import Geod, Transformer
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

    def told(self, part: str) -> str:
        return self.page.locator(f".readout .{part}").inner_text()

    def stand_at(self, text: str) -> None:
        """Go to a place by its coordinates."""
        self.page.get_by_role("button", name=re.compile("^(Go to|Menuju)$")).click()
        self.page.locator("dialog input").fill(text)
        self.page.keyboard.press("Enter")
        self.page.locator("dialog").wait_for(state="detached")

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


DMS = re.compile(r"(\d+)°(\d\d)′(\d\d)[.,](\d{3})″ (BT|BB|LU|LS|[EWNS])")


def degrees(text: str) -> list[float]:
    """Longitude and latitude of degrees, minutes and seconds."""
    return [
        (int(d) + int(m) / 60 + int(f"{s}{f}") / 3_600_000)
        * (-1 if half in ("BB", "LS", "W", "S") else 1)
        for d, m, s, f, half in DMS.findall(text)
    ]


def metres(text: str) -> tuple[str, float, float]:
    """Zone, east and north of a place in UTM."""
    found = re.fullmatch(r"UTM (\d+[NS])  ([\d.,]+) m ?[ET]  ([\d.,]+) m ?[NU]", text)
    assert found is not None, text
    zone, east, north = found.groups()
    return zone, float(east.replace(",", ".")), float(north.replace(",", "."))


def in_zone(code: str, longitude: float, latitude: float) -> tuple[float, float]:
    zone = f"EPSG:{326 if code[-1] == 'N' else 327}{code[:-1]}"
    return Transformer.from_crs("EPSG:4326", zone, always_xy=True).transform(longitude, latitude)


def test_coordinates_are_those_of_the_place_and_can_be_copied(shown, photograph) -> None:
    desk = shown("desk", "id", permissions=["clipboard-read", "clipboard-write"])
    page = desk.page
    desk.calibrate()
    # A picture of the map shows its border too; a place within it is counted from inside.
    x, y = (pixel - 1 for pixel in desk.at(150, 100))
    desk.place.hover(position={"x": x, "y": y})
    page.locator(".readout", has_text="Di kursor").wait_for()
    page.locator(".readout .metres", has_text=f"{EAST + 150:.0f}"[:5]).wait_for()
    zone, east, north = metres(desk.told("metres"))
    pixel_m = 1 / desk.px_per_m
    assert zone == "50S"
    assert (east, north) == pytest.approx((EAST + 150, NORTH - 100), abs=1.2 * pixel_m)
    assert in_zone(zone, *degrees(desk.told("degrees"))) == pytest.approx((east, north), abs=0.03)
    assert re.fullmatch(r"\d+°.*,\d{3}″ BT  \d+°.*,\d{3}″ LS", desk.told("degrees"))
    page.keyboard.press("c")
    page.get_by_text("Tersalin").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{desk.told('degrees')}\n{desk.told('metres')}\nWGS 84 / SRGI2013"
    desk.place.click(position={"x": x, "y": y})
    page.keyboard.press("ArrowRight")
    # The map moved under the cursor, which now points to what lies farther east.
    page.wait_for_function(
        "(least) => Number(document.querySelector('.metres').textContent.slice(9, 15)) > least",
        arg=east + 100 * pixel_m,
    )
    page.locator("h1").hover()
    page.locator(".readout", has_text="Di tanda").wait_for()
    assert metres(desk.told("metres")) == (zone, east, north)
    photograph(desk.visitor, "map-mark-id-desk-light")
    desk.place.press("Escape")
    page.locator(".readout", has_text="Di tengah").wait_for()
    go_to_places(desk)
    desk.visitor.require_peace()


PLACES = {
    "110°20′00″ BT 0°00′09,1″ LS": ("49S", 110 + 20 / 60, -9.1 / 3600),
    "0°00'09.1\" N, 110°20'00\" E": ("49N", 110 + 20 / 60, 9.1 / 3600),
    "-7,0025 107,5125": ("48S", 107.5125, -7.0025),
    "108.25,-7.5": ("49S", 108.25, -7.5),
}
NO_PLACES = (
    "",
    "here",
    "117,46",
    "1 2",
    "110 BT 111 BT",
    "110°60′ BT 0 LU",
    "95 LU 110 BT",
    "61N 1 2",
)


def go_to_places(desk: Shown) -> None:
    page = desk.page
    for text, (zone, longitude, latitude) in PLACES.items():
        desk.stand_at(text)
        page.locator(".readout .metres", has_text=f"UTM {zone}").wait_for()
        assert degrees(desk.told("degrees")) == pytest.approx((longitude, latitude), abs=2e-7)
        there = in_zone(zone, longitude, latitude)
        assert metres(desk.told("metres"))[1:] == pytest.approx(there, abs=0.006)
    before = metres(desk.told("metres"))
    desk.stand_at("50N 552000,25 14700")
    page.locator(".readout .metres", has_text="552000,25").wait_for()
    assert metres(desk.told("metres")) == ("50N", 552_000.25, 14_700.0) != before
    page.get_by_role("button", name="Menuju").click()
    field = page.locator("dialog input")
    for text in NO_PLACES:
        field.fill(text)
        assert not field.evaluate("(one) => one.checkValidity()"), text
    page.keyboard.press("Enter")
    assert field.is_visible()
    desk.visitor.require_access_for_all()
    page.keyboard.press("Escape")


CORNERS = [(117.4667, 0.1334), (117.47350012, 0.1333), (117.4734, 0.13835), (117.4667, 0.1384)]
"""About the third test site: near the equator, north of it."""


def test_what_is_measured_is_what_the_ellipsoid_says(shown, photograph) -> None:
    desk = shown()
    page = desk.page
    geod = Geod(ellps="WGS84")
    xs, ys = zip(*CORNERS, strict=True)
    area, around = geod.polygon_area_perimeter(xs, ys)
    page.get_by_role("button", name="Area").click()
    for longitude, latitude in CORNERS:
        desk.stand_at(f"{latitude} {longitude}")
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    told = page.locator(".panel .figures")
    told.locator("data").nth(1).wait_for()
    values = [float(one.get_attribute("value")) for one in told.locator("data").all()]
    assert values == pytest.approx([abs(area), around], rel=1e-6)
    assert f"{abs(area) / 10_000:.4f} ha" in told.inner_text()
    photograph(desk.visitor, "map-area-en-desk-light")
    measure_a_crossing_ring_and_a_length(desk, geod)
    desk.visitor.require_access_for_all()
    desk.visitor.require_peace()


def measure_a_crossing_ring_and_a_length(desk: Shown, geod: Geod) -> None:
    page = desk.page
    for place in (0, 2, 1, 3):
        longitude, latitude = CORNERS[place]
        desk.stand_at(f"{latitude} {longitude}")
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.locator(".panel .figures", has_text="it bounds no area").wait_for()
    page.keyboard.press("Escape")
    page.locator(".panel.above").wait_for(state="hidden")
    page.keyboard.press("m")
    assert page.get_by_role("button", name="Length").get_attribute("aria-pressed") == "true"
    for longitude, latitude in [*CORNERS[:3], (117.5, 0.2)]:
        desk.stand_at(f"{latitude} {longitude}")
        page.keyboard.press("Space")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    told = page.locator(".panel .figures data")
    told.wait_for()
    length = geod.line_length(*zip(*CORNERS[:3], strict=True))
    assert float(told.get_attribute("value")) == pytest.approx(length, rel=1e-6)
    assert told.inner_text() == f"{length:,.2f} m"


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
