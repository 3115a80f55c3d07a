"""Pictures placed by a picture of known position, from the step to the document."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from geo.errors import RefusedError
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
from tests.inspection.test_steps import georeferenced, taken_in

QUARTER = Affine(0, -1, SIDE_PX, 1, 0, 0)
FLIPPED = Affine(1, 0, 0, 0, -1, SIDE_PX)
"""From the pixels of a picture turned or flipped to those of the flight."""

AS_FLOWN = {
    "turned, without a position": (QUARTER, None, Affine.identity()),
    "upside down, kilometres away": (FLIPPED, "EPSG:32750", Affine.translation(3000, -2000)),
}
"""How pixels lie, in which system the file says that it is, and how far that is off."""


def inspect(site, current, reference, *words, out):
    return run(
        *("inspect", "--boundary", site.file("boundary.geojson"), "--current", current),
        *("--reference", reference, "--language", "en", "--created-at", MOMENT),
        *("--records", out.parent / "records", "--out", out, *words),
    )


def brought(site, path, *, lie, crs, off):
    """The current flight with its pixels lying otherwise and a position that may be wrong."""
    with rasterio.open(site.folder / "current.tif") as given:
        placed = off @ transform() @ lie if crs else Affine.identity()
        profile = {**given.profile, "crs": crs, "transform": placed}
        values = given.read()
    values = np.rot90(values, axes=(1, 2)) if lie is QUARTER else values[:, ::-1]
    with rasterio.open(path, "w", **profile) as target:
        target.write(values.copy())
    return path


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("how", AS_FLOWN)
def test_a_picture_is_laid_on_its_reference(site, tmp_path, how):
    lie, crs, off = AS_FLOWN[how]
    current = brought(site, tmp_path / "flight.tif", lie=lie, crs=crs, off=off)
    known = site.folder / "baseline.tif"
    case = taken_in(site, tmp_path, current=current, reference=known, reference_accuracy_m=0.4)
    placement = georeferenced(case, tmp_path)
    assert placement.method == "reference"
    assert placement.accuracy is None
    # What the flight shows was drawn this far from where the earlier one shows it.
    truth = Affine.translation(-SHIFT_M[0], -SHIFT_M[1]) @ transform() @ lie
    found = placement.flight.orthophoto.grid.transform
    for corner in [(0, 0), (SIDE_PX, 0), (0, SIDE_PX), (SIDE_PX, SIDE_PX)]:
        assert found @ corner == pytest.approx(truth @ corner, abs=0.1)
        assert np.hypot(*np.subtract(found @ corner, truth @ corner)) < placement.match.ce90_m
    assert placement.match.held_back >= 8
    assert placement.uncertainty_m == pytest.approx(np.hypot(placement.match.ce90_m, 0.4))


def test_another_place_is_refused_as_a_reference(site, tmp_path):
    write_picture(tmp_path / "other.tif", picture(bare=[OLD_PIT], seed=77))
    case = taken_in(site, tmp_path, reference=tmp_path / "other.tif")
    with pytest.raises(RefusedError) as caught:
        georeferenced(case, tmp_path)
    assert (caught.value.code, caught.value.file) == ("reference_match_thin", "current.tif")


def test_a_picture_of_quite_another_pixel_size_is_refused(site, tmp_path):
    current = tmp_path / "flight.tif"
    with rasterio.open(site.folder / "current.tif") as given:
        profile = {**given.profile, "transform": transform() @ Affine.scale(4)}
        values = given.read()
    with rasterio.open(current, "w", **profile) as target:
        target.write(values)
    case = taken_in(site, tmp_path, current=current, reference=site.folder / "baseline.tif")
    with pytest.raises(RefusedError) as caught:
        georeferenced(case, tmp_path)
    assert caught.value.code == "reference_match_absurd"


@pytest.fixture(scope="module")
def placed(site, tmp_path_factory):
    """A flight without any position, inspected by the earlier one."""
    folder = tmp_path_factory.mktemp("by_reference")
    lie, crs, off = AS_FLOWN["turned, without a position"]
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        current = brought(site, folder / "flight.tif", lie=lie, crs=crs, off=off)
    done = inspect(site, current, Path(site.file("baseline.tif")), out=folder / "out")
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "out" / "inspection.json").read_bytes())


def test_a_match_is_never_called_tested(placed):
    position = placed["position"]
    assert position["verified"] is False
    assert position["ce90_m"] is None
    assert placed["answers"]["place"]["verdict"] == "uncertain"
    assert "no independent check points" in placed["answers"]["place"]["sentence"]


def test_the_uncertainty_holds_that_of_the_reference(placed):
    position = placed["position"]
    assert position["terms_m"]["reference"] == 5.0, "the profile's, where nobody stated one"
    assert position["terms_m"]["match"] == position["reference"]["ce90_m"]
    total = np.sqrt(sum(term**2 for term in position["terms_m"].values()))
    assert position["uncertainty_m"] == pytest.approx(total, abs=1e-3)


def test_the_reference_is_an_input_and_sealed(placed):
    sources = {one["role"]: one for one in placed["sources"]}
    assert sources["reference"]["sha256"] == placed["position"]["reference"]["sha256"]


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
