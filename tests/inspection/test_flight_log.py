"""A flight log is read strictly, laid over the file's own notes, and stated as claimed."""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from geo.errors import RefusedError
from geo.grid import Grid
from inspection.flight_log.claims import Claim, Origin, captured_at, claims_of
from inspection.flight_log.doubts import distance_km, flight_doubts
from inspection.flight_log.fields import Capture, FlightLog, Heights
from inspection.flight_log.reading import json_schema, read_flight_log
from inspection.language import Language
from inspection.wording.catalogue import wording
from tests.inspection.conftest import run

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "docs" / "flight-log.example.json"
NOW = datetime(2026, 10, 10, tzinfo=UTC)
UTM = CRS.from_epsg(32750)
GRID = Grid(crs=UTM, transform=Affine(1, 0, 333_000, 0, -1, 9_613_000), rows=500, columns=400)


def written(path: Path, log: object) -> Path:
    path.write_text(log if isinstance(log, str) else json.dumps(log))
    return path


def refused(path: Path) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        read_flight_log(path)
    return caught.value


def test_the_example_names_every_entry_and_is_read() -> None:
    log = read_flight_log(EXAMPLE)
    left_out = {"capture.zone"}  # told with the times themselves

    def entries(stated: dict, at: str = "") -> set[str]:
        found = set()
        for name, value in stated.items():
            inside = entries(value, f"{at}{name}.") if isinstance(value, dict) else {at + name}
            found |= inside
        return found

    empty = {n for n in entries(asdict(log)) if "permits" not in n} - left_out
    stated = entries(json.loads(EXAMPLE.read_text()))
    assert empty - stated == set(), "the example leaves these out"


def test_the_published_schema_is_the_one_that_is_read() -> None:
    published = json.loads((ROOT / "docs" / "flight-log.schema.json").read_text())
    assert published == json_schema(), "run `make schema`"
    jsonschema.Draft202012Validator(published).validate(json.loads(EXAMPLE.read_text()))


@pytest.mark.parametrize(
    ("log", "code", "where", "told"),
    [
        ("{", "flight_log_unreadable", None, ""),
        ("[]", "flight_log_unreadable", None, ""),
        ("[" * 100_000, "flight_log_unreadable", None, ""),
        ({"pilt": {}}, "flight_log_entry_unknown", "pilt", "pilot"),
        ({"pilot": {"nmae": "-"}}, "flight_log_entry_unknown", "pilot.nmae", "name"),
        (
            {"permits": {"notam": {"numbr": "-"}}},
            "flight_log_entry_unknown",
            "permits.notam.numbr",
            "number",
        ),
        (
            {"take_off": {"qqq": 1, "longitude": 1, "latitude": 1}},
            "flight_log_entry_unknown",
            "take_off.qqq",
            "latitude, longitude",
        ),
        ({"x\x1b[31m": 1}, "flight_log_entry_unknown", "?", "aircraft"),
        ({"heights": {"above_ground_m": "98"}}, "flight_log_value", "heights.above_ground_m", ""),
        ('{"heights": {"above_ground_m": NaN}}', "flight_log_value", "heights.above_ground_m", ""),
        ('{"weather": {"wind_ms": Infinity}}', "flight_log_value", "weather.wind_ms", ""),
        ({"capture": {"start": 5}}, "flight_log_value", "capture.start", ""),
        ({"capture": {"zone": "WIBB"}}, "flight_log_value", "capture.zone", ""),
        ({"take_off": {"longitude": 1}}, "flight_log_value", "take_off.latitude", ""),
        ({"gnss": {"method": "magic"}}, "flight_log_value", "gnss.method", ""),
        ({"photos": {"sha256": ["abc"]}}, "flight_log_value", "photos.sha256.0", ""),
        ({"incidents": "x" * 3000}, "flight_log_value", "incidents", ""),
    ],
)
def test_what_is_not_a_log_is_refused_with_its_place(
    tmp_path: Path, log: object, code: str, where: str | None, told: str
) -> None:
    error = refused(written(tmp_path / "log.json", log))
    assert (error.code, error.where) == (code, where)
    assert told in str(error.facts.get("known", ""))
    for language in Language:
        assert wording(language).say(f"errors.{code}.message", **error.facts).isprintable()


def test_an_empty_log_is_a_log(tmp_path: Path) -> None:
    assert read_flight_log(written(tmp_path / "log.json", {})) == FlightLog()


