"""Ground class: naming a piece of disturbed ground from what was measured on it."""

from collections.abc import Mapping, Sequence

import numpy as np

from geo.detection_settings import DetectionSettings
from geo.disturbance import Epoch, GroundClass
from geo.evidence import Form
from geo.pieces import NEW, STRIPS, Piece
from geo.said import MOST_SAID, PLAINLY_SAID, said_open

WINDING = 0.3
"""Solidity of a strip that bends or branches."""

CUT_SHARE = 0.6
"""How much of a road's length is asked of a strip cut off from wider bare ground."""

ROAD_CORE = 0.05
"""Share of a road that its crossings and turning places may take."""

COMPACT = 0.25
"""Compactness of a heap, uneven edges allowed for."""


NAMED_BY_PIECE = {
    Piece.NEW_WATER: GroundClass.WATER,
    Piece.STANDING_WATER: GroundClass.WATER,
    Piece.RECOVERED: GroundClass.BARE_GROUND,
    Piece.NEW_BUILT: GroundClass.BUILT,
    Piece.STANDING_BUILT: GroundClass.BUILT,
}

CLEARED = (Piece.NEW_CLEARED, Piece.NEW_STRIP)
"""Pieces that trees or other plants stood on."""

DUG = (Piece.NEW_CLEARED, Piece.NEW_REWORKED)
EARTH = (*DUG, Piece.NEW_STRIP)
HEAPED = (*EARTH, Piece.NEW_BUILT)
"""Pieces that may be a pit; that may be a heap, of which a small one is as narrow as a strip; and
those besides of which a picture shows a roof."""

SLOPE = "slope_inward"
"""How steeply the later surface stands over a piece's rim; measured where heights are."""

HEAP_SLOPE, FLAT_SLOPE = 0.35, 0.1
"""Half as steep as loose earth lies; and what no earth is that was laid, however wide."""

STEP = "step_up_m"
"""How high the later surface stands straight up from what lies around a piece (`geo.wall`)."""

WALL_M = 2.4
"""What stands so much higher than its surroundings from its edge on is built."""

HARDLY_SAID = 0.1
"""Probability up to which a picture denies a road or a heap, where it names ground at all."""

HIGH_M = 2.0
"""Earth this much higher than whatever stood there was heaped, though this be a part of it."""

TREE_SPREAD_M = 2.5
"""Unevenness of tree tops, over a whole piece: only beyond it digging or heaping shows."""

LEAST_CLEARED = 3
"""Cleared pieces that it takes to know the height of the trees."""


def epoch(piece: Piece) -> Epoch:
    """When a piece became what it is."""
    if piece in NEW:
        return Epoch.NEW
    return Epoch.RECOVERED if piece == Piece.RECOVERED else Epoch.STANDING


def ground_class(
    piece: Piece, form: Form, measured: Mapping[str, float], *, settings: DetectionSettings
) -> GroundClass:
    """
    Name what became of a piece of ground: by height, then by a detector, by form, by colour.

    Parameters
    ----------
    measured
        Means over the piece, named as in `geo.evidence`.
    """
    named = (
        _heaped_or_dug(piece, form, measured, settings)
        or NAMED_BY_PIECE.get(piece)
        or _way(piece, form, measured, settings)
    )
    return named or (
        GroundClass.VEGETATION_CLEARING if piece in CLEARED else GroundClass.BARE_GROUND
    )


def _heaped_or_dug(
    piece: Piece, form: Form, measured: Mapping[str, float], settings: DetectionSettings
) -> GroundClass | None:
    """Name what stands up or was dug: by heights, and by a picture as far as they allow."""
    said = said_open(measured)
    if may_be_heap(piece, form, settings):
        if _is_walled(measured):
            return GroundClass.BUILT
        if _rises_inward(measured, settings):
            return GroundClass.STOCKPILE
    if _is_said_heap(piece, form, measured, settings):
        return GroundClass.STOCKPILE
    fell = _rise(piece, measured) < -_limit(piece, settings)
    if piece in DUG and fell and not _is_way(form, said, settings):
        return GroundClass.EXCAVATION
    return GroundClass.STOCKPILE if _was_heaped(piece, form, measured, settings) else None


def _way(
    piece: Piece, form: Form, measured: Mapping[str, float], settings: DetectionSettings
) -> GroundClass | None:
    """Name a road, by what a detector says or by its form."""
    said = said_open(measured)
    is_blob = is_compact(form) and form.elongation < CUT_SHARE * settings.road_elongation
    if said["road"] > (PLAINLY_SAID if is_blob else MOST_SAID):
        return GroundClass.ROAD
    is_cut = piece in STRIPS.values() and not _is_denied("road", measured)
    is_road = _is_road(form, settings, strip=is_cut)
    return GroundClass.ROAD if is_road else None


def may_be_heap(piece: Piece, form: Form, settings: DetectionSettings) -> bool:
    """Whether this may be a heap or a part of one, whatever a picture says of it: no track is."""
    return piece in NEW and (is_compact(form) or form.elongation < settings.road_elongation)


