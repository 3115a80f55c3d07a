"""Issuing a report: the full PDF, the page for a browser, and a PDF light enough to send."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from geo.abreast import begun
from inspection.document import Inspection
from inspection.language import Language
from inspection.report.brief import Brief
from inspection.report.composition import composed
from inspection.report.desk import brief_of, draw, maps_of
from inspection.report.imagery import Imagery, Printed, Quality
from inspection.report.maps import Maps
from inspection.report.typeset import typeset
from inspection.report.web import web_page

FULL = Quality(pixels_per_mm=7.0, crop_pixels_per_mm=11.8, jpeg=85)
"""180 dots an inch for the overview, 300 for the findings."""

LIGHTER = (
    Quality(pixels_per_mm=4.0, crop_pixels_per_mm=4.0, jpeg=50, coarseness=2.0),
    Quality(pixels_per_mm=2.0, crop_pixels_per_mm=2.0, jpeg=30, coarseness=5.0),
)
LEAST_ROWS = (400, 100, 20)
"""Findings that the table of the lightest papers lists."""

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
    with (
        tempfile.TemporaryDirectory(prefix=".report-", dir=out) as room,
        ThreadPoolExecutor(1) as pool,
    ):
        desk, other = Path(room, "full"), Path(room, "light")
        for folder in (desk, other):
            folder.mkdir()
        report = composed(brief, FULL)
        maps = maps_of(brief, FULL)
        ground = Imagery.of(inspection, pictures, maps.whole())
        maps = replace(maps, pictures=Printed(ground=ground))
        draw(brief, maps, desk=desk)
        # Set on a thread of its own while the lighter one is drawn, on a desk of its own.
        whole = begun(pool, typeset, report, desk=desk, attached=brief.sealed)
        (out / "report.html").write_bytes(web_page(report, desk=desk))
        (out / "report-light.pdf").write_bytes(_light(brief, maps, desk=other))
        (out / "report.pdf").write_bytes(whole.result())


def _light(brief: Brief, maps: Maps, *, desk: Path) -> bytes:
    """Set the report ever lighter until it may be sent: the pictures give way before the data."""
    fine, coarse = (replace(maps, quality=quality) for quality in LIGHTER)
    blank, bare = replace(coarse, pictures=None), replace(brief, embedded=False)
    steps = (
        (brief, fine),
        (brief, coarse),
        (brief, blank),
        (bare, coarse),
        (bare, blank),
        *((replace(bare, paged=False, rows=rows), blank) for rows in LEAST_ROWS),
    )
    pdf = b""
    for told, step in steps:
        draw(told, step, desk=desk)
        report = composed(told, step.quality)
        pdf = typeset(report, desk=desk, attached=told.sealed if told.embedded else None)
        if len(pdf) <= LIGHT_BYTES:
            break
    return pdf
