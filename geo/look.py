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
from geo.narrowness import near
from geo.radiometry import Relighting
from geo.raster import Mask, Raster
from geo.window_scores import ReadCover, WindowScores

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
    NEW_STRIP = 9
    STANDING_STRIP = 10
    UNNAMED = 11
    """Changed, as a detector says, and not yet named."""


NEW = (
    Piece.NEW_CLEARED,
    Piece.NEW_REWORKED,
    Piece.NEW_BUILT,
    Piece.NEW_WATER,
    Piece.NEW_STRIP,
)

STRIPS = {
    (Piece.NEW_CLEARED,): Piece.NEW_STRIP,
    (Piece.STANDING_BARE,): Piece.STANDING_STRIP,
}
"""Which pieces are cut where they narrow, and what the narrow parts are."""


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
    def sight_px(self) -> int:
        """Pixels beyond a window that can have a say in how it looks."""
        return self.scale.reach_px + self.tolerance_px + 4 * self.scale.texture_px + 6

    @property
    def reach_px(self) -> int:
        """Pixels beyond a window that can have a say in which pieces of shade join a clearing."""
        return self.sight_px + self.scale.strip_px


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

    differing: Band | None = None
    """The same by colour and structure alone, where a detector said how far the two changed."""

    said: ReadCover | None = None
    """Gives probabilities of the covers of the second date, where a detector names them."""

    def inner(self, margin: int) -> "Look":
        """Give the same without `margin` pixels on each side, apart from what lay around it."""
        part = slice(margin, -margin or None)
        return Look(
            before=self.before.inner(margin) if self.before is not None else None,
            after=self.after.inner(margin),
            cover_before=self.cover_before[part, part].copy(),
            cover_after=self.cover_after[part, part].copy(),
            change=self.change[part, part].copy(),
            compared=self.compared[part, part].copy(),
            differing=self.differing[part, part].copy() if self.differing is not None else None,
            said=_within(self.said, margin) if self.said is not None else None,
        )


def _within(said: ReadCover, margin: int) -> ReadCover:
    """Give the same for masks without `margin` pixels on each side."""
    return lambda where: said(np.pad(where, margin))


def look(
    before: Raster | None,
    after: Raster,
    *,
    by: Calibration,
    settings: DetectionSettings,
    scores: WindowScores | None = None,
) -> Look:
    """
    Look at a window of one date or two, in the light of the second.

    How far ground changed is what `scores` say; where there are none, how far it differs.
    """
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
            said=scores.said if scores is not None else None,
        )
    then = appearance(by.relighting.applied(before), before.valid, scale=by.scale)
    cover_before = cover(then, limits=by.limits, plain_px=plain_px)
    compared = before.valid & after.valid
    apart = distance(then, now, noise=by.noise, tolerance_px=by.tolerance_px)
    alike = likeness(then, now, radius_px=by.scale.texture_px)
    apart *= 1 - np.float32(settings.likeness_weight) * alike
    greened_or_bared = _is_disturbed(cover_before) != _is_disturbed(cover_after)
    shaded = (cover_before == Kind.VEGETATION) & (cover_after == Kind.SHADOW)
    differing = np.where(
        greened_or_bared | shaded,
        _weighed(apart, then, now) / np.float32(by.threshold),
        apart / np.float32(by.threshold * settings.reworking),
    )
    change = differing
    if scores is not None:
        shadow = (cover_before == Kind.SHADOW) | (cover_after == Kind.SHADOW)
        change = scores.borne_out(differing, shadow=shadow)
        told = compared & (change > settings.growing)
        cover_before, cover_after = scores.named((cover_before, cover_after), where=told)
    return Look(
        before=then,
        after=now,
        cover_before=cover_before,
        cover_after=cover_after,
        change=np.where(compared, change, np.float32(0)),
        compared=compared,
        differing=None if scores is None else np.where(compared, differing, np.float32(0)),
        said=scores.said if scores is not None else None,
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
    Say what became of each pixel, as codes of `Piece`; strips are cut from them later.

    Ground is new or recovered where its kind changed *and* it differs by more than pieces
    grow down to. Shadow on either date proves nothing.
    """
    then, now = seen.cover_before, seen.cover_after
    was, grown = _is_disturbed(then), then == Kind.VEGETATION
    differs = seen.change > settings.growing
    codes = np.zeros(now.shape, np.uint8)
    codes[now == Kind.BARE] = Piece.STANDING_BARE
    codes[now == Kind.BUILT] = Piece.STANDING_BUILT
    codes[(now == Kind.WATER) & ((then != Kind.SHADOW) | ~differs)] = Piece.STANDING_WATER
    # Ground that was bare and lies in the shade now was not seen to change.
    codes[was & (now == Kind.SHADOW)] = Piece.STANDING_BARE
    unshaded = then != Kind.SHADOW
    green_before = grown | (then == Kind.WATER)
    codes[green_before & (now == Kind.BARE) & differs] = Piece.NEW_CLEARED
    codes[was & (now == Kind.BARE) & differs] = Piece.NEW_REWORKED
    codes[unshaded & (now == Kind.BUILT) & differs] = Piece.NEW_BUILT
    codes[(grown | was) & (now == Kind.WATER) & differs] = Piece.NEW_WATER
    codes[was & (now == Kind.VEGETATION) & differs] = Piece.RECOVERED
    # The rim of a clearing lies in the shade of the trees around it, on either date.
    reach = by.scale.strip_px
    codes[grown & (now == Kind.SHADOW) & near(codes == Piece.NEW_CLEARED, reach)] = (
        Piece.NEW_CLEARED
    )
    regrown = (then == Kind.SHADOW) & (now == Kind.VEGETATION)
    codes[regrown & near(codes == Piece.RECOVERED, reach)] = Piece.RECOVERED
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
