"""Issuing a report: the full PDF, the page for a browser, and a PDF light enough to send."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from inspection.document import Inspection
from inspection.evidence.canonical import canonical_bytes
from inspection.model import Language
from inspection.report.brief import Brief
from inspection.report.chart import ledger_chart
from inspection.report.composition import composed
from inspection.report.content import Report
from inspection.report.imagery import Imagery, Quality
from inspection.report.legend import legend
from inspection.report.maps import Maps
from inspection.report.scene import Scene
from inspection.report.seal import qr_drawing, verification_text
from inspection.report.typeset import typeset
from inspection.report.web import web_page
from inspection.schema import as_json
from inspection.wording.catalogue import wording

MARGIN_MM = 18.0
MAP_SHARE = 0.36
"""Largest height of a map, as a share of the page's: two stand on a page."""

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
        Folder of the clipped flights and of inspection.json.
    out
        Folder that takes report.pdf, report.html and report-light.pdf.
    language
        Of the report; sentences that the inspection said in another are said again.
    """
    sealed = canonical_bytes(as_json(inspection))
    brief = Brief(
        inspection=inspection,
        words=wording(language),
        scene=Scene.of(inspection),
        sha256=hashlib.sha256(sealed).hexdigest(),
        embedded=True,
    )
    with tempfile.TemporaryDirectory(prefix=".report-", dir=out) as room:
        desk = Path(room)
        attached = desk / "sealed.json"
        attached.write_bytes(sealed)
        report = composed(brief)
        maps = _maps(brief, report, FULL)
        maps = replace(maps, imagery=Imagery.of(inspection, pictures, maps.whole()))
        _draw(brief, maps, desk=desk)
        (out / "report.pdf").write_bytes(typeset(report, desk=desk, attached=attached))
        (out / "report.html").write_bytes(web_page(report, desk=desk))
        light = _light(brief, maps, desk=desk, attached=attached)
        (out / "report-light.pdf").write_bytes(light)


def _maps(brief: Brief, report: Report, quality: Quality) -> Maps:
    width, height = report.paper_mm
    return Maps(
        inspection=brief.inspection,
        scene=brief.scene,
        words=brief.words,
        width_mm=width - 2 * MARGIN_MM,
        height_mm=height * MAP_SHARE,
        imagery=None,
        quality=quality,
    )


def _draw(brief: Brief, maps: Maps, *, desk: Path) -> None:
    for name, drawing in maps.all(brief.main):
        (desk / f"{name}.svg").write_bytes(drawing)
    inspection, words = brief.inspection, brief.words
    bars = [
        (brief.say("ledger.bar", version=past.version), past.ledger_ha)
        for past in inspection.record.history
    ]
    present = as_json(inspection)["ledger_ha"]
    chart = ledger_chart(
        [*bars, (brief.say("ledger.bar_now"), present)], words, width_mm=maps.width_mm
    )
    (desk / "ledger.svg").write_bytes(chart)
    (desk / "legend.svg").write_bytes(legend(words, width_mm=maps.width_mm))
    (desk / "qr.svg").write_bytes(
        qr_drawing(verification_text(inspection, brief.sha256, at=brief.rules.verify_at))
    )


def _light(brief: Brief, maps: Maps, *, desk: Path, attached: Path) -> bytes:
    """Set the report ever lighter until it may be sent: first the pictures give way."""
    for step in (*_with_pictures(maps), replace(maps, imagery=None)):
        _draw(brief, step, desk=desk)
        pdf = typeset(composed(brief), desk=desk, attached=attached)
        if len(pdf) <= LIGHT_BYTES:
            return pdf
    bare = replace(brief, embedded=False)
    return typeset(composed(bare), desk=desk, attached=None)


def _with_pictures(maps: Maps) -> Sequence[Maps]:
    return [replace(maps, quality=quality) for quality in LIGHTER]
