"""Surroundings: what a piece of ground borders on, and whether that makes it natural."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon

from geo.detection_settings import DetectionSettings
from geo.evidence import Form
from geo.pieces import NEW, Piece

WATER = (Piece.NEW_WATER, Piece.STANDING_WATER)


@dataclass(frozen=True, kw_only=True)
class Border:
    """Shares of a piece's border, 0-1, by what lies beyond it."""

    disturbed: float
    """Bare or built ground, new or standing."""

    water: float
    """Other water."""

    wider_water: float
    """Other water that is larger than the piece."""

    frame: float
    """The end of the flown ground."""


def borders(
    found: Sequence[tuple[Piece, Polygon]], *, flown: shapely.Geometry, where: Sequence[int]
) -> dict[int, Border]:
    """
    Measure what the pieces at the positions `where` border on.

    Parameters
    ----------
    found
        All pieces, disjoint and along one pixel lattice.
    flown
        All ground that was seen.
    """
    outlines = [outline for _, outline in found]
    tree = shapely.STRtree(outlines)
    frame = shapely.boundary(flown)
    shapely.prepare(frame)
    shares = {}
    for position in where:
        outline = outlines[position]
        length = {"disturbed": 0.0, "water": 0.0, "wider_water": 0.0}
        for other in tree.query(outline, predicate="touches"):
            pair = (found[position][0], found[other][0])
            # Recovered ground says nothing, nor do two parts of one new water of each other.
            if pair[1] != Piece.RECOVERED and pair != (Piece.NEW_WATER, Piece.NEW_WATER):
                kind = "water" if pair[1] in WATER else "disturbed"
                shared = outline.intersection(outlines[other]).length
                length[kind] += shared
                if kind == "water" and outlines[other].area > outline.area:
                    length["wider_water"] += shared
        at_frame = outline.boundary.intersection(frame).length
        shares[position] = Border(
            **{name: shared / outline.length for name, shared in length.items()},
            frame=at_frame / outline.length,
        )
    return shares


def natural_reason(
    piece: Piece,
    form: Form,
    border: Border | None,
    measured: Mapping[str, float],
    *,
    settings: DetectionSettings,
) -> str | None:
    """
    Say why a piece is no disturbance, if it is none: its code, or None.

    ``water``: a river or lake, or its moved shore: it leaves the frame, touches more other
    water than disturbed ground, or stands among plants and did so before. ``field``: a wide, smooth
    green plain that turned into a smooth bare one, as crops do every season.
    """
    if piece in WATER and border is not None:
        from_soil = measured.get("disturbed_before", 0.0) > 0.5  # noqa: PLR2004
        new = piece == Piece.NEW_WATER
        # A shore that moved is less than the water it belongs to. Where a detector saw both dates,
        # smaller water beside what it calls new is a part of the same pond.
        water = border.wider_water if new and "said_water" in measured else border.water
        enclosed = border.disturbed >= settings.pond_shore_share
        # New water that touches no other is no river that moved, though the frame cuts it.
        leaves = border.frame > 0 and not (new and (from_soil or not water))
        if leaves or water > border.disturbed or not (new or enclosed):
            return "water"
    if (
        piece in NEW
        and form.area_m2 >= settings.field_area_m2
        and measured.get("disturbed_before", 1.0) < 0.5  # noqa: PLR2004
        and max(measured["grain_before"], measured["grain_after"]) < settings.field_grain
    ):
        return "field"
    return None


def waters(found: Sequence[tuple[Piece, Polygon]]) -> list[int]:
    """Positions of the pieces that are water: there the surroundings decide."""
    return [int(i) for i in np.flatnonzero([piece in WATER for piece, _ in found])]
