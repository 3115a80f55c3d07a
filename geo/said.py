"""Said: what a detector's covers call a piece of ground, over all of it."""

from collections.abc import Mapping
from typing import Final

from geo.pieces import NEW, Piece

MOST_SAID: Final = 0.5
"""Probability of one cover, over a whole piece, from which a detector names the piece."""

PLAINLY_SAID: Final = 0.7
"""The same of new water, and of a road by itself: what only half looks like one mostly is none."""

LEAST_SAID: Final = 0.3
"""Probability that a piece is open at all, below which a detector names nothing."""

SOIL: Final = ("bare", "road", "stockpile")
OPEN: Final = (*SOIL, "built", "water")
"""Covers without plants."""

STANDING: Final = (Piece.STANDING_BARE, Piece.STANDING_BUILT, Piece.STANDING_STRIP)

BY_COLOUR: Final = (Piece.NEW_WATER, Piece.NEW_BUILT)
"""What colour alone may have named: whatever is plain is water to it, whatever is blue a roof."""


def said_open(measured: Mapping[str, float]) -> dict[str, float]:
    """Shares of what a detector says of a piece, of all that is neither plants nor shadow."""
    said = {name: measured.get(f"said_{name}", 0.0) for name in OPEN}
    whole = sum(said.values())
    return {name: share / whole if whole > LEAST_SAID else 0.0 for name, share in said.items()}


def renamed(piece: Piece, measured: Mapping[str, float]) -> Piece:
    """Name ground by what a detector says of all of it, where it is sure of that."""
    said = said_open(measured)
    if piece not in NEW:
        is_water = said["water"] > MOST_SAID
        return Piece.STANDING_WATER if is_water and piece in STANDING else piece
    if said["water"] > PLAINLY_SAID:
        return Piece.NEW_WATER
    soil = {name: said[name] for name in SOIL}
    if said["built"] > max(soil.values()):
        return Piece.NEW_BUILT
    if piece in BY_COLOUR and sum(soil.values()) > said["built"]:
        was_bare = measured.get("disturbed_before", 0.0) > MOST_SAID
        return Piece.NEW_REWORKED if was_bare else Piece.NEW_CLEARED
    return piece
