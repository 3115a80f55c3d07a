"""The fonts that come with the product, and what to print where they lack a sign."""

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew")
CODES = "DejaVu Sans Mono"
"""For hashes; it comes with typst."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Signs that reorder the text around them: a name must not rewrite the line it stands in."""


def folder() -> Path:
    """Where the fonts lie."""
    return Path(str(files("inspection.report").joinpath("fonts")))


@cache
def printed_signs() -> frozenset[int]:
    """Give every sign that the fonts can print."""
    signs: set[int] = set()
    for path in sorted(folder().glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            signs |= set(font.getBestCmap())
    return frozenset(signs)


def printable(text: str) -> str:
    """
    Text as it can be printed: what no font has, and what reorders or hides, is named instead.

    Nothing is dropped in silence, so that two names that differ also differ on paper.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(sign) for sign in text)


def _shown(sign: str) -> str:
    if sign in "\n\t":
        return " "
    hidden = sign in TURNING or unicodedata.category(sign) in ("Cc", "Cs", "Cn", "Co")
    if hidden or ord(sign) not in printed_signs():
        return f"[U+{ord(sign):04X}]"
    return sign
