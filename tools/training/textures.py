"""Drawn ground: what the photographs lack, each with the cover that it is."""

from collections.abc import Callable
from itertools import repeat
from typing import Final

import cv2
import numpy as np
from cover import Cover
from noise import Field, Random, fractal, smooth

Drawn = Field
"""(side, side, 3), 0-255"""

_SOILS: Final = (
    (176, 138, 104), (158, 104, 72), (196, 168, 132), (150, 128, 108), (206, 190, 162),
    (134, 92, 66), (186, 120, 80), (168, 160, 148), (112, 96, 84), (222, 208, 188),
)  # fmt: skip
_LEAVES: Final = ((62, 88, 44), (44, 72, 38), (86, 112, 58), (74, 94, 66), (98, 116, 52))
_GRASS: Final = ((118, 138, 72), (146, 150, 92), (96, 128, 66), (164, 158, 104), (128, 142, 98))
_WATERS: Final = (
    (92, 128, 118), (146, 122, 86), (52, 70, 68), (104, 150, 142), (168, 146, 112), (38, 52, 58),
    (120, 128, 96), (86, 108, 84),
)  # fmt: skip
_HEAPS, _CROWNS, _SIDE = 60, 900, 192
"""Most heaps and crowns on a picture of that side; on a larger one more lie as close."""

_ROOFS: Final = ((150, 84, 62), (188, 186, 180), (84, 112, 148), (132, 126, 122), (210, 205, 200))


def _tinted(rng: Random, colours: tuple[tuple[int, ...], ...], spread: float) -> Field:
    chosen = np.array(colours[rng.integers(len(colours))], np.float32)
    return np.clip(chosen * rng.uniform(1 - spread, 1 + spread) + rng.normal(0, 6, 3), 12, 245)


def _grounded(base: Field, light: Field, hue: Field) -> Drawn:
    drawn = base[None, None, :] * (1 + light[..., None])
    drawn[..., 0] *= 1 + hue
    drawn[..., 2] *= 1 - hue
    return drawn.astype(np.float32)


def soil(rng: Random, side: int) -> Drawn:
    """Bare ground: soft stains, grain, and the tracks of machines."""
    light = rng.uniform(0.03, 0.1) * fractal(rng, side, rng.uniform(20, 120), 0.6)
    light += rng.uniform(0.01, 0.06) * rng.standard_normal((side, side)).astype(np.float32)
    if rng.random() < 0.5:
        angle, period = rng.uniform(0, np.pi), rng.uniform(5, 24)
        y, x = np.mgrid[:side, :side]
        bent = x * np.cos(angle) + y * np.sin(angle) + 4 * smooth(rng, side, 60)
        light += rng.uniform(0.01, 0.07) * np.sin(2 * np.pi * bent / period)
    hue = 0.05 * smooth(rng, side, rng.uniform(30, 160))
    return _grounded(_tinted(rng, _SOILS, 0.25), light.astype(np.float32), hue)


def pit(rng: Random, side: int) -> Drawn:
    """Dug ground: steps with lit and shaded faces."""
    height = fractal(rng, side, rng.uniform(40, 140), 0.45)
    steps = rng.uniform(2, 7)
    height = np.floor(height * steps) / steps + 0.15 * height
    light = _relief(rng, height, rng.uniform(0.4, 1.4))
    light += 0.05 * fractal(rng, side, 24, 0.7)
    return _grounded(_tinted(rng, _SOILS, 0.3), light, 0.04 * smooth(rng, side, 60))


def heaps(rng: Random, side: int) -> Drawn:
    """Stockpiles: cones side by side, lit from one side."""
    height = np.zeros((side, side))
    y, x = np.mgrid[:side, :side].astype(np.float32)
    radius = rng.uniform(8, 40)
    few, further = _counts(3 * (side / radius) ** 2, _HEAPS, side)
    for chance in (*repeat(rng, few), *repeat(rng.spawn(1)[0], further)):
        at, size = chance.uniform(0, side, 2), radius * chance.uniform(0.5, 1.2)
        reach = int(size / 0.8) + 1
        left, right = int(max(0, at[0] - reach)), int(min(side, at[0] + reach + 1))
        top, bottom = int(max(0, at[1] - reach)), int(min(side, at[1] + reach + 1))
        around = np.s_[top:bottom, left:right]
        away = np.hypot(x[around] - at[0], y[around] - at[1])
        cone = size - away * chance.uniform(0.8, 1.2)
        height[around] = np.maximum(height[around], cone)
    light = _relief(rng, height + 0.5 * fractal(rng, side, 12), rng.uniform(0.15, 0.4))
    base = _tinted(rng, (*_SOILS, (70, 68, 68), (225, 222, 215), (48, 46, 48)), 0.25)
    return _grounded(base, light, 0.03 * smooth(rng, side, 40))


def _counts(wanted: float, most: int, side: int) -> tuple[int, int]:
    """
    How many things to draw, and how many further ones on a picture larger than the usual.

    These are to be drawn by a chance of their own: all else that is drawn stays what it was.
    """
    few = int(min(most, wanted))
    return few, max(int(min(most * (side / _SIDE) ** 2, wanted)) - few, 0)


def _relief(rng: Random, height: Field, strength: float) -> Field:
    angle = rng.uniform(0, 2 * np.pi)
    down, right = np.gradient(cv2.GaussianBlur(height, (0, 0), 0.8))
    slope = right * np.cos(angle) + down * np.sin(angle)
    return np.clip(strength * slope, -0.55, 0.45).astype(np.float32)


