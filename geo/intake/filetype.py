"""What a file really is, told from its first bytes."""

from typing import Final

_TIFF: Final = {
    b"II\x2a\x00": ("<", False),
    b"MM\x00\x2a": (">", False),
    b"II\x2b\x00": ("<", True),
    b"MM\x00\x2b": (">", True),
}

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"%PDF", "PDF"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"SQLite format 3\x00", "SQLite/GeoPackage"),
    (b"\x00\x00\x00\x0cjP  \r\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"msid", "ECW"),
    (b"\x89HDF\r\n\x1a\n", "HDF5"),
    (b"CDF\x01", "NetCDF"),
    (b"RIFF", "WebP/AVI"),
    (b"II\xbc", "JPEG XR"),
    (b"8BPS", "Photoshop"),
    (b"#!", "#!"),
)

_TEXT_STARTS: Final = (
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<head", "HTML"),
    (b"<body", "HTML"),
    (b"<vrtdataset", "VRT"),
    (b"<kml", "KML"),
    (b"<", "XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)


def tiff_variant(start: bytes) -> tuple[str, bool] | None:
    """Byte order (``<`` or ``>``) and whether it is a BigTIFF; None for any other file."""
    return _TIFF.get(start[:4])


def file_type(start: bytes) -> str | None:
    """
    Name the type of a file that is not a TIFF; None if it is none that we know.

    The names are those of the formats, the same in every language.

    Parameters
    ----------
    start
        The first bytes of the file; 1024 are enough.
    """
    if start[4:8] == b"ftyp":
        return "MP4/HEIC"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    known = [name for signature, name in _SIGNATURES if start.startswith(signature)]
    known += [name for signature, name in _TEXT_STARTS if text.startswith(signature)]
    return known[0] if known else None
