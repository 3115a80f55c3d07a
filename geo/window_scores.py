"""What a detector says of one window, by pixel."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.appearance import Band
from geo.landcover import Cover
from geo.raster import Mask
from geo.score_map import ReadCover
from geo.transition import named

UNPROVEN: Final = np.float32(0.99)
"""Change of ground in the shade, in thresholds: it may belong to a change, and begins none."""


@dataclass(frozen=True, kw_only=True, eq=False)
class WindowScores:
    """What a detector says of one window."""

    change: Band
    """(rows, columns), in thresholds of change."""

    agreement: float
    """How far ground must differ by colour and structure, in their thresholds, to bear it out."""

    is_learned: bool
    """Whether its pixels are of a size that the detector has learned to read."""

    covers: tuple[ReadCover, ReadCover] | None
    """Give probabilities of pixels, on each date; None where it names none."""

    def borne_out(self, differing: Band, *, shadow: Mask) -> Band:
        """Change in thresholds as far as colour and structure bear it out; shadow proves none."""
        least = np.minimum(self.change, differing / np.float32(self.agreement))
        unproven: Band = np.where(shadow, np.minimum(least, UNPROVEN), least)
        return unproven

    @property
    def said(self) -> ReadCover | None:
        """What gives covers of the second date, where they may name ground by themselves."""
        return self.covers[1] if self.covers is not None and self.is_learned else None

    def named(self, by_colour: tuple[Cover, Cover], *, where: Mask) -> tuple[Cover, Cover]:
        """Name the ground of both dates where it changed, which is mostly little of it."""
        if self.covers is None or not where.any():
            return by_colour
        # The pixels that changed, as a picture of one row.
        first, second = (read(where)[:, None] for read in self.covers)
        colours = by_colour[0][where][None], by_colour[1][where][None]
        everywhere = np.ones(colours[0].shape, np.bool_)
        told = by_colour[0].copy(), by_colour[1].copy()
        for into, said in zip(told, named((first, second), colours, where=everywhere), strict=True):
            into[where] = said[0]
        return told
