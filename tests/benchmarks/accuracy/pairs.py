"""A pair of pictures of one place, and what is known of the change between them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tests.benchmarks.accuracy.sources import Pixels

type Mask = NDArray[np.bool_]

MINIMUM_M2 = 100.0
LEAST_PX = 6
"""Pieces below this area, or these pixels where those are coarse, count for nobody."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """Two pictures laid on one another, and the truth."""

    domain: str
    """``real``, ``synthetic`` or ``further``: thresholds that are matched are matched within it."""

    group: str
    name: str
    before: Pixels
    after: Pixels
    pixel_m: float
    seen: Mask
    """Seen on both dates; nothing else is counted."""

    truth: Mask | None
    """Where something changed; None where nobody disturbed anything."""

    unsure: Mask | None = None
    """Left out of every count."""

    band_px: int = 0
    """Width on each side of the truth's edges that is left out: labels are no better."""

    covers: NDArray[np.str_] | None = None
    """What the later picture shows, in words of `GROUPS`; empty where the truth does not tell."""

    cleared: Mask | None = None
    """Where plants became bare ground; None where the truth does not tell."""

    rise: NDArray[np.float32] | None = None
    """Change of height that two surface models would tell, in metres; no method sees it but where
    a row says so."""

    surface: NDArray[np.float32] | None = None
    """The later of the two, seen where `rise` is."""

    is_partly_known: bool = False
    """Whether more changed than the truth says: what is flagged elsewhere is not known false."""

    residual_px: float = 0.5
    """What is left of laying the one on the other, as the product is told."""

    @property
    def is_unchanged(self) -> bool:
        """Whether whatever is flagged is false."""
        return self.truth is None

    @property
    def least_px(self) -> int:
        """Pixels of the smallest piece that counts."""
        return max(LEAST_PX, math.ceil(MINIMUM_M2 / self.pixel_m**2))

    @property
    def changed(self) -> Mask:
        """The truth as pixels, whether there is any or not."""
        return np.zeros(self.seen.shape, np.bool_) if self.truth is None else self.truth

    @property
    def counted(self) -> Mask:
        """Pixels whose truth is beyond doubt."""
        kept = self.seen.copy()
        if self.unsure is not None:
            kept &= ~self.unsure
        if self.truth is not None and self.band_px:
            square = np.ones((2 * self.band_px + 1,) * 2, np.bool_)
            wide = ndimage.binary_dilation(self.truth, square)
            kept &= ~(wide & ~ndimage.binary_erosion(self.truth, square, border_value=1))
        return kept
