"""A collar that no file marks was not seen; whatever else is black or white was."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp

from geo.grid import Tile
from geo.intake.image import Normalised, normalise_image
from tests.geo.intake.tiffs import picture, written

JPEG = {"compress": "JPEG", "photometric": "YCBCR", "tiled": True}
FORMS: dict[str, dict[str, Any]] = {
    "striped": {},
    "tiled LZW": {"compress": "LZW", "tiled": True},
    "JPEG": JPEG,
    "WebP": {"compress": "WEBP", "tiled": True},
}


def ground(rows: int, columns: int) -> np.ndarray:
    """Ground of some contrast, smooth enough for a JPEG, never black or white."""
    noise = picture(rows // 8 + 2, columns // 8 + 2).astype(np.float32)
    bands = [cv2.resize(band, (columns, rows), interpolation=cv2.INTER_CUBIC) for band in noise]
    return np.clip(np.stack(bands) * 0.6 + 50, 40, 220).astype(np.uint8)


def turned(rows: int, columns: int, *, share: float = 0.7) -> np.ndarray:
    """A flight that was flown aslant: where it saw the ground."""
    outline = cv2.boxPoints(((columns / 2, rows / 2), (columns * share, rows * share), 25))
    seen = np.zeros((rows, columns), dtype=np.uint8)
    cv2.fillPoly(seen, [outline.astype(np.int32)], 1)
    return seen != 0


def unseen(path: Path, **options: Any) -> tuple[np.ndarray, Normalised]:
    out = path.with_name("working.tif")
    made = normalise_image(path, out, **options)
    with rasterio.open(out) as copy:
        return copy.read_masks(1) == 0, made


@pytest.mark.parametrize("value", [0, 255])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_collar_was_not_seen(value: int, form: dict[str, Any], tmp_path: Path) -> None:
    seen = turned(700, 900)
    pixels = np.where(seen, ground(700, 900), value).astype(np.uint8)
    found, made = unseen(written(tmp_path / "upload.tif", pixels, **form))
    assert made.collars == (("white" if value else "black"),)
    assert made.collar_pixels == found.sum()
    if form in (FORMS["striped"], FORMS["tiled LZW"]):
        np.testing.assert_array_equal(found, ~seen)
    else:  # 1 % for the blocks that have both
        assert (found & seen).sum() < 0.01 * seen.sum()
        assert (~found & ~seen).sum() < 0.01 * (~seen).sum()


def test_black_ground_inside_was_seen(tmp_path: Path) -> None:
    seen = turned(700, 900)
    pixels = np.where(seen, ground(700, 900), 0).astype(np.uint8)
    pixels[:, 300:420, 400:520] = 0
    found, _ = unseen(written(tmp_path / "upload.tif", pixels))
    np.testing.assert_array_equal(found, ~seen)


def test_a_black_and_a_white_collar_are_told_apart(tmp_path: Path) -> None:
    pixels = ground(400, 600)
    pixels[:, :50] = 0
    pixels[:, :, 560:] = 255
    found, made = unseen(written(tmp_path / "upload.tif", pixels))
    assert made.collars == ("black", "white")
    assert found[:50, :560].all()
    assert found[50:, 560:].all()
    assert not found[50:, :560].any()


def test_a_collar_is_the_same_whatever_part_is_asked_for(tmp_path: Path) -> None:
    seen = turned(2400, 2500)
    pixels = np.where(seen, ground(2400, 2500), 0).astype(np.uint8)
    path = written(tmp_path / "upload.tif", pixels, compress="ZSTD", tiled=True)
    whole, _ = unseen(path)
    np.testing.assert_array_equal(whole, ~seen)
    part, made = unseen(path, window=Tile(row=900, column=11, rows=700, columns=801))
    np.testing.assert_array_equal(part, whole[900:1600, 11:812])
    assert made.collar_pixels == part.sum()


def test_a_small_part_of_an_image_that_is_all_collar_shows_nothing(tmp_path: Path) -> None:
    pixels = np.where(turned(700, 900), ground(700, 900), 0).astype(np.uint8)
    path = written(tmp_path / "upload.tif", pixels)
    found, made = unseen(path, window=Tile(row=0, column=0, rows=50, columns=60))
    assert found.all()
    assert made.seen_pixels == 0


@pytest.mark.parametrize("form", [{}, JPEG], ids=["plain", "JPEG"])
def test_ground_that_fades_into_black_or_white_was_seen(
    form: dict[str, Any], tmp_path: Path
) -> None:
    """Overexposed sand in one corner, deep shadow or black water in the other."""
    slope = np.add.outer(np.arange(700.0), np.arange(900.0)) / 1600 * 500 - 120
    light = cv2.resize(picture(88, 113, bands=1)[0].astype(np.float32), (900, 700)) * 0.2
    pixels = np.repeat(np.clip(slope + light, 0, 255).astype(np.uint8)[None], 3, axis=0)
    assert (pixels == 0).mean() > 0.02
    assert (pixels == 255).mean() > 0.02
    found, made = unseen(written(tmp_path / "upload.tif", pixels, **form))
    assert made.collars == ()
    assert not found.any()


def test_clipped_ground_with_ragged_edges_was_seen(tmp_path: Path) -> None:
    grain = np.random.default_rng(3).normal(0, 25, (700, 900))
    bright = 200 + 120 * np.exp(-np.hypot(*np.mgrid[0:700, 0:900]) / 300)
    pixels = np.repeat(np.clip(bright + grain, 0, 255).astype(np.uint8)[None], 3, axis=0)
    assert (pixels[:, 0, :40] == 255).all()
    found, _ = unseen(written(tmp_path / "upload.tif", pixels))
    assert not found.any()


def test_a_white_roof_at_the_rim_was_seen(tmp_path: Path) -> None:
    pixels = ground(700, 900)
    pixels[:, :60, 300:400] = 255
    found, _ = unseen(written(tmp_path / "upload.tif", pixels))
    assert not found.any()


def test_what_a_file_marks_is_believed_and_a_mark_of_nothing_is_not(tmp_path: Path) -> None:
    """Alpha that marks the collar leaves white ground beside it; alpha that is full marks none."""
    seen = turned(400, 500)
    pixels = np.where(seen, ground(400, 500), 0).astype(np.uint8)
    colours = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
    full = np.full((1, 400, 500), 255, dtype=np.uint8)
    found, made = unseen(
        written(tmp_path / "full.tif", np.concatenate([pixels, full]), colours=colours)
    )
    np.testing.assert_array_equal(found, ~seen)
    assert made.collars == ("black",)
    marked = np.zeros((1, 400, 500), dtype=np.uint8)
    marked[:, 10:-10, 10:-10] = 255
    found, made = unseen(
        written(tmp_path / "marked.tif", np.concatenate([pixels, marked]), colours=colours)
    )
    np.testing.assert_array_equal(found, marked[0] == 0)
    assert made.collars == ()


def test_the_collar_of_deep_numbers_is_their_smallest_and_not_scaled_with_them(
    tmp_path: Path,
) -> None:
    seen = turned(400, 500)
    for kind, value in (("uint16", 1), ("float32", -9999.0)):
        numbers = np.where(seen, ground(400, 500) * 40.0 + 1000, value).astype(kind)
        found, made = unseen(written(tmp_path / f"{kind}.tif", numbers))
        np.testing.assert_array_equal(found, ~seen)
        assert made.scaling is not None
        assert made.scaling.lowest > 2000


def test_blocks_never_written_and_black_beside_them_are_one_collar(tmp_path: Path) -> None:
    seen = turned(640, 640, share=0.5)
    pixels = np.where(seen, ground(640, 640), 0).astype(np.uint8)
    path = written(
        tmp_path / "upload.tif", pixels, SPARSE_OK=True, tiled=True, blockxsize=64, blockysize=64
    )
    found, _ = unseen(path)
    np.testing.assert_array_equal(found, ~seen)


def test_a_block_that_cannot_be_read_hides_no_collar_elsewhere(tmp_path: Path) -> None:
    seen = turned(2400, 5000)
    pixels = np.where(seen, ground(2400, 5000), 0).astype(np.uint8)
    path = written(tmp_path / "upload.tif", pixels, compress="LZW", tiled=True)
    with rasterio.open(path) as source:
        offset = int(source.get_tag_item("BLOCK_OFFSET_18_4", "TIFF", bidx=1))
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(bytes(5000))
    window = Tile(row=0, column=0, rows=600, columns=600)
    found, made = unseen(path, window=window)
    np.testing.assert_array_equal(found, ~seen[:600, :600])
    assert made.collars == ("black",)


@pytest.mark.parametrize("fill", [0, 255])
@pytest.mark.parametrize("form", [{}, {**JPEG, "JPEG_QUALITY": 80}], ids=["plain", "JPEG"])
@pytest.mark.parametrize("name", ["pix4d_alpha_nodata", "cog_rgba"])
def test_the_collar_of_a_real_flight_is_found_without_its_alpha(
    name: str, form: dict[str, Any], fill: int, test_data: Path, tmp_path: Path
) -> None:
    with rasterio.open(test_data / f"drone_orthos/{name}.tif") as source:
        seen = source.dataset_mask() != 0
        pixels = np.where(seen, source.read()[:3], fill).astype(np.uint8)
    found, made = unseen(written(tmp_path / "upload.tif", pixels, **form))
    assert made.collars == (("white" if fill else "black"),)
    assert (found & seen).sum() < 0.005 * seen.sum()
    assert (~found & ~seen).sum() < (0.08 if form else 0.02) * (~seen).sum()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("light", [0.7, 1.0, 1.3])
def test_real_ground_in_any_light_has_no_collar(
    light: float, test_data: Path, tmp_path: Path
) -> None:
    with rasterio.open(test_data / "drone_raw_brighton/DJI_0024.JPG") as source:
        pixels = source.read(window=((0, 1500), (500, 3000)))
    pixels = np.clip(pixels * light, 0, 255).astype(np.uint8)
    for form in ({}, JPEG):
        found, _ = unseen(written(tmp_path / "upload.tif", pixels, **form))
        assert not found.any()
