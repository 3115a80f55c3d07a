"""Detection: from two dates, or one, to the pieces of ground that were disturbed."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import IntFlag

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from geo.calibration import calibration
from geo.change import NOT_COMPARED, score
from geo.detection_settings import DetectionSettings
from geo.disturbance import Disturbance
from geo.evidence import Heights, Tally, form, tally
from geo.grid import Grid, Tile
from geo.ground_class import epoch, ground_class
from geo.look import NEW, Calibration, Look, Piece, look, pieces
from geo.polygons import absorbed, ground, numbered, outlines
from geo.raster import Read

type ReadHeights = Callable[[Grid], Heights]
type WriteScore = Callable[[Tile, NDArray[np.uint8]], None]
type Advance = Callable[[float], None]


class Sight(IntFlag):
    """What of a pixel was seen."""

    SEEN = 1
    COMPARED = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Detection:
    """What was found, what was not seen, and by which numbers."""

    disturbances: tuple[Disturbance, ...]

    unobserved: Mapping[str, MultiPolygon]
    """Ground of the grid not seen on the second date, by reason: unflown, cloud, shadow."""

    compared: MultiPolygon
    """Ground seen on both dates."""

    statistics: Mapping[str, float]
    """The numbers that were calibrated on this pair, by name."""

    warnings: tuple[str, ...]


def detect(  # noqa: PLR0913 - two flights and where they go
    before: Read | None,
    after: Read,
    grid: Grid,
    *,
    settings: DetectionSettings,
    residual_m: float,
    heights: ReadHeights | None = None,
    write_score: WriteScore | None = None,
    advance: Advance | None = None,
) -> Detection:
    """
    Find disturbed ground: new, standing and recovered from two dates, standing from one.

    Parameters
    ----------
    before, after
        The flights, the first registered to the second; None where there is no first.
    grid
        The analysis grid, in metres.
    residual_m
        What registration left between the two, root mean square.
    heights
        Gives the change of height on a window.
    write_score
        Receives the score of change, 0-100, `NOT_COMPARED` elsewhere, tile by tile.
    advance
        Told the share of the work done.
    """
    by = calibration(before, after, grid, settings=settings, residual_m=residual_m)
    codes = np.zeros(grid.shape, np.uint8)
    sight = np.zeros(grid.shape, np.uint8)
    tiles = list(grid.tiles(settings.tile_px))
    for done, tile in enumerate(tiles, start=1):
        wide = _look(before, after, grid, tile, by)
        became = pieces(wide, by=by, settings=settings)
        codes[tile.slices] = became[by.reach_px : -by.reach_px, by.reach_px : -by.reach_px]
        seen = wide.inner(by.reach_px)
        sight[tile.slices] = _sight(seen)
        if write_score is not None:
            scored = score(seen.distance, threshold=by.threshold)
            write_score(tile, np.where(seen.compared, scored, np.uint8(NOT_COMPARED)))
        if advance is not None:
            advance(0.7 * done / len(tiles))
    found = _outlined(codes, sight, grid, settings=settings)
    measured = _measured(
        [outline for _, outline in found],
        lambda tile: _look(before, after, grid, tile, by).inner(by.reach_px),
        grid,
        by=by,
        settings=settings,
        heights=heights,
    )
    if advance is not None:
        advance(1.0)
    return Detection(
        disturbances=tuple(_judged(found, measured, grid, settings=settings)),
        unobserved={
            "unflown": ground((sight & Sight.SEEN) == 0, grid=grid),
        },
        compared=ground((sight & Sight.COMPARED) != 0, grid=grid),
        statistics=_statistics(by),
        warnings=(),
    )


def _look(before: Read | None, after: Read, grid: Grid, tile: Tile, by: Calibration) -> Look:
    window = tile.of(grid, margin=by.reach_px)
    return look(before(window) if before is not None else None, after(window), by=by)


def _sight(seen: Look) -> NDArray[np.uint8]:
    sight = np.where(seen.after.valid, Sight.SEEN, 0) | np.where(seen.compared, Sight.COMPARED, 0)
    return sight.astype(np.uint8)


def _outlined(
    codes: NDArray[np.uint8], sight: NDArray[np.uint8], grid: Grid, *, settings: DetectionSettings
) -> list[tuple[Piece, Polygon]]:
    flown = (sight & Sight.SEEN) != 0
    least_px = max(
        settings.minimum_area_px, math.ceil(settings.minimum_area_m2 / grid.pixel_size**2)
    )
    settled = absorbed(codes, least_px=least_px, where=flown)
    parts = outlines(settled, grid=grid, where=flown)
    least_m2 = least_px * grid.pixel_size**2 * 0.999
    return [(Piece(code), part) for code, part in parts if part.area >= least_m2]


def _measured(
    shapes: Sequence[Polygon],
    look_at: Callable[[Tile], Look],
    grid: Grid,
    *,
    by: Calibration,
    settings: DetectionSettings,
    heights: ReadHeights | None,
) -> Tally:
    measured = Tally(len(shapes))
    tree = shapely.STRtree(shapes)
    for tile in grid.tiles(settings.tile_px):
        window = tile.of(grid)
        near = np.sort(tree.query(window.footprint))
        local = numbered([shapes[i] for i in near], grid=window)
        if not local.any():
            continue
        tally(
            measured,
            look_at(tile),
            np.concatenate([[0], near + 1])[local].astype(np.int32),
            threshold=by.threshold,
            multiples=(1.0, *settings.thresholds),
            heights=heights(window) if heights is not None else None,
        )
    return measured


def _judged(
    found: list[tuple[Piece, Polygon]],
    measured: Tally,
    grid: Grid,
    *,
    settings: DetectionSettings,
) -> Iterator[Disturbance]:
    for number, (piece, outline) in enumerate(found, start=1):
        means = measured.means(number)
        changed = piece in NEW or piece == Piece.RECOVERED
        if changed and means["beyond_0"] < settings.seed_share:
            continue
        shape = form(outline)
        yield Disturbance(
            shape=outline,
            ground_class=ground_class(piece, shape, means, settings=settings),
            epoch=epoch(piece),
            strength=means["change_score"] if changed else 0.5,
            sturdy=means["beyond_3"] >= 0.5 if changed else True,
            evidence={**means, **asdict(shape)},
        )


def _statistics(by: Calibration) -> dict[str, float]:
    light = by.relighting
    names = ("lightness", "green_red", "blue_yellow", "roughness")
    return {
        "threshold": by.threshold,
        "bareness_limit": by.limits.bareness,
        "dark_limit": by.limits.dark,
        "unchanged_share": light.unchanged_share if light else 0.0,
        **{f"noise_{name}": value for name, value in zip(names, by.noise, strict=True)},
    }