@pytest.mark.parametrize(
    ("start", "zone", "told"),
    [
        ("2026-10-03T13:40:00", "WITA", "2026-10-03T13:40:00+08:00"),
        ("2026-10-03T05:40:00Z", "WITA", "2026-10-03T13:40:00+08:00"),
        ("2026-10-03T13:40:00+08:00", None, "2026-10-03T13:40:00+08:00"),
        ("2026-10-03T13:40:00", "+05:30", "2026-10-03T13:40:00+05:30"),
        ("2026-10-03T13:40:00", None, "2026-10-03T13:40:00"),
    ],
)
def test_a_time_is_told_in_the_zone_that_the_log_names(
    start: str, zone: str | None, told: str
) -> None:
    log = FlightLog(capture=Capture(start=datetime.fromisoformat(start), zone=zone))
    assert captured_at(claims_of(log, {})) == told


TAGS = {
    "TIFFTAG_DATETIME": "2026:10:05 09:00:00",
    "EXIF_DateTimeOriginal": "2026:10:03 13:41:00",
    "EXIF_Make": "DJI",
    "EXIF_Model": "FC0001",
    "EXIF_GPSLatitude": "(3) (29) (60)",
    "EXIF_GPSLatitudeRef": "S",
    "EXIF_GPSLongitude": "(115) (30) (0)",
    "EXIF_GPSLongitudeRef": "E",
    "XMP_RelativeAltitude": "+99.96",
    "XMP_RtkFlag": "50",
}


def test_the_notes_of_the_file_fill_what_the_log_leaves_open() -> None:
    claims = claims_of(None, TAGS)
    assert {name: claim.value for name, claim in claims.items()} == {
        "camera.model": "DJI FC0001",
        "capture.start": "2026-10-03T13:41:00",
        "gnss.method": "rtk",
        "heights.above_take_off_m": 99.96,
        "position.latitude": -3.5,
        "position.longitude": 115.5,
    }
    assert {claim.source for claim in claims.values()} == {Origin.FILE}


def test_the_log_counts_before_the_file_and_what_differs_is_kept() -> None:
    start = datetime.fromisoformat("2026-10-03T13:40:00+08:00")
    log = FlightLog(capture=Capture(start=start), heights=Heights(above_take_off_m=60))
    claims = claims_of(log, TAGS)
    assert claims["capture.start"] == Claim(
        value="2026-10-03T13:40:00+08:00", source=Origin.LOG, file_says=None
    ), "a minute apart is no difference"
    assert claims["heights.above_take_off_m"].file_says == 99.96
    assert claims["camera.model"].source is Origin.FILE


def test_a_time_without_zone_does_not_displace_the_file_s_own() -> None:
    log = FlightLog(capture=Capture(start=datetime.fromisoformat("2026-10-04T09:00:00")))
    assert claims_of(log, TAGS)["capture.start"].source is Origin.FILE
    assert claims_of(log, {})["capture.start"].source is Origin.LOG


@given(st.dictionaries(st.sampled_from(sorted(TAGS)), st.text(max_size=40)))
def test_notes_of_any_kind_break_nothing(tags: dict[str, str]) -> None:
    for claim in claims_of(None, tags).values():
        assert claim.source is Origin.FILE


def doubts(claims: dict, *, is_current: bool = True, most: float | None = 120.0) -> dict:
    found = flight_doubts(
        {name: Claim(value=value, source=Origin.LOG) for name, value in claims.items()},
        flight="flight.tif",
        now=NOW,
        is_current=is_current,
        grid=GRID,
        most_above_ground_m=most,
    )
    for one in found:
        for language in Language:
            assert "flight.tif" in wording(language).say(f"warnings.{one.code}", **one.said)
            assert wording(language).say(f"hints.{one.code}", **one.said)
    return {one.code: one for one in found}


FINE = {"capture.start": "2026-10-03T13:40:00+08:00", "heights.above_ground_m": 98.0}
TERRAIN = {"heights.terrain": "DEMNAS"}
NEAR = {"take_off.longitude": 115.4979, "take_off.latitude": -3.4995}


def test_a_flight_in_order_raises_no_doubt() -> None:
    assert doubts({**FINE, **TERRAIN, **NEAR, "capture.end": "2026-10-03T14:20:00+08:00"}) == {}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"capture.start": "2026-10-11T00:00:00+00:00"}, "flight_time_future"),
        ({"capture.start": "2026-10-11T00:00:00"}, "flight_time_future"),
        ({"capture.start": "2026-09-01T00:00:00+08:00"}, "flight_time_old"),
        ({"capture.end": "2026-10-03T13:00:00+08:00"}, "flight_ends_before_start"),
        ({"take_off.longitude": 115.6, "take_off.latitude": -3.5}, "flight_position_far"),
        ({"position.longitude": -115.4979, "position.latitude": 3.4995}, "flight_position_far"),
        ({"heights.above_ground_m": 150.0}, "flight_height_over"),
    ],
)
def test_each_doubt_has_its_cause(changed: dict, code: str) -> None:
    assert set(doubts({**FINE, **TERRAIN, **changed})) == {code} | (
        {"flight_time_without_zone"}
        if changed.get("capture.start", "").endswith("T00:00:00")
        else set()
    )


