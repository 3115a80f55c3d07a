"""What a detector says of one window, by pixel."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.appearance import Band
from geo.detector import COVERS, Covers
from geo.landcover import DISTURBED, Cover
from geo.raster import Mask

KINDS: Final = np.array(COVERS, np.uint8)


@dataclass(frozen=True, kw_only=True, eq=False)
class WindowScores:
    """What a detector says of one window."""

    change: Band
    """(rows, columns), in thresholds of change."""

    covers: tuple[Covers, Covers] | None
    """Probabilities by pixel, of the first date and the second; None where it names none."""

    def named(self, otherwise: tuple[Cover, Cover], *, where: Mask) -> tuple[Cover, Cover]:
        """Name the ground of both dates as the detector does where it tells them apart."""
        if self.covers is None:
            return otherwise
        first, second = (KINDS[said.argmax(axis=0)] for said in self.covers)
        told = where & (np.isin(first, DISTURBED) != np.isin(second, DISTURBED))
        return np.where(told, first, otherwise[0]), np.where(told, second, otherwise[1])
