"""Lengths and areas that are measured on the map: as the ellipsoid has them."""

import pytest
from pyproj import Geod

from tests.api.web.map_shown import Shown

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
