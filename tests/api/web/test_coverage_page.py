"""After the flight: what it showed, what to fly again, and what the inspection warned of."""

import json
import re
from functools import cache
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
import shapely

from geo.crs import LONLAT, moved_shape
from inspection.degrees import rings
from inspection.records.tables.offices import Role
from tests.inspection.jobs.done import made
from tests.inspection.jobs.small import EAST, NORTH, UTM

CORNER = shapely.box(EAST + 20, NORTH - 60, EAST + 50, NORTH - 20)
ACROSS = shapely.box(EAST + 100, NORTH - 105, EAST + 130, NORTH - 85)
EVIL = "<img src=x onerror=alert(1)>.tif"
KML = "{http://www.opengis.net/kml/2.2}"


@cache
def said() -> dict[str, object]:
    """A document of a flight with two gaps, one of which reaches past the boundary."""
    document = json.loads((made() / "inspection.json").read_bytes())
    gaps = rings(shapely.MultiPolygon([CORNER, ACROSS]), UTM)
    return {
        "coverage": {
            **document["coverage"],
            "observed_share": 0.8191,
            "not_observed_ha": 0.14,
            "not_observed": [{"reason": "unflown", "vertices": gaps}],
        },
        "warnings": [
            {
                "code": "flight_time_old",
                "message": "-",
                "facts": {"flight": EVIL, "value": 400},
            }
        ],
    }


def test_what_is_missing_within_the_tolerance_need_not_be_flown_again(service, visit, done) -> None:
    person = service.person("here", Role.INSPECTOR)
    nearly = {**said()["coverage"], "observed_share": 0.9712, "not_observed_ha": 0.0213}
    document = json.loads((made() / "inspection.json").read_bytes())
    least = document["answers"]["observed"]["limit"]
    assert least <= 0.9712
    facts = {"share": 0.9712, "missing": 0.0213, "limit": least}
    observed = {
        **document["answers"]["observed"],
        "value": 0.9712,
        "said": [{"key": "answers.observed.within", "facts": facts}],
    }
    run, _ = done(
        by=person.id,
        said={"coverage": nearly, "answers": {**document["answers"], "observed": observed}},
    )
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open(f"#/inspection/{run}")
    part = page.locator(".coverage")
    part.get_by_text("0.0213 ha were not (gaps: 2): within the tolerance").wait_for()
    assert "To fly again" not in part.inner_text()
    page.locator(".answers li", has_text="yes, within the tolerance").wait_for()
    visitor.require_peace()


def gap_colours(page) -> tuple[float, float, float]:
    """How dark and white by turns the map is in the first gap, in the ring's, and in the middle."""
    place = page.locator(".coverage .map")
    data = np.frombuffer(place.screenshot(), np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_COLOR).astype(int)
    height, width = image.shape[:2]
    # All that is listed lies on it: 110 m across, with the gap in the ring beside the permit.
    scale = min((height - 52) / 85, (width - 80) / 110)
    west, top = 60 + (width - 80 - 110 * scale) / 2, 20 + (height - 52 - 85 * scale) / 2

    def striped(east: float, south: float) -> float:
        column, row = round(west + east * scale), round(top + south * scale)
        piece = image[row - 8 : row + 8, column - 8 : column + 8]
        return float(piece.max(axis=2).std())

    return striped(8, 34), striped(100, 76), striped(60, 30)


@pytest.mark.parametrize(("size", "language"), [("phone", "id"), ("desk", "en")])
def test_who_flew_learns_what_to_fly_again(
    service, visit, done, photograph, size, language
) -> None:
    person = service.person("here", Role.INSPECTOR)
    run, _ = done(by=person.id, said=said())
    scheme = "dark" if size == "phone" else "light"
    visitor = visit(size, language, color_scheme=scheme)
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open(f"#/inspection/{run}")
    part = page.locator(".coverage")
    part.wait_for()
    words = part.inner_text()
    assert ("81,9" if language == "id" else "81.9%") in words
    assert ("0,14" if language == "id" else "0.14") in words
    rows = part.locator(".gaps li")
    assert [re.match(r"\w+", one)[0] for one in rows.all_inner_texts()] == ["G1", "G2", "R1"]
    first = rows.first.inner_text()
    assert ("1.200\u00a0m²" if language == "id" else "1,200 m²").replace("\u00a0", " ") in first
    assert re.search(r"3°30′0\d[.,]\d″", first), first
    assert part.locator(".warned li").inner_text().startswith(f"{EVIL}: ")
    assert part.locator(".warned .aside").inner_text() != ""
    part.locator(".map[aria-busy=false]").wait_for()
    # What is beside the map may still take its place, and the map is then drawn once more.
    for _ in range(20):
        hatched, beside, plain = gap_colours(page)
        if hatched > 25:
            break
        page.wait_for_timeout(100)
    assert hatched > 25, "not observed"
    assert beside > 25, "not observed in the ring"
    sign = part.locator(".legend .swatch.unseen")
    assert "gradient" in sign.evaluate("one => getComputedStyle(one).backgroundImage")
    part.get_by_title("Perbesar" if language == "id" else "Zoom in").wait_for()
    assert plain < 8, "observed"

    def kml() -> dict[str, shapely.Polygon]:
        with page.expect_download() as started:
            part.get_by_role("link", name="KML").click()
        tree = ET.parse(started.value.path())
        return {
            mark.find(f"{KML}name").text: shapely.Polygon(
                [
                    tuple(map(float, one.split(",")[:2]))
                    for one in mark.find(f".//{KML}coordinates").text.split()
                ]
            )
            for mark in tree.iter(f"{KML}Placemark")
        }

    assert list(kml()) == ["G1", "G2"]
    part.get_by_role("checkbox").check()
    marks = kml()
    assert list(marks) == ["G1", "G2", "R1"]
    flown = moved_shape(marks["G1"], source=LONLAT, target=UTM)
    assert flown.contains(CORNER)
    assert flown.area < CORNER.area * 1.2
    visitor.require_access_for_all()
    photograph(visitor, f"coverage-{language}-{size}-{scheme}")
    visitor.require_peace()


def test_who_flew_enough_is_told_so_and_who_reviews_finds_the_gaps_too(
    service, visit, done
) -> None:
    whole, _ = done()
    holed, _ = done(said=said())
    visitor = visit()
    visitor.sign_in(service.person("here", Role.GIS).login)
    visitor.open(f"#/inspection/{whole}")
    visitor.page.locator(".coverage .notice.good", has_text="Nothing has to be flown").wait_for()
    visitor.require_peace()
    reviewer = visit()
    reviewer.sign_in(service.person("here", Role.REVIEWER).login)
    reviewer.open(f"#/inspection/{holed}")
    reviewer.page.locator(".coverage .gaps li", has_text="G1").wait_for()
    assert reviewer.page.locator(".coverage .map").count() == 0, "the large one hatches it"
    reviewer.require_peace()
