"""The pictures that the benchmark reads; they are no part of the project."""

import os
import sys
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import rasterio
from numpy.typing import NDArray

type Pixels = NDArray[np.uint8]
"""(rows, columns, 3): red, green, blue."""


def data(name: str) -> Path:
    """Path of a file of the real flights."""
    named = os.environ.get("TINJAU_TEST_DATA")
    if not named:
        sys.exit("TINJAU_TEST_DATA is not set: it names the folder of real flights")
    return Path(named) / name


@cache
def picture(name: str) -> Pixels:
    """Red, green and blue of a picture, whatever its form."""
    path = data(name)
    if path.suffix in (".png", ".jpg", ".JPG"):
        bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if bgr is None:
            raise FileNotFoundError(path.name)
        return np.ascontiguousarray(bgr[..., ::-1])
    with rasterio.open(path) as source:
        return np.ascontiguousarray(source.read((1, 2, 3)).transpose(1, 2, 0))


def naip_years() -> dict[str, str]:
    """Names of the farmland's pictures by year."""
    found = sorted(data("naip_series").glob("*.tif"))
    return {path.stem.rpartition("_")[2][:4]: f"naip_series/{path.name}" for path in found}
