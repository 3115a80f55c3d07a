"""Text of files: in whichever signs it is written, and days as it states them."""

from datetime import datetime
from typing import Final

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decoded(content: bytes) -> str:
    """
    Text as its mark says, else as UTF-8, else as the Western office machines write it.

    A table put together from several may be written in both: then each line counts for itself.
    """
    codec = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return "".join(_line(one) for one in content.splitlines(keepends=True))


def _line(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def in_codec(text: str, codec: str | None) -> str:
    """
    Read text again that was taken byte for byte (Latin-1) and is meant in another codec.

    Where the codec is not stated, what is valid UTF-8 is taken as that, else it stays.
    """
    content = text.encode("latin-1", errors="replace")
    try:
        return content.decode(codec or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return text


def iso_day(text: object) -> str | None:
    """
    Day of an ISO date or time, as written; None where the text is neither.

    Examples
    --------
    >>> iso_day("2024-05-01T23:30:00Z")
    '2024-05-01'
    >>> iso_day("May 2024")
    """
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return None
