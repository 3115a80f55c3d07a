"""Pictures placed by points alone, from the command line to the report."""

import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import rasterio
from rasterio.control import GroundControlPoint

from inspection.language import Language
from inspection.report.vectors import residual_sketch
from inspection.survey import PointResidual
from inspection.wording.catalogue import wording
from tests.inspection.conftest import MOMENT, run, transform

PIXELS = [(column, row) for column in (30, 320, 610) for row in (40, 330, 600)]
MOVED_M = (-4.0, 2.5)


def truth(column, row):
    x, y = transform() @ (column, row)
    return x + MOVED_M[0], y + MOVED_M[1]


@pytest.fixture(scope="module")
def unplaced(site, tmp_path_factory):
    """The current flight without any position, as TIFF."""
    path = tmp_path_factory.mktemp("unplaced") / "flight.tif"
    with rasterio.open(site.folder / "current.tif") as given:
        profile = {**given.profile, "crs": None, "transform": rasterio.Affine.identity()}
        values = given.read()
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(path, "w", **profile) as target,
    ):
        target.write(values)
    return path


@pytest.fixture(scope="module")
def placed_by_list(site, unplaced, tmp_path_factory):
    """That flight, inspected by a list of OpenDroneMap's form with check points."""
    folder = tmp_path_factory.mktemp("by_list")
    lines = ["EPSG:32750"]
    for number, (column, row) in enumerate([*PIXELS, (200, 180), (450, 170), (330, 480)]):
        x, y = truth(column, row)
        name = f"{'icp' if number >= len(PIXELS) else 'gcp'}{number:02d}"
        lines.append(f"{x:.3f}\t{y:.3f}\t0\t{column}\t{row}\tFLIGHT.JPG\t{name}")
    (folder / "gcp_list.txt").write_text("\n".join(lines))
    done = run(
        *("inspect", "--boundary", site.file("boundary.geojson"), "--current", unplaced),
        *("--control-points", folder / "gcp_list.txt", "--language", "en"),
        *("--created-at", MOMENT, "--records", folder / "records", "--out", folder / "out"),
    )
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_a_picture_without_position_is_placed_by_a_list_alone(placed_by_list):
    document = json.loads((placed_by_list / "inspection.json").read_bytes())
    position = document["position"]
    assert position["method"] == "control_points"
    assert position["verified"] is True
    assert (position["control_points"], position["check_points"]) == (9, 3)
    assert position["rmse_m"] < 0.01
    assert position["rmse_m"] ** 2 == pytest.approx(
        position["rmse_east_m"] ** 2 + position["rmse_north_m"] ** 2, abs=1e-6
    )
    fit = position["transformation"]
    assert fit["kind"] == "affine"
    assert set(fit["loo_rmse_m"]) == {"affine", "perspective", "polynomial", "spline"}
    assert fit["loo_rmse_m"]["affine"] < 0.01
    assert fit["passed_over"] == {"spline": "too_few_points"}
    with rasterio.open(placed_by_list / "current.tif") as clipped:
        left, top = truth(0, 0)
        column, row = ~rasterio.Affine(*clipped.transform[:6]) @ (left, top)
        # A fit to points that are right to a millimetre is right to a hundredth of a pixel.
        assert (column - round(column), row - round(row)) == pytest.approx((0, 0), abs=0.05)


def test_the_result_of_points_is_proven_and_its_report_tells_them(placed_by_list):
    proven = run("verify", placed_by_list, "--language", "en")
    assert proven.returncode == 0, proven.stdout + proven.stderr
    page = (placed_by_list / "report.html").read_text("utf-8")
    assert "affine; left out of the fit, points are missed by: affine 0.00" in page
    assert "icp09" in page
    assert re.search(r"misses are drawn [\d,]+ times as large as the ground", page)


def test_the_points_in_the_file_itself_place_it(site, unplaced, tmp_path):
    path = tmp_path / "own.tif"
    with rasterio.open(unplaced) as given:
        profile = {k: v for k, v in given.profile.items() if k not in ("crs", "transform")}
        values = given.read()
    points = [
        GroundControlPoint(row=row, col=column, x=x, y=y)
        for column, row in PIXELS
        for x, y in [truth(column, row)]
    ]
    with rasterio.open(path, "w", **profile, gcps=points, crs="EPSG:32750") as target:
        target.write(values)
    done = run(
        *("inspect", "--boundary", site.file("boundary.geojson"), "--current", path),
        *("--language", "en", "--records", tmp_path / "records", "--out", tmp_path / "out"),
    )
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "inspection.json").read_bytes())
    assert document["position"]["control_points"] == 9
    assert document["position"]["verified"] is False
    codes = {one["code"] for one in document["warnings"]}
    assert {"control_points_of_file", "control_points_left_out"} <= codes


def test_a_wrong_point_stops_the_inspection_by_name(site, tmp_path):
    lines = ["name,x,y,column,row"]
    for number, (column, row) in enumerate(PIXELS):
        x, y = transform() @ (column, row)
        lines.append(f"BM{number},{x + (12 if number == 4 else 0)},{y},{column},{row}")
    path = tmp_path / "points.csv"
    path.write_text("\n".join(lines))
    done = run(
        *("inspect", "--boundary", site.file("boundary.geojson")),
        *("--current", site.file("current.tif"), "--control-points", path),
        *("--control-points-crs", "EPSG:32750", "--language", "en", "--out", tmp_path / "out"),
    )
    assert done.returncode == 3
    assert "BM4" in done.stderr
    assert "control_points_gross_error" in done.stderr
    assert not (tmp_path / "out").exists()


def residual(name, x, y, east, north, role="control"):
    return PointResidual(name=name, role=role, x=x, y=y, east_m=east, north_m=north)


SKETCHED = [
    residual("A", 0, 0, 0.03, 0.0),
    residual("B", 800, 100, 0.0, 0.04),
    residual("C", 400, 500, -0.02, 0.0, "check"),
    residual("D", 100, 400, 9.0, 9.0, "unused"),
]


def test_arrows_point_where_the_picture_shows_the_points():
    drawn = residual_sketch(SKETCHED, wording(Language.ENGLISH), width_mm=170)
    root = ET.fromstring(drawn)
    arrows = [
        [tuple(map(float, pair.split())) for pair in re.findall(r"[\d.-]+ [\d.-]+", path.get("d"))]
        for path in root.iter("{http://www.w3.org/2000/svg}path")
        if path.get("stroke") == "#8f1d2c"
    ]
    steps = np.array([np.subtract(arrow[1], arrow[0]) for arrow in arrows[:3]])
    assert np.sign(np.rint(steps)).tolist() == [[1, 0], [0, -1], [-1, 0]], "east, north, west"
    lengths = np.hypot(*steps.T)
    assert lengths / lengths[0] == pytest.approx([1, 4 / 3, 2 / 3], abs=0.03)
    names = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A", "B", "C"} <= set(names)
    assert "D" not in names, "a point that is not used hides no other"
    assert float(root.get("width").removesuffix("mm")) == 170


@pytest.mark.parametrize("language", Language)
def test_the_sketch_stands_where_nothing_is_missed_and_where_much_is(language):
    for size in (0.0, 1e-6, 50.0):
        points = [residual(str(n), n * 10.0, n % 3 * 10.0, size, -size) for n in range(60)]
        assert residual_sketch(points, wording(language), width_mm=170).startswith(b"<svg")
