"""The whole inspection of a site whose truth was drawn: what it finds, and that it adds up."""

import json

import geopandas as gpd
import jsonschema
import numpy as np
import pystac
import pytest
import rasterio
import rasterio.features
import rasterio.vrt
from rio_cogeo import cog_validate

from geo.area import area_m2
from inspection.schema import json_schema
from tests.inspection.conftest import (
    ACROSS,
    NEW_CLEARING,
    OLD_PIT,
    PERMIT,
    SHIFT_M,
    UTM,
    inspect_site,
    run,
)

FILES = {
    "baseline.tif",
    "change.tif",
    "current.tif",
    "findings.geojson",
    "inspection.gpkg",
    "inspection.json",
    "manifest.json",
    "report-light.pdf",
    "report.html",
    "report.pdf",
    "stac",
}


def found(inspected, shape):
    """Findings that cover at least half of a shape."""
    frame = gpd.read_file(inspected.folder / "findings.geojson").to_crs(UTM.to_epsg())
    return frame[frame.intersection(shape).area > 0.5 * shape.area]


def test_the_folder_holds_what_the_contract_says(inspected):
    assert {path.name for path in inspected.folder.iterdir()} == FILES


def test_the_document_follows_the_published_schema(inspected):
    jsonschema.validate(inspected.document, json_schema())
    assert inspected.document["schema"] == "tinjau.inspection/1"


def test_new_clearings_are_found_where_they_are(inspected):
    for shape, location in ((NEW_CLEARING, "inside"), (ACROSS, "outside")):
        one = found(inspected, shape)
        assert len(one) == 1
        row = one.iloc[0]
        assert (row["epoch"], row["location"]) == ("new", location)
        assert row["area_m2"] == pytest.approx(shape.area, rel=0.08)
        assert row.geometry.intersection(shape).area / row.geometry.union(shape).area > 0.85


def test_old_ground_is_standing_not_new(inspected):
    one = found(inspected, OLD_PIT)
    assert list(one["epoch"]) == ["standing"]


def test_nothing_else_is_called_new(inspected):
    frame = gpd.read_file(inspected.folder / "findings.geojson").to_crs(UTM.to_epsg())
    new = frame[frame["epoch"] == "new"]
    assert new.union_all().difference(NEW_CLEARING.union(ACROSS).buffer(2)).area < 20


def test_the_finding_across_the_line_is_cut_exactly(inspected):
    row = found(inspected, ACROSS).iloc[0]
    parts = row["area_inside_m2"] + row["area_uncertain_m2"] + row["area_outside_m2"]
    assert parts == pytest.approx(row["area_m2"], abs=0.005)
    reach = inspected.document["position"]["uncertainty_m"]
    assert row["area_outside_m2"] == pytest.approx((20 - reach) * 20, rel=0.12)
    assert row["distance_outside_m"] == pytest.approx(20, abs=1.5)


def test_the_shift_between_the_flights_is_measured(inspected):
    note = inspected.document["registration"]
    assert note["status"] == "registered"
    assert note["shift_m"] == pytest.approx(SHIFT_M, abs=0.08)
    assert note["residual_m"] < 0.25


def test_the_ledger_adds_up_to_the_permit(inspected):
    ledger = inspected.document["ledger_ha"]
    parts = [ledger[k] for k in ("undisturbed", "standing", "new", "recovered", "not_observed")]
    assert sum(round(part * 1e6) for part in parts) == round(ledger["permit"] * 1e6)
    assert ledger["permit"] == pytest.approx(area_m2(PERMIT, UTM) / 1e4, abs=2e-6)
    assert inspected.document["boundary"]["area_ha"] == pytest.approx(ledger["permit"], abs=2e-6)


