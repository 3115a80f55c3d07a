"""Photos are told from orthophotos, and each fault among them is counted."""

from pathlib import Path

import pytest

from inspection.check.checked import Kind
from tests.geo.intake.jpegs import photo
from tests.inspection.check.files import asked, codes, photos_of

NEAR: list[dict] = [{}, {}, {}]
PHOTO_FAULTS = {
    "photos_cameras_differ": {"model": "FC9999"},
    "photos_undated": {"taken": None},
    "photos_future": {"taken": "2027:01:01 10:00:00"},
    "photos_repeated": {"longitude": 115.5},
    "photos_hemisphere": {"latitude": 3.5},
    "photos_far": {"latitude": 48.85, "longitude": 2.35},
    "photos_position_impossible": {"latitude": 250.0},
    "photos_without_position": {"latitude": None},
    "photos_not_downwards": {"packet": 'drone-dji:GimbalPitchDegree="+30.00"'},
    "photos_high": {"packet": 'drone-dji:RelativeAltitude="+140.00"'},
}


@pytest.mark.parametrize("code", PHOTO_FAULTS)
def test_each_fault_among_photos_is_counted(tmp_path: Path, code: str) -> None:
    folder = photos_of(tmp_path / "photos", *NEAR, dict(PHOTO_FAULTS[code]))
    (one,) = asked(folder).files
    found = codes(one) - {"photos_not_processed", "photos_of_days"}
    assert found == {code}
    fault = next(problem for problem in one.problems if problem.code == code)
    counts = {"photos_cameras_differ": 2, "photos_high": 140.0}
    assert fault.value == counts.get(code, 1)


def test_photos_alone_are_refused_and_beside_an_orthophoto_are_not(
    tmp_path: Path, good: Path
) -> None:
    folder = photos_of(tmp_path / "photos", *NEAR)
    (one,) = asked(folder).files
    assert [p.code for p in one.refusals] == ["photos_not_processed"]
    assert (one.facts["photos"], one.facts["placed"]) == (3, 3)
    beside = [one for one in asked(folder, good).files if one.kind is Kind.PHOTOS]
    assert [codes(one) for one in beside] == [{"photos_beside_orthophoto"}]


def test_a_made_jpeg_is_a_picture_without_a_place(tmp_path: Path) -> None:
    (one,) = asked(photo(tmp_path / "map.jpg")).files
    assert (one.kind, one.refusals) == (Kind.PICTURE, ())
    assert codes(one) == {"image_place_to_supply", "capture_time_unknown"}


def test_real_photos_are_told_from_orthophotos(test_data: Path) -> None:
    answer = asked(test_data / "drone_raw_brighton", test_data / "drone_orthos")
    (photos,) = (one for one in answer.files if one.kind is Kind.PHOTOS)
    assert photos.facts["cameras"] == ["DJI FC300S"]
    assert photos.facts["above_take_off_m"] == [39.9, 40.1]
    images = [one for one in answer.files if one.kind is Kind.ORTHOPHOTO]
    assert len(images) == 7
    assert not any(one.refusals for one in images)


def test_real_photos_in_tiff_are_photos(test_data: Path) -> None:
    answer = asked(test_data / "ortho_from_raw_taiwan")
    kinds = [one.kind for one in answer.files]
    assert (kinds.count(Kind.PHOTOS), kinds.count(Kind.HEIGHTS)) == (4, 1)
