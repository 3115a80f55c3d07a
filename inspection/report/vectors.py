"""Residual vectors drawn: where the points lie, and which way the picture misses each."""

import math
from collections.abc import Sequence

import numpy as np
from shapely import LineString, Point

from inspection.report.drawing import DARK, Drawing, Line
from inspection.report.fonts import printable
from inspection.survey import PointResidual
from inspection.wording.catalogue import Wording

ARROW = Line(colour="#8f1d2c", width_mm=0.35)
RING = Line(colour=DARK, width_mm=0.35)
LONGEST_MM, HEAD_MM = 14.0, 1.6
RIM, BELOW = 190, 90
MOST_SHAPE = 0.7
"""Greatest height of the sketch, as a share of its width."""

MOST_NAMES = 40
"""Names of more points would hide the arrows."""

SPREAD = 1e-3


def residual_sketch(
    residuals: Sequence[PointResidual], words: Wording, *, width_mm: float
) -> bytes:
    """Draw the points as dots (control) and rings (check), and an arrow from each; north is up."""
    shown = [one for one in residuals if one.role != "unused"]
    left, bottom, right, top = _bounds(shown)
    room_mm = width_mm - 2 * RIM / 10
    paper = max((right - left) / room_mm, (top - bottom) / (room_mm * MOST_SHAPE), SPREAD)
    times = _exaggeration(shown, paper)
    width = round(width_mm * 10)
    high = (top - bottom) / paper * 10
    drawing = Drawing("vectors", width, round(high) + 2 * RIM + BELOW)
    side = (width - (right - left) / paper * 10) / 2
    for one in shown:
        x, y = side + (one.x - left) / paper * 10, RIM + (top - one.y) / paper * 10
        dx, dy = one.east_m * times / paper * 10, -one.north_m * times / paper * 10
        if math.hypot(dx, dy) > 1:
            drawing.line(_arrow(x, y, dx, dy), ARROW)
        if one.role == "control":
            drawing.dot(x, y)
        else:
            drawing.line(Point(x, y).buffer(8).exterior, RING)
        if len(shown) <= MOST_NAMES:
            # On the side that the arrow leaves free.
            away, anchor = (-14, "end") if dx > 0 else (14, "start")
            drawing.words(x + away, y + 9, printable(one.name), size_mm=2.2, anchor=anchor)
    _scale(drawing, paper / times, times, words)
    return drawing.framed()


def _exaggeration(shown: Sequence[PointResidual], metres_per_mm: float) -> int:
    """How many times as large as the ground a miss is drawn: 1, 2 or 5 and noughts."""
    longest = max(math.hypot(one.east_m, one.north_m) for one in shown)
    most = LONGEST_MM * metres_per_mm / max(longest, SPREAD)
    power = 10 ** math.floor(math.log10(max(most, 1.0)))
    return int(power * max(step for step in (1, 2, 5) if step * power <= max(most, 1.0)))


def _bounds(shown: Sequence[PointResidual]) -> tuple[float, float, float, float]:
    places = np.array([(one.x, one.y) for one in shown])
    (left, bottom), (right, top) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    return left, bottom, right, top


def _arrow(x: float, y: float, dx: float, dy: float) -> LineString:
    angle, end = math.atan2(dy, dx), (x + dx, y + dy)
    head = min(HEAD_MM * 10, math.hypot(dx, dy) / 2)
    sides = [
        (end[0] - head * math.cos(angle + turn), end[1] - head * math.sin(angle + turn))
        for turn in (0.45, -0.45)
    ]
    return LineString([(x, y), end, sides[0], end, sides[1]])


def _scale(drawing: Drawing, metres_per_mm: float, times: int, words: Wording) -> None:
    """Draw an arrow whose length is told, in round numbers, about a centimetre long."""
    power = 10 ** math.floor(math.log10(metres_per_mm * 10))
    metres = next(step * power for step in (5, 2, 1) if step * power <= metres_per_mm * 10 * 1.001)
    y = drawing.height - BELOW / 2
    drawing.line(_arrow(40, y, metres / metres_per_mm * 10, 0), ARROW)
    text = words.say("report.quality.vectors_scale", value=metres, factor=times)
    drawing.words(60 + metres / metres_per_mm * 10, y + 9, text, size_mm=2.5)
