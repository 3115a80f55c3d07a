"""Nothing is taken of a child's stream that our own packing could not have given."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geo.intake.proof import Proven
from geo.jpeg_packing import MASK_BYTES, pack
from geo.pyramid import Part
from tests.geo.intake.tiffs import picture, verdict

SHAPE = (700, 1100)
QUALITY = 85


def packed() -> tuple[bytearray, np.ndarray]:
    stream = io.BytesIO()
    valid = np.ones(SHAPE, np.bool_)
    valid[:20] = False
    part = Part(0, 0, picture(*SHAPE) * valid, valid)
    index = pack(iter([part]), stream, shape=SHAPE, quality=QUALITY, threads=2)
    return bytearray(stream.getvalue()), index


def judged(folder: Path, stream: bytes, index: bytes | np.ndarray) -> str:
    path = folder / "index"
    path.write_bytes(bytes(index) if isinstance(index, bytes) else index.tobytes())

    def taken() -> None:
        proven = Proven(io.BytesIO(stream), path, shape=SHAPE, quality=QUALITY)
        for number in range(len(proven.index)):
            proven.part(number)

    return verdict(taken)


def test_what_we_packed_is_taken(tmp_path: Path) -> None:
    stream, index = packed()
    assert sorted(index["level"].tolist()) == [0] * 6 + [1] * 2 + [2]
    assert judged(tmp_path, stream, index) == "accepted"


def resealed(stream: bytearray, index: np.ndarray) -> None:
    """Let the checksum of the first record be right again, as a child without scruples would."""
    length = int(index[0]["tile_bytes"] + index[0]["mask_bytes"])
    index[0]["checksum"] = zlib.crc32(bytes(stream[:length]))


def another_head(stream: bytearray, index: np.ndarray) -> None:
    stream[200] ^= 1
    resealed(stream, index)


def a_marker_among_pixels(stream: bytearray, index: np.ndarray) -> None:
    at = int(index[0]["tile_bytes"]) // 2
    stream[at : at + 2] = b"\xff\xc4"
    resealed(stream, index)


def an_end_too_early(_stream: bytearray, index: np.ndarray) -> None:
    index[0]["tile_bytes"] -= 1
    index[0]["mask_bytes"] += 1


def put_mask(stream: bytearray, index: np.ndarray, mask: bytes) -> None:
    begin = int(index[0]["tile_bytes"])
    stream[begin : begin + int(index[0]["mask_bytes"])] = mask
    index[0]["mask_bytes"] = len(mask)
    resealed(stream, index)


def too_many_bits(stream: bytearray, index: np.ndarray) -> None:
    put_mask(stream, index, zlib.compress(bytes(MASK_BYTES + 1)))


def a_bomb(stream: bytearray, index: np.ndarray) -> None:
    put_mask(stream, index, zlib.compress(bytes(2**24)))


def no_bits(stream: bytearray, index: np.ndarray) -> None:
    put_mask(stream, index, b"bits")


def more_behind_the_bits(stream: bytearray, index: np.ndarray) -> None:
    put_mask(stream, index, zlib.compress(bytes(MASK_BYTES)) + b"more")


def beyond_the_picture(_stream: bytearray, index: np.ndarray) -> None:
    index[0]["column"] = 3


def a_level_too_many(_stream: bytearray, index: np.ndarray) -> None:
    index[0]["level"] = 2**31


def one_place_twice(_stream: bytearray, index: np.ndarray) -> None:
    index["column"][1] = index["column"][0]


@pytest.mark.parametrize(
    "spoil",
    [
        another_head,
        a_marker_among_pixels,
        an_end_too_early,
        too_many_bits,
        a_bomb,
        no_bits,
        more_behind_the_bits,
        beyond_the_picture,
        a_level_too_many,
        one_place_twice,
    ],
)
def test_what_we_would_not_pack_is_refused(
    spoil: Callable[[bytearray, np.ndarray], None], tmp_path: Path
) -> None:
    stream, index = packed()
    spoil(stream, index)
    assert judged(tmp_path, stream, index) == "image_unreadable"


def test_an_index_of_any_length_is_refused_unread(tmp_path: Path) -> None:
    stream, index = packed()
    assert judged(tmp_path, stream, index.tobytes()[:-1]) == "image_unreadable"
    assert judged(tmp_path, stream, np.concatenate([index] * 3)) == "image_unreadable"


def test_what_the_disk_lost_is_told_as_that(tmp_path: Path) -> None:
    stream, index = packed()
    assert judged(tmp_path, stream[:-9], index) == "working_file_not_written"
    stream[5000:6000] = bytes(1000)
    assert judged(tmp_path, stream, index) == "working_file_not_written"
