"""A working file holds the pixels of its upload, on the same grid, and marks what was not seen."""

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.testing import assert_array_equal
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.windows import Window

from geo.errors import RefusedError
from geo.grid import Tile
from geo.intake.digest import sha256_of
from geo.intake.image import normalise_image, probe_image
from tests.geo.intake.tiffs import TRANSFORM, picture, verdict, written

RGBA = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
STORED: dict[str, dict[str, Any]] = {
    "striped": {},
    "one strip": {"blockysize": 700, "compress": "DEFLATE"},
    "tiled": {"tiled": True, "blockxsize": 128, "blockysize": 128, "compress": "LZW"},
    "big-endian BigTIFF": {"BIGTIFF": "YES", "ENDIANNESS": "BIG"},
    "one plane a band": {"interleave": "band", "compress": "ZSTD", "predictor": 2},
    "COG": {"driver": "COG", "blocksize": 256},
    "PackBits": {"compress": "PACKBITS"},
    "JPEG": {"compress": "JPEG", "photometric": "YCBCR", "tiled": True},
    "WebP": {"compress": "WEBP", "WEBP_LEVEL": 50, "tiled": True},
}


def copied(path: Path, **options: Any) -> tuple[np.ndarray, np.ndarray, dict[str, Any], int]:
    """Pixels, validity and profile of the working file, and the count of pixels seen."""
    out = path.with_name("working.tif")
    seen = normalise_image(path, out, **options)
    with rasterio.open(out) as copy:
        valid = copy.read_masks(1) == 255
        return copy.read(), valid, {**copy.profile, "tags": copy.tags()}, seen.seen_pixels


@pytest.mark.parametrize("profile", STORED.values(), ids=STORED)
def test_a_working_file_has_the_pixels_of_its_upload(
    profile: dict[str, Any], tmp_path: Path
) -> None:
    path = written(tmp_path / "upload.tif", picture(700, 900), **profile)
    with rasterio.open(path) as source:
        expected = source.read()
    values, valid, made, seen = copied(path)
    assert_array_equal(values, expected)
    assert valid.all()
    assert seen == 700 * 900
    assert made["transform"] == TRANSFORM
    assert made["crs"].to_epsg() == 32750
    assert (made["blockxsize"], made["compress"], made["nodata"]) == (512, "zstd", None)


def test_overviews_average_only_what_was_seen(tmp_path: Path) -> None:
    pixels = np.full((3, 1024, 1024), 200, dtype=np.uint8)
    pixels[:, :, 1::2] = 0
    path = written(tmp_path / "upload.tif", pixels, nodata=0)
    copied(path)
    with rasterio.open(tmp_path / "working.tif") as copy:
        assert copy.overviews(1) == [2, 4]
        assert (copy.read(out_shape=(3, 512, 512)) == 200).all()
        assert (copy.read_masks(1, out_shape=(512, 512)) == 255).all()


@pytest.mark.parametrize("profile", [STORED["striped"], STORED["tiled"]])
def test_a_window_is_copied_in_its_own_place(profile: dict[str, Any], tmp_path: Path) -> None:
    pixels = picture(700, 900)
    path = written(tmp_path / "upload.tif", pixels, **profile)
    window = Tile(row=123, column=456, rows=300, columns=77)
    values, _, made, seen = copied(path, window=window)
    assert_array_equal(values, pixels[:, 123:423, 456:533])
    assert seen == 300 * 77
    grid = probe_image(path).placed()
    assert made["transform"] == window.of(grid).transform


def test_blocks_away_from_the_window_are_never_decoded(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(512, 1024), compress="LZW", **_tiles(256))
    _ruin(path, column=3, row=1)
    assert copied(path, window=Tile(row=0, column=0, rows=512, columns=768))[3] == 512 * 768
    with pytest.raises(RefusedError, match="image_corrupt"):
        copied(path, window=Tile(row=0, column=0, rows=512, columns=769))


def test_a_window_must_lie_in_the_image(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(20, 30))
    for row, column, rows, columns in [(-1, 0, 5, 5), (0, 0, 21, 5), (0, 26, 5, 5), (0, 0, 0, 5)]:
        with pytest.raises(ValueError, match="leaves the image"):
            copied(path, window=Tile(row=row, column=column, rows=rows, columns=columns))


def _tiles(size: int) -> dict[str, Any]:
    return {"tiled": True, "blockxsize": size, "blockysize": size}