def test_ground_that_was_not_seen_is_measured_and_drawn(inspected):
    # 60 x 80 pixels of 0.25 m; 20 m x 15 m, all inside the permit.
    assert inspected.document["coverage"]["not_observed_ha"] == pytest.approx(0.03, rel=0.05)
    frame = gpd.read_file(inspected.folder / "inspection.gpkg", layer="not_observed")
    inside = frame.to_crs(UTM.to_epsg()).union_all().intersection(PERMIT)
    assert inside.area == pytest.approx(300, rel=0.05)


def test_areas_by_location_are_those_of_the_findings(inspected):
    findings = [f for f in inspected.document["findings"] if f["epoch"] != "recovered"]
    for part in ("inside", "outside", "uncertain"):
        total = sum(f[f"area_{part}_m2"] for f in findings) / 1e4
        assert inspected.document["areas_ha"][part] == pytest.approx(total, abs=1e-6)


def test_the_five_answers(inspected):
    answers = inspected.document["answers"]
    verdicts = {name: answer["verdict"] for name, answer in answers.items()}
    assert verdicts == {
        "place": "uncertain",
        "observed": "pass",
        "comparable": "pass",
        "outside": "fail",
        "limits": "fail",
    }
    assert "indication" in answers["outside"]["sentence"].lower()
    assert answers["limits"]["limit"] == 0.1


def test_pictures_are_valid_and_clipped(inspected):
    for name in ("current.tif", "baseline.tif", "change.tif"):
        valid, errors, _ = cog_validate(inspected.folder / name, quiet=True)
        assert valid, (name, errors)
    with rasterio.open(inspected.folder / "change.tif") as change:
        score = change.read(1)
        assert change.nodata == 255
        assert score[score != 255].max() <= 100
        inside = rasterio.features.geometry_mask(
            [NEW_CLEARING.buffer(-2)], score.shape, change.transform, invert=True
        )
        away = rasterio.features.geometry_mask(
            [NEW_CLEARING.union(ACROSS).buffer(5)], score.shape, change.transform
        )
        assert np.median(score[inside]) > np.median(score[away & (score != 255)]) + 30


def test_layers_open_with_their_styles(inspected):
    path = inspected.folder / "inspection.gpkg"
    for layer in ("boundary", "findings", "not_observed", "coverage"):
        assert gpd.read_file(path, layer=layer).crs.to_epsg() == 32750
    styles = gpd.read_file(path, layer="layer_styles")
    assert set(styles["f_table_name"]) == {"boundary", "findings", "not_observed", "coverage"}
    assert all(styles["styleQML"].str.contains("<renderer-v2"))


def test_the_catalogue_is_valid_stac(inspected):
    collection = pystac.Collection.from_file(str(inspected.folder / "stac" / "collection.json"))
    items = list(collection.get_items())
    assert {item.id for item in items} == {"current", "baseline"}
    for item in items:
        asset = item.assets["visual"].get_absolute_href()
        assert (inspected.folder / f"{item.id}.tif").samefile(asset)


def test_the_report_is_filed_once_and_superseded_by_the_next(site, inspected, tmp_path):
    filed = inspected.result["filed"]
    assert (filed["sequence"], filed["supersedes"]) == (1, None)
    again = run("attach", inspected.folder, "--records", inspected.records, "--json")
    assert json.loads(again.stdout) == filed, "filing the same report again changes nothing"
    later = run(
        "inspect",
        "--boundary",
        site.file("boundary.geojson"),
        "--current",
        site.file("baseline.tif"),
        "--permit",
        site.file("permit.json"),
        "--records",
        inspected.records,
        "--out",
        tmp_path / "out",
        "--json",
    )
    assert later.returncode == 0, later.stderr
    after = json.loads(later.stdout)["filed"]
    assert (after["sequence"], after["supersedes"]) == (2, filed["report_sha256"])
    kept = sorted(inspected.records.glob("*/0*/report/inspection.json"))
    assert len(kept) == 2
    assert kept[0].read_bytes() == (inspected.folder / "inspection.json").read_bytes()


