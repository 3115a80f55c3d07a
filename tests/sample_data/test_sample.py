"""The sample is what its truth says, and the script that made it makes it again."""

import csv
import itertools
import json
import math
import re

import cv2
import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Geod

from sample_data.make import make
from sample_data.site import SHIFT_M

LEDGER = ("undisturbed", "standing", "new", "recovered", "not_observed")


@pytest.fixture(scope="module")
def truth(sample):
    return json.loads((sample / "truth.json").read_text())


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    folder = tmp_path_factory.mktemp("remade")
    make(folder)
    return folder


def test_making_it_again_gives_the_same_truth(truth, remade):
    again = json.loads((remade / "truth.json").read_text())
    assert again["ledger_ha"] == pytest.approx(truth["ledger_ha"], abs=1e-5)
    assert again["areas_ha"] == pytest.approx(truth["areas_ha"], abs=1e-5)
    assert (again["shift_m"], again["sun"]) == (truth["shift_m"], truth["sun"])
    for old, new in zip(truth["objects"], again["objects"], strict=True):
        assert [old[k] for k in ("name", "class", "epoch", "location")] == [
            new[k] for k in ("name", "class", "epoch", "location")
        ]
        one, other = (shapely.geometry.shape(o["geometry"]) for o in (old, new))
        assert one.symmetric_difference(other).area < 0.5


def test_making_it_again_gives_the_same_pictures(sample, remade):
    for name in ("baseline.tif", "current.tif"):
        with rasterio.open(sample / name) as old, rasterio.open(remade / name) as new:
            a, b = old.read().astype(int), new.read().astype(int)
        assert np.array_equal(a[3], b[3])
        assert np.abs(a[:3] - b[:3]).mean() < 1


def test_the_ledger_adds_up(truth):
    ledger = truth["ledger_ha"]
    assert sum(ledger[part] for part in LEDGER) == pytest.approx(ledger["permit"], abs=3e-6)
    assert all(ledger[part] > 0 for part in LEDGER)


def test_every_kind_of_change_is_there(truth):
    told = {(o["class"], o["epoch"]) for o in truth["objects"]}
    assert told >= {
        ("vegetation_clearing", "new"),
        ("excavation", "new"),
        ("water", "new"),
        ("road", "new"),
        ("stockpile", "new"),
        ("excavation", "standing"),
        ("bare_ground", "recovered"),
    }
    assert {o["location"] for o in truth["objects"]} == {"inside", "outside"}
    names = {one["name"] for one in truth["not_disturbance"]}
    assert {"river", "cloud_shadow", "fields", "vehicle_1"} <= names


def test_it_is_small(sample):
    sizes = {path.name: path.stat().st_size for path in sample.iterdir() if path.is_file()}
    assert sizes["baseline.tif"] < 3e6
    assert sizes["current.tif"] < 3e6
    assert sum(sizes.values()) < 10e6


@pytest.mark.parametrize("name", ["baseline", "current"])
def test_pictures_are_as_photogrammetry_writes_them(sample, truth, name):
    with rasterio.open(sample / f"{name}.tif") as dataset:
        assert [c.name for c in dataset.colorinterp] == ["red", "green", "blue", "alpha"]
        assert dataset.crs.to_epsg() == 32750
        alpha = dataset.read(4)
        assert set(np.unique(alpha)) == {0, 255}
        when = dataset.tags()["TIFFTAG_DATETIME"]
        assert when.replace(":", "") in truth["captured_at"][name].replace("-", "").replace(
            ":", ""
        ).replace("T", " ")
    edge = [int(np.argmax(row > 0)) for row in alpha[300:900]]
    assert len(set(edge)) > 8, "the rim is ragged"
    corner = alpha[:400, -400:]
    assert (corner > 0).any() == (name == "baseline"), "one corner was not flown on the later date"


@pytest.mark.parametrize("name", ["baseline_dsm", "current_dsm"])
def test_surfaces_are_heights_with_gaps(sample, name):
    with rasterio.open(sample / f"{name}.tif") as dataset:
        assert (dataset.res, dataset.dtypes) == ((1.0, 1.0), ("float32",))
        heights = dataset.read(1, masked=True)
    assert heights.mask.any()
    assert 20 < heights.min() < heights.max() < 120


def test_the_later_surface_stands_too_high_by_what_the_truth_says(sample, truth):
    with (
        rasterio.open(sample / "baseline_dsm.tif") as b,
        rasterio.open(sample / "current_dsm.tif") as c,
    ):
        difference = c.read(1, masked=True) - b.read(1, masked=True)
    assert np.ma.median(difference) == pytest.approx(truth["dsm_offset_m"], abs=0.12)


