"""Relief: the height of the bare ground on each date, and what was dug and heaped between them."""

import cv2
import numpy as np

from sample_data.layout import Layout
from sample_data.noise import Field, blurred, fractal, smoothstep
from sample_data.outlines import SIDE_PX, away_m, depth_m
from sample_data.site import SEED, Day

BENCH_M = 3.0
"""Height of a pit's bench; each is about twice as wide."""

HEAP_SLOPE = 0.62
"""Rise of a heap of loose stone for each metre from its foot."""


def natural(layout: Layout) -> Field:
    """Give the ground before anybody dug: rolling land that falls to the river."""
    rng = np.random.default_rng(SEED + 10)
    rolling = 2.6 * fractal(SIDE_PX, rng=rng, roughness=2.2, finest_px=60)
    rough = 0.05 * fractal(SIDE_PX, rng=rng, roughness=1.0, finest_px=3, coarsest_px=60)
    from_river = away_m(layout.river_line)
    valley = 9.0 * smoothstep(from_river, 4.0, 130.0)
    banks = 1.6 * smoothstep(from_river, 6.0, 11.0)
    return (38.0 + rolling * smoothstep(from_river, 8.0, 70.0) + valley + banks + rough).astype(
        np.float32
    )


def dug(ground_m: Field, layout: Layout, day: Day) -> Field:
    """Give the ground of a date: levelled for roads, cut for the pit, heaped for the stock."""
    rng = np.random.default_rng(SEED + 11)
    surface = ground_m.copy()
    level = blurred(surface, 14.0)
    flat = [layout.shape("access_road"), layout.shape("yard"), layout.shape("farmstead")]
    if day.is_current:
        flat.append(layout.shape("haul_road"))
    for shape in flat:
        inside = smoothstep(depth_m(shape), -0.6, 1.0)
        surface = surface * (1 - inside) + level * inside
    pit = layout.shape("old_pit")
    if day.is_current:
        pit = pit.union(layout.shape("pit_growth")).buffer(0)
    surface -= _benches(depth_m(pit), rng)
    if day.is_current:
        surface += _heap(depth_m(layout.shape("stockpile")), rng)
        water = depth_m(layout.shape("pond"))
        basin = smoothstep(water, -2.2, 1.2)
        rim_m = float(np.median(level[water > 0])) - 1.0
        surface = surface * (1 - basin) + rim_m * basin
    return surface.astype(np.float32)


def _benches(depth: Field, rng: np.random.Generator) -> Field:
    """Depth of a pit: flat benches, steep faces, and a floor."""
    wander = 0.7 * fractal(SIDE_PX, rng=rng, roughness=1.6, finest_px=8, coarsest_px=120)
    inward = np.clip(depth + wander * smoothstep(depth, 0.5, 3.0), 0, 15.5)
    step = np.floor(inward / 5.5)
    face = smoothstep((inward / 5.5 - step).astype(np.float32), 0.0, 0.32)
    cut = BENCH_M * np.where(depth > 0, step + face, 0)
    return np.asarray(cv2.GaussianBlur(cut.astype(np.float32), (0, 0), 1.0), np.float32)


def _heap(depth: Field, rng: np.random.Generator) -> Field:
    """Height of tipped stone: cones that run together, never steeper than it lies."""
    lumps = fractal(SIDE_PX, rng=rng, roughness=1.3, finest_px=6, coarsest_px=70)
    height = HEAP_SLOPE * np.clip(depth, 0, 9.0) * (1 + 0.13 * lumps)
    return np.where(depth > 0, height, 0).astype(np.float32)
