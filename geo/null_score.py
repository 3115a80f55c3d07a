"""The null of a pair: what a detector says where by construction nothing changed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.ahead import ahead
from geo.detection_settings import ScoringSettings
from geo.detector import CHANGE_STEP, MULTIPLE, Detector
from geo.glimpse import quiet_scores
from geo.grid import Grid, Tile
from geo.look import Calibration
from geo.radiometry import Relighting
from geo.raster import Mask, Raster, Read
from geo.score_map import NOWHERE
from geo.shown import Shown

SIDE_PX: Final = 384
CELLS: Final = 3
"""Side of the windows scored once more, and how many of them lie along each side of the grid."""

RIM_PX: Final = 32
"""What of a window has too little around it to be scored as in the middle."""

LEVELS_A_LIGHTNESS: Final = 2.55
"""Digital numbers that make one step of CIE L*, about."""

MOST_NOISE: Final = 8.0
"""Noise laid on a copy, in digital numbers: what a pair differs by beyond it is no noise."""

LEAST_SEEN: Final = 1000
"""Scores from which a share is read."""


def threshold_of(  # noqa: PLR0913 - two flights and how they meet
    detector: Detector,
    before: Read,
    after: Read,
    grid: Grid,
    *,
    by: Calibration,
    residual_m: float,
    false_share: float,
    settings: ScoringSettings,
    glimpse: float | None = None,
) -> tuple[float, dict[str, float]]:
    """
    Score above which no more than the false share of unchanged ground lies, on this pair.

    The larger of two counts: the detector's own; the quantile of what it says of copies of
    each date, in the other's light, moved by what registration left, and noisy. How much of a
    pair differs in its bulk, by season and light, has its say through the evidence of colours
    (`geo.calibration`), which has to bear each score out. Copies are scored as the pair is: where
    a glimpse shows nothing, by that alone.

    Returns
    -------
    tuple
        The threshold, and what led to it by name.
    """
    light = by.relighting
    null = []
    if light is not None:
        shift_px = residual_m / grid.pixel_size
        levels = min(by.noise[0] * LEVELS_A_LIGHTNESS / 2, MOST_NOISE)
        windows = list(_windows(grid, step=MULTIPLE if glimpse is None else 2 * MULTIPLE))

        def copies() -> Iterator[tuple[Shown, Mask]]:
            for number, window in enumerate(windows):
                first, second = before(window), after(window)
                seen = first.valid & second.valid
                if seen.mean() < 0.5:  # noqa: PLR2004 - half of it fill
                    continue
                random = np.random.default_rng(number)
                # Where there are many windows, every other shows the one date, the rest the other.
                dates = (0, 1) if len(windows) < CELLS * CELLS else (number % 2,)
                for picture in (second if date else _relit(first, light) for date in dates):
                    copy = _copied(picture, light, shift_px=shift_px, levels=levels, random=random)
                    yield Shown(before=copy, after=picture, light=light), seen

        # The next copy is made while the detector looks at one.
        for shown, seen in ahead(copies(), most=1):
            change = quiet_scores(detector, shown, glimpse=glimpse)
            if change is None:
                change = detector.scores(*shown.pictures()).change
            null.append(_inner(change, seen))
    reached = _quantile(null, 1 - false_share)
    threshold = min(max(settings.threshold, reached), settings.most_threshold)
    return threshold, {"score_threshold": threshold, "score_null": reached}


def _windows(grid: Grid, *, step: int) -> Iterator[Grid]:
    """Windows spread over the grid, whole in themselves; where it is small, fewer."""
    rows, columns = (min(SIDE_PX, side // step * step) for side in grid.shape)
    if not rows or not columns:
        return
    for row in _starts(grid.rows, rows):
        for column in _starts(grid.columns, columns):
            yield Tile(row=row, column=column, rows=rows, columns=columns).of(grid)


def _starts(length: int, side: int) -> list[int]:
    count = min(CELLS, length // side)
    room = length - count * side
    return [i * side + room * (2 * i + 1) // (2 * count) for i in range(count)]


def _relit(raster: Raster, light: Relighting) -> Raster:
    values = np.rint(light.applied(raster)).astype(np.uint8)
    return replace(raster, values=values)


def _copied(
    picture: Raster,
    light: Relighting,
    *,
    shift_px: float,
    levels: float,
    random: np.random.Generator,
) -> Raster:
    """Copy a picture as the other day's camera would have taken it, a little beside."""
    shown = light.undone(picture)
    noisy = shown + random.normal(0, levels, shown.shape)
    turn = random.uniform(0, 2 * np.pi)
    east, south = shift_px * np.cos(turn), shift_px * np.sin(turn)
    move = np.array([[1, 0, east], [0, 1, south]], np.float64)
    size = picture.grid.columns, picture.grid.rows
    moved = np.stack(
        [
            cv2.warpAffine(band, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
            for band in noisy.astype(np.float32)
        ]
    )
    return replace(picture, values=np.clip(np.rint(moved), 0, 255).astype(np.uint8))


def _inner(change: NDArray[np.float32], seen: NDArray[np.bool_]) -> NDArray[np.float32]:
    rim = slice(RIM_PX // CHANGE_STEP, -RIM_PX // CHANGE_STEP)
    return change[rim, rim][seen[::CHANGE_STEP, ::CHANGE_STEP][rim, rim]]


def _quantile(parts: list[NDArray[np.float32]], share: float) -> float:
    pooled = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return float(np.quantile(pooled, share)) if pooled.size >= LEAST_SEEN else NOWHERE
