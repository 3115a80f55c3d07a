"""Maps: the right ground in the right place, lines that stay visible, furniture that is true."""

import itertools
import math
import re
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
import rasterio
import rasterio.vrt
import shapely
import typst
from affine import Affine
from pyproj import Geod, Transformer
from shapely import box

from geo.cog import PICTURE, write_cog
from geo.crs import LONLAT, metric_crs
from geo.grid import Grid
from inspection.language import Language
from inspection.report.chart import PARTS, ledger_chart
from inspection.report.desk import brief_of, maps_of
from inspection.report.drawing import Drawing
from inspection.report.furniture import furnish
from inspection.report.imagery import (
    Imagery,
    Printed,
    Quality,
    named,
    pictures_in,
    score_colours,
)
from inspection.report.legend import LINES
from inspection.report.scene import Scene
from inspection.report.view import View
from inspection.wording.catalogue import wording
from tests.inspection.conftest import ACROSS, EAST, NEW_CLEARING, NORTH, PERMIT, UTM

GEOD = Geod(ellps="WGS84")
QUALITY = Quality(pixels_per_mm=6.0, crop_pixels_per_mm=10.0, jpeg=95)


def rendered(svg, tmp_path, ppi=254.0):
    """The drawing as pixels (rows, columns, 3), as the typesetter sees it: 10 a millimetre."""
    (tmp_path / "drawing.svg").write_bytes(svg)
    page = '#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg")'
    (tmp_path / "page.typ").write_text(page)
    picture = typst.compile(tmp_path / "page.typ", format="png", ppi=ppi)
    return cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]


def view_of(shape, width_mm=100.0, height_mm=100.0):
    return View.around(shape, UTM, width_mm=width_mm, height_mm=height_mm)


def flat(value):
    """A picture of one colour, as JPEG."""
    packed, content = cv2.imencode(".jpg", np.full((64, 64, 3), value, np.uint8))
    assert packed
    return bytes(content)


@pytest.mark.parametrize("ground", [0, 30, 128, 225, 255])
@pytest.mark.parametrize("name", LINES)
def test_a_finding_is_seen_on_any_ground(ground, name, tmp_path):
    drawing = Drawing.of("one", view_of(PERMIT))
    drawing.picture(flat(ground))
    drawing.line(box(200, 200, 800, 800), LINES[name])
    picture = rendered(drawing.plain(), tmp_path).astype(int).mean(axis=2)
    # Across the left edge: somewhere along a few millimetres it differs strongly from the ground.
    strip = picture[300:700, 190:211]
    seen = np.abs(strip - ground).max(axis=1)
    assert np.mean(seen > 80) > 0.9
    # A tenth of the strokes is dark and a tenth is light, whatever lies below.
    assert (strip < 110).mean() > 0.02 or ground < 60
    assert (strip > 190).mean() > 0.02 or ground > 200


def test_no_two_lines_differ_by_colour_alone():
    for one, other in itertools.combinations(LINES.values(), 2):
        assert (one.width_mm, one.dashes_mm) != (other.width_mm, other.dashes_mm)


def test_scores_get_darker_step_by_step():
    colours = score_colours(np.arange(101, dtype=np.uint8)[None])[0].astype(float)
    grey = colours @ [0.299, 0.587, 0.114]
    assert np.all(np.diff(grey) <= 0)
    assert grey[0] > 250
    assert grey[-1] < 30
    assert np.diff(grey[::25]).max() < -40  # and clearly so at each quarter


