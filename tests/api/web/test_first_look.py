"""What the browser sees of files before any is sent: by their headers, wherever these lie."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.shutil import copy

from inspection.records.tables.offices import Role
from tests.api.drawn import EAST, GROUND, GSD, NORTH, SIDE

SAMPLE = Path(__file__).parents[3] / "sample_data"
HERE = Affine(GSD, 0, EAST, 0, -GSD, NORTH)
DEGREES = Affine(4.5e-6, 0, GROUND.bounds[0] - 2e-4, 0, -4.5e-6, GROUND.bounds[3] + 2e-4)


def picture(
    path: Path, *, bands=3, dtype="uint8", crs="EPSG:32750", transform=HERE, **more
) -> Path:
    data = np.random.default_rng(5).integers(1, 255, (bands, SIDE, SIDE)).astype(dtype)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=SIDE,
        height=SIDE,
        count=bands,
        dtype=dtype,
        crs=crs,
        transform=transform,
        **more,
    ) as target:
        target.write(data)
    return path


def cog(path: Path) -> Path:
    source = picture(path.with_name("source.tif"))
    copy(source, path, driver="COG", blocksize=256, compress="DEFLATE")
    return path


def late(path: Path) -> Path:
    """The same, its directory moved behind the pixels, where many writers put it."""
    picture(path)
    data = bytearray(path.read_bytes())
    first = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[first : first + 2], "little")
    data += b"\0" * (len(data) % 2)
    moved = len(data)
    data += data[first : first + 2 + 12 * count] + b"\0\0\0\0"
    data[first : first + 2 + 12 * count] = b"\0" * (2 + 12 * count)
    data[4:8] = moved.to_bytes(4, "little")
    path.write_bytes(data)
    with rasterio.open(path) as read:
        assert read.width == SIDE, "other software finds it too"
    return path


FORMS = {
    "cog": cog,
    "stripped": picture,
    "tiled": lambda path: picture(path, tiled=True, blockxsize=256, blockysize=256),
    "big": lambda path: picture(path, BIGTIFF="YES"),
    "turned": lambda path: picture(path, ENDIANNESS="BIG"),
    "late": late,
    "degrees": lambda path: picture(path, crs="EPSG:4326", transform=DEGREES),
    "national": lambda path: picture(path, crs="EPSG:9490"),
}


def test_headers_are_found_wherever_they_lie(service, visit, tmp_path) -> None:
    permit = service.permit("here", GROUND)
    visitor = visit("phone")
    page = visitor.page
    visitor.sign_in(service.person("here", Role.INSPECTOR).login)
    visitor.open(f"#/upload/{permit}")
    page.locator(".chosen").wait_for()
    for name, make in FORMS.items():
        page.locator("input[type=file]").set_input_files(make(tmp_path / f"{name}.tif"))
        row = page.locator(".files li", has_text=f"{name}.tif").first
        said = row.locator(".remarks")
        said.get_by_text("512 × 512 pixels, 3 bands, 50.0 cm per pixel").wait_for()
        said.get_by_text("holds the whole permit").wait_for()
        row.get_by_role("button").click()
        row.wait_for(state="detached")
        assert page.evaluate("document.activeElement.id") == "files"
    visitor.require_peace()


def test_each_file_of_a_flight_finds_its_part(service, visit, photograph, tmp_path) -> None:
    permit = service.permit("here", GROUND)
    log = tmp_path / "log.json"
    log.write_text(json.dumps({"form": "tinjau.flight-log/1", "incidents": "none"}))
    points = tmp_path / "points.csv"
    points.write_text("name,x,y,z\nA,1,2,3\n")
    files = {
        picture(tmp_path / "now.tif"): "orthophoto",
        picture(tmp_path / "before.tif"): "baseline",
        picture(tmp_path / "heights.tif", bands=1, dtype="float32"): "dsm",
        picture(tmp_path / "heights before.tif", bands=1, dtype="float32"): "baseline_dsm",
        points: "control_points",
        log: "flight_log",
        SAMPLE / "permit.json": "",
        SAMPLE / "boundary_dms.csv": "",
    }
    visitor = visit("phone", "id", color_scheme="dark")
    page = visitor.page
    visitor.sign_in(service.person("here", Role.INSPECTOR).login)
    visitor.open(f"#/upload/{permit}")
    page.locator(".chosen").wait_for()
    page.locator("input[type=file]").set_input_files(list(files))
    for path, role in files.items():
        row = page.locator(".files > li", has=page.get_by_text(path.name, exact=True))
        row.wait_for()
        assert row.locator("select").input_value() == role
    # What is no flight log is not taken for one, nor let pass as one.
    other = page.locator(".files > li", has=page.get_by_text("permit.json", exact=True))
    other.get_by_text("tidak dipakai dalam pemeriksaan").wait_for()
    other.locator("select").select_option("flight_log")
    other.locator(".bad", has_text="bukan catatan penerbangan").wait_for()
    assert "✕" not in other.get_by_role("button").inner_text()
    other.get_by_role("button").click()
    other.wait_for(state="detached")
    # The corners of a boundary are no control points: its bringer says what it is, or removes it.
    row.get_by_text("tampak seperti tabel koordinat").wait_for()
    assert page.get_by_role("button", name="Kirim dan periksa").is_disabled()
    row.get_by_role("button").click()
    row.wait_for(state="detached")
    page.get_by_role("button", name="Kirim dan periksa").wait_for()
    assert page.locator(".remarks .bad").count() == 0
    assert page.get_by_role("button", name="Kirim dan periksa").is_enabled()
    page.locator(".map canvas").first.wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "upload-whole-id-phone-dark")
    visitor.require_peace()


def png(side: int) -> bytes:
    """A small PNG, as other software writes it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = zlib.compress(b"".join(b"\0" + b"\x55" * (3 * side) for _ in range(side)))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def hollow(path: Path) -> Path:
    """A TIFF of a few hundred bytes that says it has four thousand million pixels."""
    tags = [
        (256, 4, 66_000), (257, 4, 66_000), (258, 3, 8), (259, 3, 1), (262, 3, 1),
        (273, 4, 200), (277, 3, 1), (278, 4, 66_000), (279, 4, 106),
    ]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + b"\0\0\0\0"
    path.write_bytes(head.ljust(306, b"\0"))
    return path


