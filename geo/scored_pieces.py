"""Pieces where a detector scored: its score says that ground changed, covers say what became."""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.detection_settings import DetectionSettings
from geo.landcover import DISTURBED, Kind
from geo.look import NEW, STRIPS, Calibration, Look, Piece, pieces, strips
from geo.polygons import absorbed

BECAME: Final = {
    (Kind.VEGETATION, Kind.BARE): Piece.NEW_CLEARED,
    (Kind.WATER, Kind.BARE): Piece.NEW_CLEARED,
    (Kind.BARE, Kind.BARE): Piece.NEW_REWORKED,
    (Kind.BUILT, Kind.BARE): Piece.NEW_REWORKED,
    (Kind.VEGETATION, Kind.BUILT): Piece.NEW_BUILT,
    (Kind.WATER, Kind.BUILT): Piece.NEW_BUILT,
    (Kind.BARE, Kind.BUILT): Piece.NEW_BUILT,
    (Kind.VEGETATION, Kind.WATER): Piece.NEW_WATER,
    (Kind.BARE, Kind.WATER): Piece.NEW_WATER,
    (Kind.BUILT, Kind.WATER): Piece.NEW_WATER,
    (Kind.BARE, Kind.VEGETATION): Piece.RECOVERED,
    (Kind.BUILT, Kind.VEGETATION): Piece.RECOVERED,
    (Kind.WATER, Kind.VEGETATION): Piece.RECOVERED,
}
"""What ground is that was of one kind and is of another; plants on both dates are a season."""

CHANGED: Final = (*(piece for piece in NEW if piece != Piece.NEW_STRIP), Piece.RECOVERED)

MOST: Final = 0.5
"""Share of the ground around a pixel that must have changed for it to be changed."""


def scored_pieces(seen: Look, *, by: Calibration, settings: DetectionSettings) -> NDArray[np.uint8]:
    """
    Say what became of each pixel, as codes of `Piece`.

    Shadow on either date proves nothing by itself; beside what changed it is the rim of it.
    Ground that was disturbed and is so still must have changed more, as by colours.
    """
    reworked = np.isin(seen.cover_before, DISTURBED) & (seen.cover_after == Kind.BARE)
    least = np.where(reworked, settings.growing * settings.reworking, settings.growing)
    differs = seen.compared & (seen.change > least)
    codes = np.zeros(differs.shape, np.uint8)
    for (then, now), piece in BECAME.items():
        codes[differs & (seen.cover_before == then) & (seen.cover_after == now)] = piece
    shaded = (seen.cover_before == Kind.SHADOW) | (seen.cover_after == Kind.SHADOW)
    rim = differs & shaded
    codes[rim] = _commonest(codes, radius=by.scale.strip_px)[0][rim]
    settled = pieces(replace(seen, change=np.zeros_like(seen.change)), by=by, settings=settings)
    became, share = _commonest(codes, radius=max(1, round(by.scale.smooth_px)))
    solid = share > MOST
    settled[solid] = became[solid]
    for whole, strip in STRIPS.items():
        if strip in NEW:
            settled[strips(np.isin(settled, whole), radius=by.scale.strip_px)] = strip
    return settled


def _commonest(
    codes: NDArray[np.uint8], *, radius: int
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Commonest kind of change around each pixel, and the share of all changes there."""
    size = (2 * radius + 1, 2 * radius + 1)
    whole = cv2.blur((codes != Piece.NONE).astype(np.float32), size)
    best = np.zeros(codes.shape, np.float32)
    became = np.zeros_like(codes)
    for code in CHANGED:
        found = codes == code
        if not found.any():
            continue
        share = cv2.blur(found.astype(np.float32), size)
        better = share > best + np.float32(1e-6)
        became[better] = code
        best = np.where(better, share, best)
    return became, whole


def kinds_joined(codes: NDArray[np.uint8], *, least_px: int) -> NDArray[np.uint8]:
    """Give what changed in too small a part the kind of the change that it is a part of."""
    return absorbed(codes, least_px=least_px, where=np.isin(codes, (*NEW, Piece.RECOVERED)))
