"""Calibration: what is learned from the flights themselves before any ground is judged."""

import math

import numpy as np

from geo.abreast import abreast
from geo.appearance import Appearance, Scale, appearance
from geo.change import Noise, distance, noise
from geo.detection_settings import DetectionSettings
from geo.grid import Grid, Tile
from geo.landcover import CoverLimits, bareness_limit, green_limit
from geo.look import Calibration
from geo.radiometry import Relighting, relighting
from geo.raster import Mask, Read

OVERVIEW_PX = 400_000
"""Pixels of the overview that light is fitted on."""

SAMPLE_PX = 256
SAMPLE_WINDOWS = 24
"""Side and number of the windows at full detail that noise and limits are read from."""

LEAST_NOISE: Noise = (2.0, 1.0, 1.0, 1.0)
MOST_NOISE: Noise = (7.0, 3.5, 4.0, 5.0)
"""Noise believed of L*, a*, b* and roughness."""


def calibration(
    before: Read | None, after: Read, grid: Grid, *, settings: DetectionSettings, residual_m: float
) -> Calibration:
    """
    Learn light, noise and limits from a bounded, fixed sample of the whole grid.

    Parameters
    ----------
    before, after
        The flights, the first registered to the second.
    grid
        The analysis grid.
    residual_m
        What registration left between the two, root mean square.
    """
    overview = grid.coarser(max(1, math.ceil(math.sqrt(grid.rows * grid.columns / OVERVIEW_PX))))
    now = after(overview)
    then = before(overview) if before is not None else None
    light = None
    if then is not None:
        light = relighting(then, now, field_m=settings.field_m, most_gain=settings.most_gain)
    scale = Scale.of(grid.pixel_size)
    seen = now.valid if then is None else now.valid & then.valid
    windows = _windows(grid, seen if seen.any() else now.valid)
    looked = list(
        abreast(lambda one: _looked(before, after, one, light=light, scale=scale), windows)
    )
    limits = _limits([date for pair in looked for date in pair if date is not None])
    pairs = [(then, now) for then, now in looked if then is not None]
    found = noise(pairs, least=LEAST_NOISE, most=MOST_NOISE)
    tolerance_px = int(np.clip(math.ceil(residual_m / grid.pixel_size), 1, 4))
    threshold, usual = _threshold(pairs, found, tolerance_px, settings=settings)
    return Calibration(
        scale=scale,
        limits=limits,
        relighting=light,
        noise=found,
        tolerance_px=tolerance_px,
        threshold=threshold,
        usual=usual,
    )


def _windows(grid: Grid, seen: Mask) -> list[Grid]:
    """Windows spread evenly over the seen ground; all of it where the grid is small."""
    cells = math.ceil(math.sqrt(4 * SAMPLE_WINDOWS))
    tiles = [
        Tile(
            row=row,
            column=column,
            rows=min(SAMPLE_PX, grid.rows),
            columns=min(SAMPLE_PX, grid.columns),
        )
        for row in _starts(grid.rows, cells)
        for column in _starts(grid.columns, cells)
    ]
    share = seen.shape[0] / grid.rows
    well_seen = [tile for tile in tiles if _seen_share(seen, tile, share) > 0.3] or tiles  # noqa: PLR2004
    step = math.ceil(len(well_seen) / SAMPLE_WINDOWS)
    return [tile.of(grid) for tile in well_seen[::step]]


def _seen_share(seen: Mask, tile: Tile, share: float) -> float:
    """Share of a tile that the overview, smaller by `share`, saw."""
    top, left = int(tile.row * share), int(tile.column * share)
    rows, columns = math.ceil(tile.rows * share), math.ceil(tile.columns * share)
    return float(seen[top : top + rows, left : left + columns].mean())


def _starts(length: int, cells: int) -> list[int]:
    """First pixels of at most `cells` windows along one side, evenly spread, not overlapping."""
    count = min(cells, max(1, math.ceil(length / SAMPLE_PX)))
    if count == 1:
        return [max(0, (length - SAMPLE_PX) // 2)]
    return [round(i * (length - SAMPLE_PX) / (count - 1)) for i in range(count)]


def _looked(
    before: Read | None, after: Read, window: Grid, *, light: Relighting | None, scale: Scale
) -> tuple[Appearance | None, Appearance]:
    second = after(window)
    now = appearance(second.values[:3].astype(np.float32), second.valid, scale=scale)
    if before is None or light is None:
        return None, now
    first = before(window)
    return appearance(light.applied(first), first.valid, scale=scale), now


def _limits(dates: list[Appearance]) -> CoverLimits:
    bareness = np.concatenate([date.bareness[date.valid][::11] for date in dates])
    lightness = np.concatenate([date.lightness[date.valid][::11] for date in dates])
    bright = float(np.quantile(lightness, 0.75)) if lightness.size else 50.0
    green_red = np.concatenate([date.green_red[date.valid][::11] for date in dates])
    limit = float(np.clip(bareness_limit(bareness), 4, 12))
    return CoverLimits(
        bareness=limit,
        green=green_limit(green_red, bareness, limit=limit),
        dark=0.45 * bright,
        smooth=1.0,
    )


def _threshold(
    pairs: list[tuple[Appearance, Appearance]],
    found: Noise,
    tolerance_px: int,
    *,
    settings: DetectionSettings,
) -> tuple[float, float]:
    """
    Distance beyond which no more than the false share of unchanged ground lies, and the middle.

    A Weibull distribution through the second and the fifth decile of the distances is
    continued to the tail: the lower half is unchanged ground, whatever the upper half is.
    """
    parts = [
        distance(then, now, noise=found, tolerance_px=tolerance_px)[then.valid & now.valid][::3]
        for then, now in pairs
    ]
    pooled = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    if not pooled.size:
        return settings.most_threshold, 0.0
    low, middle = np.maximum(np.quantile(pooled, (0.2, 0.5)), 1e-3)
    shape = math.log(math.log(2) / -math.log(0.8)) / max(math.log(middle / low), 0.2)
    tail = middle * (-math.log(settings.false_share) / math.log(2)) ** (1 / shape)
    threshold = np.clip(tail, settings.least_threshold, settings.most_threshold)
    return float(threshold), float(middle)
