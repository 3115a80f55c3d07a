"""What the map says of a place: its coordinates in either form, read, copied and gone to."""

import re

import pytest
from pyproj import Transformer

from tests.api.drawn import EAST, NORTH
from tests.api.web.map_shown import Shown

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
