"""Growth: what stands on the ground of each date, plant by plant."""

import numpy as np
from numpy.typing import NDArray
from shapely import Point, Polygon

from sample_data.crowns import Canopy, Plants, broadleaf, higher, palms, smoothed, stamped
from sample_data.layout import Layout
from sample_data.noise import Field, fractal
from sample_data.outlines import SIDE_PX, TO_METRES, depth_m
from sample_data.site import MARGIN_M, SEED, SIDE_M, Day

LEAVES = np.array([0.062, 0.118, 0.040], np.float32)
DRY_LEAVES = np.array([0.104, 0.126, 0.047], np.float32)
PALM_LEAVES = np.array([0.066, 0.128, 0.046], np.float32)
PALM_EDGE_M = 1.5
SHRUB_EDGE_M = 0.1
MISSING_PALMS = 0.05
OVERHANG = 0.35
"""Share of its radius by which a crown may lean over open ground."""


def canopy(layout: Layout, day: Day, marks: list[Point]) -> Canopy:
    """
    Grow the leaf surface of a date.

    The same trees stand on both dates; their boughs, tilt and tint do not stay the same, which
    is what makes two pictures of one forest differ everywhere.
    """
    mood = np.random.default_rng(day.seed)
    forest = stamped(
        _weathered(_open(_forest(layout), _cleared(layout, day), marks), day, mood),
        broadleaf(mood),
        roundness=1.0,
        rng=mood,
    )
    oil = stamped(
        _weathered(_open(_plantation(layout), [], marks), day, mood),
        palms(mood),
        roundness=0.7,
        rng=mood,
    )
    grown = higher(forest, oil)
    if day.is_current:
        shrubs = stamped(
            _weathered(_shrubs(layout.shape("revegetated")), day, mood),
            broadleaf(mood),
            roundness=0.8,
            rng=mood,
        )
        grown = higher(grown, shrubs)
    return Canopy(height_m=grown.height_m, colour=smoothed(grown.colour, 0.9), rim=grown.rim)


def _cleared(layout: Layout, day: Day) -> list[Polygon]:
    """Ground where no tree stands on a date."""
    return [
        one.shape for one in layout.disturbances.values() if day.is_current or one.epoch != "new"
    ]


def _forest(layout: Layout) -> Plants:
    rng = np.random.default_rng(SEED + 20)
    understory = _strewn(2.7, rng)
    giants = _strewn(9.5, rng)
    at = np.vstack([understory, giants])
    radius = np.r_[
        rng.lognormal(np.log(1.9), 0.28, len(understory)),
        rng.lognormal(np.log(4.3), 0.24, len(giants)),
    ]
    radius = np.clip(radius, 0.9, 8.0)
    height = 4.5 + 2.2 * radius + rng.normal(0, 1.2, len(radius))
    keep = np.ones(len(at), np.bool_)
    for shape in (layout.river, *layout.plots.values()):
        keep &= _depth_at(depth_m(shape), at) < -OVERHANG * radius
    stands = _depth_at(fractal(SIDE_PX, rng=rng, roughness=1.6, finest_px=40), at)[:, np.newaxis]
    own = rng.normal(0, 1, (len(at), 1))
    tint = rng.normal(0, 1, (len(at), 3)) * np.array([0.16, 0.06, 0.12])
    colour = LEAVES * np.exp(0.16 * own + tint + 0.12 * stands * np.array([1.4, 0.7, 0.6]))
    return Plants(at_m=at, radius_m=radius, height_m=height, colour=colour.astype(np.float32)).only(
        keep
    )


def _plantation(layout: Layout) -> Plants:
    """Oil palms on their triangle, 8.5 m apart, with a gap here and there."""
    rng = np.random.default_rng(SEED + 21)
    east, north = np.meshgrid(np.arange(-8, SIDE_M, 8.5), np.arange(-8, SIDE_M, 7.36))
    east = east + np.where(np.arange(len(north)) % 2, 4.25, 0)[:, np.newaxis]
    at = np.column_stack([east.ravel(), north.ravel()]) + rng.normal(0, 0.3, (east.size, 2))
    keep = (_depth_at(depth_m(layout.plots["oil_palms"]), at) > PALM_EDGE_M) & (
        rng.uniform(size=len(at)) > MISSING_PALMS
    )
    radius = rng.normal(3.5, 0.35, len(at))
    colour = PALM_LEAVES * np.exp(rng.normal(0, 0.09, (len(at), 3)))
    height = rng.normal(6.5, 0.5, len(at))
    return Plants(at_m=at, radius_m=radius, height_m=height, colour=colour.astype(np.float32)).only(
        keep
    )


def _shrubs(shape: Polygon) -> Plants:
    """What comes up in a year: bushes and saplings, shoulder to shoulder."""
    rng = np.random.default_rng(SEED + 22)
    at = _strewn(0.95, rng)
    at = at[_depth_at(depth_m(shape), at) > SHRUB_EDGE_M]
    radius = np.clip(rng.lognormal(np.log(0.75), 0.3, len(at)), 0.4, 1.8)
    colour = LEAVES * np.array([1.25, 1.2, 1.0]) * np.exp(rng.normal(0, 0.12, (len(at), 3)))
    return Plants(
        at_m=at, radius_m=radius, height_m=0.5 + 1.1 * radius, colour=colour.astype(np.float32)
    )


def _open(plants: Plants, cleared: list[Polygon], marks: list[Point]) -> Plants:
    keep = np.ones(len(plants.at_m), np.bool_)
    for shape in cleared:
        keep &= _depth_at(depth_m(shape), plants.at_m) < -OVERHANG * plants.radius_m
    for mark in marks:
        away = np.hypot(*(plants.at_m - (mark.x, mark.y)).T)
        keep &= away > plants.radius_m + 1.6
    return plants.only(keep)


def _weathered(plants: Plants, day: Day, mood: np.random.Generator) -> Plants:
    """Give the same plants another tint and a little sway, as another day does."""
    count = len(plants.at_m)
    dry = day.dryness * np.clip(mood.normal(0.55, 0.3, (count, 1)), 0, 1)
    colour = plants.colour * (1 - dry) + plants.colour / LEAVES * DRY_LEAVES * dry
    colour *= np.exp(mood.normal(0, 0.07, (count, 3)))
    return Plants(
        at_m=plants.at_m + mood.normal(0, 0.14, (count, 2)),
        radius_m=plants.radius_m * np.exp(mood.normal(0, 0.05, count)),
        height_m=plants.height_m,
        colour=colour.astype(np.float32),
    )


def _strewn(spacing_m: float, rng: np.random.Generator) -> NDArray[np.float64]:
    steps = np.arange(-MARGIN_M, SIDE_M + MARGIN_M, spacing_m)
    east, north = np.meshgrid(steps, steps)
    jitter = rng.uniform(-0.5, 0.5, (2, *east.shape)) * spacing_m
    return np.column_stack([(east + jitter[0]).ravel(), (north + jitter[1]).ravel()])


def _depth_at(field: Field, at: NDArray[np.float64]) -> NDArray[np.float32]:
    columns, rows = (~TO_METRES) @ (at[:, 0], at[:, 1])
    inside = np.clip(rows.astype(int), 0, SIDE_PX - 1), np.clip(columns.astype(int), 0, SIDE_PX - 1)
    return field[inside]
