"""What the lines and shades of a map mean, and the key that says so."""

import numpy as np
from shapely import LineString, box

from inspection.document import Finding
from inspection.report.drawing import Drawing, Hatch, Line
from inspection.report.imagery import score_colours
from inspection.wording.catalogue import Wording

BOUNDARY = Line(colour="#000000", width_mm=0.6)
RING = Line(colour="#000000", width_mm=0.25, dashes_mm=(2.0, 1.2))
UNSEEN = Hatch(name="unseen", angle=45)
BAND = Hatch(name="band", angle=-45, gap_mm=2.0, colour="#555555")

STATED = Line(colour="#00626e", width_mm=0.6, dashes_mm=(0.9, 0.5, 0.3, 0.5), threaded=True)
"""Of what people drew in a review."""

LINES = {
    "outside": Line(colour="#b40426", width_mm=0.7),
    "uncertain": Line(colour="#8a5a00", width_mm=0.6, dashes_mm=(1.2, 0.7), threaded=True),
    "inside": Line(colour="#1f3fa8", width_mm=0.4),
    "recovered": Line(colour="#0a6b3d", width_mm=0.4, dashes_mm=(0.3, 0.8), threaded=True),
    "standing": Line(colour="#5b2a86", width_mm=0.4, dashes_mm=(2.4, 0.8, 0.3, 0.8), threaded=True),
}
"""Each differs from the others in width or dashes too."""

LAYERS = (
    Line(colour="#005f8c", width_mm=0.45),
    Line(colour="#7a3e00", width_mm=0.45, dashes_mm=(1.6, 0.8)),
    Line(colour="#4d6600", width_mm=0.45, dashes_mm=(0.5, 0.7)),
    Line(colour="#6b0f5c", width_mm=0.45, dashes_mm=(2.6, 0.7, 0.5, 0.7)),
)
"""Of the layers in turn; their numbers tell apart what has the same line."""

ROW = 44


def layer_line(number: int) -> Line:
    """How the layer of that number, from 1, is drawn."""
    return LAYERS[(number - 1) % len(LAYERS)]


def line_of(finding: Finding) -> Line:
    """How a finding is outlined: by its place where it is new, else by its epoch."""
    return LINES[line_name(finding)]


def line_name(finding: Finding) -> str:
    """Name of the line, which is also that of its words."""
    return str(finding.location) if finding.epoch == "new" else finding.epoch


def legend(words: Wording, *, width_mm: float, with_stated: bool = False) -> bytes:
    """Draw the key to all maps, in two columns."""
    width = round(width_mm * 10)
    lines = [("boundary", BOUNDARY), ("ring", RING), *LINES.items()]
    lines += [("stated", STATED)] if with_stated else []
    shades = [("unseen", UNSEEN), ("band", BAND)]
    rows = [*lines, *shades, ("score", None)]
    columns = 2
    drawing = Drawing("legend", width, ROW * -(-len(rows) // columns) + 12)
    for number, (name, style) in enumerate(rows):
        x = 6 + (number % columns) * width // columns
        y = 6 + (number // columns) * ROW + ROW // 2
        sample = box(x, y - 14, x + 120, y + 14)
        match style:
            case Line():
                drawing.line(LineString([(x, y), (x + 120, y)]), style)
            case Hatch():
                drawing.hatch(sample, style)
            case _:
                ramp = score_colours(np.linspace(0, 100, 24)[None])[0]
                for step, (red, green, blue) in enumerate(ramp):
                    bar = box(x + step * 5, y - 14, x + step * 5 + 5.5, y + 14)
                    drawing.fill(bar, f"#{red:02x}{green:02x}{blue:02x}")
        drawing.words(x + 140, y + 9, words.say(f"report.legend.{name}"), size_mm=2.5)
    return drawing.plain()
