"""Colours: what the ground under and between the plants reflects on each date."""

from collections.abc import Callable

import cv2
import numpy as np
from shapely import LineString

from sample_data.layout import Layout, vehicles
from sample_data.light import Colour
from sample_data.noise import Field, blurred, clumps, fractal, smoothstep
from sample_data.outlines import SIDE_PX, TO_METRES, away_m, depth_m
from sample_data.site import PIXEL_M, SEED, Day

LATERITE = (0.335, 0.182, 0.098)
PALE_STONE = (0.46, 0.405, 0.315)
GRAVEL = (0.355, 0.315, 0.262)
GRASS = (0.125, 0.158, 0.060)
DRY_GRASS = (0.205, 0.188, 0.082)
LITTER = (0.060, 0.070, 0.030)
RIVER = (0.205, 0.158, 0.092)
POND = (0.088, 0.128, 0.092)
SAND = (0.40, 0.34, 0.25)
CONCRETE = (0.40, 0.39, 0.37)
BLUE_ROOF = (0.10, 0.20, 0.36)
RUST_ROOF = (0.30, 0.13, 0.085)

TRACKS = (
    ((122, 240), (136, 232), (150, 244), (164, 250), (152, 258), (134, 252), (124, 244)),
    ((176, 116), (184, 100), (198, 92), (208, 102), (202, 116), (188, 118)),
    ((196, 196), (206, 206), (220, 212), (236, 212), (252, 210), (260, 214)),
    ((216, 364), (226, 358), (236, 364)),
)


def ground(layout: Layout, day: Day, relief_m: Field) -> Colour:
    """Paint the bare ground of a date; painted shapes are the truth's own outlines."""
    rng = np.random.default_rng(SEED + 30)
    grain = fractal(SIDE_PX, rng=rng, roughness=0.8, finest_px=2.2)
    broad = fractal(SIDE_PX, rng=rng, roughness=1.7, finest_px=30)
    rng_day = np.random.default_rng(day.seed + 30)
    drift = fractal(SIDE_PX, rng=rng_day, roughness=1.3, finest_px=12)
    dry = day.dryness

    def earth(colour: tuple[float, float, float], contrast: float = 0.13) -> Colour:
        shade = np.exp(contrast * grain + 0.11 * broad + 0.04 * drift)[..., np.newaxis]
        warm = np.stack([0.05 * broad, np.zeros_like(broad), -0.07 * broad], axis=-1)
        return (np.array(colour, np.float32) * shade * np.exp(warm)).astype(np.float32)

    turf = clumps(SIDE_PX, rng=rng, spacing_px=5.0)
    sward = earth(GRASS, 0.16) * (1 - dry) + earth(DRY_GRASS, 0.16) * dry
    sward *= (0.72 + 0.4 * turf)[..., np.newaxis]
    painted = earth(LITTER, 0.2)
    painted = _over(painted, sward, depth_m(layout.plots["oil_palms"]), soft_m=1.5)
    painted = _over(painted, _fields(day, earth, turf), depth_m(layout.plots["fields"]), soft_m=0.6)
    painted = _over(painted, sward, depth_m(layout.river.buffer(3.5)), soft_m=1.8)
    painted = _over(
        painted, earth(SAND, 0.1), depth_m(layout.river.buffer(0.8 + 0.7 * dry)), soft_m=0.7
    )
    painted = _over(painted, _water(RIVER, rng_day, 0.06), depth_m(layout.river), soft_m=0.4)
    standing = {"old_pit", "access_road", "yard", "farmstead"}
    open_now = standing | (
        {one.name for one in layout.disturbances.values() if one.epoch == "new"}
        if day.is_current
        else {"revegetated"}
    )
    soil = earth(LATERITE) * (0.92 + 0.22 * dry)
    stone = earth(PALE_STONE, 0.12)
    seam = smoothstep(_fall(relief_m), 0.25, 1.0)[..., np.newaxis]
    wall = soil * (0.35 + 0.3 * seam) + stone * (0.65 - 0.3 * seam)
    paint = {
        "old_pit": wall,
        "pit_growth": wall,
        "stockpile": earth(PALE_STONE, 0.22) * 1.06,
        "access_road": _wheeled(earth(GRAVEL, 0.08), layout.road_line, 1.7),
        "haul_road": earth(GRAVEL, 0.09) * 0.5 + soil * 0.5,
        "yard": earth(CONCRETE, 0.05) * 0.45 + earth(GRAVEL, 0.1) * 0.5,
        "farmstead": earth(GRAVEL, 0.1) * 0.5 + soil * 0.45,
        "pond": _water(POND, rng_day, 0.05),
    }
    for name in sorted(open_now, key=lambda name: name == "access_road"):
        fill = paint.get(name, soil)
        painted = _over(painted, fill, depth_m(layout.shape(name)), soft_m=0.5)
    churned = _tracks(rng)
    bare = np.zeros_like(grain)
    for name in open_now - {"pond", "access_road", "yard"}:
        np.maximum(bare, smoothstep(depth_m(layout.shape(name)), 0.5, 2.5), out=bare)
    painted *= (1 - 0.26 * churned * bare)[..., np.newaxis]
    debris = smoothstep(fractal(SIDE_PX, rng=rng, roughness=0.9, finest_px=3), 1.75, 2.3) * bare
    painted = painted * (1 - 0.55 * debris[..., np.newaxis]) + 0.55 * debris[
        ..., np.newaxis
    ] * np.array((0.16, 0.13, 0.09), np.float32)
    return painted.astype(np.float32)


