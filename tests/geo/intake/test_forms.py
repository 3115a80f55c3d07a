"""The same picture in every honest form gives the same working file, or the stated one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_equal
from rasterio.enums import ColorInterp

from geo.errors import RefusedError
from geo.grid import Tile
from geo.intake.image import normalise_image, probe_image
from geo.intake.making import Normalised
from geo.intake.scaling import Scaling
from tests.geo.intake.tiffs import image_tags, picture, tiff, verdict, written

RGB = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
TILED = {"tiled": True, "blockxsize": 128, "blockysize": 128}
LOSSLESS: dict[str, dict[str, Any]] = {
    "LERC": {"compress": "LERC"},
    "LERC in DEFLATE": {"compress": "LERC_DEFLATE", **TILED},
    "LERC in ZSTD": {"compress": "LERC_ZSTD"},
    "LZMA": {"compress": "LZMA", **TILED},
    "lossless WebP": {"compress": "WEBP", "WEBP_LOSSLESS": True, **TILED},
    "BigTIFF, big-endian, LZW, predicted": {
        "BIGTIFF": "YES",
        "ENDIANNESS": "BIG",
        "compress": "LZW",
        "predictor": 2,
    },
    "COG in ZSTD": {"driver": "COG", "compress": "ZSTD", "blocksize": 128},
}


def shown(path: Path, **options: Any) -> tuple[np.ndarray, np.ndarray, Normalised]:
    """Pixels and validity of the working file, and what was done to make it."""
    out = path.with_name("working.tif")
    made = normalise_image(path, out, **options)
    with rasterio.open(out) as copy:
        return copy.read(), copy.read_masks(1) == 255, made


@pytest.mark.parametrize("profile", LOSSLESS.values(), ids=LOSSLESS)
def test_a_lossless_form_is_copied_exactly(profile: dict[str, Any], tmp_path: Path) -> None:
    pixels = picture(300, 400)
    values, valid, made = shown(written(tmp_path / "upload.tif", pixels, **profile))
    assert_array_equal(values, pixels)
    assert valid.all()
    assert made == Normalised(
        seen_pixels=120_000, collar_pixels=0, collars=(), doubted={}, scaling=None
    )


def test_numbers_are_scaled_by_one_line_for_all_colours(tmp_path: Path) -> None:
    """0.5 and 99.5 % of all numbers, in an image small enough to be its own sample."""
    numbers = np.random.default_rng(5).integers(200, 3000, (3, 300, 400)).astype(np.uint16)
    numbers[0] //= 2
    values, valid, made = shown(written(tmp_path / "upload.tif", numbers, colours=RGB))
    low, high = np.percentile(numbers, [0.5, 99.5])
    assert made.scaling == Scaling(lowest=low, highest=high, found="uint16")
    line = np.rint((numbers.astype(np.float64) - low) * (255 / (high - low)))
    assert_array_equal(values, np.clip(line, 0, 255))
    assert valid.all()


@pytest.mark.parametrize(
    ("kind", "factor", "offset"),
    [
        ("uint16", 16, 0),
        ("int16", 16, -2000),
        ("float32", 1 / 255, 0),
        ("float32", -1.5, 0),
        ("float64", 1e6, 3e9),
        ("int8", 0.5, -60),
        ("uint32", 1e7, 0),
    ],
)
def test_every_depth_shows_the_picture_it_was_made_from(
    kind: str, factor: float, offset: float, tmp_path: Path
) -> None:
    """12 bits in 16, reflectance from 0 to 1, heights of numbers: the picture stays the same."""
    pixels = picture(200, 300)
    numbers = (pixels.astype(np.float64) * factor + offset).astype(kind)
    values, _, made = shown(written(tmp_path / "upload.tif", numbers, colours=RGB))
    assert made.scaling is not None
    assert made.scaling.found == kind
    wanted = pixels if factor > 0 else 256 - pixels.astype(int)
    # 0.5 % at either end are cut off, which is one level here.
    assert np.abs(values.astype(int) - wanted).max() <= 4


def test_the_same_image_is_scaled_alike_whatever_part_is_asked_for(tmp_path: Path) -> None:
    numbers = np.add.outer(np.arange(2500), np.arange(2600)).astype(np.uint16)[None]
    path = written(tmp_path / "upload.tif", numbers, compress="ZSTD", **TILED)
    whole, _, made = shown(path)
    part, _, again = shown(path, window=Tile(row=1000, column=7, rows=333, columns=500))
    assert made.scaling == again.scaling
    assert_array_equal(part, whole[:, 1000:1333, 7:507])


def test_what_is_not_a_number_was_not_seen(tmp_path: Path) -> None:
    numbers = picture(60, 80).astype(np.float32) / 255
    numbers[1, :10] = np.nan
    numbers[2, :, :10] = np.inf
    _, valid, _ = shown(written(tmp_path / "upload.tif", numbers, colours=RGB))
    expected = np.ones((60, 80), dtype=bool)
    expected[:10] = expected[:, :10] = False
    assert_array_equal(valid, expected)


@pytest.mark.parametrize("nodata", [-9999.0, np.nan, -3.4028234663852886e38])
def test_nodata_of_floats_was_not_seen(nodata: float, tmp_path: Path) -> None:
    numbers = picture(60, 80).astype(np.float32) / 255
    numbers[:, 20:30] = nodata
    _, valid, made = shown(written(tmp_path / "upload.tif", numbers, colours=RGB, nodata=nodata))
    expected = np.ones((60, 80), dtype=bool)
    expected[20:30] = False
    assert_array_equal(valid, expected)
    assert made.scaling is not None
    assert 0 < made.scaling.lowest < made.scaling.highest < 1


@pytest.mark.parametrize("text", [b"-32767\0", b"nan\0", b"0.5\0"])
def test_a_nodata_value_that_no_pixel_can_have_marks_nothing(text: bytes, tmp_path: Path) -> None:
    """As some programs write beside bytes."""
    path = tmp_path / "upload.tif"
    tags = image_tags(20, 20, t42113=(2, text))
    path.write_bytes(tiff(tags, blocks=picture(20, 20).tobytes()))
    assert shown(path)[1].all()


@pytest.mark.parametrize("bits", [2, 7])
def test_fewer_bits_take_their_whole_range(bits: int, tmp_path: Path) -> None:
    numbers = picture(40, 50, bands=1) % 2**bits
    values, valid, made = shown(written(tmp_path / "upload.tif", numbers, NBITS=bits))
    assert made.scaling == Scaling(lowest=0, highest=2**bits - 1, found=f"{bits} bits")
    assert_array_equal(values[0], np.rint(numbers[0].astype(float) * 255 / (2**bits - 1)))
    assert valid.all()


def test_twelve_bits_in_sixteen_are_scaled_by_what_they_use(tmp_path: Path) -> None:
    numbers = (picture(200, 200).astype(np.uint16) * 16).astype(np.uint16)
    values, _, made = shown(written(tmp_path / "upload.tif", numbers, colours=RGB, NBITS=12))
    assert made.scaling is not None
    assert 4000 < made.scaling.highest < 4096
    assert np.abs(values.astype(int) - numbers // 16).max() <= 4


def test_a_picture_of_one_number_is_grey(tmp_path: Path) -> None:
    numbers = np.full((3, 40, 50), 10_000, dtype=np.uint16)
    values, valid, _ = shown(written(tmp_path / "upload.tif", numbers, colours=RGB))
    assert (values == 128).all()
    assert valid.all()


def test_sixteen_bit_alpha_marks_what_was_not_seen(tmp_path: Path) -> None:
    numbers = picture(60, 80, bands=4).astype(np.uint16) * 200
    numbers[3] = 65_535
    numbers[3, :20] = 0
    path = written(tmp_path / "upload.tif", numbers, colours=(*RGB, ColorInterp.alpha))
    _, valid, _ = shown(path)
    assert_array_equal(valid, numbers[3] > 0)


def test_alpha_of_one_bit_in_eight_marks_what_was_not_seen(tmp_path: Path) -> None:
    """Some programs write 1 where the picture is opaque, not 255."""
    pixels = picture(60, 80, bands=4)
    pixels[3] = np.add.outer(range(60), range(80)) > 50
    path = written(tmp_path / "upload.tif", pixels, colours=(*RGB, ColorInterp.alpha))
    assert_array_equal(shown(path)[1], pixels[3] > 0)


def test_jpeg_with_a_mask_inside_keeps_its_mask(tmp_path: Path) -> None:
    pixels = np.repeat(np.repeat(picture(16, 24, seed=2), 20, axis=1), 20, axis=2)
    seen = np.add.outer(range(320), range(480)) > 200
    path = tmp_path / "upload.tif"
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        written(path, pixels, compress="JPEG", photometric="YCBCR", **TILED)
        with rasterio.open(path, "r+") as out:
            out.write_mask(seen)
    with rasterio.open(path) as source:
        expected = source.read()
    values, valid, _ = shown(path)
    assert_array_equal(valid, seen)
    assert_array_equal(values, np.where(seen, expected, 0))


def test_numbers_seen_only_between_the_samples_are_scaled_too(tmp_path: Path) -> None:
    numbers = np.zeros((1, 20, 200_000), dtype=np.uint16)
    numbers[0, 5, 3_000:3_100] = np.arange(1000, 1100)
    path = written(tmp_path / "upload.tif", numbers, compress="ZSTD", nodata=0)
    made = shown(path)[2]
    assert made.scaling == Scaling(lowest=1000, highest=1099, found="uint16")
    assert made.seen_pixels == 100


def test_wide_strips_of_deep_numbers_fit_in_the_memory_allowed(tmp_path: Path) -> None:
    numbers = np.tile(picture(64, 1000).astype(np.uint16) * 9, (1, 8, 40))
    path = written(tmp_path / "upload.tif", numbers, compress="ZSTD", blockysize=64)
    assert shown(path)[2].seen_pixels == 512 * 40_000


def test_an_image_that_shows_nothing_is_refused_and_a_part_that_does_not_is_not(
    tmp_path: Path,
) -> None:
    pixels = picture(300, 400)
    pixels[:, :, :200] = 0
    path = written(tmp_path / "upload.tif", pixels, nodata=0)
    half = Tile(row=0, column=0, rows=300, columns=200)
    assert normalise_image(path, tmp_path / "o.tif", window=half).seen_pixels == 0
    path = written(tmp_path / "black.tif", np.zeros_like(pixels))
    assert verdict(lambda: normalise_image(path, tmp_path / "o2.tif")) == "image_shows_nothing"
    assert not (tmp_path / "o2.tif").exists()


def test_complex_numbers_make_no_picture(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(20, 30).astype(np.complex64))
    with pytest.raises(RefusedError) as refusal:
        shown(path)
    assert refusal.value.code == "image_numbers_unknown"
    assert refusal.value.facts == {"found": "complex64"}


def test_a_fourth_band_of_infrared_is_no_alpha(tmp_path: Path) -> None:
    pixels = picture(20, 30, bands=5)
    pixels[3] = 0
    path = written(tmp_path / "upload.tif", pixels, photometric="RGB", ALPHA="NON-PREMULTIPLIED")
    with rasterio.open(path, "r+") as out:
        out.colorinterp = (*RGB, ColorInterp.nir, ColorInterp.undefined)
    assert probe_image(path).alpha_band is None
    assert shown(path)[1].all()
