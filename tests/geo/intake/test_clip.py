"""An image clipped as it is taken in is, byte for byte, the one clipped from its working file."""

import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from pyproj import CRS
from rio_cogeo import cog_validate

from geo.grid import Grid, Tile
from geo.intake import clip
from geo.intake.clip import Cut, clip_image
from geo.intake.image import normalise_image
from geo.intake.making import Normalised
from geo.jpeg_cog import write_jpeg_cog
from geo.stencil import Stencil
from geo.warp import opened
from tests.geo.intake.tiffs import TRANSFORM, picture, verdict, written

QUALITY = 85
ROWS, COLUMNS = 1500, 2300
PART = Tile(row=100, column=37, rows=1400, columns=2200)
RGBA = [rasterio.enums.ColorInterp(one) for one in (3, 4, 5, 6)]
BLOCKS = {"tiled": True, "blockxsize": 512, "blockysize": 512}

FORMS: dict[str, dict[str, Any]] = {
    "RGBA in tiles of DEFLATE": {**BLOCKS, "compress": "DEFLATE", "predictor": 2, "colours": RGBA},
    "tiles of JPEG": {**BLOCKS, "compress": "JPEG", "photometric": "YCbCr"},
    "strips of LZW": {"compress": "LZW", "blockysize": 7},
    "small tiles, nodata": {**BLOCKS, "blockxsize": 128, "blockysize": 256, "nodata": 0},
    "planes apart, 16 bits": {**BLOCKS, "interleave": "band", "dtype": "uint16"},
    "grey": {"compress": "DEFLATE"},
    "a black collar": {**BLOCKS, "compress": "DEFLATE"},
}


def upload(folder: Path, form: str) -> Path:
    options = dict(FORMS[form])
    pixels = picture(ROWS, COLUMNS, bands={"grey": 1}.get(form, 4 if "colours" in options else 3))
    if "nodata" in options:
        pixels[:, 300:700, 200:1500] = 0
    if "colours" in options:
        pixels[3] = 255
        pixels[:, :, :450] = 0
    if form == "a black collar":
        pixels = np.maximum(pixels, 60)
        pixels[:, :400] = 0
        pixels[:, :, 2000:] = 0
    return written(folder / "upload.tif", pixels.astype(options.get("dtype", "uint8")), **options)