def _ruin(path: Path, *, column: int, row: int) -> None:
    """Overwrite the second half of one tile with zeros, as a failed resume of an upload does."""
    with rasterio.open(path) as source:
        offset, size = (
            int(source.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", bidx=1))
            for what in ("OFFSET", "SIZE")
        )
    with path.open("r+b") as file:
        file.seek(offset + size // 2)
        file.write(bytes(size - size // 2))


@pytest.mark.parametrize("compress", ["LZW", "ZSTD", "JPEG", "PACKBITS"])
def test_a_block_that_cannot_be_decoded_is_named(compress: str, tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(800, 800), compress=compress, **_tiles(256))
    _ruin(path, column=2, row=1)
    with pytest.raises(RefusedError) as refusal:
        copied(path)
    assert refusal.value.code == "image_corrupt"
    assert refusal.value.facts == {"row": 256, "column": 512, "rows": 256, "columns": 256}
    assert [p.name for p in tmp_path.iterdir()] == ["upload.tif"]


def test_a_transparent_collar_was_not_seen(tmp_path: Path) -> None:
    pixels = picture(300, 400, bands=4)
    pixels[3] = np.where(np.add.outer(range(300), range(400)) < 200, 0, pixels[3])
    path = written(tmp_path / "upload.tif", pixels, colours=RGBA)
    assert probe_image(path).alpha_band == 4
    values, valid, _, seen = copied(path)
    assert_array_equal(valid, pixels[3] != 0)
    assert_array_equal(values, np.where(pixels[3] != 0, pixels[:3], 0))
    assert seen == valid.sum()


def test_alpha_and_internal_mask_say_the_same(tmp_path: Path) -> None:
    pixels = picture(300, 400)
    shown = np.add.outer(range(300), range(400)) > 250
    alpha = (shown * 255).astype(np.uint8)
    rgba = written(tmp_path / "a.tif", np.concatenate([pixels, alpha[None]]), colours=RGBA)
    masked = tmp_path / "m.tif"
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        written(masked, pixels, compress="LZW")
        with rasterio.open(masked, "r+") as out:
            out.write_mask(shown)
    assert probe_image(masked).has_mask
    for one, other in zip(copied(rgba)[:2], copied(masked)[:2], strict=True):
        assert_array_equal(one, other)


def test_nodata_is_empty_only_where_all_colours_have_it(tmp_path: Path) -> None:
    pixels = np.array([[[255, 255, 1]], [[255, 7, 2]], [[255, 255, 3]]], dtype=np.uint8)
    values, valid, _, _ = copied(written(tmp_path / "upload.tif", pixels, nodata=255))
    assert valid.tolist() == [[False, True, True]]
    assert values[:, 0, 0].tolist() == [0, 0, 0]


def test_a_fourth_band_without_a_meaning_is_dropped(tmp_path: Path) -> None:
    pixels = picture(20, 30, bands=4)
    pixels[3] = 0
    path = written(tmp_path / "upload.tif", pixels, ALPHA="UNSPECIFIED", photometric="RGB")
    values, valid, _, _ = copied(path)
    assert_array_equal(values, pixels[:3])
    assert valid.all()


def test_colours_are_taken_by_their_names(tmp_path: Path) -> None:
    pixels = picture(20, 30)
    path = written(tmp_path / "upload.tif", pixels, colours=(RGBA[2], RGBA[1], RGBA[0]))
    assert_array_equal(copied(path)[0], pixels[::-1])


def test_grey_is_repeated(tmp_path: Path) -> None:
    pixels = picture(20, 30, bands=1)
    values = copied(written(tmp_path / "upload.tif", pixels))[0]
    assert_array_equal(values, np.repeat(pixels, 3, axis=0))


def test_a_palette_is_expanded(tmp_path: Path) -> None:
    pixels = picture(20, 30, bands=1) % 3
    path = written(tmp_path / "upload.tif", pixels, photometric="PALETTE", nodata=2)
    with rasterio.open(path, "r+") as out:
        out.write_colormap(1, {0: (1, 2, 3, 255), 1: (40, 50, 60, 255), 2: (7, 7, 7, 255)})
    values, valid, _, _ = copied(path)
    assert_array_equal(valid, pixels[0] != 2)
    assert_array_equal(values[1], np.choose(pixels[0], [2, 50, 0]))


def test_ground_of_blocks_that_were_never_written_was_not_seen(tmp_path: Path) -> None:
    path = tmp_path / "upload.tif"
    shape = {"width": 640, "height": 640, "count": 3, "dtype": "uint8"}
    place = {"crs": "EPSG:32750", "transform": TRANSFORM}
    pixels = picture(640, 640)
    with rasterio.open(
        path, "w", driver="GTiff", SPARSE_OK=True, **shape, **place, **_tiles(64)
    ) as out:
        out.write(pixels[:, 192:, :448], window=Window(0, 192, 448, 448))
    expected = np.zeros((640, 640), dtype=bool)
    expected[192:, :448] = True
    values, valid, _, seen = copied(path)
    assert_array_equal(valid, expected)
    assert_array_equal(values, np.where(expected, pixels, 0))
    assert seen == 448 * 448
    part = copied(path, window=Tile(row=100, column=400, rows=200, columns=99))
    assert_array_equal(part[1], expected[100:300, 400:499])


PLACES = {
    "rotated": Affine.translation(5e5, 9.7e6) @ Affine.rotation(30) @ Affine.scale(0.05, -0.05),
    "south-up": Affine(0.05, 0, 5e5, 0, 0.05, 9.7e6),
    "oblong": Affine(0.04, 0, 5e5, 0, -0.06, 9.7e6),
}


@pytest.mark.parametrize("transform", PLACES.values(), ids=PLACES)
def test_unusual_grids_are_kept(transform: Affine, tmp_path: Path) -> None:
    pixels = picture(20, 30)
    path = written(tmp_path / "upload.tif", pixels, transform=transform)
    grid = probe_image(path).placed()
    assert tuple(grid.transform) == pytest.approx(tuple(transform), rel=1e-12)
    values, _, made, _ = copied(path, window=Tile(row=2, column=3, rows=10, columns=10))
    assert_array_equal(values, pixels[:, 2:12, 3:13])
    expected = transform @ Affine.translation(3, 2)
    assert tuple(made["transform"]) == pytest.approx(tuple(expected), rel=1e-12)


MARS = 'GEOGCS["Mars",DATUM["Mars",SPHEROID["Mars",3396190,0]],PRIMEM["R",0],UNIT["degree",0.0174532925199433]]'  # noqa: E501


def test_a_place_on_another_planet_is_refused(tmp_path: Path) -> None:
    """What else no image can say of its place is in the table of threats."""
    place = {"crs": MARS, "transform": Affine(1e-5, 0, 9, 0, -1e-5, 9)}
    path = written(tmp_path / "upload.tif", picture(20, 30), **place)
    assert verdict(lambda: probe_image(path).placed()) == "image_crs_not_earth"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_control_points_alone_ask_to_be_rectified(tmp_path: Path) -> None:
    corners = [(0, 0), (0, 30), (20, 0), (20, 30)]
    points = [GroundControlPoint(r, c, 5e5 + c, 9.7e6 - r) for r, c in corners]
    path = written(tmp_path / "upload.tif", picture(20, 30), gcps=points, transform=None)
    probe = probe_image(path)
    assert (probe.grid, probe.control_points) == (None, 4)
    with pytest.raises(RefusedError, match="image_needs_rectifying"):
        probe.placed()
    assert_array_equal(copied(path)[0], picture(20, 30))


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_reference_system_without_a_place_is_no_position(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(20, 30), transform=None)
    assert verdict(lambda: probe_image(path).placed()) == "image_without_position"


def test_notes_are_data_and_short(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(20, 30))
    with rasterio.open(path, "r+") as out:
        out.update_tags(
            TIFFTAG_SOFTWARE="<img src=x onerror=alert(1)>",
            TIFFTAG_DATETIME="2026:05:01 09:10:11",
            TIFFTAG_IMAGEDESCRIPTION="x" * 100_000,
        )
    tags = probe_image(path).tags
    assert tags["TIFFTAG_SOFTWARE"] == "<img src=x onerror=alert(1)>"
    assert tags["TIFFTAG_DATETIME"] == "2026:05:01 09:10:11"
    assert len(tags["TIFFTAG_IMAGEDESCRIPTION"]) == 500


def test_the_original_is_only_read_whatever_its_name(tmp_path: Path) -> None:
    path = written(tmp_path / "GTIFF_DIR:1:ortho café <b>.tif", picture(200, 300))
    os.utime(path, ns=(1, 1_600_000_000_000_000_000))
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    probe_image(path)
    copied(path)
    assert sha256_of(path) == before
    assert path.stat().st_mtime_ns == 1_600_000_000_000_000_000


def test_progress_grows_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(3000, 2500), **_tiles(256))
    shares: list[float] = []
    copied(path, advance=shares.append)
    assert len(shares) >= 5
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


def test_a_digest_is_of_the_whole_file(tmp_path: Path) -> None:
    content = os.urandom(9_000_000)
    (tmp_path / "file").write_bytes(content)
    (tmp_path / "empty").touch()
    shares: list[float] = []
    digest = sha256_of(tmp_path / "file", advance=shares.append)
    assert digest == hashlib.sha256(content).hexdigest()
    assert shares[-1] == 1.0
    assert sha256_of(tmp_path / "empty") == hashlib.sha256(b"").hexdigest()


def test_bands_of_other_light_are_no_picture(tmp_path: Path) -> None:
    infrared = (ColorInterp.nir, ColorInterp.red, ColorInterp.green)
    path = written(tmp_path / "upload.tif", picture(20, 30), colours=infrared)
    assert probe_image(path).colours == ("nir", "red", "green")
    assert verdict(lambda: copied(path)) == "image_colours_unknown"
