"""A look at one window of both dates: what each shows, how far they differ, what became of it."""

from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.appearance import Appearance, Band, Scale, appearance
from geo.change import Noise, distance, likeness
from geo.detection_settings import DetectionSettings
from geo.landcover import DISTURBED, Cover, CoverLimits, Kind, cover
from geo.radiometry import Relighting
from geo.raster import Mask, Raster

BARENESS_STEP = 3.0
"""Move of bareness that counts as much as one noise of colour."""


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
    change: Band
    """(rows, columns), in thresholds of change; zero where not compared."""

    compared: Mask

    def inner(self, margin: int) -> "Look":
        """Give the same without `margin` pixels on each side."""
        part = slice(margin, -margin or None)
        return Look(
            before=self.before.inner(margin) if self.before is not None else None,
            after=self.after.inner(margin),
            cover_before=self.cover_before[part, part],
            cover_after=self.cover_after[part, part],
            change=self.change[part, part],
            compared=self.compared[part, part],
        )


def look(
    before: Raster | None, after: Raster, *, by: Calibration, settings: DetectionSettings
) -> Look:
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
            change=np.zeros_like(now.lightness),
            compared=np.zeros_like(after.valid),
        )
    then = appearance(by.relighting.applied(before), before.valid, scale=by.scale)
    cover_before = cover(then, limits=by.limits, plain_px=plain_px)
    compared = before.valid & after.valid
    apart = distance(then, now, noise=by.noise, tolerance_px=by.tolerance_px)
    alike = likeness(then, now, radius_px=by.scale.texture_px)
    apart *= 1 - np.float32(settings.likeness_weight) * alike
    greened_or_bared = _is_disturbed(cover_before) != _is_disturbed(cover_after)
    change = np.where(
        greened_or_bared,
        _weighed(apart, then, now) / np.float32(by.threshold),
        apart / np.float32(by.threshold * settings.reworking),
    )
    return Look(
        before=then,
        after=now,
        cover_before=cover_before,
        cover_after=cover_after,
        change=np.where(compared, change, np.float32(0)),
        compared=compared,
    )


def _is_disturbed(kinds: Cover) -> Mask:
    return np.isin(kinds, DISTURBED)


def _weighed(apart: Band, then: Appearance, now: Appearance) -> Band:
    """
    Weigh a distance by how far plants turned into soil, or soil into plants.

    The geometric mean of the distance and of the move of bareness, in units of
    `BARENESS_STEP`. Where plants and soil look alike (dry savanna), season alone carries
    many pixels across the limit between them, but not far; a true clearing goes far.
    """
    moved = np.abs(now.bareness - then.bareness) / np.float32(BARENESS_STEP)
    weighed: Band = np.sqrt(apart * moved)
    return weighed


def pieces(seen: Look, *, by: Calibration, settings: DetectionSettings) -> NDArray[np.uint8]:
    """
    Say what became of each pixel, as codes of `Piece`.

    Ground is new or recovered where its kind changed *and* it differs by more than pieces
    grow down to. Shadow on either date proves nothing.
    """
    then, now = seen.cover_before, seen.cover_after
    was, is_ = _is_disturbed(then), _is_disturbed(now)
    differs = seen.change > settings.growing
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
    codes[was & (now == Kind.BARE) & differs] = Piece.NEW_REWORKED
    codes[(grown | wet) & (now == Kind.BUILT) & differs] = Piece.NEW_BUILT
    codes[was & (now == Kind.BUILT) & differs] = Piece.NEW_BUILT
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
