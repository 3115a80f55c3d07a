"""World files: six numbers beside a picture that say where it lies."""

import math
from pathlib import Path
from typing import Final

from affine import Affine

from geo.errors import RefusedError

MAX_BYTES: Final = 4096
_NUMBERS: Final = 6


def read_world_file(path: Path) -> Affine:
    """
    Read where a picture lies from its world file.

    Six lines: x for each column, y for each column, x for each row, y for each row, and x and y
    of the centre of the first pixel. Decimals may be written with a comma; blank lines count
    for nothing.

    Parameters
    ----------
    path
        The file, such as ``.tfw``, ``.jgw`` or ``.pgw``.

    Returns
    -------
    Affine
        From (column, row), counted from the outer corner of the first pixel, to (x, y), in
        units of a reference system that the file does not name.

    Raises
    ------
    RefusedError
        ``world_file_unreadable`` with the line, ``world_file_incomplete``,
        ``world_file_impossible`` if all pixels would lie on a line.

    Notes
    -----
    Esri, World files for raster datasets.
    """
    if path.stat().st_size > MAX_BYTES:
        raise RefusedError("world_file_unreadable", where="size")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError("world_file_unreadable") from error
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    numbers = [_number(line, number) for number, line in lines if line]
    if len(numbers) != _NUMBERS:
        raise RefusedError("world_file_incomplete", count=len(numbers))
    a, d, b, e, x, y = numbers
    # Half a pixel back from its centre to its corner.
    placed = Affine(a, b, x - (a + b) / 2, d, e, y - (d + e) / 2)
    if placed.is_degenerate or not math.isfinite(placed.determinant):
        raise RefusedError("world_file_impossible")
    return placed


def _number(line: str, number: int) -> float:
    text = line.replace(",", ".") if line.count(",") == 1 and "." not in line else line
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise RefusedError("world_file_unreadable", where=f"line {number}")
    return value
