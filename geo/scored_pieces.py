"""Pieces where a detector scored: its score says that ground changed, covers say what became."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.clusters import clusters
from geo.detection_settings import DetectionSettings
from geo.landcover import Kind
from geo.look import Calibration, Look
from geo.majority import counted, majority
from geo.pieces import NEW, Piece, if_unchanged
from geo.polygons import absorbed
from geo.raster import Mask
from geo.sight import firmly

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

BECAME_OF_BOTH: Final = np.full(256, Piece.UNNAMED, np.uint8)
"""The same by one number for both kinds; ground that became nothing known has no name."""

for (_then, _now), _piece in BECAME.items():
    BECAME_OF_BOTH[len(Kind) * _then + _now] = _piece

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
    radius = max(1, round(by.scale.smooth_px))
    standing = majority(if_unchanged(seen), radius=radius)
    differs = seen.compared & (seen.change > settings.growing)
    if not differs.any():
        return standing, np.zeros_like(standing)
    both = np.uint8(len(Kind)) * seen.cover_before + seen.cover_after
    codes = np.asarray(cv2.LUT(both, BECAME_OF_BOTH), np.uint8) * differs
    became, share = _commonest(codes, radius=radius)
    became[share <= MOST] = Piece.NONE
    return standing, became


def _commonest(
    codes: NDArray[np.uint8], *, radius: int
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Commonest kind of change around each pixel, and the share of all changes there."""
    whole = counted(codes != Piece.NONE, radius=radius)
    best = np.zeros_like(whole)
    became = np.zeros_like(codes)
    there = set(np.flatnonzero(np.bincount(codes.ravel())).tolist())
    for code in (*CHANGED, Piece.UNNAMED):
        if code not in there:
            continue
        count = counted(codes == code, radius=radius)
        better = count > best
        became[better] = code
        np.maximum(best, count, out=best)
    return became, whole.astype(np.float32) / np.float32((2 * radius + 1) ** 2)


@dataclass(frozen=True, kw_only=True)
class Joining:
    """By which numbers what changed side by side is judged as one."""

    rim_px: float
    """Width of the rim that must have changed firmly to count; none where scores blur."""

    seed_share: float
    """Share of what lies together that must surely have changed."""

    least_px: int
    """Pixels of the smallest piece that counts."""


def name_together(
    codes: NDArray[np.uint8],
    became: NDArray[np.uint8],
    sight: NDArray[np.uint8],
    by: Joining,
) -> None:
    """
    Judge what changed side by side as one: how far it reaches, and what the nameless became.

    What lies together counts where its `seed_share` surely changed. Where less did, what changed
    a little more firmly is looked at by itself, and in the end what surely changed. What is
    nameless in it became what the nearest part did; where hardly anything has a name, plants
    became plants: a season, which does not count. A part below `least_px` gets the kind of the
    change that it is a part of.

    Parameters
    ----------
    codes
        (rows, columns) of `Piece`: what ground is where its change does not count, as
        `scored_pieces` says. What it became where it does is written over that.
    became
        (rows, columns) of `Piece`, as `scored_pieces` says too.
    sight
        (rows, columns), sums of `Sight`: what changed firmly, and what surely.
    by
        The numbers that decide.
    """
    for window, own in clusters(became):
        part = _named_together(codes[window], became[window] * own, firmly(sight[window]), by)
        np.copyto(codes[window], part, where=own)


def _named_together(
    standing: NDArray[np.uint8],
    became: NDArray[np.uint8],
    firm: Sequence[Mask],
    by: Joining,
) -> NDArray[np.uint8]:
    """Judge what changed in one cluster."""
    named = np.isin(became, (*NEW, Piece.RECOVERED))
    changed = named | (became == Piece.UNNAMED)
    counts = np.zeros_like(changed)
    left = changed
    for level in (changed, *firm):
        parts, size = _parts(left & level)
        share = np.bincount(parts[firm[-1]], minlength=len(size)) / np.maximum(size, 1)
        reaches = share >= by.seed_share
        reaches[0] = False
        counts |= reaches[parts]
        left = left & level & ~counts
    parts, size = _parts(counts)
    known = np.bincount(parts[named], minlength=len(size)) >= LEAST_NAMED * size
    counts &= known[parts]
    if by.rim_px:
        counts = _drawn_in(counts, firm[0], rim_px=by.rim_px, least_px=by.least_px)
    codes = np.where(counts, became, standing)
    joining = counts & ~named
    if joining.any():
        codes[joining] = _nearest(codes, named & counts)[joining]
    return absorbed(codes, least_px=by.least_px, where=counts)


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