def test_a_clock_without_zone_may_be_ahead_of_greenwich() -> None:
    ahead = (NOW + timedelta(hours=9)).replace(tzinfo=None).isoformat()
    assert set(doubts({**FINE, **TERRAIN, "capture.start": ahead})) == {"flight_time_without_zone"}


def test_a_height_above_take_off_is_not_one_above_ground() -> None:
    start = {"capture.start": FINE["capture.start"]}
    assert set(doubts({**start, "heights.above_take_off_m": 300.0})) == {"flight_height_not_ground"}
    assert set(doubts(FINE)) == {"flight_height_terrain_unknown"}
    assert "flight_height_over" not in doubts({**FINE, "heights.above_ground_m": 300.0}, most=None)


def test_an_earlier_flight_may_be_old_and_undated() -> None:
    old = {**FINE, **TERRAIN, "capture.start": "2020-01-01T00:00:00+08:00"}
    assert doubts(old, is_current=False) == {}
    assert (
        flight_doubts(
            {}, flight="x", now=NOW, is_current=False, grid=None, most_above_ground_m=None
        )
        == []
    )


@pytest.mark.parametrize("azimuth", [0, 90, 200])
def test_the_distance_to_the_image_is_the_one_on_the_ellipsoid(azimuth: int) -> None:
    to_degrees = Transformer.from_crs(UTM, 4326, always_xy=True)
    inside = to_degrees.transform(333_200, 9_612_750)
    assert distance_km(*inside, GRID) == 0
    longitude, latitude, _ = Geod(ellps="WGS84").fwd(*inside, azimuth, 40_000)
    assert distance_km(longitude, latitude, GRID) == pytest.approx(40, abs=0.35)


def test_an_inspection_states_the_log_as_claimed(site, tmp_path: Path) -> None:
    log = {
        "pilot": {"certificate": "RPC-1 <b>"},
        "capture": {"start": "2026-10-01T13:00:00", "zone": "WITA"},
        "heights": {"above_take_off_m": 90.0},
        "gnss": {"method": "ppk", "epoch": 2021.0},
    }
    path = written(tmp_path / "log.json", log)
    done = run(
        "inspect", "--boundary", site.file("boundary.geojson"), "--current",
        site.file("current.tif"), "--permit", site.file("permit.json"), "--flight-log", path,
        "--created-at", "2026-10-10T00:00:00Z", "--language", "en", "--out", tmp_path / "out",
        "--records", tmp_path / "records",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "inspection.json").read_bytes())
    flight = document["flights"]["current"]
    assert flight["captured_at"] == "2026-10-01T13:00:00+08:00"
    assert (flight["captured_at_source"], flight["captured_at_file"]) == (
        "log",
        "2026-10-03T13:40:00",
    )
    assert flight["log"]["heights.above_take_off_m"] == {
        "value": 90.0,
        "source": "log",
        "file_says": None,
    }
    source = next(one for one in document["sources"] if one["role"] == "flight_log")
    assert source["sha256"] == flight["log_sha256"]
    told = {one["code"]: one["message"] for one in document["warnings"]}
    assert "2026-10-03T13:40:00" in told["flight_log_differs"]
    assert "flight_height_not_ground" in told
    limit = next(one for one in document["limits"] if one["code"] == "valid_dates")
    assert limit["value"] == "2026-10-01"
    page = (tmp_path / "out" / "report.html").read_text()
    for words in ("90.00 m above take-off (log)", "PPK; epoch 2021 (log)", "as claimed"):
        assert words in page
    assert "RPC-1 &lt;b&gt;" in page
    assert run("verify", tmp_path / "out").returncode == 0


def test_a_bad_log_refuses_the_inspection(site, tmp_path: Path) -> None:
    path = written(tmp_path / "log.json", {"pilt": {}})
    done = run(
        "inspect", "--boundary", site.file("boundary.geojson"), "--current",
        site.file("current.tif"), "--flight-log", path, "--out", tmp_path / "out",
    )  # fmt: skip
    told = json.loads(done.stderr.strip().splitlines()[-1])
    assert (done.returncode, told["code"], told["file"], told["where"]) == (
        3,
        "flight_log_entry_unknown",
        "log.json",
        "pilt",
    )
    assert not (tmp_path / "out").exists()


def test_the_pages_know_a_flight_log_by_the_fields_of_the_schema():
    source = (ROOT / "api/web/src/upload/flight_log.ts").read_text()
    (listed,) = re.findall(r"const FIELDS =\s*'([^']*)'", source)
    schema = json.loads((ROOT / "docs/flight-log.schema.json").read_text())
    assert listed.split() == list(schema["properties"])
