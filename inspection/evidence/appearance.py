"""The face of a signature: who signed and when, drawn so that it always fits its box."""

import json
import textwrap
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import typst
from fontTools.ttLib import TTFont

_TEMPLATE: Final = Path(__file__).with_suffix(".typ")
_LONGEST_LINE: Final = 42
_MOST_LINES: Final = 3
_UNPRINTABLE: Final = "?"


def appearance(lines: Sequence[str], *, width_pt: int, height_pt: int, font: Path) -> bytes:
    """
    Draw lines of text into a box, as a PDF of one page of that size.

    What the font has no sign for is drawn as a question mark: the certificate tells the
    name in full, and a report that is kept for long must bring every sign with it.
    """
    family, known = _font(font)
    shown = [part for line in lines for part in _wrapped(line, known)]
    face = {"lines": shown, "width": width_pt, "height": height_pt, "font": family}
    drawn = typst.compile(
        _TEMPLATE,
        format="pdf",
        sys_inputs={"face": json.dumps(face)},
        font_paths=[font.parent],
        ignore_system_fonts=True,
        pdf_standards=["a-3b"],
        pdf_tags=False,
    )
    if not isinstance(drawn, bytes):
        raise TypeError
    return drawn


def _wrapped(line: str, known: frozenset[int]) -> list[str]:
    text = " ".join("".join(s if ord(s) in known else _UNPRINTABLE for s in line).split())
    return textwrap.wrap(text, _LONGEST_LINE, max_lines=_MOST_LINES, placeholder=" ...")


@cache
def _font(path: Path) -> tuple[str, frozenset[int]]:
    """Family of a font, and the characters that it has a sign for."""
    with TTFont(path, lazy=True) as font:
        return str(font["name"].getBestFamilyName()), frozenset({*font.getBestCmap(), ord(" ")})
