"""Proving printed pages: a report is set anew from the data in it, and must come out the same."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from geo.grid import Grid
from inspection.document import Inspection
from inspection.identity import software
from inspection.model import Language
from inspection.report.composition import composed
from inspection.report.desk import brief_of, draw, maps_of
from inspection.report.imagery import Quality, pictures_in
from inspection.report.typeset import typeset

ANY = Quality(pixels_per_mm=1.0, crop_pixels_per_mm=1.0, jpeg=1)
"""The pictures are taken as they are, so that their quality does not matter."""

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


def can_reprint(inspection: Inspection) -> bool:
    """Whether this installation sets pages as the one did that made the report."""
    ours = software()
    return all(inspection.software.get(part) == ours[part] for part in THAT_SET)


def is_as_printed(pdf: bytes, inspection: Inspection) -> bool:
    """
    Whether every page of a report is what its embedded data print.

    The report is set anew from the data and the pictures that it carries, in each language.
    What was added behind it later, such as a signature, is not looked at. The pictures
    themselves are proven by nothing but a signature, or the folder they came from.
    """
    mine = (Language(inspection.language), *Language)
    return any(pdf.startswith(_set_anew(pdf, inspection, one)) for one in dict.fromkeys(mine))


def _set_anew(pdf: bytes, inspection: Inspection, language: Language) -> bytes:
    brief = brief_of(inspection, language)
    taken = pictures_in(pdf)
    maps = replace(maps_of(brief, ANY), pictures=Taken(pictures=taken) if taken else None)
    with tempfile.TemporaryDirectory() as room:
        desk = Path(room)
        draw(brief, maps, desk=desk)
        return typeset(composed(brief), desk=desk, attached=brief.sealed)
