"""The gate accepts what is honest and refuses what is not, by the header alone."""

import os
import struct
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from geo.errors import GeoError, RefusedError
from geo.intake.gate import Header, inspect_header
from geo.intake.limits import DEFAULT_LIMITS
from tests.geo.intake.tiffs import (
    DOUBLE,
    FIRST,
    LONG,
    LONG8,
    SHORT,
    TRANSFORM,
    deflated,
    image_tags,
    picture,
    tiff,
    tiled_tags,
    verdict,
    written,
)

TILE = deflated(bytes(16 * 16 * 3))


def header_of(path: Path) -> Header:
    return inspect_header(path, limits=DEFAULT_LIMITS)


def honest(**changes) -> bytes:
    return tiff(image_tags(4, 4, **changes), blocks=bytes(48))


def duplicated_width() -> bytes:
    """The tag ImageLength renamed to a second ImageWidth."""
    plain = honest()
    return plain.replace(struct.pack("<HHI", 257, LONG, 1), struct.pack("<HHI", 256, LONG, 1))


HOSTILE = {
    "few bytes that expand to 17 GB": (
        tiff(
            tiled_tags(65536, 90112, tile=8192, blocks=[(FIRST, 99)] + [(0, 0)] * 87),
            blocks=bytes(99),
        ),
        "image_expands_too_much",
    ),
    "a picture that was never written": (
        tiff(tiled_tags(64, 64, tile=32, blocks=[(0, 0)] * 4)),
        "image_empty",
    ),
    "an endless list of blocks": (
        honest().replace(struct.pack("<HHI", 273, LONG, 1), struct.pack("<HHI", 273, LONG, 2**31)),
        "image_header_damaged",
    ),
    "a list shorter than the image needs": (
        tiff(tiled_tags(64, 64, tile=32, blocks=[(FIRST, 9)] * 3), blocks=bytes(99)),
        "image_header_damaged",
    ),
    "a block on the header": (honest(t273=(LONG, [2])), "image_header_damaged"),
    "a block beyond the end": (honest(t273=(LONG, [4000])), "image_truncated"),
    "a block beyond all disks": (
        tiff(image_tags(4, 4, t273=(LONG8, [2**64 - 9])), blocks=bytes(48), big=True),
        "image_header_damaged",
    ),
    "a block longer than the file": (honest(t279=(LONG, [2**31])), "image_header_damaged"),
    "no width": (honest(t256=None), "image_header_damaged"),
    "two widths": (duplicated_width(), "image_header_damaged"),
    "a width of zero": (honest(t256=(LONG, [0])), "image_header_damaged"),
    "a width that is no integer": (honest(t256=(DOUBLE, [4.0])), "image_header_damaged"),
    "no bands": (honest(t277=(SHORT, [0])), "image_header_damaged"),
    "no bits": (honest(t258=(SHORT, [0, 0, 0])), "image_header_damaged"),
    "no list of strips": (honest(t273=None), "image_header_damaged"),
    "no lengths of compressed strips": (
        honest(t279=None, t259=(SHORT, [5])),
        "image_header_damaged",
    ),
    "strips of no rows": (honest(t278=(LONG, [0])), "image_header_damaged"),
    "no directory": (b"II\x2a\0" + bytes(12), "image_header_damaged"),
    "a directory of no tags": (b"II\x2a\0\x08\0\0\0" + bytes(12), "image_header_damaged"),
    "a directory beyond the end": (b"II\x2a\0\xff\xff\0\0" + bytes(12), "image_truncated"),
    "a BigTIFF with words of 4 bytes": (b"II\x2b\0\x04\0\0\0" + bytes(12), "image_header_damaged"),
    "a thumbnail in front": (
        tiff(image_tags(4, 4, t254=(LONG, [1])), image_tags(4, 4), blocks=bytes(48)),
        "image_not_first",
    ),
    "a larger page behind": (
        tiff(image_tags(2, 2), image_tags(4, 4), blocks=bytes(48)),
        "image_not_first",
    ),
    "JPEG 2000 inside": (honest(t259=(SHORT, [34712])), "image_compression_unknown"),
    "old-style JPEG inside": (honest(t259=(SHORT, [6])), "image_compression_unknown"),
    "a compression that nobody knows": (honest(t259=(SHORT, [4711])), "image_compression_unknown"),
    "printing colours": (honest(t262=(SHORT, [5])), "image_colours_unknown"),
    "laboratory colours": (honest(t262=(SHORT, [9])), "image_colours_unknown"),
    "a negative": (honest(t262=(SHORT, [0])), "image_colours_unknown"),
    "PDF": (b"%PDF-1.7" + bytes(99), "image_not_geotiff"),
    "nothing": (b"", "image_file_empty"),
    "three bytes": (b"II\x2a", "image_type_unknown"),
    "words": (b"hello", "image_type_unknown"),
    "only a start": (b"II\x2a\0", "image_truncated"),
}


