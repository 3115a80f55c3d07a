"""Long outlines under review: a stretch is drawn anew, corners are left out; both are undone."""

import json
import re
from math import cos, pi, sin

import pytest
import shapely
from pyproj import Geod, Transformer

from inspection.degrees import rings
from inspection.records.tables.inspections import Finding, Review
from inspection.records.tables.offices import Role
from tests.api.web.test_editing import pixel_of, rows, shape_of
from tests.inspection.jobs.done import made
from tests.inspection.jobs.small import EAST, NORTH, UTM

CORNERS, RADIUS_M, WAVE_M, WAVES = 400, 18.0, 0.3, 40
MIDDLE = (EAST + 65, NORTH - 62)
TOLERANCE_M = 1.0
FORTH = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
BACK = Transformer.from_crs("EPSG:4326", UTM, always_xy=True)


def at(angle, reach) -> tuple[float, float]:
    return MIDDLE[0] + reach * cos(angle), MIDDLE[1] + reach * sin(angle)


def shore() -> shapely.Polygon:
    """A round pond with a ragged shore of hundreds of corners, in metres."""
    angles = (2 * pi * one / CORNERS for one in range(CORNERS))
    return shapely.Polygon([at(one, RADIUS_M + WAVE_M * sin(WAVES * one)) for one in angles])


@pytest.fixture
def drawing(service, visit, done):
    """A reviewer who edits a finding with a long outline."""

    def come(size: str, language: str, **more):
        (stated,) = json.loads((made() / "inspection.json").read_bytes())["findings"]
        vertices = rings(shapely.MultiPolygon([shore()]), UTM)
        run, _ = done(said={"findings": [{**stated, "vertices": vertices}]})
        visitor = visit(size, language, **more)
        visitor.sign_in(service.person("here", Role.REVIEWER).login)
        visitor.open(f"#/inspection/{run}")
        visitor.page.locator("[data-ready] .map[aria-busy=false]").wait_for()
        visitor.page.locator(".pick").first.click()
        visitor.page.locator(".one h3", has_text="F001").wait_for()
        visitor.page.locator(".map[aria-busy=false]").wait_for()
        edit = {"en": "Edit …", "id": "Ubah …"}[language]
        visitor.page.get_by_role("button", name=edit, exact=True).click()
        visitor.page.locator(".outlining [role=status]", has_text=str(CORNERS)).first.wait_for()
        return visitor, run

    return come


def degrees(place) -> tuple[float, float]:
    return FORTH.transform(*place)


def in_metres(values) -> shapely.Polygon:
    (part,) = shape_of(values).geoms
    return shapely.transform(part, lambda xy: list(zip(*BACK.transform(*xy.T), strict=True)))


def area_m2(values) -> float:
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(shape_of(values))[0])


def test_a_stretch_is_drawn_anew_between_two_places(service, drawing, photograph) -> None:
    visitor, run = drawing("desk", "en")
    page = visitor.page
    (finding,) = rows(service, Finding, run)
    vertices = finding.document["vertices"]

    def click(place) -> None:
        page.mouse.click(*pixel_of(page, vertices, degrees(place))[0])

    page.keyboard.press("s")
    page.get_by_text("Stretch: set its start on the outline").wait_for()
    click(MIDDLE)  # beside the outline: that means no place on it
    page.get_by_text("beside the outline and set nothing").wait_for()
    start, end = 0.25, 1.25
    click(at(start, RADIUS_M))
    page.get_by_text("Stretch: set its end on the outline").wait_for()
    click(at(end, RADIUS_M))
    page.get_by_text("Corners of the new line: 0").wait_for()
    line = [at(0.5, 24), at(1.0, 24)]
    for place in (line[0], at(0.2, 26), line[1]):
        click(place)
        if place not in line:
            page.get_by_text("Corners of the new line: 2").wait_for()
            page.keyboard.press("z")
    page.get_by_text("Corners of the new line: 2").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "review-stretch-en-desk-light")
    page.keyboard.press("o")
    page.keyboard.press("o")
    click(at(end, RADIUS_M))
    page.locator(".outlining", has_text=re.compile(r"Corners: 3\d\d\. Closed")).wait_for()
    page.keyboard.press("z")
    page.locator(".outlining", has_text=f"Corners: {CORNERS}. Closed").wait_for()

    page.keyboard.press("s")
    for place in (at(start, RADIUS_M), at(end, RADIUS_M), *line):
        click(place)
    page.keyboard.press("c")
    page.locator(".outlining", has_text=re.compile(r"Corners: 3\d\d\. Closed")).wait_for()
    by_keys_and_back(page)
    page.get_by_role("button", name="Save").click()
    page.locator(".told", has_text="F001 edited").wait_for()
    (word,) = rows(service, Review, run)
    _, scale = pixel_of(page, vertices, degrees(MIDDLE))
    wanted = shore().union(
        shapely.Polygon([at(start, RADIUS_M - 1), *line, at(end, RADIUS_M - 1), MIDDLE])
    )
    drawn = in_metres(word.edit)
    assert drawn.symmetric_difference(wanted).area < 4 * scale * 60, "within some pixels of it"
    assert drawn.area > shore().area + 50
    assert word.edit["area_m2"] == pytest.approx(area_m2(word.edit), rel=1e-4)
    visitor.require_peace()


