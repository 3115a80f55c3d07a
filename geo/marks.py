"""Marks: what each pixel of a tile is, what it became, and what of it was seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.change import NOT_COMPARED, score
from geo.detection_settings import DetectionSettings
from geo.look import Calibration, Look
from geo.pieces import pieces
from geo.pieces_measured import around
from geo.raster import Mask
from geo.scored_pieces import scored_pieces
from geo.sight import sight_of


@dataclass(frozen=True, kw_only=True, eq=False)
class Marks:
    """One tile, without what lies around it."""

    codes: NDArray[np.uint8]
    """(rows, columns) of `Piece`; where a detector scores, what ground is if it did not change."""

    became: NDArray[np.uint8] | None
    """(rows, columns) of `Piece`: what it became, where a detector says that it changed."""

    sight: NDArray[np.uint8]
    """(rows, columns), sums of `Sight`."""

    score: NDArray[np.uint8]
    """(rows, columns), 0-100, `NOT_COMPARED` elsewhere."""

    seen: Look
    wanted: Mask
    """Pixels whose look is asked for again, if it turns out that a piece lies there."""


def marks_of(
    wide: Look, *, margin: int, by: Calibration, settings: DetectionSettings, is_scored: bool
) -> Marks:
    """Mark a tile that was looked at with `margin` pixels around it."""
    inner = (slice(margin, -margin),) * 2
    became = None
    if is_scored:
        codes, became = scored_pieces(wide, by=by, settings=settings)
        wanted = around(codes | became)
        became = became[inner]
    else:
        codes = pieces(wide, by=by, settings=settings)
        wanted = around(codes)
    seen = wide.inner(margin)
    return Marks(
        codes=codes[inner],
        became=became,
        sight=sight_of(seen),
        score=np.where(seen.compared, score(seen.change), np.uint8(NOT_COMPARED)),
        seen=seen,
        wanted=wanted[inner],
    )
