"""A collar that no file marks was not seen; whatever else is black or white was."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp

from geo.errors import RefusedError
from geo.grid import Tile
from geo.intake.image import normalise_image
from geo.intake.making import Normalised
from tests.geo.intake.tiffs import picture, written

JPEG = {"compress": "JPEG", "photometric": "YCBCR", "tiled": True, "JPEG_QUALITY": 80}
FORMS: dict[str, dict[str, Any]] = {
    "exact": {"compress": "LZW", "tiled": True},
    "JPEG": JPEG,
    "WebP": {"compress": "WEBP", "tiled": True},
}
RGBA = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)


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


def ragged(rows: int, columns: int) -> np.ndarray:
    """A flight whose outline goes in and out by tens of pixels, as where photos matched ends."""
    generator = np.random.default_rng(4)
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    away = 0.42 * (1 + 0.06 * generator.standard_normal(angle.size))
    outline = np.stack(
        [columns * (0.5 + away * np.cos(angle)), rows * (0.5 + away * np.sin(angle))], axis=1
    )
    seen = np.zeros((rows, columns), dtype=np.uint8)
    cv2.fillPoly(seen, [outline.astype(np.int32)], 1)
    return seen != 0


def frayed(rows: int, columns: int) -> np.ndarray:
    """A flight whose outline is uncertain by single pixels, with specks beside it."""
    noise = np.random.default_rng(5).standard_normal((rows, columns)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2)
    down, across = np.mgrid[0:rows, 0:columns]
    inside = 0.42 * min(rows, columns) - np.hypot(down - rows / 2, across - columns / 2)
    outline: np.ndarray = inside + 3 * smooth / smooth.std() > 0
    return outline


SHAPES = {"turned": turned, "ragged": ragged, "frayed": frayed}


def unseen(path: Path, **options: Any) -> tuple[np.ndarray, Normalised]:
    out = path.with_name("working.tif")
    made = normalise_image(path, out, **options)
    with rasterio.open(out) as copy:
        return copy.read_masks(1) == 0, made


@pytest.mark.parametrize(("shape", "value"), [("turned", 0), ("ragged", 255), ("frayed", 0)])
@pytest.mark.parametrize("form", FORMS)
def test_a_collar_was_not_seen(shape: str, value: int, form: str, tmp_path: Path) -> None:
    seen = SHAPES[shape](700, 900)
    pixels = np.where(seen, ground(700, 900), value).astype(np.uint8)
    found, made = unseen(written(tmp_path / "upload.tif", pixels, **FORMS[form]))
    assert made.collars == (("white" if value else "black"),)
    assert made.doubted == {}
    assert made.collar_pixels == found.sum()
    if form == "exact":
        assert not (found & seen).any()
        # Specks that do not reach the rim were seen, for all that anybody can tell.
        assert (~found & ~seen).sum() < 0.001 * (~seen).sum()
    else:  # the blocks that have both
        assert (found & seen).sum() < 0.002 * seen.sum()
        assert (~found & ~seen).sum() < 0.03 * (~seen).sum()


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
    expected = np.zeros((400, 600), dtype=bool)
    expected[:50] = expected[:, 560:] = True
    np.testing.assert_array_equal(found, expected)


def test_a_collar_is_the_same_whatever_part_is_asked_for(tmp_path: Path) -> None:
    """Larger than one window and than the cells that are searched one by one."""
    seen = turned(2400, 2500)
    pixels = np.where(seen, ground(2400, 2500), 0).astype(np.uint8)
    path = written(tmp_path / "upload.tif", pixels, compress="ZSTD", tiled=True)
    whole, _ = unseen(path)
    np.testing.assert_array_equal(whole, ~seen)
    part, made = unseen(path, window=Tile(row=900, column=11, rows=700, columns=801))
    np.testing.assert_array_equal(part, whole[900:1600, 11:812])
    assert made.collar_pixels == part.sum()
    corner, made = unseen(path, window=Tile(row=0, column=0, rows=50, columns=60))
    assert corner.all()
    assert made.seen_pixels == 0


def faded() -> np.ndarray:
    """Overexposed sand in one corner, deep shadow or black water in the other."""
    slope = np.add.outer(np.arange(700.0), np.arange(900.0)) / 1600 * 500 - 120
    light = cv2.resize(picture(88, 113, bands=1)[0].astype(np.float32), (900, 700)) * 0.2
    return np.repeat(np.clip(slope + light, 0, 255).astype(np.uint8)[None], 3, axis=0)


def grainy() -> np.ndarray:
    """Sand in the sun: wholly white in the corner, and fraying through its grain."""
    grain = np.random.default_rng(3).normal(0, 25, (700, 900))
    bright = 180 + 260 * np.exp(-np.hypot(*np.mgrid[0:700, 0:900]) / 300)
    return np.repeat(np.clip(bright + grain, 0, 255).astype(np.uint8)[None], 3, axis=0)


def roof() -> np.ndarray:
    """A white roof, as sharp as can be, that fills one corner."""
    pixels = ground(700, 900)
    pixels[:, :150, :200] = 255
    return pixels


def clouds() -> np.ndarray:
    """White cloud along the whole upper rim, thinning out."""
    thick = cv2.resize(picture(20, 25, bands=1)[0].astype(np.float32), (900, 700))
    thick += np.linspace(500, -700, 700)[:, None]
    share = np.clip(thick / 255, 0, 1)
    return np.clip(ground(700, 900) * (1 - share) + 255 * share, 0, 255).astype(np.uint8)


def pond() -> np.ndarray:
    """Water that a camera shows black but for its noise, with a bank, along one side."""
    noise = np.random.default_rng(8).normal(0.0, 2.0, (700, 900))
    depth = np.clip((cv2.blur(picture(700, 900, bands=1)[0], (41, 41)) - 60.0) / 4, 0, 25)
    water = np.clip(depth[None] * 0.1 + noise, 0, 255)
    bank = np.clip((np.mgrid[0:700, 0:900][1] - 200) / 12, 0, 1)
    return (water * (1 - bank) + ground(700, 900) * bank).astype(np.uint8)


GROUNDS = {"faded": faded, "grainy": grainy, "roof": roof, "clouds": clouds, "pond": pond}


@pytest.mark.parametrize("form", [{}, JPEG], ids=["exact", "JPEG"])
@pytest.mark.parametrize("name", GROUNDS)
def test_black_or_white_ground_at_the_rim_was_seen(
    name: str, form: dict[str, Any], tmp_path: Path
) -> None:
    pixels = GROUNDS[name]()
    ends = ((pixels == 0) | (pixels == 255)).all(axis=0)
    assert ends.mean() > 0.02
    found, made = unseen(written(tmp_path / "upload.tif", pixels, **form))
    assert made.collars == ()
    assert not found.any()


def test_what_may_be_either_is_told(tmp_path: Path) -> None:
    """A white corner may be a roof or a collar: it stays ground, with its share."""
    made = unseen(written(tmp_path / "upload.tif", roof()))[1]
    assert made.doubted == {"white": pytest.approx(150 * 200 / (700 * 900))}
    assert unseen(written(tmp_path / "plain.tif", ground(700, 900)))[1].doubted == {}


def test_what_a_file_marks_is_believed_and_a_mark_of_nothing_is_not(tmp_path: Path) -> None:
    """Alpha that marks the collar leaves white ground beside it; alpha that is full marks none."""
    seen = turned(400, 500)
    pixels = np.where(seen, ground(400, 500), 0).astype(np.uint8)
    full = np.full((1, 400, 500), 255, dtype=np.uint8)
    found, made = unseen(
        written(tmp_path / "full.tif", np.concatenate([pixels, full]), colours=RGBA)
    )
    np.testing.assert_array_equal(found, ~seen)
    assert made.collars == ("black",)
    marked = np.zeros((1, 400, 500), dtype=np.uint8)
    marked[:, 10:-10, 10:-10] = 255
    found, made = unseen(
        written(tmp_path / "marked.tif", np.concatenate([pixels, marked]), colours=RGBA)
    )
    np.testing.assert_array_equal(found, marked[0] == 0)
    assert made.collars == ()


@pytest.mark.parametrize(("kind", "value"), [("uint16", 1), ("float32", -9999.0)])
def test_the_collar_of_deep_numbers_is_not_scaled_with_them(
    kind: str, value: float, tmp_path: Path
) -> None:
    seen = turned(400, 500)
    numbers = np.where(seen, ground(400, 500) * 40.0 + 1000, value).astype(kind)
    found, made = unseen(written(tmp_path / "upload.tif", numbers))
    np.testing.assert_array_equal(found, ~seen)
    assert made.scaling is not None
    assert made.scaling.lowest > 2000


def test_blocks_never_written_and_black_beside_them_are_one_collar(tmp_path: Path) -> None:
    seen = turned(640, 640, share=0.5)
    pixels = np.where(seen, ground(640, 640), 0).astype(np.uint8)
    path = written(
        tmp_path / "upload.tif", pixels, SPARSE_OK=True, tiled=True, blockxsize=64, blockysize=64
    )
    found, made = unseen(path)
    np.testing.assert_array_equal(found, ~seen)
    assert made.doubted == {}


def test_a_block_that_cannot_be_read_hides_no_collar_elsewhere(tmp_path: Path) -> None:
    seen = turned(2400, 5000)
    pixels = np.where(seen, ground(2400, 5000), 0).astype(np.uint8)
    path = written(tmp_path / "upload.tif", pixels, compress="LZW", tiled=True)
    with rasterio.open(path) as source:
        offset, size = (
            int(source.get_tag_item(f"BLOCK_{what}_18_4", "TIFF", bidx=1))
            for what in ("OFFSET", "SIZE")
        )
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(bytes(size))
    with pytest.raises(RefusedError, match="image_corrupt"):
        unseen(path)
    window = Tile(row=0, column=0, rows=600, columns=600)
    found, made = unseen(path, window=window)
    np.testing.assert_array_equal(found, ~seen[:600, :600])
    assert made.collars == ("black",)


@pytest.mark.parametrize("fill", [0, 255])
@pytest.mark.parametrize("form", [{}, JPEG], ids=["exact", "JPEG"])
@pytest.mark.parametrize("name", ["pix4d_alpha_nodata", "cog_rgba"])
def test_the_collar_of_a_real_flight_is_found_or_told_without_its_alpha(
    name: str, form: dict[str, Any], fill: int, test_data: Path, tmp_path: Path
) -> None:
    """One of the flights leaves a single corner: black it is a collar, white it is in doubt."""
    with rasterio.open(test_data / f"drone_orthos/{name}.tif") as source:
        seen = source.dataset_mask() != 0
        pixels = np.where(seen, source.read()[:3], fill).astype(np.uint8)
    found, made = unseen(written(tmp_path / "upload.tif", pixels, **form))
    colour = "white" if fill else "black"
    if name == "cog_rgba" and fill:
        assert made.collars == ()
        assert made.doubted.keys() == {colour}
        assert not found.any()
    else:
        assert made.collars == (colour,)
        assert (found & seen).sum() < 0.005 * seen.sum()
        assert (~found & ~seen).sum() < (0.08 if form else 0.02) * (~seen).sum()


WINDOWS = {
    # file: (row, column, side), wholly ground
    "drone_orthos/australia.tif": (0, 0, 600),
    "drone_raw_brighton/DJI_0024.JPG": (0, 2100, 600),
    "drone_raw_brighton/DJI_0027.JPG": (0, 2100, 600),
    "ortho_from_raw_taiwan/odm/images/100_0005_0142.tif": (0, 0, 600),
}


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("name", WINDOWS)
def test_real_ground_in_any_light_has_no_collar(name: str, test_data: Path, tmp_path: Path) -> None:
    row, column, side = WINDOWS[name]
    with rasterio.open(test_data / name) as source:
        window = ((row, row + side), (column, column + side))
        honest = source.read([1, 2, 3], window=window)
    for light, form in ((1.3, {}), (1.3, JPEG), (2.0, JPEG)):
        pixels = np.clip(honest * light, 0, 255).astype(np.uint8)
        found, made = unseen(written(tmp_path / "upload.tif", pixels, **form))
        assert made.collars == ()
        assert not found.any()


def test_the_sample_flight_has_no_collar_in_any_light(sample: Path, tmp_path: Path) -> None:
    with rasterio.open(sample / "current.tif") as source:
        seen, honest = source.dataset_mask() != 0, source.read([1, 2, 3])
    side = 600
    down, across = (length // 2 - side // 2 for length in seen.shape)
    middle = np.s_[down : down + side, across : across + side]
    assert seen[middle].all()
    pixels = np.clip(honest[:, *middle] * 1.3, 0, 255).astype(np.uint8)
    found, made = unseen(written(tmp_path / "upload.tif", pixels))
    assert made.collars == ()
    assert not found.any()
