"""A look at one window of both dates: what each shows, how far they differ, what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.appearance import Appearance, Band, Scale, appearance
from geo.change import Noise, distance, likeness
from geo.detection_settings import DetectionSettings
from geo.landcover import Cover, CoverLimits, Kind, cover, is_disturbed
from geo.patches import widened, within
from geo.radiometry import Relighting
from geo.raster import Mask, Raster
from geo.score_map import ReadCover
from geo.window_scores import WindowScores
from geo.worth import around, open_or_shaded

BARENESS_STEP = 3.0
"""Move of bareness that counts as much as one noise of colour."""

SHADE = 0.85
"""Share of its lightness, CIE L*, that ground keeps at most where it loses a third of its light."""

type Layer = NDArray[Any]
"""(rows, columns) of a look, or (pixels,) of it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Calibration:
    """What was learned from the flights themselves before any ground is judged."""

    scale: Scale
    limits: CoverLimits
    relighting: Relighting | None
    noise: Noise
    tolerance_px: int
    threshold: float
    """Distance of the two dates beyond which unchanged ground hardly comes to lie."""

    usual: float
    """What the middle of all ground differs by."""

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
    """The same by colour and structure alone, where a detector said how far the two changed; the
    usual where no piece can lie."""

    said: ReadCover | None = None
    """Gives probabilities of the covers of the second date, where a detector names them."""

    def changed(self, change: Callable[[Layer], Layer]) -> "Look":
        """Give the same look with each of its layers changed, always in one order."""

        def layers(one: Look | Appearance) -> dict[str, Any]:
            found = ((field.name, getattr(one, field.name)) for field in fields(one))
            return {name: change(layer) for name, layer in found if isinstance(layer, np.ndarray)}

        return replace(
            self,
            **layers(self),
            after=replace(self.after, **layers(self.after)),
            before=replace(self.before, **layers(self.before)) if self.before else None,
        )

    def only(self, where: Mask) -> "Look":
        """Give what was seen of the pixels that a mask marks; `said` is asked as before."""
        return self.changed(lambda layer: layer[where])

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
    asked: Mask | None = None,
) -> Look:
    """
    Look at a window of one date or two, in the light of the second.

    How far ground changed is what `scores` say; where there are none, how far it differs. Where
    there are, dates are compared where a piece may lie (`geo.worth`) and where it is `asked` for;
    elsewhere ground is taken for what it is on the second date, and to differ by the usual.
    """
    now = appearance(after.values[:3].astype(np.float32), after.valid, scale=by.scale)
    cover_after = cover(now, limits=by.limits, plain_px=by.scale.texture_px)
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
    compared = before.valid & after.valid
    if scores is None:
        then, cover_before, differing = _compared(before, now, cover_after, by, settings)
        return Look(
            before=then,
            after=now,
            cover_before=cover_before,
            cover_after=cover_after,
            change=np.where(compared, differing, np.float32(0)),
            compared=compared,
        )
    worth = open_or_shaded(
        cover_after,
        radius=max(1, round(by.scale.smooth_px)),
        least_px=settings.least_px(after.grid.pixel_size),
    )
    worth |= scores.change > settings.growing
    if asked is not None:
        worth |= asked
    then = Appearance.unseen(before.valid)
    cover_before = cover_after.copy()
    usual = by.usual / (by.threshold * settings.reworking)
    differing = np.full(worth.shape, usual, np.float32)
    for part in around(worth, context_px=by.sight_px):
        wide = widened(part, worth.shape, by.sight_px)
        here = within(part, wide)
        seen, kinds, apart = _compared(
            before.part(wide), now.part(wide), cover_after[wide], by, settings
        )
        then.lay(part, seen.part(here))
        cover_before[part], differing[part] = kinds[here], apart[here]
    shadow = _shaded((cover_before, cover_after), (then, now), is_learned=scores.is_learned)
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
        differing=np.where(compared, differing, np.float32(0)),
        said=scores.said,
    )


def _shaded(
    covers: tuple[Cover, Cover], dates: tuple[Appearance, Appearance], *, is_learned: bool
) -> Mask:
    """
    Mark ground that may be changed by shade alone.

    Shade before hides what stood there. What looks like shade now and is as light as it was is
    dark or grey soil: shade dims. Of pixels that a detector has not learned, colour has the say.
    """
    before, after = (cover == Kind.SHADOW for cover in covers)
    if is_learned:
        then, now = dates
        after &= now.lightness < np.float32(SHADE) * then.lightness
    return np.asarray(before | after, np.bool_)


def _compared(
    before: Raster,
    now: Appearance,
    cover_after: Cover,
    by: Calibration,
    settings: DetectionSettings,
) -> tuple[Appearance, Cover, Band]:
    """What the first date shows, its cover, and how far the second differs, in thresholds."""
    if by.relighting is None:
        raise AssertionError
    then = appearance(by.relighting.applied(before), before.valid, scale=by.scale)
    cover_before = cover(then, limits=by.limits, plain_px=by.scale.texture_px)
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
    return then, cover_before, differing


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
