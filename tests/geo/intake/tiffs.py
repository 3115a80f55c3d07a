"""TIFFs written byte by byte, honest and hostile, and a plain image to compare with."""

import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine

from geo.errors import GeoError

FIRST = 16
"""Where the blocks begin in every file that `tiff` writes."""

SHORT, LONG, DOUBLE, LONG8 = 3, 4, 12, 16
_CODES = {1: "B", 2: "s", SHORT: "H", LONG: "I", DOUBLE: "d", LONG8: "Q"}

type Tags = dict[int, tuple[int, list[Any] | bytes]]

PLACE: Mapping[int, tuple[int, list[Any]]] = {
    33550: (DOUBLE, [0.05, 0.05, 0.0]),
    33922: (DOUBLE, [0.0, 0.0, 0.0, 500000.0, 9700000.0, 0.0]),
    34735: (SHORT, [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32750]),
}
TRANSFORM = Affine(0.05, 0, 500000, 0, -0.05, 9700000)


def tiff(
    *directories: Tags, blocks: bytes = b"", order: str = "<", big: bool = False, loop: bool = False
) -> bytes:
    """Write the directories one after another, behind the blocks."""
    word = "Q" if big else "I"
    out = bytearray(FIRST) + blocks
    at_next = 8 if big else 4
    for tags in directories:
        entries = []
        for tag, (kind, values) in sorted(tags.items()):
            data = (
                values
                if isinstance(values, bytes)
                else struct.pack(f"{order}{len(values)}{_CODES[kind]}", *values)
            )
            count = len(values)
            if len(data) > struct.calcsize(word):
                out += bytes(-len(out) % 2)
                entries.append((tag, kind, count, struct.pack(order + word, len(out))))
                out += data
            else:
                entries.append((tag, kind, count, data.ljust(struct.calcsize(word), b"\0")))
        out += bytes(-len(out) % 2)
        struct.pack_into(order + word, out, at_next, len(out))
        start = len(out)
        out += struct.pack(order + ("Q" if big else "H"), len(entries))
        for tag, kind, count, data in entries:
            out += struct.pack(order + "HH" + word, tag, kind, count) + data
        at_next = len(out)
        out += struct.pack(order + word, start if loop else 0)
    magic = {"<": b"II", ">": b"MM"}[order]
    out[:4] = magic + struct.pack(order + "H", 43 if big else 42)
    if big:
        struct.pack_into(order + "HH", out, 4, 8, 0)
    return bytes(out)


def image_tags(rows: int, columns: int, *, bands: int = 3, **changes: Any) -> Tags:
    """Tags of an uncompressed picture in one strip at `FIRST`; `changes` as t256=(LONG, [1])."""
    tags: Tags = {
        256: (LONG, [columns]),
        257: (LONG, [rows]),
        258: (SHORT, [8] * min(bands, 100)),
        259: (SHORT, [1]),
        262: (SHORT, [2 if bands >= 3 else 1]),
        273: (LONG, [FIRST]),
        277: (SHORT, [bands]),
        278: (LONG, [rows]),
        279: (LONG, [rows * columns * bands]),
        284: (SHORT, [1]),
        **PLACE,
    }
    for name, value in changes.items():
        if value is None:
            del tags[int(name[1:])]
        else:
            tags[int(name[1:])] = value
    return tags


def tiled_tags(rows: int, columns: int, *, tile: int, blocks: list[tuple[int, int]]) -> Tags:
    """Tags of a DEFLATE picture in square tiles, at the offsets and with the sizes given."""
    return image_tags(
        rows,
        columns,
        t259=(SHORT, [8]),
        t273=None,
        t278=None,
        t279=None,
        t322=(LONG, [tile]),
        t323=(LONG, [tile]),
        t324=(LONG8 if max(o for o, _ in blocks) >= 2**32 else LONG, [o for o, _ in blocks]),
        t325=(LONG, [n for _, n in blocks]),
    )


def deflated(pixels: bytes) -> bytes:
    return zlib.compress(pixels, 9)


def picture(rows: int, columns: int, *, bands: int = 3, seed: int = 1) -> np.ndarray:
    """Noise, as (bands, rows, columns), that has no zero in it."""
    generator = np.random.default_rng(seed)
    return generator.integers(1, 255, (bands, rows, columns), dtype=np.uint8)


def written(path: Path, pixels: np.ndarray, **profile: Any) -> Path:
    """Write pixels with rasterio, at a place of the Earth unless the profile says otherwise."""
    colours = profile.pop("colours", None)
    settings = {
        "driver": "GTiff",
        "count": pixels.shape[0],
        "height": pixels.shape[1],
        "width": pixels.shape[2],
        "dtype": pixels.dtype,
        "crs": "EPSG:32750",
        "transform": TRANSFORM,
    }
    with rasterio.open(path, "w", **(settings | profile)) as out:
        out.write(pixels)
        if colours:
            out.colorinterp = colours
    return path


def verdict(attempt: Callable[[], object]) -> str:
    """Code that an attempt ends with, or "accepted"."""
    try:
        attempt()
    except GeoError as error:
        return error.code
    return "accepted"
