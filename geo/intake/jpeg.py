"""The markers of a JPEG, read without trusting a single number in them."""

import os
import struct
from typing import BinaryIO, Final

from geo.errors import RefusedError
from geo.intake.header import Container, Header, require_bearable
from geo.intake.limits import Limits
from geo.intake.tiff import damaged

_START_OF_SCAN: Final = 0xDA
_END: Final = b"\xff\xd9"
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_REFUSED_FRAMES: Final = {
    0xC3: "lossless JPEG",
    0xC5: "hierarchical JPEG",
    0xC6: "hierarchical JPEG",
    0xC7: "hierarchical JPEG",
    0xC9: "arithmetic JPEG",
    0xCA: "arithmetic JPEG",
    0xCB: "arithmetic JPEG",
    0xCD: "arithmetic JPEG",
    0xCE: "arithmetic JPEG",
    0xCF: "arithmetic JPEG",
    0xF7: "JPEG-LS",
}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_MOST_MARKERS: Final = 10_000
_CHUNK_BYTES: Final = 2**20
_BITS: Final = 8
_PRINTED_BANDS: Final = 4


def jpeg_header(file: BinaryIO, limits: Limits) -> Header:
    """
    Judge a JPEG by its markers: one frame that we can read, and an end.

    What stands behind the end is not looked at: cameras leave a second, smaller picture there.

    Raises
    ------
    RefusedError
        ``image_header_damaged``, ``image_truncated``, ``image_header_too_long``,
        ``image_compression_unknown``, ``image_colours_unknown``, ``image_too_large``,
        ``image_expands_too_much``.
    """
    size = os.fstat(file.fileno()).st_size
    frame: bytes | None = None
    offset = 2
    for _ in range(_MOST_MARKERS):
        marker, length = _marker(file, offset, size)
        if marker in _REFUSED_FRAMES:
            raise RefusedError("image_compression_unknown", compression=_REFUSED_FRAMES[marker])
        if marker in _FRAMES:
            if frame is not None:
                raise damaged("frame")
            frame = _read(file, offset + 4, 6, size)
        offset += 2 + length
        if marker == _START_OF_SCAN:
            break
    else:
        raise RefusedError("image_header_too_long", limit=_MOST_MARKERS)
    if frame is None:
        raise damaged("frame")
    bits, rows, columns, bands = struct.unpack(">BHHB", frame)
    header = _header(rows=rows, columns=columns, bands=bands, bits=bits, size=size)
    require_bearable(header, limits)
    _require_end(file, offset, size)
    return header


def _header(*, rows: int, columns: int, bands: int, bits: int, size: int) -> Header:
    if bits != _BITS:
        raise RefusedError("image_compression_unknown", compression=f"JPEG, {bits} bits")
    if rows == 0 or columns == 0:
        raise damaged("size")
    if bands not in (1, 3):
        found = "CMYK" if bands == _PRINTED_BANDS else str(bands)
        raise RefusedError("image_colours_unknown", found=found)
    return Header.of_one_picture(
        Container.JPEG, rows=rows, columns=columns, bands=bands, bits=bits, file_bytes=size
    )


def _marker(file: BinaryIO, offset: int, size: int) -> tuple[int, int]:
    """Marker at a place, and the length of what follows it."""
    start, marker, length = struct.unpack(">BBH", _read(file, offset, 4, size))
    if start != _END[0]:
        raise damaged("marker")
    if marker == _END[0]:
        return marker, -1  # a filling byte: the marker itself may be the next one
    if marker in _ALONE:
        return marker, 0
    if length < 2:  # noqa: PLR2004 - it counts itself
        raise damaged("marker")
    return marker, length


def _require_end(file: BinaryIO, offset: int, size: int) -> None:
    """In the data of a scan 0xFF is followed by zero, so that the end can be found."""
    file.seek(offset)
    last = b""
    while piece := file.read(_CHUNK_BYTES):
        if _END in last + piece:
            return
        last = piece[-1:]
    raise RefusedError("image_truncated", size_bytes=size, missing_bytes=len(_END))


def _read(file: BinaryIO, offset: int, length: int, size: int) -> bytes:
    if offset + length > size:
        raise RefusedError("image_truncated", size_bytes=size, missing_bytes=offset + length - size)
    file.seek(offset)
    data = file.read(length)
    if len(data) != length:
        raise damaged("size")  # somebody cuts it while we read
    return data
