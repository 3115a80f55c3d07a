"""What photos claim is read as it was written, and a bad one harms no other."""

import csv
import struct
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from geo.intake.photos import HEAD_BYTES, read_photos
from geo.intake.xmp import drone_fields
from tests.geo.intake.jpegs import exif, photo

PACKET = (
    '<x:xmpmeta><rdf:Description drone-dji:RelativeAltitude="+99.96" '
    'drone-dji:AbsoluteAltitude="+186.57" drone-dji:GimbalPitchDegree="-60.00" '
    'drone-dji:RtkFlag="50"/></x:xmpmeta>'
)


def test_time_place_camera_and_heights_are_read_as_written(tmp_path: Path) -> None:
    notes = exif(longitude=115.4841, latitude=-8.3039, offset="+08:00")
    (one,) = read_photos([photo(tmp_path / "a.jpg", notes=notes, packet=PACKET)])
    assert one is not None
    assert one.taken_at == datetime(2026, 10, 3, 13, 40, tzinfo=timezone(timedelta(hours=8)))
    assert (one.longitude, one.latitude) == pytest.approx((115.4841, -8.3039), abs=1e-7)
    assert (one.camera, one.pitch_deg, one.rtk) == ("DJI FC0001", -60.0, 50.0)
    assert (one.altitude_m, one.above_take_off_m) == (186.57, 99.96)
    assert one.is_from_a_camera


def test_a_clock_without_zone_stays_without_one(tmp_path: Path) -> None:
    (one,) = read_photos([photo(tmp_path / "a.jpg", notes=exif())])
    assert one is not None
    assert one.taken_at == datetime(2026, 10, 3, 13, 40)  # noqa: DTZ001 - the point
    assert (one.longitude, one.latitude) == (None, None)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "nonsense", "2026:13:40 99:99:99"])
def test_a_time_that_is_none_is_none(tmp_path: Path, taken: str) -> None:
    (one,) = read_photos([photo(tmp_path / "a.jpg", notes=exif(taken=taken))])
    assert one is not None
    assert one.taken_at is None


def test_a_made_picture_comes_from_no_camera(tmp_path: Path) -> None:
    (one,) = read_photos([photo(tmp_path / "a.jpg")])
    assert one is not None
    assert not one.is_from_a_camera


def test_the_misspelt_longitude_and_elements_are_read_too() -> None:
    packet = (
        b'<drone-dji:GpsLongtitude>120.95</drone-dji:GpsLongtitude>drone-dji:GpsLatitude="24.6"'
    )
    assert drone_fields(packet) == {"GpsLongtitude": "120.95", "GpsLatitude": "24.6"}


def test_signs_that_command_a_terminal_do_not_come_through(tmp_path: Path) -> None:
    notes = exif(model="X\x1b]0;title\x07Y\u202e")
    (one,) = read_photos([photo(tmp_path / "a.jpg", notes=notes)])
    assert one is not None
    assert one.camera is not None
    assert one.camera.isprintable()


def test_a_bad_photo_harms_no_other(tmp_path: Path) -> None:
    good = photo(tmp_path / "good.jpg", notes=exif(longitude=1.0, latitude=2.0))
    endless = bytearray(exif())
    struct.pack_into("<I", endless, 8 + 2 + 12 * 4, 8)  # the next directory is the first
    bad = [
        tmp_path / "empty.jpg",
        photo(tmp_path / "loop.jpg", notes=bytes(endless)),
        photo(tmp_path / "cut.jpg", notes=exif()[:40]),
        tmp_path / "noise.jpg",
    ]
    bad[0].write_bytes(b"")
    bad[3].write_bytes(b"\xff\xd8\xff\xe1" + bytes(range(256)) * 40)
    read = read_photos([bad[0], good, *bad[1:], good])
    assert read[1] == read[-1]
    assert read[1] is not None
    assert read[1].latitude == pytest.approx(2.0)


def test_only_the_beginning_of_a_photo_is_read(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", notes=exif(longitude=1.0, latitude=2.0))
    with path.open("ab") as file:
        file.write(bytes(HEAD_BYTES))
        file.write(PACKET.encode())
    (one,) = read_photos([path])
    assert one is not None
    assert one.above_take_off_m is None


def test_no_photos_are_no_photos() -> None:
    assert read_photos([]) == []


def test_real_photos_agree_with_the_table_that_exiftool_made(test_data: Path) -> None:
    folder = test_data / "drone_meta_agung1"
    with (folder / "image_metadata.csv").open(newline="") as file:
        table = {row["FileName"]: row for row in csv.DictReader(file)}
    paths = sorted((folder / "images").glob("*.JPG"))
    for path, one in zip(paths, read_photos(paths), strict=True):
        assert one is not None
        assert one.taken_at is not None
        assert f"{one.taken_at:%Y:%m:%d %H:%M:%S}" == table[path.name]["DateTimeOriginal"]
        degrees, _, minutes, seconds, side = table[path.name]["GPSLatitude"].split()
        stated = int(degrees) + float(minutes[:-1]) / 60 + float(seconds[:-1]) / 3600
        assert one.latitude == pytest.approx(-stated if side == "S" else stated, abs=2e-6)


def test_real_photos_say_how_high_they_were(test_data: Path) -> None:
    paths = sorted((test_data / "drone_raw_brighton").glob("*.JPG"))
    heights = [one.above_take_off_m for one in read_photos(paths) if one]
    assert heights == [39.9, 40.0, 40.1, 40.0]
