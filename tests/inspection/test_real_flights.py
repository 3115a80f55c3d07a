"""Real flights, satellite pairs and concessions, through the command line as a person would."""

import json

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from pyproj import CRS, Geod
from rasterio.features import shapes
from shapely import affinity

from geo.area import area_m2
from geo.crs import LONLAT, moved_shape
from tests.inspection.conftest import run

LEDGER = ("undisturbed", "standing", "new", "recovered", "not_observed")


def inspected(tmp_path, *, boundary, exits=(0,), **files):
    path = tmp_path / "boundary.geojson"
    path.write_text(json.dumps(shapely.geometry.mapping(boundary)))
    words = [word for name, value in files.items() for word in (f"--{name}", value)]
    done = run("inspect", "--boundary", path, "--out", tmp_path / "out", "--quiet", *words)
    assert done.returncode in exits, done.stderr
    document = json.loads((tmp_path / "out" / "inspection.json").read_bytes())
    ledger = document["ledger_ha"]
    parts = sum(round((ledger[part] or 0) * 1e6) for part in LEDGER)
    assert parts == round(ledger["permit"] * 1e6)
    assert run("verify", tmp_path / "out").returncode == 0
    return document, gpd.read_file(tmp_path / "out" / "findings.geojson")


def frame(path):
    """Outline of an image in degrees."""
    with rasterio.open(path) as dataset:
        box = shapely.box(*dataset.bounds)
        crs = CRS.from_wkt(dataset.crs.to_wkt())
    return moved_shape(shapely.segmentize(box, box.length / 400), source=crs, target=LONLAT)


def test_a_satellite_pair_in_degrees_shows_the_ground_of_the_alert(test_data, tmp_path):
    folder = test_data / "goldmining_alert_pair"
    document, findings = inspected(
        tmp_path,
        boundary=frame(folder / "example_t1.tif"),
        baseline=folder / "example_t0.tif",
        current=folder / "example_t1.tif",
    )
    alert = gpd.read_file(folder / "example.geojson").geometry.iloc[0]
    flagged = findings[findings["epoch"] != "recovered"]
    assert flagged.union_all().intersection(alert).area > 0.4 * alert.area
    new = findings[findings["epoch"] == "new"]
    assert new.union_all().intersection(alert).area > 0.1 * alert.area
    assert document["boundary"]["area_ha"] == pytest.approx(462.7, abs=0.2)
    geod = Geod(ellps="WGS84")
    for _, row in findings.iterrows():
        ground = abs(geod.geometry_area_perimeter(shapely.orient_polygons(row.geometry))[0])
        assert row["area_m2"] == pytest.approx(ground, rel=1e-4)
    assert document["registration"]["residual_m"] < 5, "half a pixel of ten metres"


def test_the_collar_of_a_real_orthophoto_is_not_ground(test_data, tmp_path):
    image = test_data / "drone_orthos" / "pix4d_alpha_nodata.tif"
    with rasterio.open(image) as dataset:
        left, bottom, right, top = dataset.bounds
        crs = CRS.from_wkt(dataset.crs.to_wkt())
        alpha = dataset.read(4)
        seen = shapely.union_all(
            [
                shapely.geometry.shape(s)
                for s, v in shapes(alpha, transform=dataset.transform)
                if v == 255
            ]
        )
    width, height = right - left, top - bottom
    permit = shapely.box(
        left + 0.3 * width, bottom + 0.5 * height, right + 0.2 * width, top + 0.1 * height
    )
    document, findings = inspected(
        tmp_path,
        boundary=moved_shape(shapely.segmentize(permit, 10), source=crs, target=LONLAT),
        current=image,
    )
    hidden = area_m2(permit.difference(seen), crs) / 1e4
    gaps = {gap["reason"]: gap["area_ha"] for gap in document["coverage"]["gaps"]}
    assert gaps["unflown"] == pytest.approx(hidden, rel=0.01)
    assert document["answers"]["observed"]["verdict"] == "fail"
    assert set(findings["epoch"]) <= {"standing"}
    ground = findings.to_crs(crs.to_epsg()).union_all()
    assert ground.difference(seen.buffer(0.5)).area < 1
    with rasterio.open(tmp_path / "out" / "current.tif") as clipped:
        assert not clipped.read()[:, clipped.dataset_mask() == 0].any()


def test_a_real_concession_moved_onto_a_flight_is_inspected(test_data, tmp_path):
    image = test_data / "drone_orthos" / "pix4d_alpha_nodata.tif"
    features = json.loads((test_data / "wiup" / "wiup_kalsel.geojson").read_text())["features"]
    outlines = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    sound = sorted((o for o in outlines if o.is_valid), key=lambda o: area_m2(o, LONLAT))
    concession = next(o for o in sound if len(shapely.get_coordinates(o)) > 20)
    centre = frame(image).centroid
    moved = affinity.translate(
        concession, centre.x - concession.centroid.x, centre.y - concession.centroid.y
    )
    document, _ = inspected(tmp_path, boundary=moved, current=image)
    assert document["boundary"]["area_ha"] == pytest.approx(area_m2(moved, LONLAT) / 1e4, abs=1e-5)
    assert 0 < document["coverage"]["observed_share"] < 1


PAIRS = [
    ("minenetcd_site2/site2_t1.png", "minenetcd_site2/site2_t2.png", 3.0),
    ("second_crops/s1_t1.png", "second_crops/s1_t2.png", 1.0),
    ("second_crops/s2_t1.png", "second_crops/s2_t2.png", 1.0),
    ("second_crops/s5_t1.png", "second_crops/s5_t2.png", 1.0),
    ("second_crops/s6_t1.png", "second_crops/s6_t2.png", 1.0),
]


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize(("before", "after", "gsd_m"), PAIRS)
def test_labelled_pairs_run(test_data, tmp_path, before, after, gsd_m):
    placed = rasterio.transform.from_origin(300_000, 9_630_000, gsd_m, gsd_m)
    files = {}
    for name, source in (("baseline", before), ("current", after)):
        with rasterio.open(test_data / source) as picture:
            pixels = picture.read()[:3]
        files[name] = tmp_path / f"{name}.tif"
        with rasterio.open(
            files[name],
            "w",
            driver="GTiff",
            count=3,
            height=pixels.shape[1],
            width=pixels.shape[2],
            dtype="uint8",
            crs="EPSG:32750",
            transform=placed,
            photometric="RGB",
        ) as target:
            target.write(pixels)
    document, findings = inspected(
        tmp_path, boundary=frame(files["current"]), exits=(0, 4), **files
    )
    if document["registration"]["status"] == "not_comparable":
        assert "new" not in set(findings["epoch"])
    else:
        assert np.isfinite(document["registration"]["residual_m"])
