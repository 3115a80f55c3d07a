"""A look at one window of both dates: what each shows, how far they differ, what became of it."""

from dataclasses import dataclass

import numpy as np

from geo.appearance import Appearance, Band, Scale, appearance
from geo.change import Noise, distance, likeness
from geo.detection_settings import DetectionSettings
from geo.landcover import Cover, CoverLimits, Kind, cover, is_disturbed
from geo.radiometry import Relighting
from geo.raster import Mask, Raster
from geo.window_scores import ReadCover, WindowScores

BARENESS_STEP = 3.0
"""Move of bareness that counts as much as one noise of colour."""


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
        """Give the same without `margin` pixels on each side, as views."""
        part = slice(margin, -margin or None)
        return Look(
            before=self.before.inner(margin) if self.before is not None else None,
            after=self.after.inner(margin),
            cover_before=self.cover_before[part, part],
            cover_after=self.cover_after[part, part],
            change=self.change[part, part],
            compared=self.compared[part, part],
            differing=self.differing[part, part] if self.differing is not None else None,
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
    greened_or_bared = is_disturbed(cover_before) != is_disturbed(cover_after)
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