def ring(sample):
    feature = json.loads((sample / "boundary.geojson").read_text())["features"][0]
    return feature["geometry"]["coordinates"][0]


def test_the_boundary_keeps_to_the_graticule_and_the_thousandth_of_a_second(sample):
    points = ring(sample)
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        assert (x0 == x1) != (y0 == y1), "every side is parallel to a meridian or a parallel"
    for value in np.ravel(points):
        steps = value * 3_600_000
        assert steps == pytest.approx(round(steps), abs=2e-3)


def test_the_printed_table_says_the_same_as_the_geojson(sample):
    lines = (sample / "boundary_dms.csv").read_text("utf-8").splitlines()[1:]
    points = []
    for line in lines:
        _, *fields = line.split(";")
        (d, m, s, side), (d2, m2, s2, side2) = fields[:4], fields[4:]
        assert re.fullmatch(r"\d{2},\d{3}|\d,\d{3}", s)
        east = int(d) + int(m) / 60 + float(s.replace(",", ".")) / 3600
        south = int(d2) + int(m2) / 60 + float(s2.replace(",", ".")) / 3600
        points.append((east * {"BT": 1}[side], south * {"LS": -1, "LU": 1}[side2]))
    assert np.array(points) == pytest.approx(np.array(ring(sample)[:-1]), abs=1e-9)


def test_the_permit_covers_four_hectares_and_its_limit_is_exceeded(sample, truth):
    permit = json.loads((sample / "permit.json").read_text())
    polygon = shapely.orient_polygons(shapely.Polygon(ring(sample)))
    hectares = Geod(ellps="WGS84").geometry_area_perimeter(polygon)[0] / 1e4
    assert hectares == pytest.approx(truth["ledger_ha"]["permit"], abs=1e-4)
    assert permit["declared_area_ha"] == round(hectares, 2)
    disturbed = truth["ledger_ha"]["new"] + truth["ledger_ha"]["standing"]
    assert 1.1 < disturbed / permit["limits"]["max_disturbed_ha"] < 1.3


def marks(sample):
    with (sample / "control_points.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_marks_are_seen_where_the_list_says(sample):
    with rasterio.open(sample / "current.tif") as dataset:
        grey = dataset.read([1, 2, 3]).mean(axis=0).astype(np.float32)
    half = 4
    down, across = np.mgrid[-half : half + 1, -half : half + 1]
    reach = (np.abs(down) <= 2) & (np.abs(across) <= 2)
    checker = np.where(reach, np.sign(down * across), 0).astype(np.float32)
    for mark in marks(sample):
        column, row = float(mark["column"]) - 0.5, float(mark["row"]) - 0.5
        c, r = round(column), round(row)
        patch = grey[r - 9 : r + 10, c - 9 : c + 10]
        score = cv2.matchTemplate(patch, checker, cv2.TM_CCOEFF_NORMED)
        _, _, _, (x, y) = cv2.minMaxLoc(score)
        found = c - 9 + x + half, r - 9 + y + half
        assert math.dist(found, (column, row)) < 1.2, mark["name"]


def test_marks_lie_off_their_surveyed_place_by_the_displacement(sample):
    with rasterio.open(sample / "current.tif") as dataset:
        placed = dataset.transform
    off = [
        np.subtract(placed @ (float(m["column"]), float(m["row"])), (float(m["x"]), float(m["y"])))
        for m in marks(sample)
    ]
    assert np.mean(off, axis=0) == pytest.approx(SHIFT_M, abs=0.03)
    assert {m["role"] for m in marks(sample)} == {"control", "check"}


def test_the_pictures_are_displaced_as_the_truth_says(sample, truth):
    # Around the old pit, where stone and edges are the same on both dates.
    window = rasterio.windows.Window(1100, 900, 300, 250)
    edges = []
    for name in ("baseline", "current"):
        with rasterio.open(sample / f"{name}.tif") as dataset:
            picture = dataset.read([1, 2, 3], window=window).max(axis=0).astype(np.float32)
        smooth = cv2.GaussianBlur(picture, (0, 0), 1.5)
        edges.append(cv2.Sobel(smooth, cv2.CV_32F, 1, 0) + 1j * cv2.Sobel(smooth, cv2.CV_32F, 0, 1))
    # Orientation correlation: the direction of edges, which light does not turn.
    one, other = (np.fft.fft2(e / (np.abs(e) + 20)) for e in edges)
    peak = np.abs(np.fft.ifft2(other * np.conj(one)))
    row, column = np.unravel_index(np.argmax(peak), peak.shape)
    east = (column if column < 150 else column - 300) * 0.2
    north = -(row if row < 125 else row - 250) * 0.2
    assert (east, north) == pytest.approx(truth["shift_m"], abs=0.2)