def test_what_nothing_can_come_of_is_not_sent(service, visit, photograph, tmp_path) -> None:
    person = service.person("here", Role.INSPECTOR)
    visitor = visit("phone")
    page = visitor.page
    page.emulate_media(reduced_motion="reduce")
    visitor.sign_in(person.login)
    flight = picture(tmp_path / "flight.tif")
    send = page.get_by_role("button", name="Send and inspect")
    choose = page.locator("input[type=file]")

    visitor.open(f"#/upload/{service.permits['here']}")
    page.locator(".chosen").wait_for()
    choose.set_input_files(flight)
    page.locator(".notice.doubt", has_text="no boundary on record").wait_for()
    page.get_by_role("link", name="What is on record of the permit").wait_for()
    assert send.is_disabled()
    visitor.require_access_for_all()
    photograph(visitor, "upload-no-boundary-en-phone-light")

    permit = service.permit("here", GROUND)
    visitor.open(f"#/upload/{permit}")
    send.and_(page.locator(":enabled")).wait_for()
    remove = page.locator(".files li").first.get_by_role("button")
    remove.click()
    placeless = tmp_path / "placeless.tif"
    placeless.write_bytes(png(64))
    choose.set_input_files(placeless)
    page.get_by_text("The name says TIFF, but the file is a PNG").wait_for()
    page.get_by_text("Choose its control points too").wait_for()
    assert send.is_disabled()
    points = tmp_path / "points.csv"
    points.write_text("name,x,y,px,py\nA,1,2,3,4\n")
    choose.set_input_files(points)
    send.and_(page.locator(":enabled")).wait_for()
    for _ in range(2):
        remove.click()
    choose.set_input_files(hollow(tmp_path / "hollow.tif"))
    page.locator(".remarks .bad", has_text="cannot hold its pixels").wait_for()
    assert send.is_disabled()
    remove.click()
    visitor.require_peace()


def test_the_same_files_are_inspected_again_only_if_that_is_meant(
    service, visit, photograph, tmp_path
) -> None:
    permit = service.permit("here", GROUND)
    visitor = visit("phone")
    page = visitor.page
    page.emulate_media(reduced_motion="reduce")
    visitor.sign_in(service.person("here", Role.INSPECTOR).login)
    flight = picture(tmp_path / "flight.tif")
    send = page.get_by_role("button", name="Send and inspect")
    choose = page.locator("input[type=file]")
    visitor.open(f"#/upload/{permit}")
    page.locator(".chosen").wait_for()
    choose.set_input_files(flight)
    send.click()
    page.get_by_role("heading", name="Inspection of").wait_for()
    first = page.url
    visitor.open(f"#/upload/{permit}")
    page.locator(".chosen").wait_for()
    choose.set_input_files(flight)
    send.click()
    page.get_by_text("These same files were inspected already").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "upload-before-en-phone-light")
    assert page.get_by_role("link", name="See that inspection").evaluate("a => a.href") == first
    page.get_by_role("button", name="Inspect again all the same").click()
    page.get_by_role("heading", name="Inspection of").wait_for()
    assert page.url != first
    visitor.require_peace()
