"""What the browser sees of files before any is sent: by their headers, wherever these lie."""

import json
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.shutil import copy

from inspection.records.tables.offices import Role
from tests.api.drawn import EAST, GROUND, GSD, NORTH, SIDE

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
    log.write_text(json.dumps({"flown_by": "N"}))
    points = tmp_path / "points.csv"
    points.write_text("name,x,y,z\nA,1,2,3\n")
    files = {
        picture(tmp_path / "now.tif"): "orthophoto",
        picture(tmp_path / "before.tif"): "baseline",
        picture(tmp_path / "heights.tif", bands=1, dtype="float32"): "dsm",
        picture(tmp_path / "heights before.tif", bands=1, dtype="float32"): "baseline_dsm",
        points: "control_points",
        log: "flight_log",
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
    page.get_by_role("button", name="Kirim dan periksa").wait_for()
    assert page.locator(".remarks .bad").count() == 0
    assert page.get_by_role("button", name="Kirim dan periksa").is_enabled()
    page.locator(".map canvas").first.wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "upload-whole-id-phone-dark")
    visitor.require_peace()
