"""Proving printed pages: a report is set anew from the data in it, and must come out the same."""

import base64
import logging
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from geo.grid import Grid
from geo.intake import landlock
from inspection.document import Inspection
from inspection.evidence.canonical import from_canonical
from inspection.evidence.child import answer_of
from inspection.evidence.examiner import serve
from inspection.evidence.proof import Pages
from inspection.identity import software
from inspection.model import Language
from inspection.report.composition import composed
from inspection.report.desk import brief_of, draw, maps_of
from inspection.report.imagery import Quality, pictures_in
from inspection.report.typeset import typeset
from inspection.schema import from_json

ANY = Quality(pixels_per_mm=1.0, crop_pixels_per_mm=1.0, jpeg=1)
"""The pictures are taken as they are, so that their quality does not matter."""

_ALLOWANCE: Final = {"memory_bytes": 8 * 2**30, "seconds": 300, "answer_bytes": 2**20}
_WALL_SECONDS: Final = 600

THAT_SET = ("tinjau", "typst", "processor", "proj", "geos", "shapely")
"""What must be the same for the same pages to come out."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The pictures that a paper carries, by the drawings they lie under."""

    pictures: dict[str, bytes]

    def photo(self, name: str, role: str, grid: Grid, *, jpeg: int) -> bytes | None:  # noqa: ARG002
        """Give the picture under a drawing."""
        return self.pictures.get(name)

    def score(self, name: str, grid: Grid, *, jpeg: int) -> bytes | None:  # noqa: ARG002
        """Give the picture under a drawing."""
        return self.pictures.get(name)


def pages_of(pdf: bytes, document: bytes) -> Pages:
    """
    Say whether the pages of a report are what its embedded data print.

    They are set anew in a process of its own: data that nobody has proven may be made to harm.
    """
    with tempfile.TemporaryDirectory() as room:
        answer = answer_of(
            "inspection.report.reprint",
            {"document": base64.b64encode(document).decode(), "room": room},
            pdf,
            allowance=_ALLOWANCE,
            wall_seconds=_WALL_SECONDS,
        )
    return Pages(answer["pages"])


def compared(pdf: bytes, inspection: Inspection, *, room: Path) -> Pages:
    """
    Set a report anew from its data in a given room, and compare, where this version can.

    What was added behind it later, such as a signature, is not looked at. The pictures
    themselves are proven by nothing but a signature, or the folder they came from.
    """
    ours = software()
    if any(inspection.software.get(part) != ours[part] for part in THAT_SET):
        return Pages.NOT_COMPARED
    mine = (Language(inspection.language), *Language)
    same = any(pdf.startswith(_set_anew(pdf, inspection, one, room)) for one in dict.fromkeys(mine))
    return Pages.PROVEN if same else Pages.CHANGED


def main() -> None:
    """Compare the report on the standard input with the document in the request."""
    serve(_answer)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    logging.disable(logging.CRITICAL)
    room = Path(request["room"])
    landlock.confine(readable=[Path(place) for place in sys.path if place], writable=[room])
    try:
        inspection = from_json(from_canonical(base64.b64decode(request["document"])))
        return {"pages": compared(sys.stdin.buffer.read(), inspection, room=room)}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - data that cannot be printed did not print these pages
        return {"pages": Pages.CHANGED}


def _set_anew(pdf: bytes, inspection: Inspection, language: Language, room: Path) -> bytes:
    brief = brief_of(inspection, language)
    taken = pictures_in(pdf)
    maps = replace(maps_of(brief, ANY), pictures=Taken(pictures=taken) if taken else None)
    draw(brief, maps, desk=room)
    return typeset(composed(brief), desk=room, attached=brief.sealed)
