"""Where the drawn site lies, when it is flown, and the numbers that are the truth by decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shapely import Polygon

SEED: Final = 20250812
CRS: Final = "EPSG:32750"
HEIGHTS: Final = "3855"
"""EPSG code of what the surface models count in and from: metres above EGM2008."""

PIXEL_M: Final = 0.2
SIDE_M: Final = 412.0
"""Side of the square that the flights picture."""

MARGIN_M: Final = 10.0
"""Ground drawn beyond that square, so that shadows and the displacement have something to show."""

EAST_M: Final = 335714.0
NORTH_M: Final = 9642007.0
"""South-west corner of the square. Inside the package, metres count from here: east, north."""

SHIFT_M: Final = (0.64, -0.38)
"""What lies at (x, y) is shown by the current flight at (x + 0.64, y - 0.38)."""

DSM_OFFSET_M: Final = 0.35
"""By how much the current heights are too high against the baseline."""

PERMIT_DMS: Final = (
    # Longitude (east) and latitude (south), stepped along the graticule, counter-clockwise.
    ((115, 31, 20.412), (3, 14, 12.640)),
    ((115, 31, 25.919), (3, 14, 12.640)),
    ((115, 31, 25.919), (3, 14, 11.501)),
    ((115, 31, 27.215), (3, 14, 11.501)),
    ((115, 31, 27.215), (3, 14, 5.804)),
    ((115, 31, 21.870), (3, 14, 5.804)),
    ((115, 31, 21.870), (3, 14, 6.943)),
    ((115, 31, 20.412), (3, 14, 6.943)),
)


@dataclass(frozen=True, kw_only=True)
class Day:
    """One flight's date, and how the land and the air looked on it."""

    name: str
    """`baseline` or `current`."""

    captured_at: datetime

    seed: int
    """What the wind and the light make of the leaves differs from day to day."""

    haze: float
    """Share of the light that comes from the air instead of the ground."""

    cast: tuple[float, float, float]
    """Factor on red, green and blue: the camera's white balance of that day."""

    dryness: float
    """0 after rain, 1 late in the dry season: grass yellows, soil pales, the river clears."""

    blur_px: float
    noise: float
    """Standard deviation of the sensor's noise, in grey levels."""

    @property
    def is_current(self) -> bool:
        """Whether this is the later flight."""
        return self.name == "current"


BASELINE: Final = Day(
    name="baseline",
    captured_at=datetime.fromisoformat("2025-08-12T10:05:00+08:00"),
    seed=SEED + 1,
    haze=0.055,
    cast=(1.05, 1.0, 0.92),
    dryness=0.75,
    blur_px=0.62,
    noise=2.0,
)
CURRENT: Final = Day(
    name="current",
    captured_at=datetime.fromisoformat("2026-10-03T13:40:00+08:00"),
    seed=SEED + 2,
    haze=0.10,
    cast=(0.97, 1.0, 1.04),
    dryness=0.25,
    blur_px=0.78,
    noise=2.6,
)


def permit_lonlat() -> Polygon:
    """Permit boundary in degrees, longitude first; south is negative."""
    return Polygon(
        [(degrees(*longitude), -degrees(*latitude)) for longitude, latitude in PERMIT_DMS]
    )


def degrees(whole: int, minutes: int, seconds: float) -> float:
    """Decimal degrees of an angle, from its exact number of thousandths of a second."""
    return (whole * 3_600_000 + minutes * 60_000 + round(seconds * 1000)) / 3_600_000