@pytest.mark.parametrize(("content", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_header_is_refused_at_once(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "upload.tif"
    path.write_bytes(content)
    start = time.process_time()
    assert verdict(lambda: header_of(path)) == code
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (b"PK\x03\x04", "ZIP"),
        (b"\x7fELF\x02", "ELF"),
        (b"MZ\x90", "EXE"),
        (b"%PDF-1.7", "PDF"),
        (b"\n <!DOCTYPE html><html>", "HTML"),
        (b"<VRTDataset>", "VRT"),
        (b"<GDAL_WMS>", "XML"),
        (b"\xef\xbb\xbf<?xml?>", "XML"),
        (b'{"type": "gdal_streamed_alg"}', "JSON"),
        (b"SQLite format 3\x00", "SQLite/GeoPackage"),
        (b"\x00\x00\x00\x20ftypmp42", "MP4/HEIC"),
    ],
)
def test_another_type_is_named(start: bytes, found: str, tmp_path: Path) -> None:
    path = tmp_path / "upload.tif"
    path.write_bytes(start)
    with pytest.raises(RefusedError) as refusal:
        header_of(path)
    assert refusal.value.code == "image_not_geotiff"
    assert refusal.value.facts == {"found": found}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_either_byte_order_and_size_of_words_is_read(
    order: str, tmp_path: Path, *, big: bool
) -> None:
    path = tmp_path / "upload.tif"
    blocks = [(FIRST, len(TILE)), (FIRST + len(TILE), len(TILE)), (0, 0), (0, 0)]
    path.write_bytes(
        tiff(tiled_tags(20, 30, tile=16, blocks=blocks), blocks=2 * TILE, order=order, big=big)
    )
    header = header_of(path)
    assert (header.rows, header.columns, header.bands, header.bits) == (20, 30, 3, 8)
    assert (header.is_tiled, header.is_big) == (True, big)
    assert (header.blocks, header.missing_blocks) == (4, 2)
    assert header.compression == "DEFLATE"
    assert header.decoded_bytes == 20 * 30 * 3


HONEST = {
    "striped": {},
    "one row a strip": {"blockysize": 1},
    "tiled": {"tiled": True, "blockxsize": 64, "blockysize": 64},
    "BigTIFF": {"BIGTIFF": "YES"},
    "big-endian": {"ENDIANNESS": "BIG"},
    "one plane a band": {"interleave": "band", "tiled": True},
    "COG": {"driver": "COG", "blocksize": 128},
    "COG in WebP": {"driver": "COG", "compress": "WEBP"},
    "LZW": {"compress": "LZW", "predictor": 2},
    "DEFLATE": {"compress": "DEFLATE"},
    "ZSTD": {"compress": "ZSTD"},
    "PackBits": {"compress": "PACKBITS"},
    "JPEG": {"compress": "JPEG", "photometric": "YCBCR", "tiled": True},
}


@pytest.mark.parametrize("profile", HONEST.values(), ids=HONEST)
def test_odd_but_good_files_pass(profile: dict, tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(300, 400), **profile)
    header = header_of(path)
    assert (header.rows, header.columns, header.bands) == (300, 400, 3)
    assert header.missing_blocks == 0


def test_blank_ground_left_out_passes(tmp_path: Path) -> None:
    path = tmp_path / "upload.tif"
    sparse = {"tiled": True, "blockxsize": 64, "blockysize": 64, "SPARSE_OK": True}
    size = {"width": 640, "height": 640, "count": 3, "dtype": "uint8"}
    place = {"crs": "EPSG:32750", "transform": TRANSFORM}
    with rasterio.open(path, "w", driver="GTiff", **sparse, **size, **place) as out:
        out.write(picture(448, 640), window=Window(0, 0, 640, 448))
    assert header_of(path).missing_blocks == 30


def test_one_tall_plain_strip_passes(tmp_path: Path) -> None:
    """Some programs write the whole image as one strip; GDAL reads it row by row."""
    path = tmp_path / "upload.tif"
    with path.open("wb") as file:
        file.write(tiff(image_tags(10_000, 10_000, t273=(LONG, [4096]))))
        file.truncate(4096 + 300_000_000)
    assert header_of(path).decoded_bytes == 300_000_000


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.999])
def test_a_cut_file_is_called_cut(share: float, tmp_path: Path) -> None:
    path = written(tmp_path / "upload.tif", picture(300, 400), compress="LZW", tiled=True)
    size = path.stat().st_size
    os.truncate(path, int(size * share))
    with pytest.raises(RefusedError) as refusal:
        header_of(path)
    assert refusal.value.code == "image_truncated"
    assert refusal.value.facts["size_bytes"] == int(size * share)
    assert 0 < refusal.value.facts["missing_bytes"] <= size


def test_a_pipe_a_folder_and_nothing_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert verdict(lambda: header_of(tmp_path / "pipe")) == "image_not_a_file"
    assert verdict(lambda: header_of(tmp_path)) == "image_not_a_file"
    assert verdict(lambda: header_of(tmp_path / "absent")) == "image_not_found"


def test_the_longest_lists_we_accept_are_judged_quickly_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "upload.tif"
    count = 1_000_000
    offsets = [FIRST + (i * 7919) % count for i in range(count)]
    tags = image_tags(
        count, 1, bands=1, t278=(LONG, [1]), t273=(LONG, offsets), t279=(LONG, [1] * count)
    )
    path.write_bytes(tiff(tags, blocks=bytes(count)))
    tracemalloc.start()
    start = time.process_time()
    assert header_of(path).blocks == count
    seconds = time.process_time() - start
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 1
    assert most < 100_000_000


SEED = tiff(
    tiled_tags(20, 30, tile=16, blocks=[(FIRST + i * len(TILE), len(TILE)) for i in range(4)]),
    image_tags(10, 15, bands=1, t254=(LONG, [1]), t273=(LONG, [FIRST]), t279=(LONG, [150])),
    blocks=4 * TILE + bytes(150),
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(SEED) - 1), st.binary(min_size=1, max_size=8)), max_size=4
    ),
    length=st.integers(0, len(SEED)) | st.just(len(SEED)),
)
def test_a_mutated_header_raises_nothing_but_our_own_errors(
    changes: list[tuple[int, bytes]], length: int, tmp_path: Path
) -> None:
    content = bytearray(SEED)
    for at, new in changes:
        content[at : at + len(new)] = new
    path = tmp_path / f"{threading.get_ident()}.tif"
    path.write_bytes(content[:length])
    try:
        header_of(path)
    except GeoError as error:
        assert error.code.startswith("image_")  # noqa: PT017
