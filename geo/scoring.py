"""Scoring: from a pair of flights to how far each pixel changed, as a detector says it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geo.appearance import Band
from geo.detection_settings import ScoringSettings
from geo.detector import Detector
from geo.grid import Grid, Tile
from geo.look import Calibration
from geo.null_score import threshold_of
from geo.raster import Read
from geo.score_map import ScoreMap
from geo.sweep import scored
from geo.window_scores import WindowScores


@dataclass(frozen=True, kw_only=True, eq=False)
class Scoring:
    """What scores, and by which numbers."""

    detector: Detector
    settings: ScoringSettings
    folder: Path | None = None
    """Where scores lie as long as they are needed, if there are many."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PairScores:
    """What a detector says of a pair, and from which score on it counts."""

    scores: ScoreMap
    threshold: float
    doubling: float
    agreement: float
    seed_share: float
    rim_px: float
    """Width of the rim of a piece that counts only where it changed firmly."""

    is_learned: bool
    """Whether pixels are of a size that the detector has learned to read."""

    statistics: Mapping[str, float]

    def at(self, tile: Tile, *, margin: int) -> WindowScores:
        """Give the scores of a tile, widened by `margin` pixels on each side."""
        wide = Tile(
            row=tile.row - margin,
            column=tile.column - margin,
            rows=tile.rows + 2 * margin,
            columns=tile.columns + 2 * margin,
        )
        logits, covers = self.scores.read(wide)
        return WindowScores(
            change=self._in_thresholds(logits),
            covers=covers,
            agreement=self.agreement,
            is_learned=self.is_learned,
        )

    def _in_thresholds(self, logits: Band) -> Band:
        """Change in thresholds: one at the threshold, two a doubling beyond it."""
        times: Band = np.exp2((logits - np.float32(self.threshold)) / np.float32(self.doubling))
        return times


def scores_of(  # noqa: PLR0913 - one flight or two, and how they meet
    scoring: Scoring | None,
    before: Read | None,
    after: Read,
    grid: Grid,
    *,
    by: Calibration,
    residual_m: float,
    false_share: float,
    advance: Callable[[float], None] | None = None,
) -> PairScores | None:
    """
    Score a pair, or name the covers of one date.

    None where there is no detector, or pixels are too coarse for it to say anything.
    """
    if scoring is None:
        return None
    if before is None:
        return _covers_alone(scoring, after, grid, advance=advance)
    settings = scoring.settings
    if by.relighting is None or grid.pixel_size > settings.coarsest_m:
        return None
    glimpse = settings.glimpse if 2 * grid.pixel_size <= settings.learned_m else None
    found = scored(
        scoring.detector,
        before,
        after,
        grid,
        light=by.relighting,
        glimpse=glimpse,
        folder=scoring.folder,
        advance=advance,
    )
    threshold, statistics = threshold_of(
        scoring.detector,
        before,
        after,
        grid,
        by=by,
        residual_m=residual_m,
        false_share=false_share,
        settings=settings,
        glimpse=glimpse,
    )
    return PairScores(
        scores=found,
        threshold=threshold,
        doubling=settings.doubling,
        seed_share=settings.seed_share,
        rim_px=settings.rim_m / grid.pixel_size if grid.pixel_size <= settings.sharp_m else 0.0,
        is_learned=grid.pixel_size <= settings.learned_m,
        agreement=agreement(grid.pixel_size, settings=settings),
        statistics=statistics,
    )


def _covers_alone(
    scoring: Scoring,
    after: Read,
    grid: Grid,
    *,
    advance: Callable[[float], None] | None = None,
) -> PairScores | None:
    """Covers of one date alone, on which nothing changed; None where none are named surely."""
    settings = scoring.settings
    if grid.pixel_size > settings.learned_m:
        return None
    found = scored(
        scoring.detector, after, after, grid, light=None, folder=scoring.folder, advance=advance
    )
    if not found.names_covers:
        return None
    return PairScores(
        scores=found,
        threshold=math.inf,
        doubling=settings.doubling,
        seed_share=settings.seed_share,
        rim_px=0.0,
        is_learned=True,
        agreement=agreement(grid.pixel_size, settings=settings),
        statistics={},
    )


def agreement(pixel_m: float, *, settings: ScoringSettings) -> float:
    """
    How far ground must differ by colour and structure to bear a score out, in their thresholds.

    A detector may say so nearly alone of pixels that it has learned to read; of coarser ones the
    less, the more they are so, until it must at twice their size be borne out in full.
    """
    beyond = float(np.clip(np.log2(pixel_m / settings.learned_m), 0, 1))
    fine, coarse = settings.agreement
    return float(fine * (coarse / fine) ** beyond)
