"""Movements of a picture in its own plane, in pixels from the outer corner of its first one."""

import math

import cv2
import numpy as np
from affine import Affine
from numpy.typing import NDArray

from tests.benchmarks.accuracy.sources import Pixels

LATTICE = 9
"""Points a side at which two movements are compared."""

HALF = Affine.translation(0.5, 0.5)
"""OpenCV counts from pixel centres."""


def drawn_movement(
    random: np.random.Generator, shape: tuple[int, ...], *, most_px: float = 12
) -> Affine:
    """A shift up to `most_px`, a turn up to 1 degree, a scale up to 1 %, about the centre."""
    rows, columns = shape[:2]
    length, way = most_px * math.sqrt(random.uniform()), random.uniform(0, 2 * math.pi)
    turn, scale = random.uniform(-1, 1), 1 + random.uniform(-0.01, 0.01)
    centre = Affine.translation(columns / 2, rows / 2)
    shift = Affine.translation(length * math.cos(way), length * math.sin(way))
    return shift @ centre @ Affine.rotation(turn) @ Affine.scale(scale) @ ~centre


def drawn_skew(random: np.random.Generator, shape: tuple[int, ...]) -> Affine:
    """A shear up to 0.5 % both ways and scales along the axes up to 1 % apart, about the centre."""
    rows, columns = shape[:2]
    apart, shear = random.uniform(-0.005, 0.005, 2)
    centre = Affine.translation(columns / 2, rows / 2)
    return centre @ Affine(1 + apart, shear, 0, shear, 1 - apart, 0) @ ~centre


def source_places(
    movement: Affine, shape: tuple[int, ...]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row, from pixel centres, at which each pixel of the moved picture is read."""
    rows, columns = shape[:2]
    back = ~HALF @ ~movement @ HALF
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    return (
        (back.a * x + back.b * y + back.c).astype(np.float32),
        (back.d * x + back.e * y + back.f).astype(np.float32),
    )


def moved(pixels: Pixels, movement: Affine) -> tuple[Pixels, NDArray[np.bool_]]:
    """The picture moved, and where it still shows something."""
    x, y = source_places(movement, pixels.shape)
    out = cv2.remap(pixels, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    rows, columns = pixels.shape[:2]
    seen = (x >= 0) & (y >= 0) & (x <= columns - 1) & (y <= rows - 1)
    return np.where(seen[..., None], out, 0).astype(np.uint8), seen


def error_px(found: Affine, truth: Affine, shape: tuple[int, ...]) -> float:
    """Root mean square distance of two movements over a lattice of the picture, pixels."""
    return float(np.sqrt(np.mean(np.square(_distances(found, truth, shape)))))


def worst_px(found: Affine, truth: Affine, shape: tuple[int, ...]) -> float:
    """Largest distance of two movements over a lattice of the picture, pixels."""
    return float(np.max(_distances(found, truth, shape)))


def lattice(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """(n, 2): columns and rows of the points compared."""
    rows, columns = shape[:2]
    x, y = np.meshgrid(np.linspace(0, columns, LATTICE), np.linspace(0, rows, LATTICE))
    return np.column_stack([x.ravel(), y.ravel()])


def _distances(found: Affine, truth: Affine, shape: tuple[int, ...]) -> NDArray[np.float64]:
    points = lattice(shape)
    there = [math.dist(found @ tuple(point), truth @ tuple(point)) for point in points]
    return np.array(there)