def by_keys_and_back(page) -> None:
    """Cross and keys alone: start and end are the places on the outline that are nearest."""
    before = page.locator(".outlining [role=status]").first.inner_text()
    page.keyboard.press("s")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("Stretch: set its end on the outline").wait_for()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.get_by_text("Corners of the new line: 0").wait_for()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("Corners of the new line: 1").wait_for()
    page.keyboard.press("c")
    page.locator(".outlining [role=status]", has_text="Closed").first.wait_for()
    page.keyboard.press("z")
    page.locator(".outlining", has_text=before).wait_for()
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    page.locator(".outlining", has_text=before).wait_for()


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "id")])
def test_corners_are_left_out_by_a_tolerance_that_says_what_it_changes(
    service, drawing, photograph, size, language
) -> None:
    visitor, run = drawing(size, language)
    page = visitor.page
    (finding,) = rows(service, Finding, run)
    title, label, unfit, take, save = {
        "en": ("Simplify: fewer", "Tolerance", "between 0.05 and 50 m", "Simplify", "Save"),
        "id": (
            "Sederhanakan: lebih",
            "Toleransi",
            "antara 0,05 dan 50 m",
            "Sederhanakan",
            "Simpan",
        ),
    }[language]
    page.get_by_text(title).click()
    field = page.get_by_label(label)
    assert field.input_value() == {"en": "0.5", "id": "0,5"}[language]
    field.fill("0")
    page.get_by_text(unfit).wait_for()
    assert page.get_by_role("button", name=take, exact=True).is_disabled()
    field.fill(str(TOLERANCE_M).replace(".", {"en": ".", "id": ","}[language]))
    told = page.locator(".simplify [role=status]", has_text="→")
    told.wait_for()
    visitor.require_access_for_all()
    photograph(visitor, f"review-simplify-{language}-{size}-light")
    before, after = map(int, re.search(r"(\d+) → (\d+)", told.inner_text()).groups())
    change = re.search(r"\(([+−])([\d.,]+) m²", told.inner_text())
    said = float(change[2].replace(",", ".")) * (1 if change[1] == "+" else -1)
    assert before == CORNERS > 4 * after
    field.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".outlining [role=status]", has_text=f"{after}.").first.wait_for()
    page.locator(".outlining button[data-act=undo]").click()
    page.locator(".outlining [role=status]", has_text=f"{CORNERS}.").first.wait_for()
    page.get_by_role("button", name=take, exact=True).click()
    page.locator(".outlining [role=status]", has_text=f"{after}.").first.wait_for()
    page.get_by_role("button", name=save, exact=True).click()
    page.locator(".told", has_text="F001").wait_for()
    (word,) = rows(service, Review, run)
    assert len(word.edit["vertices"][0][0]) - 1 == after
    now, first = area_m2(word.edit), area_m2(finding.document)
    assert now - first == pytest.approx(said, abs=0.06), "by another library than the page's"
    old, new = shore().exterior, in_metres(word.edit).exterior
    assert max(old.hausdorff_distance(new), new.hausdorff_distance(old)) <= TOLERANCE_M * 1.001
    visitor.require_access_for_all()
    visitor.require_peace()
