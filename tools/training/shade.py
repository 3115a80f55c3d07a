"""Shade that moves on: the same crowns, walls, banks and houses under the suns of two dates."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from cover import Cover
from noise import Field, Random, fractal, smooth, soft, strip
from numpy.typing import NDArray
from scene import Scene

STEP_PX: Final = 1.5
"""How far apart rays look for what keeps the sun off."""

FURTHEST_PX: Final = 36.0
"""Longer shade is not drawn."""

LEAST_TURN: Final = np.radians(35)
"""Two suns stand at least so far apart, or their shade differs in length by `LEAST_RATIO`."""

LEAST_RATIO: Final = 1.6


@dataclass(frozen=True)
class Sun:
    """Where the light comes from, and how deep it leaves what it does not reach."""

    azimuth: float
    """Direction in which shade falls, radians from the right, down the picture."""

    length: float
    """Of shade, for each pixel of height."""

    depth: float
    """Share of light that is lost in the shade; 0 under clouds."""

    softness: float
    """Deviation of the edge, pixels."""


def suns(rng: Random) -> tuple[Sun, Sun]:
    """The suns of two dates, whose shade differs in direction or in length."""
    first = _sun(rng, rng.uniform(0, 2 * np.pi), float(np.exp(rng.uniform(np.log(0.3), np.log(2)))))
    if rng.random() < 0.75:
        turn = rng.uniform(LEAST_TURN, 2 * np.pi - LEAST_TURN)
        return first, _sun(rng, first.azimuth + turn, first.length * rng.uniform(0.6, 1.6))
    ratio = LEAST_RATIO * rng.uniform(1, 1.5)
    ratio = ratio if rng.random() < 0.5 else 1 / ratio
    return first, _sun(rng, first.azimuth + rng.normal(0, 0.1), first.length * ratio)


def _sun(rng: Random, azimuth: float, length: float) -> Sun:
    depth = 0.0 if rng.random() < 0.12 else rng.uniform(0.3, 0.72)
    return Sun(azimuth, length, depth, float(np.exp(rng.uniform(np.log(0.4), np.log(2.5)))))


class Relief:
    """What stands high on a piece of ground, on both dates unless it was felled or built."""

    def __init__(self, rng: Random, side: int) -> None:
        clumps = fractal(rng, side, rng.uniform(8, 50))
        tall = rng.uniform(3, 14) * np.clip(0.8 + 0.3 * smooth(rng, side, 25), 0.3, 1.5)
        self._crowns = tall * (clumps > rng.uniform(-1.0, 0.8))
        self._house = rng.uniform(3, 14)
        self._ground = np.zeros((side, side), np.float32)
        if rng.random() < 0.5:
            self._ground = _terraces(rng, side)
        if rng.random() < 0.4:
            for _ in range(int(rng.integers(1, 3))):
                wall = strip(rng, side, rng.uniform(2, 4))
                self._ground = np.maximum(self._ground, wall * np.float32(rng.uniform(2, 10)))
        if rng.random() < 0.4:
            _poles(rng, self._ground)

    def of(self, cover: NDArray[np.uint8]) -> Field:
        """Heights in pixels where this is what covers the ground, (side, side)."""
        high = self._ground + self._crowns * (cover == Cover.TREE)
        high += self._house * (cover == Cover.BUILDING)
        # Water lies flat.
        return np.where(cover == Cover.WATER, 0, high).astype(np.float32)


def _terraces(rng: Random, side: int) -> Field:
    """Steps as banks and pits have them."""
    height = fractal(rng, side, rng.uniform(0.3, 1.2) * side, 0.4)
    step = rng.uniform(0.6, 1.6)
    return (np.floor(height / step) * rng.uniform(2, 9)).astype(np.float32)


def _poles(rng: Random, ground: Field) -> None:
    """Crowns that stand alone, or lean in from beyond what the cover tells."""
    side = len(ground)
    for _ in range(int(rng.integers(1, 9))):
        at = [round(one) for one in rng.uniform(0, side, 2)]
        top = float(ground[min(at[1], side - 1), min(at[0], side - 1)] + rng.uniform(4, 16))
        cv2.circle(ground, at, round(rng.uniform(1, 7)), top, -1)


def fallen(high: Field, sun: Sun) -> NDArray[np.bool_]:
    """Where what stands `high` keeps the sun off, (side, side)."""
    side = len(high)
    shaded = np.zeros((side, side), np.bool_)
    reach = min(FURTHEST_PX, float(high.max() - high.min()) * sun.length)
    for far in np.arange(STEP_PX, reach + STEP_PX, STEP_PX):
        along = [[1, 0, far * np.cos(sun.azimuth)], [0, 1, far * np.sin(sun.azimuth)]]
        # Beyond the frame nothing stands.
        ray = cv2.warpAffine(
            high, np.array(along), (side, side), flags=cv2.INTER_LINEAR, borderValue=-1e3
        )
        shaded |= ray - far / sun.length > high + 0.5
    return shaded


def shaded(scene: Scene, relief: Relief, sun: Sun) -> Scene:
    """The place under that sun: what is in the shade is darker and bluer; its cover stays."""
    lost = sun.depth * soft(fallen(relief.of(scene.cover), sun), sun.softness)[..., None]
    # The sky still lights it, and the sky is blue.
    kept = 1 - lost * np.array([1.0, 0.96, 0.86], np.float32)
    return Scene((scene.rgb * kept).astype(np.float32), scene.cover)
