"""One flight: the scene of its date, seen from above, with the frame that the flight covered."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import Point

from sample_data.colours import ground, things
from sample_data.growth import canopy
from sample_data.layout import Layout
from sample_data.light import facing, lit, open_sky, photographed, sun_at, sunlit
from sample_data.noise import Field, fractal, smoothstep
from sample_data.outlines import SIDE_PX, TO_METRES, depth_m
from sample_data.relief import dug, natural
from sample_data.site import (
    DSM_OFFSET_M,
    MARGIN_M,
    PIXEL_M,
    SHIFT_M,
    SIDE_M,
    Day,
    permit_lonlat,
)

FRAME_M = 6.0
"""Strip along the frame in which the mosaic ends raggedly."""

MARK_M = 1.0
CLOUD_DARKNESS = 0.62
CLOUD_EDGE_M = 7.0
DSM_STEP = 5
"""Pixels of the orthophoto along one cell of the surface model."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """What one flight delivers, cut to the square, displaced as the flight is."""

    rgb: NDArray[np.uint8]
    """(rows, columns, 3)."""

    seen: NDArray[np.bool_]
    surface_m: Field
    """(rows / 5, columns / 5): one metre a cell; NaN where not seen."""


def taken(layout: Layout, day: Day, marks: list[Point]) -> Picture:
    """Draw the scene of a date and photograph it."""
    rng = np.random.default_rng(day.seed + 40)
    relief = dug(natural(layout), layout, day)
    leaves = canopy(layout, day, marks)
    roofs, roof_m, roofed = things(day)
    grown = leaves.height_m * (1 - roofed)
    surface = relief + np.maximum(grown, roof_m)
    leafy = smoothstep(grown, 0.05, 0.3)[..., np.newaxis]
    gloss = fractal(SIDE_PX, rng=rng, roughness=0.35, finest_px=2.0, coarsest_px=24)
    foliage = leaves.colour * (0.78 + 0.34 * leaves.rim + 0.17 * gloss)[..., np.newaxis]
    painted = ground(layout, day, relief) * (1 - leafy) + np.clip(foliage, 0.004, None) * leafy
    painted = painted * (1 - roofed[..., np.newaxis]) + roofs * roofed[..., np.newaxis]
    if day.is_current:
        _draw_marks(painted, marks)
    here = permit_lonlat().centroid
    sun = sun_at(day.captured_at, longitude_deg=here.x, latitude_deg=here.y)
    wrap = 0.55 * leafy[..., 0] + 0.12
    direct = sunlit(surface, sun) * facing(surface, sun, wrap=wrap)
    sky = open_sky(surface)
    if day.is_current:
        cloud = smoothstep(depth_m(layout.cloud_shadow), -CLOUD_EDGE_M, CLOUD_EDGE_M)
        direct *= 1 - CLOUD_DARKNESS * cloud
    radiance = lit(painted, direct=direct, sky=sky)
    seen = _frame(layout, day)
    if day.is_current:
        radiance, surface = _displaced(radiance), _displaced(surface)
        surface = surface + np.float32(DSM_OFFSET_M)
    rgb = photographed(radiance, day, rng=rng)
    margin = round(MARGIN_M / PIXEL_M)
    square = slice(margin, SIDE_PX - margin)
    whole = seen[square, square]
    return Picture(
        rgb=np.where(whole[..., np.newaxis], rgb[square, square], 0).astype(np.uint8),
        seen=whole,
        surface_m=_cells(surface[square, square], whole),
    )


def _displaced(drawn: Field) -> Field:
    """Move everything by the flight's own error, to a fraction of a pixel."""
    east, north = SHIFT_M[0] / PIXEL_M, SHIFT_M[1] / PIXEL_M
    move = np.array([[1, 0, east], [0, 1, -north]])
    return np.asarray(
        cv2.warpAffine(
            drawn, move, (SIDE_PX, SIDE_PX), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        np.float32,
    )


def _frame(layout: Layout, day: Day) -> NDArray[np.bool_]:
    """Where the mosaic has pixels: ragged at its rim, and without the corner that was not flown."""
    rng = np.random.default_rng(day.seed + 41)
    wander = fractal(SIDE_PX, rng=rng, roughness=1.4, finest_px=4, coarsest_px=300)
    steps = (np.arange(SIDE_PX) + 0.5) * PIXEL_M - MARGIN_M
    inward = np.minimum(steps, SIDE_M - steps)
    from_rim = np.minimum(inward[:, np.newaxis], inward[np.newaxis, :])
    seen = from_rim > FRAME_M * 0.55 + 1.3 * wander
    if day.is_current:
        seen &= depth_m(layout.unflown) < 0.9 * wander
    count, labels, stats, _ = cv2.connectedComponentsWithStats(seen.astype(np.uint8))
    largest = 1 + int(np.argmax(stats[1:count, cv2.CC_STAT_AREA]))
    whole = labels == largest
    # Photogrammetry leaves no pinholes.
    holes, filled, sizes, _ = cv2.connectedComponentsWithStats((~whole).astype(np.uint8))
    for hole in range(1, holes):
        if sizes[hole, cv2.CC_STAT_AREA] < 400:  # noqa: PLR2004 - 16 square metres
            whole |= filled == hole
    return np.asarray(whole, np.bool_)


def _draw_marks(painted: NDArray[np.float32], marks: list[Point]) -> None:
    """Lay out the checkers: four squares, black and white, whose middle is the point."""
    steps = np.arange(SIDE_PX) + 0.5
    for mark in marks:
        column, row = ~TO_METRES @ (mark.x, mark.y)
        half = MARK_M / PIXEL_M / 2
        across = (np.clip(steps - column, -0.5, 0.5)[np.newaxis, :]) * 2
        down = (np.clip(steps - row, -0.5, 0.5)[:, np.newaxis]) * 2
        white = 0.5 + 0.5 * across * down
        cover_x = np.clip(half + 0.5 - np.abs(steps - column), 0, 1)[np.newaxis, :]
        cover_y = np.clip(half + 0.5 - np.abs(steps - row), 0, 1)[:, np.newaxis]
        cover = (cover_x * cover_y)[..., np.newaxis].astype(np.float32)
        shade = (0.03 + 0.72 * white)[..., np.newaxis].astype(np.float32)
        painted *= 1 - cover
        painted += shade * cover


def _cells(surface: Field, seen: NDArray[np.bool_]) -> Field:
    side = surface.shape[0] // DSM_STEP
    blocks = surface.reshape(side, DSM_STEP, side, DSM_STEP).mean(axis=(1, 3))
    known = seen.reshape(side, DSM_STEP, side, DSM_STEP).all(axis=(1, 3))
    return np.where(known, blocks, np.nan).astype(np.float32)
