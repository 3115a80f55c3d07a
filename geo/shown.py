"""A window of two dates as a detector is shown it: in one light, and whole."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from geo.patches import Part
from geo.radiometry import Picture, Relighting
from geo.raster import Mask, Raster

FILL_PX: Final = 65
"""Side of the neighbourhood whose mean colour is laid where neither date saw anything."""

LEAST_SEEN: Final = 0.5
"""Share of a pixel of half the detail that must be seen for it to count."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """Two dates of one window, and how the first would look in the light of the second."""

    before: Raster
    after: Raster
    light: Relighting | None
    """None where both are in one light."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.after.grid.shape

    def part(self, part: Part) -> "Shown":
        """Give some rows and columns alone."""
        return Shown(before=self.before.part(part), after=self.after.part(part), light=self.light)

    def halved(self) -> "Shown":
        """Give the same at half the detail, as if it had been flown so."""
        return Shown(before=_halved(self.before), after=_halved(self.after), light=self.light)

    def pictures(self) -> tuple[Picture, Picture]:
        """
        Give both pictures, (3, rows, columns), red, green and blue from 0 to 255.

        What one date did not see is what the other shows there, and one plain colour where neither
        saw anything: both pictures are then alike there, and nothing ends with an edge.
        """
        before, after = self.before, self.after
        first = before.values[:3].astype(np.float32)
        if self.light is not None:
            first = self.light.applied(before)
        second = after.values[:3].astype(np.float32)
        if before.valid.all() and after.valid.all():
            return first, second
        return _filled(first, before.valid, second, after.valid)


def _halved(raster: Raster) -> Raster:
    grid, seen = raster.grid.coarser(2), raster.valid
    size = grid.columns, grid.rows
    bands = raster.values[:3]
    if seen.all():
        values = [cv2.resize(band, size, interpolation=cv2.INTER_AREA) for band in bands]
        return Raster(values=np.stack(values), valid=np.ones(grid.shape, np.bool_), grid=grid)
    share = cv2.resize(seen.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    valid = share >= LEAST_SEEN
    # Nothing is shown where nothing was seen: a mean over all is less by what of it was not.
    means = np.stack(
        [cv2.resize(band.astype(np.float32), size, interpolation=cv2.INTER_AREA) for band in bands]
    ) / np.maximum(share, np.float32(LEAST_SEEN))
    return Raster(values=(np.rint(means) * valid).astype(np.uint8), valid=valid, grid=grid)


def _filled(
    before: Picture, seen_before: Mask, after: Picture, seen_after: Mask
) -> tuple[Picture, Picture]:
    either = (seen_before | seen_after).astype(np.float32)
    first = np.where(seen_before, before, after)
    second = np.where(seen_after, after, before)
    if either.all():
        return first, second
    size = (FILL_PX, FILL_PX)
    share = cv2.blur(either, size)
    for band, (one, two) in enumerate(zip(first, second, strict=True)):
        both = (one + two) / 2 * either
        mean = both.sum() / max(float(either.sum()), 1.0)
        near = np.where(share > 0, cv2.blur(both, size) / np.maximum(share, 1e-6), mean)
        first[band] = np.where(either > 0, one, near)
        second[band] = np.where(either > 0, two, near)
    return first, second
