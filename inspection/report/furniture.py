"""What every map carries beside the ground: graticule, scale bar, north arrow, numbers."""

import math

import numpy as np
import shapely
from shapely import Geometry, LineString, MultiLineString, Point, Polygon, box

from geo.crs import LONLAT, moved_shape
from inspection.report.drawing import DARK, LIGHT, Drawing, Line
from inspection.report.view import UNITS_PER_MM, View
from inspection.wording.catalogue import Wording

STEPS_SECONDS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
LINES_MM = 45.0
"""Wished distance between two lines of the graticule."""

DEGREE_M = 111_320.0

SCALE_WORDS = 190
"""Room that the words above the scale bar take."""


def furnish(drawing: Drawing, view: View, words: Wording) -> None:
    """Draw what a reader needs to find the place again and to measure on the map."""
    graticule(drawing, view, words)
    scale_bar(drawing, view, words)
    north_arrow(drawing, view, words)


def graticule(drawing: Drawing, view: View, words: Wording) -> None:
    """Draw lines of equal longitude and latitude, labelled at the left and lower edge."""
    west, south, east, north = view.degrees()
    wished = LINES_MM * view.metres_per_mm / DEGREE_M * 3600
    step = min(STEPS_SECONDS, key=lambda s: abs(math.log(s / wished)))
    digits = 1 if step < 1 else 0
    step /= 3600
    frame = box(0, 0, drawing.width, drawing.height)
    for kind, low, high in (("lon", west, east), ("lat", south, north)):
        along = np.linspace(south, north, 9) if kind == "lon" else np.linspace(west, east, 9)
        values = [
            number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)
        ]
        places = [(np.full(9, value), along)[:: 1 if kind == "lon" else -1] for value in values]
        lines = [LineString(np.column_stack(one)) for one in places]
        moved = moved_shape(MultiLineString(lines), source=LONLAT, target=view.crs)
        for value, part in zip(values, shapely.get_parts(moved), strict=True):
            line = shapely.intersection(view.drawn(part), frame)
            if line.is_empty:
                continue
            drawing.thin(line)
            text = words.say(f"report.map.{kind}{digits}", value=value)
            _label(drawing, line, text, turned=kind == "lat")


def _label(drawing: Drawing, line: Geometry, text: str, *, turned: bool) -> None:
    points = shapely.get_coordinates(line)
    if turned:
        x, y = min(points, key=lambda p: p[0])
        if 160 < y < drawing.height - 160:  # noqa: PLR2004 - clear of the corners
            drawing.words(x + 26, y, text, size_mm=1.9, anchor="middle", turned=-90)
    else:
        x, y = max(points, key=lambda p: p[1])
        if 160 < x < drawing.width - 260:  # noqa: PLR2004
            drawing.words(x, y - 8, text, size_mm=1.9, anchor="middle")


def scale_bar(drawing: Drawing, view: View, words: Wording) -> None:
    """Draw a bar of a round length, at the lower right, with the scale of the print."""
    wished = drawing.width * 0.22 / UNITS_PER_MM * view.metres_per_mm
    length_m = max(r for r in _round_lengths() if r <= wished)
    long = length_m / view.metres_per_mm * UNITS_PER_MM
    room = max(long, SCALE_WORDS) + 20
    x, y = drawing.width - room / 2 - long / 2 - 14, drawing.height - 40
    drawing.fill(box(drawing.width - room - 14, y - 46, drawing.width - 14, y + 26), LIGHT)
    for part in range(4):
        shade = DARK if part % 2 == 0 else LIGHT
        bar = box(x + part * long / 4, y, x + (part + 1) * long / 4, y + 12)
        drawing.fill(bar, shade)
        drawing.line(bar, Line(colour=DARK, width_mm=0.1))
    drawing.words(
        x + long / 2,
        y - 14,
        words.say("report.map.scale", length=length_m, scale=round(view.metres_per_mm * 1000)),
        size_mm=2.0,
        anchor="middle",
    )


def _round_lengths() -> list[float]:
    return [lead * 10.0**power for power in range(-2, 6) for lead in (1, 2, 5)]


def north_arrow(drawing: Drawing, view: View, words: Wording) -> None:
    """Draw an arrow along the meridian through the middle of the view, at the upper right."""
    x, y = (view.left + view.right) / 2, (view.bottom + view.top) / 2
    here = moved_shape(Point(x, y), source=view.crs, target=LONLAT)
    away = 1e-4 if here.y < 89 else -1e-4  # noqa: PLR2004 - beyond the pole there is no north
    there = moved_shape(Point(here.x, here.y + away), source=LONLAT, target=view.crs)
    east, north = (there.x - x) * math.copysign(1, away), (there.y - y) * math.copysign(1, away)
    length = math.hypot(east, north)
    u, v = east / length, -north / length
    cx, cy = drawing.width - 55, 95
    tip = (cx + 48 * u, cy + 48 * v)
    left = (cx - 30 * u - 20 * v, cy - 30 * v + 20 * u)
    right = (cx - 30 * u + 20 * v, cy - 30 * v - 20 * u)
    notch = (cx - 14 * u, cy - 14 * v)
    arrow = Polygon([tip, left, notch, right])
    drawing.fill(shapely.buffer(arrow, 6), LIGHT)
    drawing.fill(arrow, DARK)
    drawing.words(
        cx - 58 * u, cy - 58 * v + 10, words.say("report.map.north"), anchor="middle", bold=True
    )
