"""Pictures placed by a picture of known position, from the command line to the document."""

import json

import numpy as np
import pytest
import rasterio
from affine import Affine

from tests.inspection.conftest import (
    MOMENT,
    OLD_PIT,
    SHIFT_M,
    SIDE_PX,
    picture,
    run,
    transform,
    write_picture,
)


def inspect(site, current, reference, *words, out):
    return run(
        *("inspect", "--boundary", site.file("boundary.geojson"), "--current", current),
        *("--reference", reference, "--language", "en", "--created-at", MOMENT),
        *("--records", out.parent / "records", "--out", out, *words),
    )


def turned(site, path, *, crs, placed):
    """The current flight turned by a quarter, with or without a position."""
    with rasterio.open(site.folder / "current.tif") as given:
        profile = {**given.profile, "crs": crs, "transform": placed}
        values = np.rot90(given.read(), axes=(1, 2)).copy()
    with rasterio.open(path, "w", **profile) as target:
        target.write(values)
    return path


@pytest.fixture(scope="module")
def placed(site, tmp_path_factory):
    """It, without any position, placed by the earlier flight."""
    folder = tmp_path_factory.mktemp("by_reference")
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        current = turned(site, folder / "flight.tif", crs=None, placed=Affine.identity())
    done = inspect(site, current, site.file("baseline.tif"), out=folder / "out")
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "out" / "inspection.json").read_bytes())


def test_a_turned_picture_without_position_is_placed_by_a_reference(placed):
    position = placed["position"]
    assert position["method"] == "reference"
    note = position["reference"]
    assert note["held_back"] >= 8
    assert note["rmse_m"] < 0.25, "a pixel"
    assert placed["coverage"]["observed_share"] > 0.95


def test_the_permit_lies_on_the_reference_and_not_where_the_flight_was_moved_to(placed):
    # The clearing that was drawn at 45 to 75 m east and 85 to 115 m south of the corner.
    left, top = transform() @ (0, 0)
    inside = [one for one in placed["findings"] if one["area_m2"] > 500]
    assert inside
    there = rasterio.warp.transform(
        "EPSG:4326",
        "EPSG:32750",
        [one["longitude"] for one in inside],
        [one["latitude"] for one in inside],
    )
    misses = [
        np.hypot(x - (left + 60), y - (top - 100)) for x, y in zip(*there, strict=True)
    ]
    assert min(misses) < 2.0


def test_a_match_is_never_called_tested(placed):
    position = placed["position"]
    assert position["verified"] is False
    assert position["ce90_m"] is None
    assert placed["answers"]["place"]["verdict"] == "uncertain"
    assert "no independent check points" in placed["answers"]["place"]["sentence"]


def test_the_uncertainty_holds_that_of_the_reference(site, placed, tmp_path):
    terms = placed["position"]["terms_m"]
    assert terms["reference"] == 5.0, "the profile's, where nobody stated one"
    assert terms["match"] == placed["position"]["reference"]["ce90_m"]
    total = np.sqrt(sum(term**2 for term in terms.values()))
    assert placed["position"]["uncertainty_m"] == pytest.approx(total, abs=1e-3)
    words = ("--reference-accuracy", "0.4")
    current = site.file("current.tif")
    done = inspect(site, current, site.file("baseline.tif"), *words, out=tmp_path / "out")
    assert done.returncode == 0, done.stderr
    stated = json.loads((tmp_path / "out" / "inspection.json").read_bytes())["position"]
    assert stated["terms_m"]["reference"] == 0.4
    assert stated["reference"]["accuracy_m"] == 0.4


def test_the_reference_is_an_input_and_sealed(placed):
    sources = {one["role"]: one for one in placed["sources"]}
    assert sources["reference"]["sha256"] == placed["position"]["reference"]["sha256"]


def test_a_position_kilometres_off_is_put_right(site, tmp_path):
    away = Affine.translation(3000, -2000) @ transform() @ Affine.rotation(90)
    current = turned(site, tmp_path / "away.tif", crs="EPSG:32750", placed=away)
    words = ("--baseline", site.file("baseline.tif"))
    done = inspect(site, current, site.file("baseline.tif"), *words, out=tmp_path / "out")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "out" / "inspection.json").read_bytes())
    assert found["position"]["method"] == "reference"
    # Laid on the earlier flight already, it is not moved again.
    assert np.hypot(*found["registration"]["shift_m"]) < 0.1 < np.hypot(*SHIFT_M)


def test_a_south_up_picture_is_no_mirror_image(site, tmp_path):
    with rasterio.open(site.folder / "current.tif") as given:
        profile = {
            **given.profile,
            "transform": transform() @ Affine(1, 0, 0, 0, -1, SIDE_PX),
        }
        values = given.read()[:, ::-1].copy()
    with rasterio.open(tmp_path / "south_up.tif", "w", **profile) as target:
        target.write(values)
    done = inspect(
        site, tmp_path / "south_up.tif", site.file("baseline.tif"), out=tmp_path / "out"
    )
    assert done.returncode == 0, done.stderr


def test_another_place_is_refused_as_a_reference(site, tmp_path):
    write_picture(tmp_path / "other.tif", picture(bare=[OLD_PIT], seed=77))
    done = inspect(site, site.file("current.tif"), tmp_path / "other.tif", out=tmp_path / "out")
    assert done.returncode == 3
    assert json.loads(done.stderr.splitlines()[-1])["code"] == "reference_match_thin"
    assert not (tmp_path / "out").exists()


def test_a_reference_that_does_not_show_the_permit_is_refused_by_its_name(site, tmp_path):
    away = Affine.translation(9000, 0) @ transform()
    write_picture(tmp_path / "far.tif", picture(bare=[OLD_PIT]), placed=away)
    done = inspect(site, site.file("current.tif"), tmp_path / "far.tif", out=tmp_path / "out")
    assert done.returncode == 3
    told = json.loads(done.stderr.splitlines()[-1])
    assert (told["code"], told["file"]) == ("boundary_outside_image", "far.tif")


def test_points_and_a_reference_together_are_a_question_back(site, tmp_path):
    points = tmp_path / "points.csv"
    points.write_text(
        "name,role,crs,x,y,column,row\n"
        + "".join(
            f"{n},control,EPSG:32750,{x},{y},{c},{r}\n"
            for n, (c, r) in enumerate([(30, 40), (600, 60), (320, 600)])
            for x, y in [transform() @ (c, r)]
        )
    )
    words = ("--control-points", points)
    current = site.file("current.tif")
    done = inspect(site, current, site.file("baseline.tif"), *words, out=tmp_path / "out")
    assert done.returncode == 2
    assert json.loads(done.stderr.splitlines()[-1])["code"] == "placed_twice"
