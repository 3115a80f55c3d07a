"""Of an image that lies in its place, only what shows ground looked at is decoded."""

from pathlib import Path

import numpy as np
import rasterio
from numpy.testing import assert_array_equal

from tests.geo.intake.test_forms import TILED, shown
from tests.geo.intake.tiffs import picture, verdict, written


def test_blocks_that_nobody_needs_are_not_decoded(tmp_path: Path) -> None:
    pixels = picture(1100, 1300)
    path = written(tmp_path / "upload.tif", pixels, **TILED | {"compress": "DEFLATE"})
    with rasterio.open(path) as source:
        at = int(source.get_tag_item("BLOCK_OFFSET_9_0", "TIFF", bidx=1))
    content = bytearray(path.read_bytes())
    content[at : at + 64] = bytes(64)
    path.write_bytes(content)
    assert verdict(lambda: shown(path)) == "image_corrupt"
    needed = np.array([[1, 1, 0], [0, 1, 1], [0, 0, 0]], bool)
    values, valid, made = shown(path, needed=needed)
    assert_array_equal(values[:, :512, :1024], pixels[:, :512, :1024])
    assert_array_equal(values[:, 512:1024, 512:], pixels[:, 512:1024, 512:])
    blocks = needed.repeat(512, axis=0).repeat(512, axis=1)[:1100, :1300]
    assert_array_equal(valid, blocks)
    assert made.seen_pixels == blocks.sum()


def test_a_picture_that_shows_nothing_where_it_is_needed_may_show_something_elsewhere(
    tmp_path: Path,
) -> None:
    pixels = picture(600, 700)
    pixels[:, :512, :512] = 0
    path = written(tmp_path / "upload.tif", pixels, nodata=0)
    needed = np.array([[1, 0], [0, 0]], bool)
    values, _, made = shown(path, needed=needed)
    assert made.seen_pixels == 600 * 700 - 512 * 512
    assert_array_equal(values, pixels)
