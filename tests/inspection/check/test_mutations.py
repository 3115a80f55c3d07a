"""Whatever small valid files are turned into, each is answered in words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspection.check.examination import check
from inspection.check.limits import check_limits
from inspection.language import Language
from inspection.profiles.profile import read_profile
from inspection.terminal.checklist import as_answer
from inspection.wording.catalogue import wording
from tests.geo.intake.jpegs import exif, photo
from tests.geo.intake.tiffs import picture, written

ROOT = Path(__file__).parent.parent.parent.parent
LIMITS = check_limits(read_profile("generic"))
NOW = datetime(2026, 10, 10, tzinfo=UTC)
TEXTS = {
    "boundary.geojson": (ROOT / "sample_data" / "boundary.geojson").read_bytes(),
    "points.csv": (ROOT / "sample_data" / "control_points.csv").read_bytes(),
    "permit.json": (ROOT / "sample_data" / "permit.json").read_bytes(),
    "log.json": (ROOT / "docs" / "flight-log.example.json").read_bytes(),
    "photos.csv": b"SourceFile,GPSLatitude,GPSLongitude,DateTimeOriginal\n"
    b'a.jpg,"8 deg 17\' 42.56"" S","115 deg 29\' 14.67"" E",2025:10:01 13:27:03\n',
    "stats.json": json.dumps(
        {
            "reconstruction_statistics": {
                "components": 1,
                "initial_shots_count": 9,
                "reconstructed_shots_count": 9,
            }
        }
    ).encode(),
}


@st.composite
def mutated(draw, content: bytes) -> bytes:
    """Bytes changed, cut out, doubled, or cut off."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(["change", "insert", "remove", "double", "cut"])):
            case "change" if at < len(data):
                data[at] = draw(st.integers(0, 255))
            case "insert":
                data[at:at] = draw(st.binary(max_size=8))
            case "remove":
                del data[at : at + draw(st.integers(1, 40))]
            case "double":
                data[at:at] = data[at : at + draw(st.integers(1, 40))]
            case _:
                del data[at:]
    return bytes(data)


def require_words(path: Path) -> None:
    answer = check([path], boundary=None, limits=LIMITS, now=NOW)
    assert len(answer.files) == 1
    for language in Language:
        told = as_answer(answer, wording(language))
        json.dumps(told, allow_nan=False)
        for problem in told["files"][0]["problems"]:
            assert problem["message"]
            assert problem["hint"]


QUICK = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("name", TEXTS)
@given(data=st.data())
@settings(QUICK, max_examples=60)
def test_mutated_papers_are_answered(tmp_path: Path, name: str, data: st.DataObject) -> None:
    path = tmp_path / name
    path.write_bytes(data.draw(mutated(TEXTS[name])))
    require_words(path)


@given(data=st.data())
@settings(QUICK, max_examples=12)
def test_mutated_images_are_answered(tmp_path: Path, data: st.DataObject) -> None:
    path = written(tmp_path / "whole.tif", picture(16, 16), compress="DEFLATE")
    path.write_bytes(data.draw(mutated(path.read_bytes())))
    require_words(path)


@given(data=st.data())
@settings(QUICK, max_examples=12)
def test_mutated_photos_are_answered(tmp_path: Path, data: st.DataObject) -> None:
    whole = photo(tmp_path / "a.jpg", notes=exif(longitude=1, latitude=2)).read_bytes()
    path = tmp_path / "mutated.jpg"
    path.write_bytes(data.draw(mutated(whole)))
    require_words(path)


@given(
    content=st.binary(max_size=200), suffix=st.sampled_from(["csv", "json", "txt", "toml", "wkt"])
)
@settings(QUICK, max_examples=60)
def test_noise_is_answered(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"noise.{suffix}"
    path.write_bytes(content)
    require_words(path)


def test_numbers_that_are_none_are_answered(tmp_path: Path) -> None:
    for number in ("1e999", "-1e999", "NaN", "1e308"):
        path = tmp_path / "points.csv"
        rows = "".join(f"{n},control,EPSG:32750,{number},{n},{n},{n}\n" for n in range(4))
        path.write_text("name,role,crs,x,y,column,row\n" + rows)
        require_words(path)
        path = tmp_path / "ring.geojson"
        ring_text = f"[[[0, 0], [{number}, 0], [0, 1], [0, 0]]]"
        path.write_text(f'{{"type": "Polygon", "coordinates": {ring_text}}}')
        require_words(path)
