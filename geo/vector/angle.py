"""Numbers and angles as people write them in tables, in exact arithmetic."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Final

from geo.vector.unfit import Reason, Unfit

SIXTY: Final = 60
_WHOLE_PARTS: Final = 3


class Hemisphere(Enum):
    """Half of the globe that a word beside an angle names."""

    EAST = "east"
    WEST = "west"
    NORTH = "north"
    SOUTH = "south"

    @property
    def is_of_longitude(self) -> bool:
        """Whether it belongs to a longitude."""
        return self in (Hemisphere.EAST, Hemisphere.WEST)

    @property
    def sign(self) -> int:
        """Of the angles in it."""
        return 1 if self in (Hemisphere.EAST, Hemisphere.NORTH) else -1


WORDS: Final = {
    "BT": Hemisphere.EAST,
    "E": Hemisphere.EAST,
    "EAST": Hemisphere.EAST,
    "BUJUR TIMUR": Hemisphere.EAST,
    "BB": Hemisphere.WEST,
    "W": Hemisphere.WEST,
    "WEST": Hemisphere.WEST,
    "BUJUR BARAT": Hemisphere.WEST,
    "LU": Hemisphere.NORTH,
    "N": Hemisphere.NORTH,
    "NORTH": Hemisphere.NORTH,
    "LINTANG UTARA": Hemisphere.NORTH,
    "LS": Hemisphere.SOUTH,
    "S": Hemisphere.SOUTH,
    "SOUTH": Hemisphere.SOUTH,
    "LINTANG SELATAN": Hemisphere.SOUTH,
}

_FIGURE: Final = r"\d+(?:[.,]\d+)*"
_NAMES: Final = "|".join(name.replace(" ", r"\s+") for name in sorted(WORDS, key=len, reverse=True))
_MINUS: Final = "-\N{MINUS SIGN}\N{EN DASH}"
_DEGREE: Final = "\N{DEGREE SIGN}\N{MASCULINE ORDINAL INDICATOR}\N{RING ABOVE}"
_MINUTE: Final = (
    "'`\N{PRIME}\N{ACUTE ACCENT}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
)
_SECOND: Final = '"\N{DOUBLE PRIME}\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}'
_TOKEN: Final = re.compile(
    rf"""
    (?P<angle> (?P<sign>[{_MINUS}+]\s*)? (?P<degrees>{_FIGURE}) \s*[{_DEGREE}]
        (?: \s*(?P<minutes>{_FIGURE}) \s*[{_MINUTE}]
            (?: \s*(?P<seconds>{_FIGURE}) \s*(?:[{_SECOND}]|[{_MINUTE}]{{2}})? )?
        )?
    )
    | (?P<number> (?<![\w.,]) [{_MINUS}+]?{_FIGURE} (?![\w.,]))
    | (?P<word> (?<!\w) (?:{_NAMES}) \.? (?!\w))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GROUPED: Final = re.compile(r"[-+]?\d{1,3}(?:[.,]\d{3})+")
_UNDECIDED: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One number or angle of a row: up to three figures as written, and its minus sign."""

    figures: tuple[str, ...]
    is_negative: bool
    is_marked: bool
    """Whether signs of degrees stand in it."""


type Token = Part | Hemisphere


def tokens(text: str) -> list[Token]:
    """The numbers, angles and hemispheres in a text, in their order; the rest is passed over."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        if match["word"]:
            found.append(WORDS[" ".join(match["word"].rstrip(".").upper().split())])
        elif match["number"]:
            figure = match["number"]
            found.append(
                Part(
                    figures=(figure.lstrip("+" + _MINUS),),
                    is_negative=figure[0] in _MINUS,
                    is_marked=False,
                )
            )
        else:
            figures = (match["degrees"], match["minutes"], match["seconds"])
            found.append(
                Part(
                    figures=tuple(figure for figure in figures if figure is not None),
                    is_negative=bool(match["sign"]) and match["sign"][0] in _MINUS,
                    is_marked=True,
                )
            )
    return found


def is_garbled(text: str) -> bool:
    r"""
    Whether digits are left over once all that can be read is taken out: 2O,4 is not 2.

    Examples
    --------
    >>> is_garbled("107° 30' 2O,4\"")
    True
    >>> is_garbled("107° 30' 20,4\" BT")
    False
    """
    return any(sign.isdigit() for sign in _TOKEN.sub(" ", text))


def decimal_sign(figures: Iterable[str]) -> str | None:
    """
    The sign that parts decimals in figures; None where none of them tells.

    Raises
    ------
    Unfit
        ``number_ambiguous`` where two of them tell otherwise.
    """
    told = {sign for figure in figures if (sign := _told(figure))}
    if len(told) > 1:
        raise Unfit(Reason.NUMBER_AMBIGUOUS)
    return told.pop() if told else None


def _told(figure: str) -> str | None:
    signs = [sign for sign in figure if sign in ".,"]
    if not signs or _UNDECIDED.fullmatch(figure):
        return None
    if len(set(signs)) > 1:
        return signs[-1]
    repeated = len(signs) > 1
    return {".": ",", ",": "."}[signs[0]] if repeated else signs[0]


def number(figure: str, *, sign: str) -> Fraction:
    """
    The exact value of a figure whose decimals are parted by `sign`.

    Raises
    ------
    Unfit
        ``number_ambiguous`` where its other signs do not part thousands.
    """
    whole, _, decimals = figure.partition(sign)
    other = "," if sign == "." else "."
    if other in whole and not _GROUPED.fullmatch(whole):
        raise Unfit(Reason.NUMBER_AMBIGUOUS)
    text = whole.replace(other, "") + ("." + decimals if decimals else "")
    try:
        return Fraction(text)
    except ValueError as error:
        raise Unfit(Reason.NUMBER_AMBIGUOUS) from error


def degrees_of(values: Sequence[Fraction]) -> Fraction:
    """
    Degrees of up to three figures: degrees, minutes, seconds.

    Raises
    ------
    Unfit
        ``number_impossible`` where minutes or seconds reach sixty, or a figure that others
        follow is not whole.
    """
    *whole, _last = values
    parts = (*values, Fraction(0), Fraction(0))[:_WHOLE_PARTS]
    if any(value.denominator != 1 for value in whole) or max(parts[1:]) >= SIXTY:
        raise Unfit(Reason.NUMBER_IMPOSSIBLE)
    return parts[0] + parts[1] / SIXTY + parts[2] / SIXTY**2
