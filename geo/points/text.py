"""The text of a list of control points: lines, fields and numbers, as people write them."""

import csv
import re
from pathlib import Path

from geo.errors import RefusedError

MAX_BYTES = 4 << 20
"""Fifty thousand points; a survey of one flight has fewer than a hundred."""

FARTHEST = 1e9
"""No place on the Earth and no pixel has a larger number, in whatever unit."""

_MOST_LINES = 100_000
_LONGEST_NAME = 60
_NUMBER = re.compile(r"[+-]?(?:\d{1,16}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,3})?", re.ASCII)


def decoded(path: Path) -> str:
    """
    Text of a small file in UTF-8, UTF-16 with its mark, or the old Western code page.

    Raises
    ------
    RefusedError
        ``control_points_unreadable`` if it is too large, holds zero bytes, or is no text.
    """
    if path.stat().st_size > MAX_BYTES:
        raise RefusedError("control_points_unreadable")
    content = path.read_bytes()
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if "\0" in text:
        raise RefusedError("control_points_unreadable")
    return text


def lines_of(text: str) -> list[tuple[int, str]]:
    """Lines that say something, with their numbers; names and numbers stand on one line each."""
    lines = [(n, line.strip("\r\n")) for n, line in enumerate(text.split("\n"), start=1)]
    if len(lines) > _MOST_LINES:
        raise RefusedError("control_points_unreadable")
    return [(n, line) for n, line in lines if line.strip()]


def delimiter_of(line: str) -> str | None:
    """Sign between the fields of a line; None where blanks stand between them."""
    return next((sign for sign in (";", "\t", ",") if sign in line), None)


def fields_of(line: str, delimiter: str | None) -> list[str]:
    """
    Fields of one line, without the blanks around them.

    Raises
    ------
    RefusedError
        ``control_points_unreadable`` if quotes are left open.
    """
    if delimiter is None:
        return line.split()
    try:
        (fields,) = csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True)
    except (csv.Error, ValueError) as error:
        raise RefusedError("control_points_unreadable") from error
    return [field.strip() for field in fields]


def number(text: str, *, comma: bool = False) -> float | None:
    """
    Give a number; None where the text is none, or is one that no place has.

    Parameters
    ----------
    comma
        Whether a comma may stand for the decimal point: it may not where commas part fields.

    Examples
    --------
    >>> number("-6,25", comma=True), number("-6,25"), number("1_0"), number("nan")
    (-6.25, None, None, None)
    """
    plain = text.strip()
    if comma and "." not in plain and plain.count(",") == 1:
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain)
    return value if abs(value) <= FARTHEST else None


def cleaned(name: str) -> str:
    """A name as it may be printed: no control characters, and not endless."""
    kept = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(kept.split())[:_LONGEST_NAME]
