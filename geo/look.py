"""A look at one window of both dates: what each shows, how far they differ, what became of it."""

from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.appearance import Appearance, Band, Scale, appearance
from geo.change import Noise, distance
from geo.detection_settings import DetectionSettings
from geo.landcover import DISTURBED, Cover, CoverLimits, Kind, cover
from geo.radiometry import Relighting
from geo.raster import Mask, Raster


class Piece(IntEnum):
    """What became of a pixel; the codes that pieces of ground are outlined by."""

    NONE = 0
    NEW_CLEARED = 1
    NEW_REWORKED = 2
    NEW_BUILT = 3
    NEW_WATER = 4
    STANDING_BARE = 5
    STANDING_BUILT = 6
    STANDING_WATER = 7
    RECOVERED = 8


NEW = (Piece.NEW_CLEARED, Piece.NEW_REWORKED, Piece.NEW_BUILT, Piece.NEW_WATER)


@dataclass(frozen=True, kw_only=True, eq=False)
class Calibration:
    """What was learned from the flights themselves before any ground is judged."""

    scale: Scale
    limits: CoverLimits
    relighting: Relighting | None
    noise: Noise
    tolerance_px: int
    threshold: float

    @property
    def reach_px(self) -> int:
        """Pixels beyond a window that can have a say in it."""
        return self.scale.reach_px + self.tolerance_px + 4 * self.scale.texture_px + 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """One window."""

    before: Appearance | None
    after: Appearance
    cover_before: Cover
    cover_after: Cover
    distance: Band
    """(rows, columns), in noises; zero where not compared."""

    compared: Mask

    def inner(self, margin: int) -> "Look":
        """Give the same without `margin` pixels on each side."""
        part = slice(margin, -margin or None)
        return Look(
            before=self.before.inner(margin) if self.before is not None else None,
            after=self.after.inner(margin),
            cover_before=self.cover_before[part, part],
            cover_after=self.cover_after[part, part],
            distance=self.distance[part, part],
            compared=self.compared[part, part],
        )


def look(before: Raster | None, after: Raster, *, by: Calibration) -> Look:
    """Look at a window of one date or two, in the light of the second."""
    now = appearance(after.values[:3].astype(np.float32), after.valid, scale=by.scale)
    plain_px = by.scale.texture_px
    cover_after = cover(now, limits=by.limits, plain_px=plain_px)
    if before is None or by.relighting is None:
        return Look(
            before=None,
            after=now,
            cover_before=np.zeros_like(cover_after),
            cover_after=cover_after,
            distance=np.zeros_like(now.lightness),
            compared=np.zeros_like(after.valid),
        )
    then = appearance(by.relighting.applied(before), before.valid, scale=by.scale)
    compared = before.valid & after.valid
    apart = distance(then, now, noise=by.noise, tolerance_px=by.tolerance_px)
    return Look(
        before=then,
        after=now,
        cover_before=cover(then, limits=by.limits, plain_px=plain_px),
        cover_after=cover_after,
        distance=np.where(compared, apart, np.float32(0)),
        compared=compared,
    )


def pieces(seen: Look, *, by: Calibration, settings: DetectionSettings) -> NDArray[np.uint8]:
    """
    Say what became of each pixel, as codes of `Piece`.

    Ground is new or recovered where its kind changed *and* it differs beyond the grown
    threshold; ground disturbed on both dates is new only where it differs beyond the
    stricter threshold of reworking. Shadow and cloud on either date prove nothing.
    """
    then, now = seen.cover_before, seen.cover_after
    was, is_ = np.isin(then, DISTURBED), np.isin(now, DISTURBED)
    differs = seen.distance > by.threshold * settings.growing
    reworked = seen.distance > by.threshold * settings.reworking
    codes = np.zeros(now.shape, np.uint8)
    codes[now == Kind.BARE] = Piece.STANDING_BARE
    codes[now == Kind.BUILT] = Piece.STANDING_BUILT
    codes[now == Kind.WATER] = Piece.STANDING_WATER
    grown = then == Kind.VEGETATION
    wet = then == Kind.WATER
    # Bare where plants stood, but no further apart than noise: the two covers disagree
    # about the same ground, and nothing is said of it.
    codes[grown & is_ & ~differs] = Piece.NONE
    codes[(grown | wet) & (now == Kind.BARE) & differs] = Piece.NEW_CLEARED
    codes[was & (now == Kind.BARE) & reworked] = Piece.NEW_REWORKED
    codes[(grown | wet) & (now == Kind.BUILT) & differs] = Piece.NEW_BUILT
    codes[was & (now == Kind.BUILT) & reworked] = Piece.NEW_BUILT
    codes[(grown | was) & (now == Kind.WATER) & differs] = Piece.NEW_WATER
    codes[was & (now == Kind.VEGETATION) & differs] = Piece.RECOVERED
    return _majority(codes, radius=max(1, round(by.scale.smooth_px)))


def _majority(codes: NDArray[np.uint8], *, radius: int) -> NDArray[np.uint8]:
    """Give each pixel the commonest code around it: specks go, edges stay where they are."""
    size = (2 * radius + 1, 2 * radius + 1)
    best = np.full(codes.shape, -1.0, np.float32)
    settled = np.zeros_like(codes)
    for code in np.unique(codes):
        share = cv2.blur((codes == code).astype(np.float32), size)
        better = share > best
        settled[better] = code
        best = np.where(better, share, best)
    return settled
