"""Detect: find ground that changed between two dates, or stands disturbed on one."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.change import NOT_COMPARED
from geo.cog import BLOCK_PX, SCORE, write_cog
from geo.detection import Detection
from geo.detection import detect as detected
from geo.evidence import ReadHeights
from geo.grid import Grid, Tile
from geo.memory import let_go, room
from geo.scoring import Scoring
from geo.warp import opened
from inspection.detectors.choice import OwnDetector, chosen
from inspection.model import Orthophoto
from inspection.placement import Registered
from inspection.ports import Advance
from inspection.profiles.profile import Profile


def detect(  # noqa: PLR0913 - two flights, how they meet, and where the score goes
    baseline: Orthophoto | None,
    current: Orthophoto,
    registered: Registered,
    grid: Grid,
    *,
    heights: ReadHeights | None,
    surface: ReadHeights | None,
    own_detector: OwnDetector | None = None,
    profile: Profile,
    out: Path,
    advance: Advance,
) -> Detection:
    """
    Detect disturbed ground, and write the score of change.

    Only flights that were registered are compared; otherwise the current one is looked at
    by itself, and the score says everywhere that nothing was compared.
    """
    choice = chosen(profile.scoring.detector, own_detector)
    scoring = None
    if choice.detector is not None:
        settings = profile.scoring.settings
        scoring = Scoring(detector=choice.detector, settings=settings, folder=out.parent)
    score = room(grid.shape, np.uint8, folder=out.parent)

    def keep(tile: Tile, values: NDArray[np.uint8]) -> None:
        score[tile.slices] = values
        let_go(score)

    with ExitStack() as stack:
        after = stack.enter_context(opened(current.path))
        moved = registered.moved
        before = (
            stack.enter_context(opened(baseline.path, moved=moved))
            if baseline is not None and moved is not None
            else None
        )
        detection = detected(
            before,
            after,
            grid,
            settings=profile.detection,
            residual_m=registered.residual_m,
            scoring=scoring,
            heights=heights,
            surface=surface,
            write_score=keep,
            advance=advance,
        )
    tiles = (
        (tile, score[None, *tile.slices], score[tile.slices] != NOT_COMPARED)
        for tile in grid.tiles(BLOCK_PX)
    )
    write_cog(out, grid, tiles, encoding=SCORE, bands=1)
    return replace(detection, warnings=(*choice.warnings, *detection.warnings))
