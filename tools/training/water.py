"""Water that two flights see differently though it is the same: turbid, glinting, higher."""

from typing import Final

import cv2
import numpy as np
from cover import Cover
from noise import Field, Random, blob, fractal, smooth, soft, strip
from numpy.typing import NDArray
from scene import Scene
from textures import drawn

MOST_SHARE: Final = 0.6
"""Of a scene, a river or pond that is laid into it covers at most this share."""

LEVEL_PX: Final = 4.0
"""How far a bank moves at most when the water stands higher or lower."""

GLINT: Final = 110.0
"""How much brighter the sun makes water at most."""


def watered(rng: Random, scene: Scene) -> Scene:
    """The same place with a river, a pond or puddles in it, as though they had ever been there."""
    side = scene.side
    kind = rng.random()
    if kind < 0.55:
        where = strip(rng, side, float(np.exp(rng.uniform(np.log(9), np.log(90)))))
        # Nature cuts no even bank.
        ragged = cv2.GaussianBlur(where.astype(np.float32), (0, 0), rng.uniform(1.5, 5))
        where = ragged + 0.12 * fractal(rng, side, rng.uniform(8, 40)) > 0.5
    elif kind < 0.85:
        where = blob(rng, side, float(np.exp(rng.uniform(np.log(10), np.log(0.3 * side)))))
    else:
        where = fractal(rng, side, rng.uniform(12, 50)) > rng.uniform(1.2, 2.0)
    if not 0 < where.mean() < MOST_SHARE:
        return scene
    rgb, cover = scene.rgb.copy(), scene.cover.copy()
    if rng.random() < 0.5:
        bank = _outward(where) < rng.uniform(1, 7) * (1 + 0.4 * smooth(rng, side, 20))
        weight = soft(bank, rng.uniform(0.6, 2.0))[..., None] * rng.uniform(0.3, 1.0)
        rgb = weight * drawn(rng, side, Cover.BARE) + (1 - weight) * rgb
    weight = soft(where, rng.uniform(0.5, 2.0))[..., None]
    rgb = weight * drawn(rng, side, Cover.WATER) + (1 - weight) * rgb
    cover[where] = Cover.WATER
    return Scene(np.clip(rgb, 0, 255), cover)


def turned(rng: Random, scene: Scene) -> Scene:
    """The same water on another day; its cover stays as it is, its banks too but for a rim."""
    water = scene.cover == Cover.WATER
    if not water.any():
        return scene
    side = scene.side
    rgb = scene.rgb
    if rng.random() < 0.5 and not water.all():
        rgb, water = _risen(rng, rgb, water)
    share = np.full((side, side), rng.uniform(0.35, 1.0), np.float32)
    if rng.random() < 0.4:
        # A plume: one arm runs turbid, or one end of the pond settled.
        share *= 0.5 + 0.5 * np.tanh(2 * smooth(rng, side, rng.uniform(40, side)))
    other = drawn(rng, side, Cover.WATER)
    other += _ripples(rng, side) if rng.random() < 0.35 else np.float32(0)
    weight = (soft(water, rng.uniform(0.5, 1.5)) * share)[..., None]
    rgb = weight * other + (1 - weight) * rgb
    if rng.random() < 0.3:
        rgb = rgb + soft(water, 1.0)[..., None] * _glint(rng, side)
    return Scene(np.clip(rgb, 0, 255).astype(np.float32), scene.cover)


def _outward(water: NDArray[np.bool_]) -> Field:
    """Pixels from each place to the water."""
    return cv2.distanceTransform((~water).astype(np.uint8), cv2.DIST_L2, 3)


def _risen(rng: Random, rgb: Field, water: NDArray[np.bool_]) -> tuple[Field, NDArray[np.bool_]]:
    """A rim of ground under water, or a rim of the bed bare and wet; and where water is now."""
    side = len(water)
    reach = rng.uniform(0.5, LEVEL_PX) * np.clip(1 + 0.5 * smooth(rng, side, 30), 0.2, 1.0)
    if rng.random() < 0.5:
        rim = (_outward(water) <= reach) & ~water
        wet = cv2.blur(rgb, (9, 9)) if rng.random() < 0.3 else drawn(rng, side, Cover.WATER)
        now = water | rim
    else:
        rim = (_outward(~water) <= reach) & water
        wet = drawn(rng, side, Cover.BARE) * rng.uniform(0.55, 1.0)
        now = water & ~rim
    weight = soft(rim, 0.7)[..., None]
    return weight * wet + (1 - weight) * rgb, now


def _ripples(rng: Random, side: int) -> Field:
    y, x = np.mgrid[:side, :side].astype(np.float32)
    turn, period = rng.uniform(0, 2 * np.pi), rng.uniform(3, 12)
    bent = x * np.cos(turn) + y * np.sin(turn) + 3 * smooth(rng, side, rng.uniform(15, 60))
    calm = 0.5 + 0.5 * np.tanh(smooth(rng, side, 60))
    waves = np.sin(2 * np.pi * bent / period) * calm * rng.uniform(3, 16)
    return waves[..., None].astype(np.float32)


def _glint(rng: Random, side: int) -> Field:
    """Where the sun shows in the water: in one stretch, broken by ripples or whole."""
    stretch = 1 / (1 + np.exp(-4 * (smooth(rng, side, rng.uniform(30, 150)) - rng.uniform(0, 1.5))))
    if rng.random() < 0.6:
        stretch = stretch * (fractal(rng, side, rng.uniform(3, 12), 0.6) > rng.uniform(-0.5, 1.0))
        stretch = cv2.GaussianBlur(stretch.astype(np.float32), (0, 0), 0.7)
    return (stretch * rng.uniform(0.2, 1.0) * GLINT)[..., None].astype(np.float32)
