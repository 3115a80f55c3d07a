"""Whatever small valid files are turned into, each is answered in words."""

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspection.check.checked import Kind
from inspection.check.examination import check
from inspection.check.limits import check_limits
from inspection.language import Language
from inspection.profiles.profile import read_profile
from inspection.terminal.checklist import as_answer
from inspection.wording.catalogue import wording
from tests.geo.intake.jpegs import exif, photo
from tools.corpus import corpus, mutated

LIMITS = check_limits(read_profile("generic"))
NOW = datetime(2026, 10, 10, tzinfo=UTC)
SEEDS = st.integers(0, 2**32 - 1)
QUICK, SLOW = 25, 2
"""Examples of a kind that is read at once, and of one that is read in a process of its own."""

READ_AT_ONCE = {
    "gcp_list.txt", "log.json", "map.points", "permit.json", "photos.csv", "points.csv",
    "profile.toml", "stats.json",
}  # fmt: skip
IN_A_CHILD = {
    "boundary.csv", "boundary.dxf", "boundary.geojson", "boundary.gpkg", "boundary.kml",
    "boundary.kmz", "boundary.wkt", "boundary.xlsx", "boundary.zip", "deflate.tif", "dsm.tif",
    "jpeg.tif", "map.jpg", "map.png", "plain.tif",
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.name: path for path in corpus(tmp_path_factory.mktemp("corpus"))}


def broken(content: bytes, seed: int) -> bytes:
    return mutated(content, Random(seed))  # noqa: S311 - to be repeated, not to be secret


def require_words(path: Path) -> None:
    answer = check([path], boundary=None, limits=LIMITS, now=NOW)
    assert len(answer.files) == 1
    for language in Language:
        told = as_answer(answer, wording(language))
        json.dumps(told, allow_nan=False)
        for problem in told["files"][0]["problems"]:
            assert problem["message"]
            assert problem["hint"]


PATIENT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_every_kind_of_file_is_thrown_and_whole_none_is_refused(whole: dict[str, Path]) -> None:
    assert set(whole) == READ_AT_ONCE | IN_A_CHILD
    answer = check(list(whole.values()), boundary=None, limits=LIMITS, now=NOW)
    assert {one.file: one.refusals for one in answer.files} == dict.fromkeys(whole, ())
    assert {one.kind for one in answer.files} == {*Kind} - {
        Kind.PHOTOS, Kind.SIDECAR, Kind.SHAPE_PART, Kind.UNKNOWN,
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(READ_AT_ONCE))
@given(seed=SEEDS)
@settings(PATIENT, max_examples=QUICK)
def test_what_is_read_at_once_is_answered_broken(
    tmp_path: Path, whole: dict[str, Path], name: str, seed: int
) -> None:
    path = tmp_path / name
    path.write_bytes(broken(whole[name].read_bytes(), seed))
    require_words(path)


@pytest.mark.parametrize("name", sorted(IN_A_CHILD))
@given(seed=SEEDS)
@settings(PATIENT, max_examples=SLOW)
def test_what_is_read_in_a_child_is_answered_broken(
    tmp_path: Path, whole: dict[str, Path], name: str, seed: int
) -> None:
    path = tmp_path / name
    path.write_bytes(broken(whole[name].read_bytes(), seed))
    require_words(path)


@given(seed=SEEDS)
@settings(PATIENT, max_examples=SLOW)
def test_mutated_photos_are_answered(tmp_path: Path, seed: int) -> None:
    taken = photo(tmp_path / "a.jpg", notes=exif(longitude=1, latitude=2)).read_bytes()
    path = tmp_path / "mutated.jpg"
    path.write_bytes(broken(taken, seed))
    require_words(path)


@given(
    content=st.binary(max_size=200), suffix=st.sampled_from(["csv", "json", "txt", "toml", "wkt"])
)
@settings(PATIENT, max_examples=QUICK)
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
