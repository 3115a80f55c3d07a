"""The ledger drawn: one bar a report, cut into the parts of the permit's ground."""

from collections.abc import Mapping, Sequence

from shapely import Geometry, box

from inspection.report.drawing import DARK, Drawing, Hatch, Line
from inspection.wording.catalogue import Wording

PARTS: Mapping[str, tuple[str, Hatch | None]] = {
    "undisturbed": ("#dfe8dc", None),
    "recovered": ("#dfe8dc", Hatch(name="recovered", angle=90, gap_mm=1.6)),
    "standing": ("#b9a9c9", Hatch(name="standing", angle=-45, gap_mm=1.6)),
    "new": ("#8f1d2c", None),
    "not_observed": ("#ffffff", Hatch(name="unseen", angle=45)),
}
"""A shade and, where two shades are near in grey, strokes; by part of the ledger."""

BAR, GAP, LEFT, ROW = 70, 40, 420, 46


def ledger_chart(
    bars: Sequence[tuple[str, Mapping[str, float | None]]], words: Wording, *, width_mm: float
) -> bytes:
    """Draw labelled bars, all to one scale, and the key below them."""
    width = round(width_mm * 10)
    most = max((ledger["permit"] or 0.0 for _, ledger in bars), default=0.0) or 1.0
    room = width - LEFT - 20
    below = len(bars) * (BAR + GAP) + GAP // 2
    drawing = Drawing("ledger", width, below + ROW * 3)
    for number, (label, ledger) in enumerate(bars):
        y, x = number * (BAR + GAP) + GAP // 2, float(LEFT)
        drawing.words(LEFT - 14, y + BAR / 2 + 9, label, size_mm=2.5, anchor="end")
        for part, (colour, hatch) in PARTS.items():
            long = (ledger.get(part) or 0.0) / most * room
            if long > 0:
                _bar(drawing, box(x, y, x + long, y + BAR), colour, hatch)
                x += long
    for number, (part, (colour, hatch)) in enumerate(PARTS.items()):
        x, y = 20 + (number % 2) * width / 2, below + (number // 2) * ROW
        _bar(drawing, box(x, y, x + 60, y + 30), colour, hatch)
        drawing.words(x + 76, y + 24, words.say(f"summary.ledger.{part}"), size_mm=2.5)
    return drawing.plain()


def _bar(drawing: Drawing, shape: Geometry, colour: str, hatch: Hatch | None) -> None:
    drawing.fill(shape, colour)
    if hatch is not None:
        drawing.hatch(shape, hatch)
    drawing.line(shape, Line(colour=DARK, width_mm=0.15))