def cut_of(part: Tile = PART) -> Cut:
    whole = Grid(crs=CRS.from_epsg(32750), transform=TRANSFORM, rows=ROWS, columns=COLUMNS)
    inner = part.of(whole)
    rows, columns = (-(-length // 64) * 64 for length in inner.shape)
    grid = inner.window(row=0, column=0, rows=rows, columns=columns)
    middle = grid.transform @ (columns / 2, rows / 2)
    ground = shapely.Point(middle).buffer(0.46 * rows * 0.05)
    ground -= shapely.box(*grid.transform @ (1500, 900), *grid.transform @ (1800, 600))
    return Cut(window=part, grid=grid, ground=ground)


def in_two_passes(path: Path, out: Path, cut: Cut) -> tuple[bytes, Normalised]:
    copy = path.with_name("copy.tif")
    made = normalise_image(path, copy, window=cut.window)
    stencil = Stencil(cut.ground, cut.grid, side=1024)
    with opened(copy) as read:

        def tiles():
            for tile in cut.grid.tiles(1024):
                raster = read(tile.of(cut.grid))
                valid = raster.valid & stencil.mask(tile)
                yield tile, raster.values * valid, valid

        write_jpeg_cog(out, cut.grid, tiles(), quality=QUALITY)
    return out.read_bytes(), made


@pytest.mark.parametrize("form", FORMS)
def test_bytes_are_those_of_two_passes(form: str, tmp_path: Path) -> None:
    path, out = upload(tmp_path, form), tmp_path / "out.tif"
    known, made = in_two_passes(path, tmp_path / "known.tif", cut_of())
    told = clip_image(path, out, cut=cut_of(), quality=QUALITY)
    assert 0 < told.seen_pixels <= made.seen_pixels
    assert replace(told, seen_pixels=made.seen_pixels) == made
    assert out.read_bytes() == known
    is_valid, errors, warnings = cog_validate(out, strict=True)
    assert is_valid, (errors, warnings)
    with rasterio.open(out) as source:
        assert 0.1 < (source.dataset_mask() > 0).mean() < 0.9


def test_bytes_depend_on_no_size_of_tiles_and_on_no_number_of_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = upload(tmp_path, "RGBA in tiles of DEFLATE"), tmp_path / "out.tif"
    contents = set()
    for side, threads in ((512, 1), (1024, 2), (2048, 4)):
        monkeypatch.setattr(clip, "_TILE_PX", side)
        monkeypatch.setattr(clip, "processors", lambda threads=threads: threads)
        clip_image(path, out, cut=cut_of(), quality=QUALITY)
        contents.add(out.read_bytes())
    assert len(contents) == 1


def spoiled(path: Path, column: int, row: int) -> None:
    """Break one block of a file of tiles."""
    with rasterio.open(path) as source:
        at = int(source.get_tag_item(f"BLOCK_OFFSET_{column}_{row}", "TIFF", bidx=1))
        size = int(source.get_tag_item(f"BLOCK_SIZE_{column}_{row}", "TIFF", bidx=1))
    content = bytearray(path.read_bytes())
    is_jpeg = content[at : at + 2] == b"\xff\xd8"
    # A JPEG whose data end early is only warned of.
    begin, end = (at + size // 2, at + size) if is_jpeg else (at, at + 64)
    content[begin:end] = bytes(end - begin)
    path.write_bytes(content)


@pytest.mark.parametrize("form", ["RGBA in tiles of DEFLATE", "tiles of JPEG"])
def test_only_what_shows_ground_is_decoded(form: str, tmp_path: Path) -> None:
    path, out = upload(tmp_path, form), tmp_path / "out.tif"
    clip_image(path, out, cut=cut_of(), quality=QUALITY)
    known = out.read_bytes()
    spoiled(path, 4, 0)
    clip_image(path, out, cut=cut_of(), quality=QUALITY)
    assert out.read_bytes() == known
    spoiled(path, 2, 1)
    assert verdict(lambda: clip_image(path, out, cut=cut_of(), quality=QUALITY)) == "image_corrupt"
    assert out.read_bytes() == known, "what was there before is left alone"


def test_a_picture_that_shows_nothing_is_refused_and_a_part_is_not(tmp_path: Path) -> None:
    whole = Tile(row=0, column=0, rows=ROWS, columns=COLUMNS)
    pixels, out = np.zeros((3, ROWS, COLUMNS), np.uint8), tmp_path / "out.tif"
    path = written(tmp_path / "upload.tif", pixels, nodata=0, compress="DEFLATE")
    cut = cut_of(whole)
    told = verdict(lambda: clip_image(path, out, cut=cut, quality=QUALITY))
    assert told == "image_shows_nothing"
    assert not out.exists()
    pixels[:, 0, 0] = 7  # not looked at, but the picture shows something
    path = written(tmp_path / "upload.tif", pixels, nodata=0, compress="DEFLATE")
    assert clip_image(path, out, cut=cut, quality=QUALITY).seen_pixels == 1
    with rasterio.open(out) as source:
        assert not source.dataset_mask().any()


def test_a_window_beyond_the_image_is_a_mistake_of_ours(tmp_path: Path) -> None:
    beyond = Tile(row=200, column=0, rows=ROWS, columns=COLUMNS)
    with pytest.raises(ValueError, match="leaves the image"):
        clip_image(
            upload(tmp_path, "grey"), tmp_path / "o.tif", cut=cut_of(beyond), quality=QUALITY
        )


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    path, out = upload(tmp_path, "grey"), tmp_path / "out.tif"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        told = verdict(lambda: clip_image(path, out, cut=cut_of(), quality=QUALITY))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told == "disk_full"
    assert [one.name for one in tmp_path.iterdir()] == ["upload.tif"]


def test_a_child_that_says_it_wrote_and_did_not_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"valid_pixels": 9, "collar_pixels": 0, "collars": [], "doubted": {}, "scaling": None}
    monkeypatch.setattr(clip, "answer_of_child", lambda *_, **__: said)
    path, out = upload(tmp_path, "grey"), tmp_path / "out.tif"
    told = verdict(lambda: clip_image(path, out, cut=cut_of(), quality=QUALITY))
    assert told == "image_unreadable"
    assert not out.exists()


def test_the_place_is_that_of_the_part(tmp_path: Path) -> None:
    out = tmp_path / "out.tif"
    clip_image(upload(tmp_path, "grey"), out, cut=cut_of(), quality=QUALITY)
    with rasterio.open(out) as source:
        assert source.transform == TRANSFORM @ Affine.translation(PART.column, PART.row)
        assert source.crs.to_epsg() == 32750