def canopy(rng: Random, side: int) -> Drawn:
    """A wood from above: crowns of one or several sizes, with dark gaps between."""
    light = np.full((side, side), -0.45, np.float32)
    radius = rng.uniform(2.5, 14)
    y, x = np.mgrid[:side, :side].astype(np.float32)
    sun = rng.uniform(0, 2 * np.pi)
    few, further = _counts(1.6 * (side / radius) ** 2, _CROWNS, side)
    for chance, count in ((rng, few), (rng.spawn(1)[0], further)):
        for at in chance.uniform(0, side, (count, 2)):
            size = radius * chance.uniform(0.6, 1.35)
            _crown(light, x, y, at, size, sun, chance.normal(0, 0.12))
    light += rng.uniform(0.05, 0.16) * rng.standard_normal((side, side)).astype(np.float32)
    return _grounded(_tinted(rng, _LEAVES, 0.3), light, 0.06 * smooth(rng, side, 30))


def plantation(rng: Random, side: int) -> Drawn:
    """Rows of like trees over grass or soil."""
    drawn = (grass if rng.random() < 0.6 else soil)(rng, side)
    spacing = rng.uniform(7, 26)
    turn, sun = rng.uniform(0, np.pi), rng.uniform(0, 2 * np.pi)
    light = np.full((side, side), -9.0, np.float32)
    y, x = np.mgrid[:side, :side].astype(np.float32)
    steps = np.arange(-side, 2 * side, spacing)
    for along in steps:
        for across in steps:
            at_x = along * np.cos(turn) - across * np.sin(turn) + rng.normal(0, spacing * 0.07)
            at_y = along * np.sin(turn) + across * np.cos(turn) + rng.normal(0, spacing * 0.07)
            if -spacing < at_x < side + spacing and -spacing < at_y < side + spacing:
                size = spacing * rng.uniform(0.32, 0.5)
                _crown(light, x, y, (at_x, at_y), size, sun, rng.normal(0, 0.08))
    leaves = _grounded(_tinted(rng, _LEAVES, 0.3), light, 0.04 * smooth(rng, side, 40))
    return np.where(light[..., None] > -1, leaves, drawn).astype(np.float32)


def _crown(  # noqa: PLR0913, PLR0917 - a field with its coordinates, and a ball
    light: Field, x: Field, y: Field, at: tuple[float, float], size: float, sun: float, shade: float
) -> None:
    """Draw a lit ball into the field, over what lies lower."""
    side = light.shape[0]
    left, right = int(max(0, at[0] - size - 1)), int(min(side, at[0] + size + 2))
    top, bottom = int(max(0, at[1] - size - 1)), int(min(side, at[1] + size + 2))
    if left >= right or top >= bottom:
        return
    across, down = x[top:bottom, left:right] - at[0], y[top:bottom, left:right] - at[1]
    inside = across**2 + down**2 < size**2
    lit = 0.3 * (across * np.cos(sun) + down * np.sin(sun)) / size + shade
    part = light[top:bottom, left:right]
    part[inside] = lit[inside]


def grass(rng: Random, side: int) -> Drawn:
    """Low plants: soft, with a little grain."""
    light = rng.uniform(0.03, 0.12) * fractal(rng, side, rng.uniform(20, 100), 0.55)
    light += rng.uniform(0.01, 0.07) * rng.standard_normal((side, side)).astype(np.float32)
    return _grounded(_tinted(rng, _GRASS, 0.25), light, 0.06 * smooth(rng, side, 60))


def water(rng: Random, side: int) -> Drawn:
    """Standing or muddy water: smooth, at times with glint or a plume."""
    light = rng.uniform(0.0, 0.05) * smooth(rng, side, rng.uniform(40, 160))
    light += rng.uniform(0.0, 0.02) * rng.standard_normal((side, side)).astype(np.float32)
    if rng.random() < 0.3:
        light += rng.uniform(0.02, 0.08) * fractal(rng, side, rng.uniform(4, 14), 0.6)
    return _grounded(_tinted(rng, _WATERS, 0.25), light, 0.08 * smooth(rng, side, 90))


def paving(rng: Random, side: int) -> Drawn:
    """A road's surface: even, grey or of earth."""
    grey = ((128, 126, 124), (150, 146, 140), (104, 104, 106), (190, 182, 170))
    light = rng.uniform(0.01, 0.05) * fractal(rng, side, rng.uniform(10, 60), 0.5)
    return _grounded(_tinted(rng, (*grey, *_SOILS), 0.2), light, 0.02 * smooth(rng, side, 60))


def roofing(rng: Random, side: int) -> Drawn:
    """A roof's surface: ribs or none."""
    y, x = np.mgrid[:side, :side]
    turn, period = rng.uniform(0, np.pi), rng.uniform(2.5, 9)
    ribs = np.sin(2 * np.pi * (x * np.cos(turn) + y * np.sin(turn)) / period)
    light = rng.uniform(0, 0.08) * ribs.astype(np.float32) + 0.03 * smooth(rng, side, 30)
    return _grounded(_tinted(rng, _ROOFS, 0.2), light, np.zeros((side, side), np.float32))


DRAWN: Final[dict[Cover, tuple[Callable[[Random, int], Drawn], ...]]] = {
    Cover.TREE: (canopy, canopy, plantation),
    Cover.LOW: (grass,),
    Cover.BARE: (soil, soil, pit),
    Cover.WATER: (water,),
    Cover.ROAD: (paving,),
    Cover.STOCKPILE: (heaps,),
    Cover.BUILDING: (roofing,),
}


def drawn(rng: Random, side: int, kind: Cover) -> Drawn:
    """Ground of that cover, drawn."""
    ways = DRAWN[kind]
    return np.clip(ways[rng.integers(len(ways))](rng, side), 0, 255).astype(np.float32)
