"""Ground class: naming a piece of disturbed ground from what was measured on it."""

from collections.abc import Mapping

from geo.detection_settings import DetectionSettings
from geo.disturbance import Epoch, GroundClass
from geo.evidence import Form
from geo.look import NEW, Piece

COMPACT = 0.25
"""Compactness of a heap, uneven edges allowed for."""


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
    if piece in (Piece.NEW_WATER, Piece.STANDING_WATER):
        return GroundClass.WATER
    if piece == Piece.RECOVERED:
        return GroundClass.VEGETATION_CLEARING
    rise = measured.get("height_change_m", 0.0)
    # A cleared forest is lower by its trees, so a fall counts only where none stood.
    if piece == Piece.NEW_REWORKED and rise < -settings.height_limit_m:
        return GroundClass.EXCAVATION
    if rise > settings.height_limit_m and form.compactness > COMPACT:
        return GroundClass.STOCKPILE
    if piece in (Piece.NEW_BUILT, Piece.STANDING_BUILT):
        return GroundClass.BUILT
    narrowest, widest = settings.road_width_m
    if form.elongation >= settings.road_elongation and narrowest <= form.width_m <= widest:
        return GroundClass.ROAD
    if piece == Piece.NEW_CLEARED:
        return GroundClass.VEGETATION_CLEARING
    return GroundClass.BARE_GROUND
