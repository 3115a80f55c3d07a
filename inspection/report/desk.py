"""The desk a report is set on: what it is written from, and a folder with its drawings."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from geo.abreast import abreast
from inspection.document import Inspection
from inspection.evidence.canonical import canonical_bytes
from inspection.language import Language
from inspection.report.brief import Brief
from inspection.report.chart import ledger_chart
from inspection.report.imagery import Quality
from inspection.report.legend import legend
from inspection.report.maps import Maps
from inspection.report.scene import Scene
from inspection.report.seal import qr_drawing, verification_text
from inspection.report.vectors import residual_sketch
from inspection.schema import as_json, from_json
from inspection.wording.catalogue import wording

MARGIN_MM = 18.0
MAP_SHARE = 0.33
"""Largest height of a map, as a share of the page's: two stand on a page."""


def brief_of(inspection: Inspection, language: Language) -> Brief:
    """Give what a report in a language is written from."""
    sealed = canonical_bytes(as_json(inspection))
    # Told from the very bytes that are sealed: whoever has them can print the same pages.
    read = from_json(json.loads(sealed))
    return Brief(
        inspection=read,
        words=wording(language),
        scene=Scene.of(read),
        sealed=sealed,
        sha256=hashlib.sha256(sealed).hexdigest(),
    )


def maps_of(brief: Brief, quality: Quality) -> Maps:
    """Give the maps in the size that the paper has room for, still without pictures."""
    width, height = brief.rules.paper_mm
    return Maps(
        inspection=brief.inspection,
        scene=brief.scene,
        words=brief.words,
        width_mm=width - 2 * MARGIN_MM,
        height_mm=height * MAP_SHARE,
        pictures=None,
        quality=quality,
    )


def _legend(brief: Brief, maps: Maps) -> bytes:
    return legend(brief.words, width_mm=maps.width_mm, with_stated=bool(brief.scene.stated))


def draw(brief: Brief, maps: Maps, *, desk: Path) -> None:
    """Put every drawing of the report on the desk, `NAME.svg` each."""

    def put(one: tuple[str, Callable[[], bytes]]) -> None:
        name, drawn = one
        (desk / f"{name}.svg").write_bytes(drawn())

    for _ in abreast(put, maps.all(brief.main)):
        pass
    inspection, words = brief.inspection, brief.words
    bars = [
        (brief.say("ledger.bar", version=past.version), past.ledger_ha)
        for past in inspection.record.history
    ]
    bars.append((brief.say("ledger.bar_now"), as_json(inspection)["ledger_ha"]))
    chart = ledger_chart(bars, words, width_mm=maps.width_mm)
    (desk / "ledger.svg").write_bytes(chart)
    (desk / "legend.svg").write_bytes(_legend(brief, maps))
    if inspection.position.residuals:
        vectors = residual_sketch(inspection.position.residuals, words, width_mm=maps.width_mm)
        (desk / "vectors.svg").write_bytes(vectors)
    text = verification_text(inspection, brief.sha256, at=brief.rules.verify_at)
    (desk / "qr.svg").write_bytes(qr_drawing(text))
