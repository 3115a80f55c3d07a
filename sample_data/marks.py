"""Control points: where they were surveyed, and where the current picture shows them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely import Point

from sample_data.site import EAST_M, NORTH_M, PIXEL_M, SEED, SHIFT_M, SIDE_M

SURVEY_NOISE_M: Final = 0.02
READING_NOISE_PX: Final = 0.12

CONTROL: Final = ((70.5, 87), (372, 32), (376, 232), (75, 288), (252, 384), (206, 214))
CHECK: Final = ((120, 44), (286, 40), (140, 240), (60, 236), (186, 104), (296, 226))


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One surveyed mark."""

    name: str
    role: str
    x: float
    """As surveyed, easting in metres."""

    y: float
    z: float
    column: float
    """As read in the current picture, from the outer corner of its first pixel."""

    row: float


def places() -> list[Point]:
    """Give where the marks truly lie, in metres from the square's corner."""
    return [Point(at) for at in (*CONTROL, *CHECK)]


def surveyed(heights_m: list[float]) -> list[Mark]:
    """Survey every mark, and read it in the current picture, as people do: with small errors."""
    rng = np.random.default_rng(SEED + 50)
    marks = []
    roles = ["control"] * len(CONTROL) + ["check"] * len(CHECK)
    for number, (point, role, height) in enumerate(zip(places(), roles, heights_m, strict=True)):
        off = rng.normal(0, SURVEY_NOISE_M, 3)
        read = rng.normal(0, READING_NOISE_PX, 2)
        shown = point.x + SHIFT_M[0], point.y + SHIFT_M[1]
        marks.append(
            Mark(
                name=f"{'GCP' if role == 'control' else 'ICP'}-{number + 1:02d}",
                role=role,
                x=round(EAST_M + point.x + off[0], 3),
                y=round(NORTH_M + point.y + off[1], 3),
                z=round(height + off[2], 3),
                column=round(shown[0] / PIXEL_M + read[0], 2),
                row=round((SIDE_M - shown[1]) / PIXEL_M + read[1], 2),
            )
        )
    return marks
