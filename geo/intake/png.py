"""The chunks of a PNG, read without trusting a single number in them."""

import os
import struct
import zlib
from typing import BinaryIO, Final

from geo.errors import RefusedError
from geo.intake.header import Container, Header, require_bearable
from geo.intake.limits import Limits
from geo.intake.tiff import damaged

_FIRST_CHUNK: Final = 8
_FRAME_BYTES: Final = 12
_HEADER_BYTES: Final = 13
_LONGEST_CHUNK: Final = 2**31 - 1

# Samples of a pixel, and bits that each may have, by the number of the colour type.
_COLOURS: Final = {
    0: (1, frozenset({1, 2, 4, 8, 16})),
    2: (3, frozenset({8, 16})),
    3: (1, frozenset({1, 2, 4, 8})),
    4: (2, frozenset({8, 16})),
    6: (4, frozenset({8, 16})),
}


def png_header(file: BinaryIO, limits: Limits) -> Header:
    """
    Judge a PNG by its chunks: a sound header, a picture, and an end.

    Raises
    ------
    RefusedError
        ``image_header_damaged``, ``image_truncated``, ``image_header_too_long``,
        ``image_animated``, ``image_too_large``, ``image_expands_too_much``,
        ``image_block_too_large``.
    """
    size = os.fstat(file.fileno()).st_size
    header, is_interlaced = _header(_chunk_data(file, size), size)
    require_bearable(header, limits)
    if is_interlaced and header.decoded_bytes > limits.max_block_bytes:
        raise RefusedError(  # its last rows come in pieces all over: it must be held whole
            "image_block_too_large",
            block_bytes=header.decoded_bytes,
            limit_bytes=limits.max_block_bytes,
        )
    _require_chunks(file, size, limits)
    return header


def _chunk_data(file: BinaryIO, size: int) -> bytes:
    """Content of the first chunk, which must be the header."""
    length, kind = struct.unpack(">I4s", _read(file, _FIRST_CHUNK, 8, size))
    if kind != b"IHDR" or length != _HEADER_BYTES:
        raise damaged("IHDR")
    data = _read(file, _FIRST_CHUNK + 4, length + 8, size)
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "big"):
        raise damaged("IHDR")
    return data[4:-4]


def _header(data: bytes, size: int) -> tuple[Header, bool]:
    columns, rows, bits, colours, compression, rule, interlace = struct.unpack(">IIBBBBB", data)
    bands, depths = _COLOURS.get(colours, (0, frozenset()))
    if not (0 < rows < 2**31 and 0 < columns < 2**31) or bits not in depths:
        raise damaged("IHDR")
    if compression or rule or interlace > 1:
        raise damaged("IHDR")
    header = Header.of_one_picture(
        Container.PNG, rows=rows, columns=columns, bands=bands, bits=bits, file_bytes=size
    )
    return header, interlace == 1


def _require_chunks(file: BinaryIO, size: int, limits: Limits) -> None:
    """Walk from chunk to chunk up to the end; what stands behind it is not looked at."""
    offset = _FIRST_CHUNK
    has_picture = False
    for number in range(limits.max_blocks):
        length, kind = struct.unpack(">I4s", _read(file, offset, 8, size))
        if kind == b"acTL":
            raise RefusedError("image_animated")
        if length > _LONGEST_CHUNK or (kind == b"IHDR" and number):
            raise damaged(f"chunk {number}")
        if kind != b"IDAT" and length > limits.max_tag_bytes:
            raise damaged(f"chunk {number}")
        has_picture |= kind == b"IDAT"
        offset += _FRAME_BYTES + length
        if offset > size:
            raise _truncated(size, offset)
        if kind == b"IEND":
            if not has_picture:
                raise damaged("IDAT")
            return
    raise RefusedError("image_header_too_long", limit=limits.max_blocks)


def _read(file: BinaryIO, offset: int, length: int, size: int) -> bytes:
    if offset + length > size:
        raise _truncated(size, offset + length)
    file.seek(offset)
    data = file.read(length)
    if len(data) != length:
        raise damaged("size")  # somebody cuts it while we read
    return data


def _truncated(size: int, end: int) -> RefusedError:
    return RefusedError("image_truncated", size_bytes=size, missing_bytes=end - size)
