"""Pairs of flights whose truth is known, made from a seed."""

from dataclasses import dataclass

import numpy as np
from cover import UNSURE, Cover, changed
from disturbances import disturb
from noise import Random
from nuisance import LEAN_PX, grown, lit, taken, warped
from numpy.typing import NDArray
from scene import Places, Scene
from shade import Relief, shaded, suns
from water import turned, watered


@dataclass(frozen=True)
class Pair:
    """
    Two pictures (side, side, 3); the truth of change and of each one's cover (side, side).

    `relaid`: where ground was laid of the cover that was there: taught as no change.
    """

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    change: NDArray[np.uint8]
    covers: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    relaid: NDArray[np.bool_]


UNCHANGED_SHARE = 0.35

FAR_LEAN_PX = 9.0
"""As far crowns lean in single frames, and at the edge of a flight."""


WATER_SHARE, SHADE_SHARE = 0.55, 0.75
"""Of `moving` pairs, how many get a river or pond of their own, and how many moved shade."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What pairs are to show more often than they would."""

    evenly: bool = False
    """Rare covers as often as common ones."""
    leaning: bool = False
    """Crowns that lean far, in half of those without change."""
    moving: bool = False
    """Water that turns another colour, and shade that moves on."""
    wide: bool = False
    """Works that are larger than the picture."""


PLAIN = Wish()


def pair(rng: Random, places: Places, side: int, wish: Wish = PLAIN) -> Pair:
    """One pair; more than a third show no change at all."""
    first = places.scene(rng, side)
    if wish.moving and rng.random() < WATER_SHARE:
        first = watered(rng, first)
    is_still = rng.random() < UNCHANGED_SHARE
    later = grown(rng, first, places) if rng.random() < 0.85 else first
    if wish.moving:
        later = turned(rng, later)
    second = (
        Scene(later.rgb, later.cover)
        if is_still
        else disturb(rng, later, places, evenly=wish.evenly, wide=wish.wide)
    )
    change = _truth(first, second)
    relaid = np.zeros(change.shape, np.bool_) if second.relaid is None else second.relaid
    if rng.random() < 0.5:
        first, second = second, first
    if wish.moving and rng.random() < SHADE_SHARE:
        relief = Relief(rng, side)
        first, second = (
            shaded(one, relief, sun) for one, sun in zip((first, second), suns(rng), strict=True)
        )
    strength = rng.choice([0.35, 1.0, 1.7], p=[0.25, 0.5, 0.25])
    covers = (_plain(first.cover), _plain(second.cover))
    strength_of_view = rng.uniform(0, 1.4)
    lean_px = FAR_LEAN_PX if wish.leaning and is_still and rng.random() < 0.5 else LEAN_PX
    views = (first, warped(rng, second, strength=strength_of_view, lean_px=lean_px))
    pictures = [taken(rng, lit(rng, one.rgb, one.cover, strength=strength)) for one in views]
    return Pair(pictures[0], pictures[1], change, covers, relaid)


def _truth(first: Scene, second: Scene) -> NDArray[np.uint8]:
    touched = first.cover != second.cover
    truth = changed(first.cover, second.cover)
    # Where a photograph tells no cover, what was laid over it is a change if it looks like one.
    blind = touched & (truth == UNSURE)
    far = np.abs(first.rgb - second.rgb).mean(axis=2) > 70
    unknown = (first.cover == Cover.UNKNOWN) | (second.cover == Cover.UNKNOWN)
    water = np.isin(first.cover, (Cover.WATER,)) | np.isin(second.cover, (Cover.WATER,))
    truth[blind & unknown & far & ~water] = 1
    truth[~touched] = 0
    return truth


def _plain(cover: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.where(cover == Cover.HARD, Cover.UNKNOWN, cover).astype(np.uint8)
