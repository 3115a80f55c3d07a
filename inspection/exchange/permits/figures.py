"""Codes, numbers and positions as files hold them: exactly what was meant, or a refusal."""

import math
import re
from collections.abc import Sequence
from typing import Final

from geo.errors import RefusedError
from geo.intake.records import Cell, Odd, Stamp
from geo.vector.angle import decimal_sign, number
from geo.vector.label import printable
from geo.vector.unfit import Unfit
from inspection.exchange.permits.imported import Candidate, Position

MOST_SIGNS: Final = 4000
"""Of one text; a note may be long, but nothing of this length is a value."""

EXACT_IN_TABLES: Final = 10**15
"""Spreadsheets keep fifteen digits of a number."""

EXACT_IN_JSON: Final = 2**53

_SHORTENED: Final = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d+|\d+[.,]0+")
_FIGURE: Final = re.compile(r"[+-]?\d[\d.,]*")
_UNDECIDED: Final = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_PAIRS: Final = re.compile(r"[;|\n]+")
_BRACKETS: Final = str.maketrans("()[]{}", "      ")
_MOST_POSITIONS: Final = 1000
_LATITUDE, _LONGITUDE = 90.0, 180.0
_PAIR: Final = 2


def text_of(cell: Cell) -> str:
    """
    The signs of a cell that print.

    Raises
    ------
    RefusedError
        ``import_cell_unreadable`` at an error or a formula without a value,
        ``import_text_too_long``.
    """
    if isinstance(cell, Odd):
        raise RefusedError("import_cell_unreadable", found=cell.kind)
    if isinstance(cell, Stamp):
        return cell.text
    if cell is None:
        return ""
    if isinstance(cell, str):
        if len(cell) > MOST_SIGNS:
            raise RefusedError("import_text_too_long", length=len(cell), limit=MOST_SIGNS)
        return printable(cell, length=MOST_SIGNS)
    is_whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if is_whole else cell)


def code_of(cell: Cell, digits: Sequence[int], *, most_exact: int) -> str:
    """
    A code, every sign of it.

    A number stands for a code only where the mapping says how many digits the code has and the
    number has as many: leading zeros, and digits beyond `most_exact`, are lost without a trace.

    Raises
    ------
    RefusedError
        ``import_code_digits_lost``, and what `text_of` finds.
    """
    text = text_of(cell)
    is_number = isinstance(cell, int | float)
    if is_number:
        is_exact = text.isdecimal() and int(text) < most_exact and len(text) in digits
        if not is_exact:
            raise RefusedError("import_code_digits_lost")
    elif isinstance(cell, Stamp) or _SHORTENED.fullmatch(text):
        raise RefusedError("import_code_digits_lost")
    return text


def number_of(cell: Cell, decimal: str | None) -> float:
    """
    A number; what its signs part must be known from them or be stated.

    Raises
    ------
    RefusedError
        ``import_number_ambiguous``, ``import_number_unreadable``, and what `text_of` finds.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        try:
            return _finite(float(cell))
        except OverflowError as error:
            raise RefusedError("import_number_unreadable") from error
    text = text_of(cell)
    if not _FIGURE.fullmatch(text) or not text.isascii():
        raise RefusedError("import_number_unreadable")
    if decimal is None and _UNDECIDED.fullmatch(text):
        raise RefusedError("import_number_ambiguous")
    try:
        sign = decimal or decimal_sign([text.lstrip("+-")]) or "."
        return _finite(float(number(text, sign=sign)))
    except (Unfit, OverflowError) as error:
        raise RefusedError("import_number_unreadable") from error


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise RefusedError("import_number_unreadable")
    return value


def candidates_of(
    cell: Cell, region: tuple[float, float, float, float] | None
) -> tuple[Candidate, ...]:
    """
    Every order in which the pairs of a text can be positions in degrees; none is chosen.

    Pairs are parted by semicolons, bars or lines; the two numbers of one by a comma or blanks.

    Raises
    ------
    RefusedError
        ``import_position_unreadable``.
    """
    pairs = [_pair(one) for one in _PAIRS.split(_lines(cell)) if one.strip(" ,")]
    found = []
    for order, turned in (
        ("latitude, longitude", [(b, a) for a, b in pairs]),
        ("longitude, latitude", pairs),
    ):
        if turned and all(abs(x) <= _LONGITUDE and abs(y) <= _LATITUDE for x, y in turned):
            positions = tuple(Position(longitude=x, latitude=y) for x, y in turned)
            inside = None if region is None else all(_within(one, region) for one in positions)
            found.append(Candidate(order=order, positions=positions, in_region=inside))
    if not found or len(pairs) > _MOST_POSITIONS:
        raise RefusedError("import_position_unreadable")
    return tuple(found)


def _lines(cell: Cell) -> str:
    if not isinstance(cell, str) or len(cell) > MOST_SIGNS:
        raise RefusedError("import_position_unreadable")
    return cell.translate(_BRACKETS)


def _pair(text: str) -> tuple[float, float]:
    if "," in text and "." not in text and not re.search(r"\s", text.strip()):
        raise RefusedError("import_position_unreadable")  # 6,9 may be one number or two
    parts = text.split() if text.count(",") != 1 else text.split(",")
    trimmed = [part.strip().rstrip(",") for part in parts if part.strip(" ,")]
    if len(trimmed) != _PAIR:
        raise RefusedError("import_position_unreadable")
    first, second = (_ordinate(one) for one in trimmed)
    return first, second


def _ordinate(text: str) -> float:
    # One comma between two numbers parts them; where blanks do, it may part decimals.
    if not _FIGURE.fullmatch(text) or not text.isascii() or text.count(",") + text.count(".") > 1:
        raise RefusedError("import_position_unreadable")
    return float(text.replace(",", "."))


def _within(one: Position, region: tuple[float, float, float, float]) -> bool:
    west, south, east, north = region
    return west <= one.longitude <= east and south <= one.latitude <= north
