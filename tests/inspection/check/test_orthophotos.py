"""Each doubt of an image has a file that provokes it, and one that does not."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from geo.area import area_m2
from geo.crs import LONLAT, moved_shape
from inspection.check.checked import Kind
from inspection.problem import Level
from tests.geo.intake.tiffs import picture
from tests.inspection.check.files import (
    EAST,
    NORTH,
    PLACED,
    SIDE,
    UTM,
    alone,
    asked,
    codes,
    image,
    outline,
    square,
)


def test_a_flight_in_order_has_no_problem(good: Path, permit: Path) -> None:
    one = alone(asked(good, boundary=permit), "good.tif")
    assert one.problems == ()
    assert one.kind is Kind.ORTHOPHOTO
    assert one.facts["rows"] == SIDE
    assert one.facts["gsd_m"] == pytest.approx(1.0, abs=0.001)
    assert one.facts["captured_at"] == "2026-10-03T13:40:00"
    assert one.coverage is not None
    assert (one.coverage.share, one.coverage.gap_ha, one.coverage.basis) == (1, 0, "sample")
    assert one.place is not None
    assert one.place.distance_km == 0
    assert one.place.centre == pytest.approx((115.4979, -3.5009), abs=0.003)


SPOILT = {
    "image_gsd_coarse": {"transform": Affine(3, 0, EAST, 0, -3, NORTH)},
    "image_gsd_fine": {"transform": Affine(0.25, 0, EAST + 40, 0, -0.25, NORTH - 40)},
    "image_pixels_oblong": {"transform": Affine(0.6, 0, EAST + 20, 0, -1.9, NORTH)},
    "image_outside_area_of_use": {"transform": Affine(1, 0, 1_200_000, 0, -1, NORTH)},
    "capture_time_unknown": {"when": None},
    "flight_time_future": {"when": "2027:01:01 00:00:00"},
    "flight_time_old": {"when": "2026:08:01 00:00:00"},
    "place_outside_jurisdiction": {"crs": "EPSG:32730"},
}


@pytest.mark.parametrize("code", SPOILT)
def test_each_doubt_of_an_image_has_its_cause(tmp_path: Path, code: str) -> None:
    path = image(tmp_path / "spoilt.tif", **SPOILT[code])
    (one,) = asked(path).files
    assert codes(one) == {code}
    assert {problem.level for problem in one.problems} == {Level.WARNING}


def test_an_image_far_larger_than_its_permit_is_told(tmp_path: Path, good: Path) -> None:
    small = outline(tmp_path / "small.geojson", square(100, 100, 101, 101))
    assert codes(alone(asked(good, boundary=small), "good.tif")) == {"image_extent_unlike_permit"}


def test_an_image_without_ground_is_told(tmp_path: Path) -> None:
    pixels = picture(SIDE, SIDE)
    pixels[:, :, 10:] = 0
    (one,) = asked(image(tmp_path / "empty.tif", pixels=pixels, nodata=0)).files
    assert codes(one) == {"image_mostly_empty"}


def test_an_image_elsewhere_is_refused_with_its_distance(tmp_path: Path, permit: Path) -> None:
    far = image(tmp_path / "far.tif", transform=Affine(1, 0, EAST + 3150, 0, -1, NORTH))
    one = alone(asked(far, boundary=permit), "far.tif")
    (refusal,) = one.refusals
    assert refusal.code == "boundary_outside_image"
    assert refusal.facts["distance_km"] == pytest.approx(3.0)
    assert one.place is not None
    assert one.place.distance_km == pytest.approx(3.0)
    assert one.coverage is None


@pytest.mark.parametrize("form", ["outline", "sample", "pixels"])
def test_the_gap_is_the_ground_that_is_not_shown(tmp_path: Path, form: str) -> None:
    permit = outline(tmp_path / "permit.geojson", square(100, 50, 250, 150))
    pixels = picture(SIDE, SIDE)
    if form != "outline":
        pixels[:, :, 150:] = 0
    path = image(tmp_path / "half.tif", pixels=pixels, nodata=0)
    one = alone(asked(path, boundary=permit, thorough=form == "pixels"), "half.tif")
    shown = 100 if form == "outline" else 50
    assert one.coverage is not None
    assert one.coverage.basis == ("pixels" if form == "pixels" else "sample")
    assert one.coverage.share == pytest.approx(shown / 150, abs=0.001)
    missing = moved_shape(square(100 + shown, 50, 250, 150), source=UTM, target=LONLAT)
    off = shapely.symmetric_difference(one.coverage.gap, missing)
    assert area_m2(off, LONLAT) < 2
    assert one.coverage.gap_ha == pytest.approx(area_m2(missing, LONLAT) / 1e4, abs=1e-3)
    assert codes(one) == {"permit_not_covered"}


def test_a_small_gap_is_for_information(tmp_path: Path, good: Path) -> None:
    permit = outline(tmp_path / "permit.geojson", square(100, 50, 202, 150))
    one = alone(asked(good, boundary=permit), "good.tif")
    assert [(p.code, p.level) for p in one.problems] == [("permit_nearly_covered", Level.INFO)]


def test_a_turned_image_shows_what_it_shows(tmp_path: Path) -> None:
    turned = image(tmp_path / "turned.tif", transform=PLACED @ Affine.rotation(45))
    permit = outline(tmp_path / "permit.geojson", square(-20, 100, 20, 140))
    one = alone(asked(turned, boundary=permit), "turned.tif")
    assert one.coverage is not None
    assert one.coverage.share == pytest.approx(1, abs=1e-6)


def test_damage_that_only_decoding_shows_is_found_by_thorough(tmp_path: Path) -> None:
    path = image(tmp_path / "damaged.tif", side=1400, tiled=True, blockxsize=256, blockysize=256)
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2])
    with rasterio.open(path) as file:
        offset = int(file.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1))
    with path.open("r+b") as raw:
        raw.seek(offset)
        raw.write(bytes(2000))
    assert not alone(asked(path), "damaged.tif").refusals
    assert codes(alone(asked(path, thorough=True), "damaged.tif")) == {"image_corrupt"}


def test_a_surface_model_is_no_picture(tmp_path: Path, permit: Path) -> None:
    heights = image(tmp_path / "dsm.tif", pixels=np.ones((1, 40, 40), np.float32),
                    transform=Affine(5, 0, EAST, 0, -5, NORTH))  # fmt: skip
    one = alone(asked(heights, boundary=permit), "dsm.tif")
    assert (one.kind, one.coverage) == (Kind.HEIGHTS, None)
    assert [problem.code for problem in one.problems] == ["heights_unit_unknown"]
