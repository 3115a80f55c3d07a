"""A large picture made of one smaller one many times, side by side: dense, and soon there."""

from itertools import product
from pathlib import Path

import rasterio
from rasterio.windows import Window

from tests.benchmarks.speed.scene import Scene

PART_PX = 20480
"""Side of the smaller one."""

BLOCKS = {"tiled": True, "blockxsize": 512, "blockysize": 512, "bigtiff": "yes"}
PACKED = {"compress": "deflate", "zlevel": 1, "predictor": 2, "num_threads": 2}


def repeat(part: Scene, whole: Scene, *, times: int) -> None:
    """Write both pictures of a pair, each made of the smaller one, which is removed."""
    for source, into in ((part.before, whole.before), (part.after, whole.after)):
        _repeat(source, into, times=times)
        source.unlink()


def _repeat(source: Path, into: Path, *, times: int) -> None:
    with rasterio.open(source) as one:
        size = {"width": one.width * times, "height": one.height * times}
        with rasterio.open(into, "w", **one.profile | BLOCKS | PACKED | size) as many:
            for _, block in one.block_windows(1):
                pixels = one.read(window=block)
                for down, across in product(range(times), repeat=2):
                    left, top = across * one.width, down * one.height
                    place = left + block.col_off, top + block.row_off, block.width, block.height
                    many.write(pixels, window=Window(*place))
