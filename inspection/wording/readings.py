"""Readings of coordinates in words: what `geo.misplaced.offers` tells as codes."""

import re
from collections.abc import Callable, Mapping
from typing import Final

_READING: Final = re.compile(r"(?P<codes>.+?)(?: (?P<slip>[a-z_]+))? \((?P<metres>\d+) m\)")
_KILOMETRE_M: Final = 1000


def readings_told(
    text: str, words: Mapping[str, str], distance: Callable[[float, str], str]
) -> str:
    """
    Name each system, its slip and its distance in the words of one language.

    Parameters
    ----------
    text
        As `geo.misplaced.offers` gives it.
    words
        The catalogue's words for readings.
    distance
        Writes a number by one of the catalogue's formats.
    """
    found = [_READING.fullmatch(one) for one in text.split("; ")]
    told = [_told(one, words, distance) for one in found if one]
    return "; ".join(told) if told else words["nothing"]


def _told(
    found: re.Match[str], words: Mapping[str, str], distance: Callable[[float, str], str]
) -> str:
    systems = " = ".join(_named(code, words) for code in found["codes"].split(" = "))
    slip = f", {words[found['slip']]}" if found["slip"] else ""
    metres = int(found["metres"])
    if metres < _KILOMETRE_M:
        return f"{systems}{slip}, {distance(metres, 'int')} m"
    return f"{systems}{slip}, {distance(metres / _KILOMETRE_M, 'km')} km"


def _named(code: str, words: Mapping[str, str]) -> str:
    # Loaded here: a person who asks for help should not wait for the register of systems.
    from pyproj import CRS  # noqa: PLC0415

    if ":" not in code:
        return words["stated"]
    return f"{code} ({CRS.from_user_input(code).name})"
