"""Tree crowns, stamped one by one into a height field."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sample_data.noise import Field
from sample_data.outlines import SIDE_PX, TO_METRES
from sample_data.site import PIXEL_M

type Stamp = NDArray[np.float32]
"""A crown seen from above on a small square: 0 at its rim, 1 on top, negative outside."""

VARIANTS = 10
LARGEST_PX = 48


@dataclass(frozen=True, kw_only=True, eq=False)
class Plants:
    """Plants of one kind, one a row."""

    at_m: NDArray[np.float64]
    """(n, 2) east and north."""

    radius_m: NDArray[np.float64]
    height_m: NDArray[np.float64]
    """Of the top above the soil."""

    colour: NDArray[np.float32]
    """(n, 3) reflectance of the leaves: red, green, blue."""

    def only(self, keep: NDArray[np.bool_]) -> "Plants":
        """Keep some of them."""
        return Plants(
            at_m=self.at_m[keep],
            radius_m=self.radius_m[keep],
            height_m=self.height_m[keep],
            colour=self.colour[keep],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Canopy:
    """The leaf surface of a whole canvas; where nothing grows its height is 0."""

    height_m: Field
    colour: NDArray[np.float32]
    """(rows, columns, 3) reflectance."""

    rim: Field
    """0 on the rim of a crown, 1 in its middle."""


def broadleaf(rng: np.random.Generator) -> dict[int, list[Stamp]]:
    """Stamps of rounded, lobed crowns by radius in pixels."""
    return {
        radius: [_lobed(radius, rng) for _ in range(VARIANTS)] for radius in range(1, LARGEST_PX)
    }


def palms(rng: np.random.Generator) -> dict[int, list[Stamp]]:
    """Stamps of oil palms: a star of fronds that droop from the heart."""
    return {radius: [_star(radius, rng) for _ in range(VARIANTS)] for radius in range(1, 32)}


def stamped(
    plants: Plants, stamps: dict[int, list[Stamp]], *, roundness: float, rng: np.random.Generator
) -> Canopy:
    """
    Stand every plant in its place; where two overlap the higher is seen.

    Parameters
    ----------
    roundness
        Height of a crown from rim to top, in its own radii.
    """
    height = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    rim = np.zeros_like(height)
    owner = np.zeros((SIDE_PX, SIDE_PX), np.int32)
    columns, rows = (~TO_METRES) @ (plants.at_m[:, 0], plants.at_m[:, 1])
    radii = np.clip(np.rint(plants.radius_m / PIXEL_M).astype(int), 1, max(stamps))
    variants = rng.integers(0, VARIANTS, len(radii))
    for i in range(len(radii)):
        stamp = stamps[int(radii[i])][variants[i]]
        half = stamp.shape[0] // 2
        top, left = int(rows[i]) - half, int(columns[i]) - half
        if not (0 <= top < SIDE_PX - 2 * half - 1 and 0 <= left < SIDE_PX - 2 * half - 1):
            continue
        window = slice(top, top + 2 * half + 1), slice(left, left + 2 * half + 1)
        crown_m = roundness * radii[i] * PIXEL_M
        surface = plants.height_m[i] - crown_m * (1.0 - stamp)
        seen = (stamp >= 0.0) & (surface > height[window])
        height[window][seen] = surface[seen]
        rim[window][seen] = stamp[seen]
        owner[window][seen] = i + 1
    palette = np.vstack([np.zeros((1, 3), np.float32), plants.colour])
    return Canopy(height_m=height, colour=palette[owner], rim=rim)


def higher(first: Canopy, second: Canopy) -> Canopy:
    """See whichever stands higher."""
    wins = second.height_m > first.height_m
    return Canopy(
        height_m=np.where(wins, second.height_m, first.height_m),
        colour=np.where(wins[..., np.newaxis], second.colour, first.colour),
        rim=np.where(wins, second.rim, first.rim),
    )


def _polar(radius: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    half = int(radius * 1.35) + 1
    down, across = np.mgrid[-half : half + 1, -half : half + 1]
    return np.hypot(down, across) / radius, np.arctan2(down, across)


def _lobed(radius: int, rng: np.random.Generator) -> Stamp:
    distance, angle = _polar(radius)
    edge = np.ones_like(distance)
    for lobes in range(2, 8):
        edge += rng.normal(0, 0.16 / lobes**0.5) * np.cos(lobes * angle + rng.uniform(0, 6.3))
    inward = 1.0 - (distance / np.clip(edge, 0.6, 1.3)) ** 2
    dome = np.sqrt(np.clip(inward, 0.0, 1.0))
    # Boughs: a handful of smaller domes that break the big one up, as seen from a drone.
    size = distance.shape[0]
    boughs = np.zeros_like(dome)
    for _ in range(3 + radius // 3):
        reach, turn = 0.85 * np.sqrt(rng.uniform()), rng.uniform(0, 6.3)
        down = size // 2 + reach * radius * np.sin(turn)
        across = size // 2 + reach * radius * np.cos(turn)
        y, x = np.mgrid[:size, :size]
        own = rng.uniform(0.22, 0.42) * radius
        bough = np.sqrt(np.clip(1.0 - ((y - down) ** 2 + (x - across) ** 2) / own**2, 0, 1))
        np.maximum(boughs, bough, out=boughs)
    stamp = np.clip(dome * (0.72 + 0.28 * boughs), 0, 1)
    return np.where(inward > 0, stamp, -1.0).astype(np.float32)


def _star(radius: int, rng: np.random.Generator) -> Stamp:
    distance, angle = _polar(radius)
    fronds = int(rng.integers(13, 18))
    wave = np.cos(fronds * angle + rng.uniform(0, 6.3) + 0.8 * distance)
    length = 1.0 + 0.12 * np.cos(3 * angle + rng.uniform(0, 6.3))
    width = 1.15 - 1.5 * distance / length
    droop = np.clip(1.0 - (distance / (1.05 * length)) ** 2, 0, 1)
    stamp = droop * (0.8 + 0.2 * wave)
    on_frond = (wave > -np.clip(width, -1, 1)) & (distance < length)
    return np.where(on_frond, stamp, -1.0).astype(np.float32)


def smoothed(colour: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    """Blend neighbouring leaves, so that crowns do not meet like tiles."""
    return np.asarray(cv2.GaussianBlur(colour, (0, 0), sigma_px), np.float32)
