"""A glimpse: a detector looks at half the detail first, and in full where that shows change."""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.detector import CHANGE_STEP, COVER_STEP, Covers, Detector, Scores
from geo.radiometry import Picture

MARGIN_PX: Final = 64
"""What lies around a window, and is only looked at."""

CELL_PX: Final = 64
"""Side of the squares that are looked at again; a glimpse needs windows of whole squares."""

CONTEXT_PX: Final = 192
"""What is looked at around such squares, as far as the window reaches: with less, water and shade
that a network knows by what lies around them pass for change."""

type Layers = NDArray[np.float32]
"""(..., rows, columns)."""

type Part = tuple[slice, slice]
"""Rows and columns of a picture."""


def core_scores(
    detector: Detector, before: Picture, after: Picture, *, glimpse: float | None
) -> Scores:
    """
    Score a window of a pair without its margin.

    What is scored depends on the window alone: not on what else is asked for, and when.

    Parameters
    ----------
    before, after
        (3, rows, columns) each, `MARGIN_PX` wider on each side than what is scored; where there
        is a glimpse, whole numbers of `CELL_PX` along each side.
    glimpse
        Logit of change at half the detail from which a square, and what lies around it, is
        looked at in full; elsewhere the glimpse stands. None: all of it is looked at in full.
    """
    if glimpse is None:
        return _without_margin(detector.scores(before, after))
    said = detector.scores(_halved(before), _halved(after))
    rough = Scores(
        change=_doubled(said.change[None])[0],
        covers=said.covers and (_doubled(said.covers[0]), _doubled(said.covers[1])),
    )
    shows = _core(rough.change, CHANGE_STEP) >= glimpse
    for part in _to_look_at(shows, before.shape[1:]):
        wide = _widened(part, before.shape[1:])
        pictures = (np.ascontiguousarray(one[:, *wide]) for one in (before, after))
        _lay(detector.scores(*pictures), rough, part, wide)
    return _without_margin(rough)


def _widened(part: Part, shape: tuple[int, ...]) -> Part:
    rows, columns = (
        slice(max(one.start - CONTEXT_PX, 0), min(one.stop + CONTEXT_PX, side))
        for one, side in zip(part, shape, strict=True)
    )
    return rows, columns


def _to_look_at(shows: NDArray[np.bool_], shape: tuple[int, ...]) -> Iterator[Part]:
    """Rectangles around squares that show change and meet."""
    a_cell = CELL_PX // CHANGE_STEP
    rows, columns = (side // a_cell for side in shows.shape)
    cells = shows.reshape(rows, a_cell, columns, a_cell).any(axis=(1, 3)).astype(np.uint8)
    count, _, found, _ = cv2.connectedComponentsWithStats(cells, connectivity=8)
    boxes = found[1:count, : cv2.CC_STAT_AREA] * CELL_PX
    # Each is looked at with what lies around: of many, these are more than the whole window.
    if ((boxes[:, 2:] + 2 * CONTEXT_PX).prod(axis=1)).sum() >= np.prod(shape):
        boxes = np.array([[0, 0, columns, rows]]) * CELL_PX
    boxes[:, :2] += MARGIN_PX
    for left, top, width, height in boxes.tolist():
        yield slice(top, top + height), slice(left, left + width)


def _lay(fine: Scores, into: Scores, part: Part, wide: Part) -> None:
    """Lay scores of a part of a window, looked at with what lies around it, over rough ones."""

    def there(step: int) -> Part:
        rows, columns = (slice(one.start // step, one.stop // step) for one in part)
        return rows, columns

    def inner(step: int) -> Part:
        rows, columns = (
            slice((one.start - around.start) // step, (one.stop - around.start) // step)
            for one, around in zip(part, wide, strict=True)
        )
        return rows, columns

    into.change[there(CHANGE_STEP)] = fine.change[inner(CHANGE_STEP)]
    for kept, said in zip(into.covers or (), fine.covers or (), strict=True):
        kept[:, *there(COVER_STEP)] = said[:, *inner(COVER_STEP)]


def _halved(picture: Picture) -> Picture:
    size = picture.shape[2] // 2, picture.shape[1] // 2
    return np.stack([cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in picture])


def _doubled(layers: Layers) -> Covers:
    size = 2 * layers.shape[2], 2 * layers.shape[1]
    return np.stack([cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in layers])


def _without_margin(said: Scores) -> Scores:
    covers = said.covers
    return Scores(
        change=_core(said.change, CHANGE_STEP),
        covers=covers and (_core(covers[0], COVER_STEP), _core(covers[1], COVER_STEP)),
    )


def _core(layer: Layers, step: int) -> Layers:
    margin = MARGIN_PX // step
    return layer[..., margin:-margin, margin:-margin]
