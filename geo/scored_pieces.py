"""Pieces where a detector scored: its score says that ground changed, covers say what became."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.detection_settings import DetectionSettings
from geo.landcover import Kind
from geo.look import NEW, Calibration, Look, Piece, pieces
from geo.polygons import absorbed
from geo.raster import Mask

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

MOST_OF_PART: Final = 0.7
"""Share of what changed together that its soft rim must leave of it to be taken off."""

LEAST_NAMED: Final = 0.3
"""Share of what changed together that must have become something, for the rest to be named so."""

ROWS: Final = 1024
"""Rows of a mask whose depth is measured at a time; of no influence on the result."""


def scored_pieces(
    seen: Look, *, by: Calibration, settings: DetectionSettings
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """
    Say what each pixel is if it did not change, and what it became, as codes of `Piece`.

    What changed and became nothing that is known, as ground in the shade on either date or with
    plants on both, is `Piece.UNNAMED`; what did not change became `Piece.NONE`.
    """
    differs = seen.compared & (seen.change > settings.growing)
    codes = np.zeros(differs.shape, np.uint8)
    codes[differs] = Piece.UNNAMED
    for (then, now), piece in BECAME.items():
        codes[differs & (seen.cover_before == then) & (seen.cover_after == now)] = piece
    standing = pieces(replace(seen, change=np.zeros_like(seen.change)), by=by, settings=settings)
    became, share = _commonest(codes, radius=max(1, round(by.scale.smooth_px)))
    became[share <= MOST] = Piece.NONE
    return standing, became


def _commonest(
    codes: NDArray[np.uint8], *, radius: int
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Commonest kind of change around each pixel, and the share of all changes there."""
    size = (2 * radius + 1, 2 * radius + 1)
    whole = cv2.blur((codes != Piece.NONE).astype(np.float32), size)
    best = np.zeros(codes.shape, np.float32)
    became = np.zeros_like(codes)
    for code in (*CHANGED, Piece.UNNAMED):
        found = codes == code
        if not found.any():
            continue
        share = cv2.blur(found.astype(np.float32), size)
        better = share > best + np.float32(1e-6)
        became[better] = code
        best = np.where(better, share, best)
    return became, whole


def named_together(
    standing: NDArray[np.uint8],
    became: NDArray[np.uint8],
    firm: Sequence[Mask],
    *,
    rim_px: float,
    seed_share: float,
    least_px: int,
) -> NDArray[np.uint8]:
    """
    Judge what changed side by side as one: how far it reaches, and what the nameless became.

    What lies together counts where its `seed_share` surely changed. Where less did, what changed
    a little more firmly is looked at by itself, and in the end what surely changed. What is
    nameless in it became what the nearest part did; where hardly anything has a name, plants
    became plants: a season, which does not count. A part below `least_px` gets the kind of the
    change that it is a part of.

    Parameters
    ----------
    standing, became
        (rows, columns) of `Piece`; what ground is where its change does not count, and where it
        does, as `scored_pieces` says.
    firm
        (rows, columns) each; what changed ever more firmly, the last what surely changed.
    rim_px
        Width of the rim that must have changed firmly to count; none where scores blur.
    """
    named = np.isin(became, (*NEW, Piece.RECOVERED))
    changed = named | (became == Piece.UNNAMED)
    counts = np.zeros_like(changed)
    left = changed
    for level in (changed, *firm):
        parts, size = _parts(left & level)
        share = np.bincount(parts[firm[-1]], minlength=len(size)) / np.maximum(size, 1)
        reaches = share >= seed_share
        reaches[0] = False
        counts |= reaches[parts]
        left = left & level & ~counts
    parts, size = _parts(counts)
    known = np.bincount(parts[named], minlength=len(size)) >= LEAST_NAMED * size
    counts &= known[parts]
    if rim_px:
        counts = _drawn_in(counts, firm[0], rim_px=rim_px, least_px=least_px)
    codes = np.where(counts, became, standing)
    joining = counts & ~named
    if joining.any():
        codes[joining] = _nearest(codes, named & counts)[joining]
    return absorbed(codes, least_px=least_px, where=counts)


def _drawn_in(counts: Mask, firm: Mask, *, rim_px: float, least_px: int) -> Mask:
    """Take the soft rim off; a part of which too little would be left stays whole."""
    inner = counts & firm
    for first in range(0, len(counts), ROWS):
        inner[first : first + ROWS] |= _deeper(counts, first, rim_px)
    parts, size = _parts(counts)
    least = np.maximum(MOST_OF_PART * size, np.minimum(least_px, size))
    stays = np.bincount(parts[inner], minlength=len(size)) < least
    return np.asarray(inner | (counts & stays[parts]), np.bool_)


def _deeper(mask: Mask, first: int, rim_px: float) -> Mask:
    """Some rows of what lies deeper in its part; beyond the grid all goes on as at its rim."""
    above = min(first, math.ceil(rim_px) + 2)
    part = mask[first - above : first + ROWS + math.ceil(rim_px) + 2]
    wide = np.pad(part.view(np.uint8), 1, mode="edge")
    away = cv2.distanceTransform(wide, cv2.DIST_L2, cv2.DIST_MASK_5)[1 + above : -1, 1:-1]
    return np.asarray(away[:ROWS] - np.float32(0.5) > rim_px, np.bool_)


def _parts(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Number the parts of a mask from one, and count their pixels; the first is what is none."""
    _, parts, measured, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=4)
    return np.asarray(parts, np.int32), measured[:, cv2.CC_STAT_AREA].astype(np.int64)


def _nearest(codes: NDArray[np.uint8], known: Mask) -> NDArray[np.uint8]:
    """Code of the nearest pixel whose code is known."""
    _, labels = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    by_label = np.zeros(int(labels.max()) + 1, np.uint8)
    by_label[labels[known]] = codes[known]
    nearest: NDArray[np.uint8] = by_label[labels]
    return nearest
