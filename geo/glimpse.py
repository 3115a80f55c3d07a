"""A glimpse: a detector looks at half the detail first, and in full where that shows change."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.detector import CHANGE_STEP, COVER_STEP, Covers, Detector, Scores
from geo.patches import Part, in_cells, patches, widened
from geo.shown import Shown

MARGIN_PX: Final = 64
"""What lies around a window, and is only looked at."""

CELL_PX: Final = 64
"""Side of the squares that are looked at again; a glimpse needs windows of whole squares."""

CONTEXT_PX: Final = 192
"""What is looked at around such squares, as far as the window reaches: with less, water and shade
that a network knows by what lies around them pass for change."""

type Layers = NDArray[np.float32]
"""(..., rows, columns)."""


def core_scores(detector: Detector, shown: Shown, *, glimpse: float | None) -> Scores:
    """
    Score a window of a pair without its margin.

    What is scored depends on the window alone: not on what else is asked for, and when.

    Parameters
    ----------
    shown
        The window, `MARGIN_PX` wider on each side than what is scored; where there is a glimpse,
        whole numbers of `CELL_PX` along each side.
    glimpse
        Logit of change at half the detail from which a square, and what lies around it, is
        looked at in full; elsewhere the glimpse stands. None: all of it is looked at in full.
    """
    if glimpse is None:
        return _without_margin(detector.scores(*shown.pictures()))
    rough, shape = _at_half(detector, shown), shown.shape
    shows = _core(rough.change, CHANGE_STEP) >= glimpse
    cells = np.pad(in_cells(shows, CELL_PX // CHANGE_STEP), MARGIN_PX // CELL_PX)
    for part in patches(cells, CELL_PX, shape=shape, context_px=CONTEXT_PX):
        wide = widened(part, shape, CONTEXT_PX)
        _lay(detector.scores(*shown.part(wide).pictures()), rough, part, wide)
    return _without_margin(rough)


def quiet_scores(detector: Detector, shown: Shown, *, glimpse: float | None) -> Layers | None:
    """Change of a whole window as a glimpse shows it; None where that must be looked at in full."""
    if glimpse is None:
        return None
    change = _at_half(detector, shown).change
    return change if change.max() < glimpse else None


def _at_half(detector: Detector, shown: Shown) -> Scores:
    said = detector.scores(*shown.halved().pictures())
    return Scores(
        change=_doubled(said.change[None])[0],
        covers=said.covers and (_doubled(said.covers[0]), _doubled(said.covers[1])),
    )


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
