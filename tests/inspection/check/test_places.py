"""Where an image lies, and what it still needs to be told that."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from inspection.check.examination import check
from inspection.problem import Level
from inspection.profiles.requirements import DatumFamily, DatumRules
from tests.geo.intake.tiffs import picture
from tests.inspection.check.files import (
    LIMITS,
    NOW,
    SIDE,
    UTM,
    alone,
    asked,
    by_points,
    codes,
    image,
)


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_picture_beside_a_world_file_is_answered_for(tmp_path: Path, suffix: str) -> None:
    home = tmp_path / "case"
    home.mkdir()
    for name in ("map", "logo"):
        cv2.imwrite(str(home / f"{name}.{suffix}"), picture(40, 40).transpose(1, 2, 0))
    (home / f"map.{suffix[0]}gw").write_text("1\n0\n0\n-1\n0\n0\n")
    answer = asked(home)
    (one,) = answer.files
    assert one.file == f"case/map.{suffix}"
    assert "image_place_to_supply" in codes(one)
    assert codes(answer) == {"sidecars_ignored", "files_passed_over"}


LOCAL = 'LOCAL_CS["site grid",UNIT["metre",1]]'
CORNERS = [(0, 0), (200, 0), (0, 200), (200, 200), (90, 110)]


def test_an_image_lies_where_its_own_points_put_it(tmp_path: Path, permit: Path) -> None:
    path = by_points(tmp_path / "points.tif", *CORNERS)
    one = alone(asked(path, boundary=permit), "points.tif")
    assert codes(one) == {"image_placed_by_own_points", "capture_time_unknown"}
    assert one.problems[0].value == 5
    assert one.facts["gsd_m"] == pytest.approx(1.0, abs=0.001)
    assert one.coverage is not None
    assert one.coverage.share == 1


@pytest.mark.parametrize(
    ("places", "crs"), [(CORNERS, LOCAL), (CORNERS[:2], UTM), ([(0, 0), (50, 50), (99, 99)], UTM)]
)
def test_own_points_that_will_not_do_must_be_supplied(tmp_path: Path, places, crs) -> None:
    (one,) = asked(by_points(tmp_path / "points.tif", *places, crs=crs)).files
    assert codes(one) == {"image_place_to_supply", "capture_time_unknown"}
    assert (one.refusals, one.place) == ((), None)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ({"crs": None}, "image_system_to_supply"),
        ({"crs": LOCAL}, "image_system_to_supply"),
        ({"crs": None, "transform": None}, "image_place_to_supply"),
        ({"transform": None}, "image_place_to_supply"),
    ],
)
def test_what_inspect_can_be_told_is_no_refusal(
    tmp_path: Path, permit: Path, profile: dict, code: str
) -> None:
    path = image(tmp_path / "bare.tif", **profile)
    one = alone(asked(path, boundary=permit), "bare.tif")
    assert (one.refusals, codes(one) - {"capture_time_unknown"}) == ((), {code})
    if code == "image_system_to_supply":
        assert "EPSG:32750" in str(one.problems[0].facts["candidates"])


def test_an_unplaced_image_is_looked_at_all_the_same(tmp_path: Path) -> None:
    pixels = picture(SIDE, SIDE)
    pixels[:, :, 10:] = 0
    path = image(tmp_path / "bare.tif", pixels=pixels, nodata=0, crs=None, when=None)
    (one,) = asked(path).files
    assert codes(one) == {"image_system_to_supply", "image_mostly_empty", "capture_time_unknown"}
    assert one.facts["seen_share"] == pytest.approx(0.05, abs=0.001)


def test_a_surface_without_a_place_is_refused(tmp_path: Path) -> None:
    heights = np.ones((1, 40, 40), np.float32)
    (one,) = asked(image(tmp_path / "dsm.tif", pixels=heights, crs=None)).files
    assert [problem.code for problem in one.refusals] == ["image_without_crs"]


FAMILY = DatumFamily(members=("EPSG:4326", "EPSG:9470"), nominal_m=0.3)


@pytest.mark.parametrize(
    ("crs", "rules", "level", "apart_m"),
    [
        ("EPSG:32750", DatumRules(unstated_m=5.0), None, None),
        ("EPSG:9487", DatumRules(unstated_m=5.0, family=FAMILY), Level.INFO, 0.3),
        ("EPSG:23890", DatumRules(unstated_m=5.0), Level.INFO, 3.0),
    ],
)
def test_a_doubt_of_datum_is_told_with_its_size(
    tmp_path: Path, permit: Path, crs: str, rules: DatumRules, level, apart_m
) -> None:
    # The same pixels; a few hundred metres between datums leave the permit within the image.
    path = image(tmp_path / "other.tif", crs=crs)
    limits = replace(LIMITS, datum=rules)
    answer = check([path], boundary=permit, limits=limits, now=NOW)
    one = alone(answer, "other.tif")
    told = [problem for problem in one.problems if problem.code == "datums_differ"]
    assert [problem.level for problem in told] == ([level] if level else [])
    for problem in told:
        assert problem.value == pytest.approx(apart_m, abs=2.5)
