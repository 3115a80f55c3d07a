"""The sample, inspected as `make demo` does, against the truth that it was drawn from."""

import json

import geopandas as gpd
import pytest
import shapely

from tests.inspection.conftest import run

CHANGED = [
    "clearing",
    "pit_growth",
    "pond",
    "haul_road",
    "stockpile",
    "encroachment",
    "ring_clearing",
    "revegetated",
]
RING_M = 100.0


def options(sample, *names):
    files = {
        "boundary": "boundary.geojson",
        "current": "current.tif",
        "baseline": "baseline.tif",
        "permit": "permit.json",
        "control-points": "control_points.csv",
        "current-dsm": "current_dsm.tif",
        "baseline-dsm": "baseline_dsm.tif",
    }
    return [word for name in names for word in (f"--{name}", sample / files[name])]


@pytest.fixture(scope="module")
def demo(sample, tmp_path_factory):
    home = tmp_path_factory.mktemp("demo")
    done = run(
        "inspect",
        *options(
            sample,
            "boundary",
            "current",
            "baseline",
            "permit",
            "control-points",
            "current-dsm",
            "baseline-dsm",
        ),
        "--records",
        home / "records",
        "--out",
        home / "out",
        "--language",
        "id",
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "nothing but the result is said"
    document = json.loads((home / "out" / "inspection.json").read_bytes())
    findings = gpd.read_file(home / "out" / "findings.geojson").to_crs(32750)
    return done.stdout, document, findings


@pytest.fixture(scope="module")
def truth(sample):
    return json.loads((sample / "truth.json").read_text())


def outline(truth, name):
    one = next(o for o in [*truth["objects"], *truth["not_disturbance"]] if o["name"] == name)
    return one, shapely.geometry.shape(one["geometry"])


@pytest.mark.parametrize("name", CHANGED)
def test_every_change_is_found_with_its_epoch(demo, truth, name):
    _, _, findings = demo
    one, shape = outline(truth, name)
    dated = findings[findings["epoch"] == one["epoch"]]
    mostly_here = dated[dated.intersection(shape).area > 0.3 * dated.area].union_all()
    assert mostly_here.intersection(shape).area > 0.5 * shape.area
    assert mostly_here.intersection(shape).area / mostly_here.union(shape).area > 0.5


@pytest.mark.parametrize("name", ["encroachment", "ring_clearing"])
def test_what_lies_outside_is_said_to(demo, truth, name):
    _, _, findings = demo
    _, shape = outline(truth, name)
    here = findings[findings.intersection(shape).area > 0.5 * findings.area]
    assert "outside" in set(here["location"])


def test_old_ground_is_seen_to_stand(demo, truth):
    _, _, findings = demo
    _, shape = outline(truth, "old_pit")
    standing = findings[findings["epoch"] == "standing"].union_all()
    assert standing.intersection(shape).area > 0.5 * shape.area


@pytest.mark.parametrize("name", ["cloud_shadow", "fields", "oil_palms", "vehicle_1", "vehicle_4"])
def test_what_is_no_disturbance_is_not_called_new(demo, truth, name):
    _, _, findings = demo
    _, shape = outline(truth, name)
    new = findings[findings["epoch"] == "new"].union_all()
    assert new.intersection(shape).area < 0.02 * shape.area


def test_nothing_is_called_new_far_from_any_true_disturbance(demo, truth):
    _, _, findings = demo
    known = shapely.union_all([shapely.geometry.shape(o["geometry"]) for o in truth["objects"]])
    # Turbid water along a bank that was shaded before is not yet told from soil.
    known = known.union(outline(truth, "river")[1])
    for _, row in findings[findings["epoch"] == "new"].iterrows():
        assert row.geometry.difference(known.buffer(3)).area < 100, row["id"]


def test_the_answers_are_those_of_the_truth(demo):
    _, document, _ = demo
    assert {name: answer["verdict"] for name, answer in document["answers"].items()} == {
        "place": "pass",
        "observed": "pass",
        "comparable": "pass",
        "outside": "fail",
        "limits": "fail",
    }


def test_the_ledger_is_near_the_truth(demo, truth):
    _, document, _ = demo
    found, true = document["ledger_ha"], truth["ledger_ha"]
    assert found["permit"] == pytest.approx(true["permit"], abs=2e-6)
    assert found["not_observed"] == pytest.approx(true["not_observed"], rel=0.05)
    assert found["new"] == pytest.approx(true["new"], rel=0.08)
    assert found["recovered"] == pytest.approx(true["recovered"], rel=0.12)


def test_control_points_put_the_flight_where_it_belongs(demo):
    _, document, _ = demo
    assert document["position"]["rmse_m"] < 0.1
    assert document["position"]["check_points"] == 6
    assert document["registration"]["shift_m"] == pytest.approx((0, 0), abs=0.06)
    assert document["registration"]["verified"]


def test_without_control_points_the_displacement_is_measured(sample, truth, tmp_path):
    done = run(
        "inspect",
        *options(sample, "boundary", "current", "baseline"),
        "--out",
        tmp_path / "out",
        "--quiet",
    )
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads((tmp_path / "out" / "inspection.json").read_bytes())
    # A tenth of the analysis' pixel of 0.2 m.
    assert document["registration"]["shift_m"] == pytest.approx(truth["shift_m"], abs=0.03)
    assert document["position"]["verified"] is False


def test_the_person_at_the_terminal_reads_the_result_in_the_language_asked_for(demo):
    shown, document, _ = demo
    for words in ("Menerima berkas", "Lokasi benar?", "bukaan baru", document["id"], "CONTOH-0001"):
        assert words in shown
    assert "4,1126 ha" in shown