def is_compact(form: Form) -> bool:
    """Whether a whole heap may have this form."""
    return form.compactness > COMPACT


def is_heap_by_itself(slope: float, measured: Mapping[str, float]) -> bool:
    """Whether a piece of any form stands over its rim as heaps do, and no picture denies it."""
    return slope >= HEAP_SLOPE and not _is_denied("stockpile", measured)


def _is_denied(cover: str, measured: Mapping[str, float]) -> bool:
    """Whether a detector names the ground, and hardly so."""
    said = said_open(measured)
    return any(said.values()) and said[cover] <= HARDLY_SAID


def fall_of_cleared(
    pieces: Sequence[Piece], measured: Sequence[Mapping[str, float]], areas: Sequence[float]
) -> float | None:
    """
    Usual change of height of cleared ground: minus the height of the trees that stood there.

    Surface models see tree tops, so a clearing falls by its trees. What fell much further
    was dug as well; what fell much less was heaped on. The ground itself has the say, not the
    number of pieces: at half of its area the median is read. None where too few were cleared.
    """
    falls = sorted(
        (means["height_change_m"], area)
        for piece, means, area in zip(pieces, measured, areas, strict=True)
        if piece in CLEARED and "height_change_m" in means
    )
    if len(falls) < LEAST_CLEARED:
        return None
    reached = np.cumsum([area for _, area in falls])
    return falls[int(np.searchsorted(reached, reached[-1] / 2))][0]


def _rise(piece: Piece, measured: Mapping[str, float]) -> float:
    name = "height_against_cleared_m" if piece in CLEARED else "height_change_m"
    return measured.get(name, 0.0)


def _was_heaped(
    piece: Piece, form: Form, measured: Mapping[str, float], settings: DetectionSettings
) -> bool:
    """Whether ground rose as heaps do; pieces may part a high one, whose form then says nothing."""
    is_high = measured.get("height_change_m", 0.0) > HIGH_M
    if is_high and piece in EARTH and said_open(measured)["road"] <= MOST_SAID:
        return True
    rise = _rise(piece, measured)
    return piece in HEAPED and is_compact(form) and _rose(piece, rise, measured, settings)


def _rose(
    piece: Piece, rise: float, measured: Mapping[str, float], settings: DetectionSettings
) -> bool:
    """
    Whether ground was heaped on; above the tops of what stood on it, none need be known.

    What rose and is flat to its edge is no earth: it was built, or water left it. Crowns at the
    rim make a bowl of it, whose heights lean on them: then a picture must not deny the heap.
    """
    least = HEAP_SLOPE if piece == Piece.NEW_BUILT else FLAT_SLOPE
    slope = measured.get(SLOPE, least)
    if abs(slope) < least or (slope < 0 and _is_denied("stockpile", measured)):
        return False
    limit = _limit(piece, settings)
    return rise > limit or measured.get("height_change_m", 0.0) > settings.height_limit_m


def _limit(piece: Piece, settings: DetectionSettings) -> float:
    """Change of height by which digging or heaping shows."""
    return TREE_SPREAD_M if piece in CLEARED else settings.height_limit_m


def _rises_inward(measured: Mapping[str, float], settings: DetectionSettings) -> bool:
    """Whether it has the slope of a heap; ground that was open before must have risen to it too."""
    if measured.get(SLOPE, 0.0) < HEAP_SLOPE:
        return False
    was_open = measured.get("disturbed_before", 0.0) > MOST_SAID
    return not was_open or measured.get("height_change_m", 0.0) > settings.height_limit_m


def _is_walled(measured: Mapping[str, float]) -> bool:
    """Whether it stands straight up from its surroundings: so does no loose earth."""
    return measured.get(STEP, 0.0) > WALL_M


def _is_said_heap(
    piece: Piece,
    form: Form,
    measured: Mapping[str, float],
    settings: DetectionSettings,
) -> bool:
    """Whether a picture says heap before all else, and heights, else its form, allow that."""
    said = said_open(measured)
    if piece in NAMED_BY_PIECE or not 0 < max(said.values()) == said["stockpile"]:
        return False
    if "height_change_m" not in measured:
        return is_compact(form) or said["stockpile"] > MOST_SAID
    rose = measured["height_change_m"] > settings.height_limit_m
    return rose or measured.get(SLOPE, 0.0) > FLAT_SLOPE


def _is_way(form: Form, said: Mapping[str, float], settings: DetectionSettings) -> bool:
    """Whether form and detector both say road: such a cut is one, or fell by its trees alone."""
    return said["road"] > MOST_SAID and _is_road(form, settings, strip=False)


def _is_road(form: Form, settings: DetectionSettings, *, strip: bool) -> bool:
    """Long or winding, and nowhere much wider than a road is; what was cut off may be short."""
    narrowest, widest = settings.road_width_m
    least = settings.road_elongation * (CUT_SHARE if strip else 1)
    is_long = form.elongation >= least or form.solidity < WINDING / (CUT_SHARE if strip else 1)
    is_narrow = form.core_share < ROAD_CORE and narrowest <= form.width_m <= widest
    return is_long and is_narrow