def test_the_crop_shows_the_ground_that_rasterio_reads(told, inspected):
    view = view_of(ACROSS.buffer(15), width_mm=60.0, height_mm=60.0)
    imagery = Imagery.of(told, inspected.folder, view)
    grid = view.grid(5.0)
    photo = cv2.imdecode(
        np.frombuffer(imagery.photo("x", "current", grid, jpeg=100), np.uint8), cv2.IMREAD_COLOR
    )[:, :, ::-1].astype(float)
    with (
        rasterio.open(inspected.folder / "current.tif") as source,
        rasterio.vrt.WarpedVRT(
            source,
            transform=grid.transform,
            width=grid.columns,
            height=grid.rows,
            resampling=rasterio.enums.Resampling.bilinear,
        ) as oracle,
    ):
        wanted = np.moveaxis(oracle.read([1, 2, 3]), 0, 2).astype(float)
    low, high = imagery.stretch
    wanted = np.clip((wanted - low) * 255 / (high - low), 0, 255)
    assert np.abs(photo - wanted)[2:-2, 2:-2].mean() < 4


def test_both_dates_have_one_stretch_and_the_earlier_one_is_moved(told, inspected):
    view = view_of(PERMIT)
    imagery = Imagery.of(told, inspected.folder, view)
    grid = view.grid(8.0)
    greys = [
        cv2.imdecode(
            np.frombuffer(imagery.photo("x", role, grid, jpeg=95), np.uint8), cv2.IMREAD_GRAYSCALE
        ).astype(np.float32)
        for role in ("baseline", "current")
    ]
    # The old pit and the canopy are on both; where nothing changed they lie over one another.
    part = (slice(0, greys[0].shape[0] // 3), slice(0, greys[0].shape[1] // 2))
    (east, south), _ = cv2.phaseCorrelate(greys[0][part].copy(), greys[1][part].copy())
    assert math.hypot(east, south) * grid.pixel_size < 0.15
    assert imagery.stretch[0] < imagery.stretch[1]


def test_a_lighter_paper_shows_the_same_pictures_smaller(told, inspected):
    view = view_of(PERMIT)
    imagery = Imagery.of(told, inspected.folder, view)
    fine, coarse = view.grid(8.0), view.grid(3.0)

    def pixels(jpeg):
        read = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        return cv2.blur(read, (5, 5)).astype(float)  # what JPEG does to single pixels is no matter

    printed = Printed(ground=imagery)
    for name, show, wanted in (
        ("before", lambda of: of.photo, "baseline"),
        ("after", lambda of: of.photo, "current"),
        ("difference", lambda of: of.score, None),
    ):
        asked = (name,) if wanted is None else (name, wanted)
        assert show(printed)(*asked, fine, jpeg=95) == show(imagery)(*asked, fine, jpeg=95)
        small = show(printed)(*asked, coarse, jpeg=90)
        assert pixels(small).shape[:2] == coarse.shape
        oracle = pixels(show(imagery)(*asked, coarse, jpeg=90))
        assert np.abs(pixels(small) - oracle).mean() < 5
        assert oracle.std() > 20
        assert small.split(b"\0", 2)[1].endswith(b"tinjau:" + name.encode())


def test_ground_that_was_not_seen_is_white(told, inspected):
    view = view_of(PERMIT)
    imagery = Imagery.of(told, inspected.folder, view)
    # Pixels 120 to 200 across and 460 to 520 down were left out of the flight.
    hole = box(EAST + 32, NORTH - 128, EAST + 48, NORTH - 117)
    grid = View.around(hole, UTM, width_mm=20.0, height_mm=15.0).grid(4.0)
    photo = imagery.photo("x", "current", grid, jpeg=95)
    assert cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR)[8:-8, 8:-8].min() > 250


def test_a_coarse_map_reads_an_overview_of_a_large_flight(tmp_path, monkeypatch):
    side = 4096
    transform = Affine(0.05, 0, EAST, 0, -0.05, NORTH)
    grid = Grid(crs=UTM, transform=transform, rows=side, columns=side)
    tiles = (
        (
            tile,
            np.full((3, tile.rows, tile.columns), tile.row // 20, np.uint8),
            np.ones((tile.rows, tile.columns), np.bool_),
        )
        for tile in grid.tiles(512)
    )
    write_cog(tmp_path / "current.tif", grid, tiles, encoding=PICTURE, bands=3)
    view = View.around(grid.footprint, UTM, width_mm=87.0, height_mm=87.0)
    imagery = Imagery(folder=tmp_path, moved=None, stretch=(0.0, 255.0))
    largest = []
    remap = cv2.remap

    def watched(pixels, *others, **more):
        largest.append(pixels.shape[0] * pixels.shape[1])
        return remap(pixels, *others, **more)

    monkeypatch.setattr(cv2, "remap", watched)
    raster = imagery.read("current", view.grid(7.0))
    assert max(largest) <= 1100 * 1100  # of 4096 x 4096: what is printed, not what was flown
    assert raster.values[0][-80].mean() > raster.values[0][80].mean() + 100


def test_the_scale_bar_is_as_long_on_the_ground_as_it_says():
    view = view_of(PERMIT.buffer(60), width_mm=120.0, height_mm=90.0)
    drawing = Drawing.of("bar", view)
    furnish(drawing, view, wording(Language.ENGLISH))
    root = ET.fromstring(drawing.plain())
    text = next(t.text for t in root.iter("{http://www.w3.org/2000/svg}text") if "1:" in t.text)
    length_m, scale = (
        float(text.split(" m")[0].replace(",", "")),
        text.split("1:")[1].replace(",", ""),
    )
    bars = [
        shapely.from_wkt("LINESTRING(" + re.sub(r"[MZ]", "", d).replace("L", ",") + ")").bounds
        for d in (p.get("d") for p in root.iter("{http://www.w3.org/2000/svg}path"))
        if d and d.count("L") == 4
    ]
    pieces = [b for b in bars if abs((b[3] - b[1]) - 12) <= 1]
    long = max(b[2] for b in pieces) - min(b[0] for b in pieces)
    back = Transformer.from_crs(UTM, 4326, always_xy=True)
    y = (view.bottom + view.top) / 2
    lon1, lat1 = back.transform(view.left, y)
    lon2, lat2 = back.transform(view.left + long / 10 * view.metres_per_mm, y)
    _, _, ground_m = GEOD.inv(lon1, lat1, lon2, lat2)
    assert ground_m == pytest.approx(length_m, rel=0.01)
    assert int(scale) == pytest.approx(view.metres_per_mm * 1000, rel=1e-3)


@pytest.mark.parametrize("latitude", [-60.0, -3.2, 0.5, 55.0])
def test_the_north_arrow_points_along_the_meridian(latitude):
    crs = metric_crs(LONLAT, longitude=119.9, latitude=latitude)
    x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(119.9, latitude)
    view = View.around(box(x, y, x + 200, y + 200), crs, width_mm=100.0, height_mm=100.0)
    drawing = Drawing.of("north", view)
    furnish(drawing, view, wording(Language.ENGLISH))
    root = ET.fromstring(drawing.plain())
    paths = [p.get("d") for p in root.iter("{http://www.w3.org/2000/svg}path") if p.get("d")]
    arrow = next(d for d in reversed(paths) if d.count("L") == 4 and "Z" in d)
    points = [tuple(map(float, p.split())) for p in re.sub(r"[MZ]", "", arrow).split("L")]
    tip = np.array(points[0])
    middle = np.mean(points[1:4], axis=0)
    drawn = math.degrees(math.atan2(tip[0] - middle[0], middle[1] - tip[1]))
    centre = ((view.left + view.right) / 2, (view.bottom + view.top) / 2)
    back = Transformer.from_crs(crs, 4326, always_xy=True)
    lon1, lat1 = back.transform(*centre)
    lon2, lat2 = back.transform(centre[0], centre[1] + 50)
    grid_azimuth, _, _ = GEOD.inv(lon1, lat1, lon2, lat2)
    assert drawn == pytest.approx(-grid_azimuth, abs=1.5)


def test_graticule_lines_lie_where_their_labels_say():
    view = view_of(PERMIT.buffer(60))
    drawing = Drawing.of("lines", view)
    furnish(drawing, view, wording(Language.ENGLISH))
    root = ET.fromstring(drawing.plain())
    dotted = [
        p.get("d")
        for p in root.iter("{http://www.w3.org/2000/svg}path")
        if p.get("opacity") == "0.7"
    ]
    back = Transformer.from_crs(UTM, 4326, always_xy=True)
    labels = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text") if "°" in t.text]
    assert {text[-1] in "EW" for text in labels} == {True, False}  # meridians and parallels
    stated = set()
    for text in labels:
        degrees, minutes, seconds = map(float, re.findall(r"[\d.]+", text)[:3])
        sign = -1 if text[-1] in "SW" else 1
        stated.add(round(sign * (degrees + minutes / 60 + seconds / 3600), 7))
    drawn = set()
    for d in dotted:
        points = [tuple(map(float, p.split())) for p in d[1:].split("L")]
        for u, v in (points[len(points) // 2],):
            x = view.left + u / 10 * view.metres_per_mm
            y = view.top - v / 10 * view.metres_per_mm
            lon, lat = back.transform(x, y)
            upright = abs(points[0][0] - points[-1][0]) < abs(points[0][1] - points[-1][1])
            drawn.add(lon if upright else lat)
    half_unit = view.metres_per_mm / 10 / 111_000
    for value in stated:
        assert min(abs(value - one) for one in drawn) < 2 * half_unit


def test_a_finding_is_outlined_where_it_lies(told):
    scene = Scene.of(told)
    finding, shape = max(scene.findings, key=lambda one: one[1].intersection(NEW_CLEARING).area)
    assert shape.intersection(NEW_CLEARING).area > 0.9 * NEW_CLEARING.area
    assert scene.permit.symmetric_difference(PERMIT).area < 0.5
    assert shape.area == pytest.approx(finding.area_m2, rel=0.002)


def test_every_map_of_the_report_is_drawn_once(told):
    brief = brief_of(told, Language.ENGLISH)
    maps = maps_of(brief, QUALITY)
    names = [name for name, _ in maps.all(brief.main)]
    assert len(names) == len(set(names))
    assert {"boundary", "coverage", "before", "after", "difference"} < set(names)
    scales = {
        name: re.search(r"1:([\d,]+)", drawn().decode())[1]
        for name, drawn in maps.all(brief.main)
        if name in ("before", "after", "difference")
    }
    assert len(set(scales.values())) == 1, "one scale for all three"


def test_bars_are_as_long_as_their_hectares():
    ledger = {
        "permit": 10.0,
        "undisturbed": 4.0,
        "standing": 1.0,
        "new": 2.0,
        "recovered": 0.5,
        "not_observed": 2.5,
    }
    svg = ledger_chart([("one", ledger)], wording(Language.ENGLISH), width_mm=150.0)
    root = ET.fromstring(svg)
    fills = {colour for colour, _ in PARTS.values()}
    widths = []
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        if path.get("fill") in fills and path.get("d").count("L") == 4:
            points = [tuple(map(float, p.split())) for p in path.get("d")[1:-1].split("L")]
            xs, ys = zip(*points, strict=True)
            if max(ys) - min(ys) > 60:
                widths.append(max(xs) - min(xs))
    whole = sum(widths)
    shares = [round(width / whole, 2) for width in widths]
    assert shares == [0.4, 0.05, 0.1, 0.2, 0.25]  # in the order of PARTS


def test_pictures_are_found_again_by_name():
    one, other = named("F001-before", flat(10)), named("after", flat(200))
    pdf = b"%PDF\nstream\n" + one + b"\nendstream\nstream\n" + other + b"\nendstream"
    assert pictures_in(pdf) == {"F001-before": one, "after": other}
    shown = cv2.imdecode(np.frombuffer(other, np.uint8), cv2.IMREAD_COLOR)
    assert abs(int(shown.mean()) - 200) < 3
