"""Ground class: naming a piece of disturbed ground from what was measured on it."""

from collections.abc import Mapping

from geo.detection_settings import DetectionSettings
from geo.disturbance import Epoch, GroundClass
from geo.evidence import Form
from geo.look import NEW, Piece

WINDING = 0.3
"""Solidity of a strip that bends or branches."""

ROAD_CORE = 0.05
"""Share of a road that its crossings and turning places may take."""

COMPACT = 0.25
"""Compactness of a heap, uneven edges allowed for."""


NAMED_BY_PIECE = {
    Piece.NEW_WATER: GroundClass.WATER,
    Piece.STANDING_WATER: GroundClass.WATER,
    Piece.RECOVERED: GroundClass.VEGETATION_CLEARING,
    Piece.NEW_BUILT: GroundClass.BUILT,
    Piece.STANDING_BUILT: GroundClass.BUILT,
}

HEAPED = (Piece.NEW_CLEARED, Piece.NEW_REWORKED, Piece.NEW_BUILT, Piece.STANDING_BARE)
"""Pieces that a heap may lie on."""


def epoch(piece: Piece) -> Epoch:
    """When a piece became what it is."""
    if piece in NEW:
        return Epoch.NEW
    return Epoch.RECOVERED if piece == Piece.RECOVERED else Epoch.STANDING


def ground_class(
    piece: Piece, form: Form, measured: Mapping[str, float], *, settings: DetectionSettings
) -> GroundClass:
    """
    Name what became of a piece of ground: by height first, then by form, then by colour.

    Parameters
    ----------
    measured
        Means over the piece, named as in `geo.evidence`.
    """
    by_piece = NAMED_BY_PIECE.get(piece)
    rise = measured.get("height_change_m", 0.0)
    # A cleared forest is lower by its trees, so a fall counts only where none stood.
    if piece == Piece.NEW_REWORKED and rise < -settings.height_limit_m:
        by_piece = GroundClass.EXCAVATION
    elif piece in HEAPED and rise > settings.height_limit_m and form.compactness > COMPACT:
        by_piece = GroundClass.STOCKPILE
    elif by_piece is None and _is_road(form, settings):
        by_piece = GroundClass.ROAD
    cleared = piece == Piece.NEW_CLEARED
    return by_piece or (GroundClass.VEGETATION_CLEARING if cleared else GroundClass.BARE_GROUND)


def _is_road(form: Form, settings: DetectionSettings) -> bool:
    """Long or winding, and nowhere much wider than a road is; a plain has a core."""
    narrowest, widest = settings.road_width_m
    is_strip = form.elongation >= settings.road_elongation or form.solidity < WINDING
    is_narrow = form.core_share < ROAD_CORE and narrowest <= form.width_m <= widest
    return is_strip and is_narrow
