"""Proving printed pages: a report is set anew from the data in it, and must come out the same."""

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from geo.grid import Grid
from inspection.document import Inspection
from inspection.evidence.proof import Pages
from inspection.identity import software
from inspection.language import Language
from inspection.report.composition import composed
from inspection.report.desk import brief_of, draw, maps_of
from inspection.report.imagery import Quality, pictures_in
from inspection.report.typeset import typeset
from inspection.report.web import web_page

ANY = Quality(pixels_per_mm=1.0, crop_pixels_per_mm=1.0, jpeg=1)
"""The pictures are taken as they are, so that their quality does not matter."""

WITHOUT_DATA, WITHOUT_PAGES = b"data:none", b"pages:none"
LINES = re.compile(rb"\blines:(\d{1,3}(?:\.\d{1,3})?)\b")
ROWS = re.compile(rb"\brows:(\d{1,6})\b")
"""Keywords by which a light paper says what it lacks, and how coarsely it is drawn."""

THAT_SET = ("tinjau", "printing", "typst", "processor", "proj", "geos", "shapely")
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


@dataclass(frozen=True, kw_only=True)
class Reprint:
    """What came of setting a report anew."""

    pages: Pages
    web_sha256: str | None = None
    """Hash of the page for browsers that goes with it; None unless the pages are proven."""


def reprint(pdf: bytes, inspection: Inspection, *, room: Path) -> Reprint:
    """
    Set a report anew from its data in a given room, and compare, where this version can.

    What was added behind it later, such as a signature, is not looked at. The pictures
    themselves are proven by nothing but a signature, or the folder they came from.
    """
    ours = software()
    if any(inspection.software.get(part) != ours[part] for part in THAT_SET):
        return Reprint(pages=Pages.NOT_COMPARED)
    taken, lines, rows = pictures_in(pdf), LINES.search(pdf), ROWS.search(pdf)
    quality = replace(ANY, coarseness=float(lines[1])) if lines else ANY
    for language in dict.fromkeys((Language(inspection.language), *Language)):
        brief = replace(
            brief_of(inspection, language),
            embedded=WITHOUT_DATA not in pdf,
            paged=WITHOUT_PAGES not in pdf,
            rows=int(rows[1]) if rows else None,
        )
        maps = replace(maps_of(brief, quality), pictures=Taken(pictures=taken) if taken else None)
        draw(brief, maps, desk=room)
        report = composed(brief, quality)
        attached = brief.sealed if brief.embedded else None
        if pdf.startswith(typeset(report, desk=room, attached=attached)):
            page = hashlib.sha256(web_page(report, desk=room)).hexdigest()
            return Reprint(pages=Pages.PROVEN, web_sha256=page)
    return Reprint(pages=Pages.CHANGED)
