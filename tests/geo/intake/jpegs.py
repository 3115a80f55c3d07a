"""JPEG photos written segment by segment, with the notes that a drone leaves in them."""

import struct
from pathlib import Path

import cv2
import numpy as np

ASCII, SHORT, LONG, RATIONAL = 2, 3, 4, 5


def photo(path: Path, *, notes: bytes = b"", packet: str = "") -> Path:
    """Write a small grey JPEG with an EXIF block and an XMP packet."""
    _, encoded = cv2.imencode(".jpg", np.full((24, 32, 3), 90, np.uint8))
    data = encoded.tobytes()
    segments = b"".join(
        b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        for body in (
            b"Exif\0\0" + notes if notes else b"",
            b"http://ns.adobe.com/xap/1.0/\0" + packet.encode() if packet else b"",
        )
        if body
    )
    path.write_bytes(data[:2] + segments + data[2:])
    return path


def exif(
    *,
    make: str = "DJI",
    model: str = "FC0001",
    taken: str | None = "2026:10:03 13:40:00",
    offset: str | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> bytes:
    """EXIF block: a TIFF of little byte order with directories for camera and position."""
    camera: list[tuple[int, int, bytes]] = [
        (0x0110, ASCII, text(model)),
        (0x010F, ASCII, text(make)),
    ]
    shot = [(0x9003, ASCII, text(taken))] if taken else []
    shot += [(0x9011, ASCII, text(offset))] if offset else []
    where = []
    if longitude is not None and latitude is not None:
        where = [
            (1, ASCII, text("N" if latitude >= 0 else "S")),
            (2, RATIONAL, angle(latitude)),
            (3, ASCII, text("E" if longitude >= 0 else "W")),
            (4, RATIONAL, angle(longitude)),
        ]
    out = bytearray(b"II*\0\x08\0\0\0")
    first = [*camera, (0x8769, LONG, b"\0" * 4), (0x8825, LONG, b"\0" * 4)]
    pointers = _directory(out, first)
    for (tag, _, _), rows in zip(first[2:], (shot, where), strict=True):
        struct.pack_into("<I", out, pointers[tag], len(out))
        _directory(out, rows)
    return bytes(out)


def text(value: str) -> bytes:
    return value.encode() + b"\0"


def angle(degrees: float) -> bytes:
    whole, rest = divmod(abs(degrees), 1)
    minutes, rest = divmod(rest * 60, 1)
    return struct.pack("<6I", int(whole), 1, int(minutes), 1, round(rest * 60 * 10_000), 10_000)


def _directory(out: bytearray, rows: list[tuple[int, int, bytes]]) -> dict[int, int]:
    """Append a directory; gives where the value of each tag stands."""
    sizes = {ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8}
    start = len(out)
    out += struct.pack("<H", len(rows)) + bytes(12 * len(rows) + 4)
    places = {}
    for number, (tag, kind, value) in enumerate(sorted(rows)):
        at = start + 2 + 12 * number
        struct.pack_into("<HHI", out, at, tag, kind, len(value) // sizes[kind])
        places[tag] = at + 8
        if len(value) <= 4:
            out[at + 8 : at + 8 + len(value)] = value
        else:
            struct.pack_into("<I", out, at + 8, len(out))
            out += value
    return places
