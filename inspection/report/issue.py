"""Issuing a report: the full PDF, the page for a browser, and a PDF light enough to send."""

import tempfile
from dataclasses import replace
from pathlib import Path

from inspection.document import Inspection
from inspection.model import Language
from inspection.report.brief import Brief
from inspection.report.composition import composed
from inspection.report.desk import brief_of, draw, maps_of
from inspection.report.imagery import Imagery, Quality
from inspection.report.maps import Maps
from inspection.report.typeset import typeset
from inspection.report.web import web_page

FULL = Quality(pixels_per_mm=7.0, crop_pixels_per_mm=11.8, jpeg=85)
"""180 dots an inch for the overview, 300 for the findings."""

LIGHTER = (
    Quality(pixels_per_mm=4.0, crop_pixels_per_mm=4.0, jpeg=50),
    Quality(pixels_per_mm=2.0, crop_pixels_per_mm=2.0, jpeg=30),
)
LIGHT_BYTES = 2_000_000
"""What portals take as an attachment: 2 MB, counted in the smaller way."""


def issue(inspection: Inspection, *, pictures: Path, out: Path, language: Language) -> None:
    """
    Write the report of an inspection in a language.

    Parameters
    ----------
    inspection
        What is told; nothing is computed anew.
    pictures
        Folder of the clipped flights and the score.
    out
        Folder that takes report.pdf, report.html and report-light.pdf.
    language
        Of the report; sentences that the inspection said in another are said again.
    """
    brief = brief_of(inspection, language)
    with tempfile.TemporaryDirectory(prefix=".report-", dir=out) as room:
        desk = Path(room)
        report = composed(brief)
        maps = maps_of(brief, FULL)
        maps = replace(maps, pictures=Imagery.of(inspection, pictures, maps.whole()))
        draw(brief, maps, desk=desk)
        (out / "report.pdf").write_bytes(typeset(report, desk=desk, attached=brief.sealed))
        (out / "report.html").write_bytes(web_page(report, desk=desk))
        (out / "report-light.pdf").write_bytes(_light(brief, maps, desk=desk))


def _light(brief: Brief, maps: Maps, *, desk: Path) -> bytes:
    """Set the report ever lighter until it may be sent: first the pictures give way."""
    lighter = [replace(maps, quality=quality) for quality in LIGHTER]
    for step in (*lighter, replace(maps, pictures=None)):
        draw(brief, step, desk=desk)
        pdf = typeset(composed(brief), desk=desk, attached=brief.sealed)
        if len(pdf) <= LIGHT_BYTES:
            return pdf
    bare = replace(brief, embedded=False)
    return typeset(composed(bare), desk=desk, attached=None)
