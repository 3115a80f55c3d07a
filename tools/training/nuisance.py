"""All that differs between two flights over ground where nothing happened."""

import cv2
import numpy as np
from cover import Cover
from noise import Field, Random, fractal, smooth, soft
from numpy.typing import NDArray
from scene import Places, Scene

DRY_SHARE = 0.35
"""How often plants that turn colour turn dry."""

STRAW = np.array([1.12, 1.0, 0.78], np.float32)
"""Red, green and blue of dry plants, of their mean."""

LEAN_PX = 2.2
"""How far what stands high leans at most from one flight to the next, pixels."""


def grown(rng: Random, scene: Scene, places: Places) -> Scene:
    """The same place another season: leaves moved, colours turned, nothing disturbed."""
    rgb = scene.rgb.copy()
    plants = (scene.cover == Cover.TREE) | (scene.cover == Cover.LOW)
    for kind in (Cover.TREE, Cover.LOW):
        if rng.random() < 0.6 and (scene.cover == kind).any():
            rgb = _moved_leaves(rng, rgb, scene.cover == kind, places.patch(rng, scene.side, kind))
    if rng.random() < 0.6 and plants.any():
        rgb = _turned(rng, rgb, plants)
    if rng.random() < 0.35:
        # Soil dries and darkens, water clouds: by smooth, weak fields.
        rgb *= (
            1 + rng.uniform(0.02, 0.12) * smooth(rng, scene.side, rng.uniform(40, 200))[..., None]
        )
    if rng.random() < 0.3:
        rgb = _things(rng, rgb)
    return Scene(np.clip(rgb, 0, 255), scene.cover)


def _moved_leaves(rng: Random, rgb: Field, plants: NDArray[np.bool_], other: Field) -> Field:
    """Other leaves, crowns and gaps of the same tone."""
    sigma = rng.uniform(4, 16)
    tone = cv2.GaussianBlur(rgb, (0, 0), sigma)
    grain = other - cv2.GaussianBlur(other, (0, 0), sigma)
    own = rgb - tone
    strength = own[plants].std() / max(float(grain[plants].std()), 1.0)
    share = rng.uniform(0.2, 1.0)
    mixed = tone + own * np.sqrt(1 - share**2) + grain * strength * share
    weight = soft(plants, 1.5)[..., None]
    return weight * mixed + (1 - weight) * rgb


def _turned(rng: Random, rgb: Field, plants: NDArray[np.bool_]) -> Field:
    """Plants of another colour: dry, lush, dark after rain, in patches or all over."""
    side = rgb.shape[0]
    field = 0.5 + 0.5 * np.tanh(fractal(rng, side, rng.uniform(30, 2 * side)))
    gain = rng.normal(1, 0.13, 3) * rng.uniform(0.7, 1.25)
    share = field if rng.random() < 0.7 else np.ones_like(field)
    weight = (soft(plants, 2.0) * share)[..., None]
    turned = rgb * (1 + weight * (gain - 1))
    return _dried(rng, turned, weight) if rng.random() < DRY_SHARE else turned


def _dried(rng: Random, rgb: Field, weight: Field) -> Field:
    """Straw where leaves were: the grain stays, the green goes."""
    grey = rgb.mean(axis=2, keepdims=True)
    straw = grey * rng.uniform(0.85, 1.35) * (STRAW + rng.normal(0, 0.06, 3))
    return rgb + weight * rng.uniform(0.2, 0.9) * (straw - rgb)


def _things(rng: Random, rgb: Field) -> Field:
    """Cars, drums and people come and go; they are no ground."""
    out = rgb.copy()
    side = rgb.shape[0]
    for _ in range(int(rng.integers(1, 6))):
        length = rng.uniform(2, 11)
        box = (
            tuple(map(float, rng.uniform(0, side, 2))),
            (length, length * rng.uniform(0.4, 0.7)),
            float(rng.uniform(0, 180)),
        )
        mask = np.zeros((side, side), np.uint8)
        cv2.fillPoly(mask, [np.round(cv2.boxPoints(box)).astype(np.int32)], 1)
        weight = soft(mask.astype(bool), 0.5)[..., None]
        out = weight * rng.uniform(20, 240, 3) + (1 - weight) * out
    return out


