"""Random fields and shapes: what nature draws with."""

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Random = np.random.Generator


def smooth(rng: Random, side: int, wavelength: float) -> Field:
    """A smooth field of mean 0 and deviation 1, (side, side), of one wavelength in pixels."""
    cells = max(2, round(side / wavelength) + 3)
    coarse = rng.standard_normal((cells, cells)).astype(np.float32)
    scale = side / max(1.0, side / wavelength)
    whole = cv2.resize(coarse, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    at_y, at_x = (int(rng.integers(0, max(1, size - side))) for size in whole.shape)
    part = whole[at_y : at_y + side, at_x : at_x + side]
    if part.shape != (side, side):
        part = cv2.resize(part, (side, side), interpolation=cv2.INTER_LINEAR)
    return (part - part.mean()) / (part.std() + 1e-6)


def fractal(rng: Random, side: int, coarsest: float, roughness: float = 0.5) -> Field:
    """A field as ground has it: each half wavelength with `roughness` of the strength before."""
    field = np.zeros((side, side), np.float32)
    wavelength, strength = coarsest, 1.0
    while wavelength >= 2:
        field += strength * smooth(rng, side, wavelength)
        wavelength /= 2
        strength *= roughness
    return (field - field.mean()) / (field.std() + 1e-6)


def blob(rng: Random, side: int, radius: float, rough: float = 0.35) -> NDArray[np.bool_]:
    """One piece of ground with a natural, angular or rectangular edge, somewhere in the frame."""
    y, x = np.mgrid[:side, :side].astype(np.float32)
    at = rng.uniform(0.1 * side, 0.9 * side, 2)
    turn = rng.uniform(0, np.pi)
    across = (x - at[0]) * np.cos(turn) + (y - at[1]) * np.sin(turn)
    along = (y - at[1]) * np.cos(turn) - (x - at[0]) * np.sin(turn)
    stretch = rng.uniform(0.55, 1.8)
    kind = rng.random()
    if kind < 0.25:
        distance = np.maximum(np.abs(across) * stretch, np.abs(along) / stretch) / radius
        rough *= 0.25
    else:
        distance = np.hypot(across * stretch, along / stretch) / radius
    edge = rough * smooth(rng, side, max(4.0, radius * rng.uniform(0.4, 1.5)))
    edge += 0.3 * rough * smooth(rng, side, max(3.0, radius * 0.2))
    return distance + edge < 1.0


def strip(rng: Random, side: int, width: float) -> NDArray[np.bool_]:
    """A winding strip through the frame."""
    line = np.zeros((side, side), np.uint8)
    count = 6
    start, end = rng.uniform(-0.2 * side, 1.2 * side, (2, 2))
    if rng.random() < 0.7:
        angle = rng.uniform(0, 2 * np.pi)
        reach = side * np.array([np.cos(angle), np.sin(angle)])
        middle = rng.uniform(0.2 * side, 0.8 * side, 2)
        start, end = middle - reach, middle + reach
    share = np.linspace(0, 1, count)[:, None]
    points = start + (end - start) * share + rng.normal(0, side * rng.uniform(0, 0.08), (count, 2))
    dense = np.stack(
        [
            np.interp(np.linspace(0, count - 1, 40), np.arange(count), points[:, axis])
            for axis in (0, 1)
        ],
        axis=1,
    )
    kernel = np.ones(7) / 7
    padded = np.pad(dense, ((3, 3), (0, 0)), mode="edge")
    curve = np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
    thick = max(1, round(width))
    cv2.polylines(
        line, [np.round(curve).astype(np.int32)], isClosed=False, color=1, thickness=thick
    )
    return line.astype(bool)


def soft(mask: NDArray[np.bool_], sigma: float) -> Field:
    """A mask with the edge that a lens gives it, 0-1."""
    if sigma < 0.2:
        return mask.astype(np.float32)
    return cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma)
