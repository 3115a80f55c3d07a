"""The map of a batch: every permit where it lies, drawn by what was found outside it."""

from collections.abc import Sequence
from typing import Final

import shapely
from pyproj import CRS
from shapely import Geometry, LineString

from geo.crs import LONLAT, moved_shape
from inspection.batch.told import Told
from inspection.report.drawing import Drawing, Line
from inspection.report.furniture import furnish
from inspection.report.legend import LINES, ROW
from inspection.report.view import UNITS_PER_MM, View
from inspection.wording.catalogue import Wording

WIDTH_MM: Final = 174.0
HEIGHT_MM: Final = 150.0
LABELS: Final = 60
"""Ranks that are written beside their permits; more would hide one another."""

LEAST_M: Final = 400.0
_APART: Final = 40
"""Ranks nearer to one another than this, in units of the drawing, would hide one another."""

_LEAST_MM: Final = 3.0
"""A permit that would be smaller on paper is a dot."""

STYLES: Final = {
    "fail": LINES["outside"],
    "uncertain": LINES["uncertain"],
    "pass": LINES["inside"],
    "none": Line(colour="#555555", width_mm=0.3, dashes_mm=(2.0, 1.2)),
}
"""By the answer about the boundary; without a result there is none."""


def overview_map(ranked: Sequence[Told], words: Wording) -> bytes | None:
    """Draw the permits with their ranks, north up; None where no ground is known."""
    known = [(rank, one) for rank, one in enumerate(ranked, 1) if one.ground is not None]
    if not known:
        return None
    west, south, east, north = shapely.total_bounds([one.ground for _, one in known])
    plane = CRS.from_dict(
        {
            "proj": "laea",
            "lon_0": round((west + east) / 2, 4),
            "lat_0": round((south + north) / 2, 4),
            "datum": "WGS84",
            "units": "m",
        }
    )
    shapes = {
        rank: moved_shape(one.ground, source=LONLAT, target=plane)
        for rank, one in known
        if one.ground is not None
    }
    view = View.around(
        shapely.GeometryCollection(list(shapes.values())),
        plane,
        width_mm=WIDTH_MM,
        height_mm=HEIGHT_MM,
        least_m=LEAST_M,
    )
    drawing = Drawing.of("overview", view)
    for rank, one in reversed(known):  # the gravest lie on top
        _permit(drawing, view, shapes[rank], STYLES[verdict(one)])
    placed: list[tuple[float, float]] = []
    for rank, _one in [pair for pair in known if pair[1].has_result][:LABELS]:
        for x, y in shapely.get_coordinates(view.drawn(shapely.point_on_surface(shapes[rank]))):
            if all(abs(x - u) + abs(y - v) > _APART for u, v in placed):
                placed.append((x, y))
                drawing.words(x + 12, y - 10, str(rank), size_mm=2.6, bold=True)
    furnish(drawing, view, words)
    return drawing.framed()


def verdict(one: Told) -> str:
    """The answer about the boundary, by which a permit is drawn; ``none`` without a result."""
    return str(one.answer("outside").get("verdict", "none"))


def overview_key(words: Wording) -> bytes:
    """Draw what the lines of the map mean."""
    drawing = Drawing("overview-key", round(WIDTH_MM * UNITS_PER_MM), ROW * 2 + 12)
    for number, (name, line) in enumerate(STYLES.items()):
        x = 6 + (number % 2) * drawing.width // 2
        y = 6 + (number // 2) * ROW + ROW // 2
        drawing.line(LineString([(x, y), (x + 120, y)]), line)
        drawing.words(x + 140, y + 9, words.say(f"report.batch.key.{name}"), size_mm=2.5)
    return drawing.plain()


def _permit(drawing: Drawing, view: View, shape: Geometry, line: Line) -> None:
    west, south, east, north = shapely.bounds(shape)
    drawing.line(view.drawn(shape), line)
    if max(east - west, north - south) < _LEAST_MM * view.metres_per_mm:
        for x, y in shapely.get_coordinates(view.drawn(shapely.point_on_surface(shape))):
            drawing.dot(x, y, colour=line.colour)
