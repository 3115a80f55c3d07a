"""What people do to ground: cleared, dug, heaped, flooded, paved, built on, or given back."""

from typing import Final

import cv2
import numpy as np
from cover import Cover
from noise import Field, Random, blob, fractal, soft, strip
from numpy.typing import NDArray
from scene import Places, Scene

_KINDS: Final = (
    (Cover.BARE, 0.38), (Cover.WATER, 0.1), (Cover.ROAD, 0.14), (Cover.STOCKPILE, 0.1),
    (Cover.BUILDING, 0.12), (Cover.TREE, 0.08), (Cover.LOW, 0.08),
)  # fmt: skip

_EVENLY: Final = (
    (Cover.BARE, 0.2), (Cover.WATER, 0.2), (Cover.ROAD, 0.12), (Cover.STOCKPILE, 0.2),
    (Cover.BUILDING, 0.2), (Cover.TREE, 0.04), (Cover.LOW, 0.04),
)  # fmt: skip
"""To teach what ground became: what is rare counts as much as what is common."""


WIDE_SHARE = 0.4
"""Of disturbances that may be `wide`, how many are."""


def disturb(
    rng: Random, scene: Scene, places: Places, *, evenly: bool = False, wide: bool = False
) -> Scene:
    """The same place after one to a few things were done to it, one of them `wide` perhaps."""
    after = Scene(scene.rgb.copy(), scene.cover.copy())
    relaid = np.zeros(scene.cover.shape, np.bool_)
    kinds, shares = zip(*(_EVENLY if evenly else _KINDS), strict=True)
    is_wide = wide and rng.random() < WIDE_SHARE
    for _ in range(int(rng.integers(1, 5))):
        kind = kinds[rng.choice(len(kinds), p=shares)]
        where = _wide(rng, scene.side) if is_wide else _shape(rng, scene.side, kind)
        if not 0 < where.mean() < (1 if is_wide else 0.7):
            continue
        is_wide = False
        paint = places.patch(rng, scene.side, kind)
        if kind is Cover.BUILDING:
            _cast(rng, after, where)
        if kind is Cover.BARE and rng.random() < 0.3:
            # Some plants are left standing, or half the ground shows through.
            where &= fractal(rng, scene.side, rng.uniform(4, 20)) < rng.uniform(0.8, 2.0)
        relaid |= where
        _lay(rng, after, where, paint, kind)
    after.relaid = relaid & (after.cover == scene.cover)
    return after


def _shape(rng: Random, side: int, kind: Cover) -> NDArray[np.bool_]:
    if kind is Cover.ROAD:
        return strip(rng, side, float(np.exp(rng.uniform(np.log(4), np.log(26)))))
    if kind is Cover.BUILDING:
        return _houses(rng, side)
    radius = float(np.exp(rng.uniform(np.log(7), np.log(0.35 * side))))
    return blob(rng, side, radius)


def _wide(rng: Random, side: int) -> NDArray[np.bool_]:
    """Works of which the frame shows a part, with what they spared."""
    radius = float(np.exp(rng.uniform(np.log(0.35 * side), np.log(1.3 * side))))
    where = blob(rng, side, radius)
    if rng.random() < 0.5:
        where &= ~blob(rng, side, rng.uniform(0.05, 0.3) * side)
    return where


def _houses(rng: Random, side: int) -> NDArray[np.bool_]:
    drawn = np.zeros((side, side), np.uint8)
    centre, turn = rng.uniform(0.15 * side, 0.85 * side, 2), rng.uniform(0, 90)
    for _ in range(int(rng.integers(1, 6))):
        size = np.exp(rng.uniform(np.log(9), np.log(60), 2))
        at = centre + rng.normal(0, 26, 2)
        angle = turn + 90 * int(rng.integers(2)) + rng.normal(0, 3)
        corners = cv2.boxPoints((tuple(map(float, at)), tuple(map(float, size)), float(angle)))
        cv2.fillPoly(drawn, [np.round(corners).astype(np.int32)], 1)
    return drawn.astype(bool)


def _cast(rng: Random, scene: Scene, where: NDArray[np.bool_]) -> None:
    """The shadow of what stands there, over what lies beside it."""
    reach, angle = rng.uniform(0, 10), rng.uniform(0, 2 * np.pi)
    shift = np.array([[1, 0, reach * np.cos(angle)], [0, 1, reach * np.sin(angle)]])
    mask = where.astype(np.uint8)
    fallen = cv2.warpAffine(mask, shift, mask.shape[::-1], flags=cv2.INTER_NEAREST)
    shaded = (fallen > 0) & ~where
    scene.rgb *= 1 - rng.uniform(0.3, 0.6) * soft(shaded, 0.8)[..., None]
    scene.cover[shaded] = Cover.SHADOW


def _lay(rng: Random, scene: Scene, where: NDArray[np.bool_], paint: Field, kind: Cover) -> None:
    """Lay ground over ground, in the light of the place."""
    around = scene.rgb[~where].mean() if (~where).any() else 128.0
    fit = np.clip(around / max(paint[where].mean() if where.any() else 128.0, 1.0), 0.6, 1.6)
    lit = paint * fit ** rng.uniform(0, 0.8)
    weight = soft(where, rng.uniform(0.3, 1.8))[..., None]
    strength = 1.0 if rng.random() < 0.8 else rng.uniform(0.75, 1.0)
    scene.rgb = np.clip(strength * weight * lit + (1 - strength * weight) * scene.rgb, 0, 255)
    scene.cover[where] = kind