def warped(rng: Random, scene: Scene, *, strength: float, lean_px: float = LEAN_PX) -> Scene:
    """Seen from elsewhere: what is left of registration, and the lean of what stands high."""
    side = scene.side
    y, x = np.mgrid[:side, :side].astype(np.float32)
    move = rng.normal(0, 0.5 * strength, 2)
    turn, scale = rng.normal(0, 0.0015 * strength), 1 + rng.normal(0, 0.0015 * strength)
    to_x = side / 2 + scale * (x - side / 2) - turn * (y - side / 2) + move[0]
    to_y = side / 2 + scale * (y - side / 2) + turn * (x - side / 2) + move[1]
    if rng.random() < 0.6:
        high = np.isin(scene.cover, (Cover.TREE, Cover.BUILDING, Cover.UNKNOWN))
        lean = soft(high, 1.5) * (1 + 0.6 * smooth(rng, side, rng.uniform(8, 40)))
        angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0, lean_px) * strength
        to_x += reach * np.cos(angle) * lean
        to_y += reach * np.sin(angle) * lean
    flags = {"borderMode": cv2.BORDER_REFLECT_101}
    rgb = cv2.remap(
        scene.rgb.astype(np.float32),
        to_x.astype(np.float32),
        to_y.astype(np.float32),
        cv2.INTER_LINEAR,
        **flags,
    )
    return Scene(rgb, scene.cover)


def lit(rng: Random, rgb: Field, cover: NDArray[np.uint8], *, strength: float) -> Field:
    """Light of a day: sun, shadows, haze, clouds, and what the camera makes of it."""
    side = rgb.shape[0]
    out = rgb.copy()
    if rng.random() < 0.55:
        out *= 1 - rng.uniform(0.25, 0.65) * _shadows(rng, cover)[..., None]
    if rng.random() < 0.35:
        cloud = 1 / (1 + np.exp(-3 * (smooth(rng, side, rng.uniform(80, 400)) - rng.uniform(0, 2))))
        out *= 1 - rng.uniform(0.1, 0.5) * cloud[..., None]
    gain = np.exp(rng.normal(0, 0.22 * strength) + rng.normal(0, 0.07 * strength, 3))
    gamma = np.exp(rng.normal(0, 0.16 * strength))
    out = 255 * np.clip(out * gain / 255, 0, None) ** gamma
    if rng.random() < 0.35:
        haze = rng.uniform(0.05, 0.4) * np.clip(1 + 0.4 * smooth(rng, side, 250), 0.2, 2)
        out = out + np.minimum(haze, 0.65)[..., None] * (rng.uniform(150, 235, 3) - out)
    if rng.random() < 0.2:
        out = _seam(rng, out)
    grey = out.mean(axis=2, keepdims=True)
    out = grey + (out - grey) * np.exp(rng.normal(0, 0.2 * strength))
    return np.clip(out, 0, 255).astype(np.float32)


def _shadows(rng: Random, cover: NDArray[np.uint8]) -> Field:
    """Where trees and houses keep the sun off."""
    side = cover.shape[0]
    high = (cover == Cover.TREE) | (cover == Cover.BUILDING)
    clumps = high & (fractal(rng, side, rng.uniform(8, 40)) > rng.uniform(-0.2, 1.0))
    if rng.random() < 0.4:
        clumps |= fractal(rng, side, rng.uniform(6, 24)) > rng.uniform(1.8, 2.6)
    reach, angle = rng.uniform(1, 12), rng.uniform(0, 2 * np.pi)
    fallen = np.zeros((side, side), np.uint8)
    mask = clumps.astype(np.uint8)
    for step in np.linspace(0.3, 1, 4) * reach:
        shift = np.array([[1, 0, step * np.cos(angle)], [0, 1, step * np.sin(angle)]])
        fallen |= cv2.warpAffine(mask, shift, (side, side), flags=cv2.INTER_NEAREST)
    return soft((fallen > 0) & ~clumps, rng.uniform(0.5, 1.5))


def _seam(rng: Random, rgb: Field) -> Field:
    side = rgb.shape[0]
    y, x = np.mgrid[:side, :side]
    angle = rng.uniform(0, 2 * np.pi)
    distance = (x - rng.uniform(0, side)) * np.cos(angle) + (y - rng.uniform(0, side)) * np.sin(
        angle
    )
    beyond = distance + 5 * smooth(rng, side, 50) > 0
    return rgb * np.where(beyond[..., None], np.exp(rng.normal(0, 0.08, 3)), 1.0)


def taken(rng: Random, rgb: Field) -> NDArray[np.uint8]:
    """What arrives in the file: blur, noise, compression."""
    out = rgb
    if rng.random() < 0.6:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.3, 1.3))
    if rng.random() < 0.2:
        side, factor = rgb.shape[0], rng.uniform(0.4, 0.8)
        # By its size: shrunk by a factor, the picture would come back displaced by up to a pixel.
        size = (round(side * factor),) * 2
        small = cv2.resize(out, size, interpolation=cv2.INTER_AREA)
        out = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)
    out = out + rng.normal(0, rng.uniform(0, 5), out.shape)
    whole = np.clip(out, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 95))]
        _, packed = cv2.imencode(".jpg", whole, quality)
        whole = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return whole
