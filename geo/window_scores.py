"""What a detector says of one window, by pixel."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.appearance import Band
from geo.detector import COVERS, Covers
from geo.landcover import Cover
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
        """Name the ground of both dates: the detector where it shall, elsewhere as it was named."""
        if self.covers is None:
            return otherwise
        before, after = (
            np.where(where, KINDS[said.argmax(axis=0)], other)
            for said, other in zip(self.covers, otherwise, strict=True)
        )
        return before, after
