"""Detection: from two dates, or one, to the pieces of ground that were disturbed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon

from geo.abreast import abreast
from geo.calibration import calibration
from geo.detection_settings import DetectionSettings
from geo.detector import Identity
from geo.disturbance import Disturbance
from geo.evidence import ReadHeights
from geo.grid import Grid, Tile
from geo.heap import rise_inward
from geo.judgement import judged
from geo.kept_looks import KeptLooks
from geo.laid import Laid
from geo.look import Calibration, Look, look
from geo.marks import Marks, marks_of
from geo.memory import give_back, let_go, room
from geo.narrow_pieces import with_strips
from geo.pieces_measured import means_over, outlined
from geo.polygons import ground
from geo.raster import Mask, Read
from geo.scored_pieces import Joining, name_together
from geo.scoring import Scoring, scores_of
from geo.sight import dark, sighted
from geo.wall import step_up

type WriteScore = Callable[[Tile, NDArray[np.uint8]], None]
type Advance = Callable[[float], None]


SCORING, MEASURING = 0.5, 0.7
"""Shares of the work after which the scores are there, and after which pieces are measured."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Detection:
    """What was found, what was not seen, and by which numbers."""

    disturbances: tuple[Disturbance, ...]

    unobserved: Mapping[str, MultiPolygon]
    """Ground of the grid not seen on the second date, by reason: unflown, shadow."""

    compared: MultiPolygon
    """Ground seen on both dates."""

    left_out: Mapping[str, MultiPolygon]
    """Ground that changed or is bare, but by nature or by farming: by reason."""

    statistics: Mapping[str, float]
    """The numbers that were calibrated on this pair, by name."""

    detector: Identity | None
    """What scored change; None where how far two dates differ says it."""

    warnings: tuple[str, ...]


def detect(  # noqa: PLR0913 - two flights and where they go
    before: Read | None,
    after: Read,
    grid: Grid,
    *,
    settings: DetectionSettings,
    residual_m: float,
    scoring: Scoring | None = None,
    heights: ReadHeights | None = None,
    surface: ReadHeights | None = None,
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
    scoring
        The detector that scores change and names covers, of one date covers alone; None where
        colour and structure shall say it.
    heights
        Gives the change of height on a window.
    surface
        Gives the later heights on a window, above any level.
    write_score
        Receives the score of change, 0-100, `NOT_COMPARED` elsewhere, tile by tile.
    advance
        Told the share of the work done.
    """
    folder = scoring.folder if scoring is not None else None
    after = Laid(after, grid, folder=folder)
    before = Laid(before, grid, folder=folder) if before is not None else None
    by = calibration(before, after, grid, settings=settings, residual_m=residual_m)
    scores = scores_of(
        scoring,
        before,
        after,
        grid,
        by=by,
        residual_m=residual_m,
        false_share=settings.false_share,
        advance=advance and (lambda share: advance(SCORING * share)),
    )

    def look_at(tile: Tile, margin: int, asked: Mask | None = None) -> Look:
        """Look at a tile and around it; at what is asked for whatever it shows."""
        window = tile.of(grid, margin=margin)
        first = before(window) if before is not None else None
        said = scores.at(tile, margin=margin) if scores is not None else None
        wide = np.pad(asked, margin) if asked is not None else None
        return look(first, after(window), by=by, settings=settings, scores=said, asked=wide)

    def again(tile: Tile, where: Mask) -> Look:
        """Give what was seen of some pixels of a tile, looked at once more if it was not kept."""
        seen = kept.take(tile, where)
        return seen or look_at(tile, by.sight_px, where).inner(by.sight_px).only(where)

    give_back()
    least_px = settings.least_px(grid.pixel_size)
    began = 0.0 if scores is None else SCORING
    codes, sight = (room(grid.shape, np.uint8, folder=folder) for _ in range(2))
    is_scored = scores is not None and before is not None
    changes = room(grid.shape, np.uint8, folder=folder) if is_scored else None
    tiles = list(grid.even_tiles(settings.tile_px))
    kept = KeptLooks(folder=folder)
    # Where a detector says what changed, no shade joins what lies further away.
    margin = by.reach_px if changes is None else by.sight_px

    def marks_at(tile: Tile) -> Marks:
        wide = look_at(tile, margin)
        return marks_of(wide, margin=margin, by=by, settings=settings, is_scored=is_scored)

    for done, (tile, marks) in enumerate(zip(tiles, abreast(marks_at, tiles), strict=True), 1):
        codes[tile.slices] = marks.codes
        if changes is not None and marks.became is not None:
            changes[tile.slices] = marks.became
        sight[tile.slices] = marks.sight
        let_go(codes, changes, sight)
        kept.put(tile, marks.seen, marks.wanted)
        if write_score is not None:
            write_score(tile, marks.score)
        if advance is not None:
            advance(began + (MEASURING - began) * done / len(tiles))
    give_back()
    codes = with_strips(codes, radius=by.scale.strip_px, folder=folder)
    if scores is not None and changes is not None:
        name_together(
            codes,
            with_strips(changes, radius=by.scale.strip_px, folder=folder),
            sight,
            Joining(rim_px=scores.rim_px, seed_share=scores.seed_share, least_px=least_px),
        )
    give_back()
    let_go(codes, changes, sight)
    found = outlined(codes, sight, grid, least_px=least_px)
    measured = means_over(
        [outline for _, outline in found],
        again,
        grid,
        tiles=tiles,
        settings=settings,
        heights=heights,
    )
    if advance is not None:
        advance(1.0)
    let_go(codes)
    ground_seen = sighted(sight, grid=grid)
    disturbances, left_out = judged(
        found,
        measured,
        flown=ground_seen.flown,
        pixel_m=grid.pixel_size,
        limits=by.limits,
        settings=settings,
        rise=rise_inward(surface, grid) if surface is not None else None,
        step=step_up(surface, grid) if surface is not None else None,
    )
    return Detection(
        disturbances=disturbances,
        left_out=left_out,
        unobserved={
            "unflown": ground_seen.unflown,
            "shadow": ground(dark(sight, least_px=least_px), grid=grid),
        },
        compared=ground_seen.compared,
        statistics=_statistics(by) | dict(scores.statistics if scores else {}),
        detector=scoring.detector.identity if scoring and scores else None,
        warnings=_warnings(scoring, grid, compared=before is not None, scored=scores is not None),
    )


def _warnings(
    scoring: Scoring | None, grid: Grid, *, compared: bool, scored: bool
) -> tuple[str, ...]:
    if scoring is None or not compared or grid.pixel_size <= scoring.settings.learned_m:
        return ()
    return ("detector_coarse",) if scored else ("detector_too_coarse",)


def _statistics(by: Calibration) -> dict[str, float]:
    light = by.relighting
    names = ("lightness", "green_red", "blue_yellow", "roughness")
    return {
        "threshold": by.threshold,
        "bareness_limit": by.limits.bareness,
        "green_limit": by.limits.green,
        "dark_limit": by.limits.dark,
        "unchanged_share": light.unchanged_share if light else 0.0,
        **{f"noise_{name}": value for name, value in zip(names, by.noise, strict=True)},
    }