def test_one_flight_alone_shows_what_stands(site, tmp_path):
    done = run(
        "inspect",
        "--boundary",
        site.file("boundary.geojson"),
        "--current",
        site.file("baseline.tif"),
        "--out",
        tmp_path / "out",
        "--language",
        "id",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "inspection.json").read_bytes())
    assert document["registration"]["status"] == "no_baseline"
    assert document["ledger_ha"]["new"] is None
    assert document["ledger_ha"]["standing"] == pytest.approx(OLD_PIT.area / 1e4, rel=0.12)
    assert {f["epoch"] for f in document["findings"]} == {"standing"}
    assert document["answers"]["comparable"]["verdict"] == "not_applicable"
    with rasterio.open(tmp_path / "out" / "change.tif") as change:
        assert (change.read(1) == 255).all(), "nothing was compared"


def test_flights_that_nothing_confirms_are_told_as_such_and_widen_every_position(
    site, inspected, tmp_path
):
    office = tmp_path / "office.toml"
    office.write_text(
        'extends = "generic"\nname = "office"\nversion = "2026-12-01"\n'
        "[registration]\nagreement_px = 0.0001\n"
    )
    done = inspect_site(
        site, "--profile", office, records=tmp_path / "records", out=tmp_path / "out"
    )
    assert done.returncode == 0, done.stderr
    unsure, sure = (
        json.loads((tmp_path / "out" / "inspection.json").read_bytes()),
        inspected.document,
    )
    assert (sure["registration"]["verified"], unsure["registration"]["verified"]) == (True, False)
    # The limit of two flights that are compared: 0.75 m, in place of what their ties left.
    assert sure["position"]["terms_m"]["registration"] == sure["registration"]["residual_m"]
    assert unsure["position"]["terms_m"]["registration"] == 0.75
    assert unsure["position"]["uncertainty_m"] > sure["position"]["uncertainty_m"]
    answer = unsure["answers"]["comparable"]
    assert answer["verdict"] == "uncertain"
    assert "do not both confirm it" in answer["sentence"]
    new = [one for one in unsure["findings"] if one["epoch"] == "new"]
    assert new
    for one in new:
        assert any("do not both confirm" in said for said in one["may_be_false_because"])
    same = {one["id"]: one["confidence"] for one in sure["findings"]}
    assert all(one["confidence"] < same[one["id"]] for one in new)


def test_the_same_inputs_give_the_same_bytes(site, inspected, tmp_path):
    out = tmp_path / "other" / "name"
    done = inspect_site(site, "--quiet", records=tmp_path / "records", out=out)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    for path in sorted(p for p in inspected.folder.rglob("*") if p.is_file()):
        name = path.relative_to(inspected.folder)
        assert (tmp_path / "other" / "name" / name).read_bytes() == path.read_bytes(), name


@pytest.mark.parametrize("target", ["EPSG:32749", "EPSG:4326"])
def test_flights_may_come_in_different_reference_systems(site, inspected, tmp_path, target):
    with (
        rasterio.open(site.file("baseline.tif")) as source,
        rasterio.vrt.WarpedVRT(
            source, crs=target, resampling=rasterio.enums.Resampling.cubic
        ) as warped,
    ):
        profile = warped.profile | {"driver": "GTiff", "photometric": "RGB", "alpha": "YES"}
        with rasterio.open(tmp_path / "baseline.tif", "w", **profile) as copy:
            copy.write(warped.read())
    done = run(
        "inspect",
        "--boundary",
        site.file("boundary.geojson"),
        "--current",
        site.file("current.tif"),
        "--baseline",
        tmp_path / "baseline.tif",
        "--out",
        tmp_path / "out",
        "--quiet",
    )
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "inspection.json").read_bytes())
    assert document["registration"]["shift_m"] == pytest.approx(SHIFT_M, abs=0.12)
    for part in ("new", "standing", "not_observed"):
        expected = inspected.document["ledger_ha"][part]
        assert document["ledger_ha"][part] == pytest.approx(expected, rel=0.1, abs=0.002), part
