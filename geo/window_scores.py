"""What a detector says of one window, by pixel."""

from dataclasses import dataclass

from geo.appearance import Band
from geo.detector import Covers
from geo.landcover import Cover
from geo.raster import Mask
from geo.transition import named


@dataclass(frozen=True, kw_only=True, eq=False)
class WindowScores:
    """What a detector says of one window."""

    change: Band
    """(rows, columns), in thresholds of change."""

    covers: tuple[Covers, Covers] | None
    """Probabilities by pixel, of the first date and the second; None where it names none."""

    def named(self, by_colour: tuple[Cover, Cover], *, where: Mask) -> tuple[Cover, Cover]:
        """Name the ground of both dates where it changed."""
        return by_colour if self.covers is None else named(self.covers, by_colour, where=where)
