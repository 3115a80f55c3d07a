"""Pieces: what became of each pixel of a look, by the kinds of ground that it shows."""

from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.detection_settings import DetectionSettings
from geo.landcover import Kind, is_disturbed
from geo.look import Calibration, Look
from geo.majority import majority
from geo.narrowness import near


class Piece(IntEnum):
    """What became of a pixel; the codes that pieces of ground are outlined by."""

    NONE = 0
    NEW_CLEARED = 1
    NEW_REWORKED = 2
    NEW_BUILT = 3
    NEW_WATER = 4
    STANDING_BARE = 5
    STANDING_BUILT = 6
    STANDING_WATER = 7
    RECOVERED = 8
    NEW_STRIP = 9
    STANDING_STRIP = 10
    UNNAMED = 11
    """Changed, as a detector says, and not yet named."""


NEW = (
    Piece.NEW_CLEARED,
    Piece.NEW_REWORKED,
    Piece.NEW_BUILT,
    Piece.NEW_WATER,
    Piece.NEW_STRIP,
)

STANDING = np.zeros(256, np.uint8)
STANDING[[Kind.BARE, Kind.BUILT, Kind.WATER]] = (
    Piece.STANDING_BARE,
    Piece.STANDING_BUILT,
    Piece.STANDING_WATER,
)
"""What ground of each kind is that did not change."""

STRIPS = {
    Piece.NEW_CLEARED: Piece.NEW_STRIP,
    Piece.STANDING_BARE: Piece.STANDING_STRIP,
}
"""Which pieces are cut where they narrow, and what the narrow parts are."""


def pieces(seen: Look, *, by: Calibration, settings: DetectionSettings) -> NDArray[np.uint8]:
    """
    Say what became of each pixel, as codes of `Piece`; strips are cut from them later.

    Ground is new or recovered where its kind changed *and* it differs by more than pieces
    grow down to. Shadow on either date proves nothing.
    """
    then, now = seen.cover_before, seen.cover_after
    was, grown = is_disturbed(then), then == Kind.VEGETATION
    differs = seen.change > settings.growing
    codes = if_unchanged(seen)
    codes[(now == Kind.WATER) & (then == Kind.SHADOW) & differs] = Piece.NONE
    unshaded = then != Kind.SHADOW
    green_before = grown | (then == Kind.WATER)
    codes[green_before & (now == Kind.BARE) & differs] = Piece.NEW_CLEARED
    codes[was & (now == Kind.BARE) & differs] = Piece.NEW_REWORKED
    codes[unshaded & (now == Kind.BUILT) & differs] = Piece.NEW_BUILT
    codes[(grown | was) & (now == Kind.WATER) & differs] = Piece.NEW_WATER
    codes[was & (now == Kind.VEGETATION) & differs] = Piece.RECOVERED
    # The rim of a clearing lies in the shade of the trees around it, on either date.
    reach = by.scale.strip_px
    codes[grown & (now == Kind.SHADOW) & near(codes == Piece.NEW_CLEARED, reach)] = (
        Piece.NEW_CLEARED
    )
    regrown = (then == Kind.SHADOW) & (now == Kind.VEGETATION)
    codes[regrown & near(codes == Piece.RECOVERED, reach)] = Piece.RECOVERED
    return majority(codes, radius=max(1, round(by.scale.smooth_px)))


def if_unchanged(seen: Look) -> NDArray[np.uint8]:
    """Say what each pixel is if it did not change, as codes of `Piece`."""
    codes = np.asarray(cv2.LUT(seen.cover_after, STANDING), np.uint8)
    # Ground that was bare and lies in the shade now was not seen to change.
    hidden = is_disturbed(seen.cover_before) & (seen.cover_after == Kind.SHADOW)
    codes[hidden] = Piece.STANDING_BARE
    return codes