def things(day: Day) -> tuple[Colour, Field, Field]:
    """Give roofs and vehicles: their colour, their height, and where they are (0 to 1)."""
    colour = np.zeros((SIDE_PX, SIDE_PX, 3), np.float32)
    height, there = (np.zeros((SIDE_PX, SIDE_PX), np.float32) for _ in range(2))
    boxes = [
        ((283.0, 260.0), 4.0, 15.0, 8.0, 5.0, BLUE_ROOF),
        ((296.0, 249.0), 96.0, 10.0, 6.5, 3.6, (0.42, 0.41, 0.40)),
        ((380.5, 219.5), 14.0, 9.0, 6.0, 3.4, RUST_ROOF),
    ]
    paints = [
        (0.75, 0.62, 0.10),
        (0.80, 0.80, 0.78),
        (0.70, 0.36, 0.06),
        (0.62, 0.06, 0.05),
        (0.74, 0.60, 0.10),
    ]
    if day.is_current:
        for (spot, heading, length, width), paint in zip(vehicles().values(), paints, strict=True):
            boxes.append(((spot.x, spot.y), heading, length, width, 2.6, paint))
    for (east, north), heading, length, width, top, paint in boxes:
        mask = _box(east, north, heading, length, width)
        ridge = 0.82 + 0.25 * _box(east, north, heading, length, width / 2)
        colour = np.where(
            (mask > there)[..., np.newaxis],
            np.array(paint, np.float32) * ridge[..., np.newaxis],
            colour,
        )
        np.maximum(height, mask * top, out=height)
        np.maximum(there, mask, out=there)
    return colour, height, there


def _over(under: Colour, over: Colour, depth: Field, *, soft_m: float) -> Colour:
    share = smoothstep(depth, -soft_m / 2, soft_m / 2)[..., np.newaxis]
    return (under * (1 - share) + over * share).astype(np.float32)


def _water(colour: tuple[float, float, float], rng: np.random.Generator, contrast: float) -> Colour:
    swirl = fractal(SIDE_PX, rng=rng, roughness=1.8, finest_px=14, coarsest_px=200)
    return (np.array(colour, np.float32) * np.exp(contrast * swirl)[..., np.newaxis]).astype(
        np.float32
    )


def _fields(day: Day, earth: Callable[..., Colour], turf: Field) -> Colour:
    """Small plots with rows, each with its own crop; the season decides how green they are."""
    rng = np.random.default_rng(SEED + 31)
    down, across = np.mgrid[:SIDE_PX, :SIDE_PX].astype(np.float32) * PIXEL_M
    turn = np.radians(17.0)
    u = across * np.cos(turn) + down * np.sin(turn)
    v = -across * np.sin(turn) + down * np.cos(turn)
    plot = (np.floor(u / 31.0) * 7 + np.floor(v / 22.0)).astype(int) % 24
    edge = np.minimum(np.abs((u / 31.0) % 1 - 0.5), np.abs((v / 22.0) % 1 - 0.5) * 22 / 31)
    green = np.array(
        [(0.085, 0.150, 0.050), (0.115, 0.172, 0.058), (0.070, 0.125, 0.050)], np.float32
    )
    ripe = np.array(
        [(0.165, 0.180, 0.070), (0.150, 0.170, 0.062), (0.175, 0.185, 0.085)], np.float32
    )
    crop = rng.integers(0, 3, 24)
    ripeness = np.clip(day.dryness + rng.uniform(-0.7, 0.7, 24), 0, 1)[:, np.newaxis]
    colour = (green[crop] * (1 - ripeness) + ripe[crop] * ripeness)[plot]
    rows = 0.5 + 0.5 * np.sin(2 * np.pi * v / 1.2 + 0.8 * np.sin(u / 9))
    shade = (0.72 + 0.26 * rows + 0.16 * turf)[..., np.newaxis]
    textured = colour * shade * (earth((1.0, 1.0, 1.0), 0.1))
    path = smoothstep(edge.astype(np.float32), 0.455, 0.475)[..., np.newaxis]
    return (textured * (1 - path) + earth(GRASS, 0.1) * 0.8 * path).astype(np.float32)


def _wheeled(gravel: Colour, line: LineString, half_m: float) -> Colour:
    away = away_m(line)
    rut = np.exp(-(((away - half_m) / 0.45) ** 2)) * 0.16
    return (gravel * (1 - rut)[..., np.newaxis]).astype(np.float32)


def _tracks(rng: np.random.Generator) -> Field:
    churned = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    for points in TRACKS:
        for offset in rng.normal(0, 2.2, (4, 2)):
            away = away_m(LineString(np.array(points) + offset).buffer(0.01).exterior)
            np.maximum(
                churned, np.exp(-(((away - 0.9) / 0.3) ** 2)).astype(np.float32), out=churned
            )
    return churned


def _fall(relief_m: Field) -> Field:
    smooth = blurred(relief_m, 1.5)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / (8 * PIXEL_M))
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / (8 * PIXEL_M))
    return np.hypot(down, across).astype(np.float32)


def _box(east: float, north: float, heading_deg: float, length: float, width: float) -> Field:
    column, row = ~TO_METRES @ (east, north)
    corners = cv2.boxPoints(((column, row), (length / PIXEL_M, width / PIXEL_M), heading_deg))
    mask = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    return (mask / np.float32(255)).astype(np.float32)
