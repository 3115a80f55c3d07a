"""A disturbance: one piece of ground that mining or building has changed, and what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shapely import MultiPolygon, Polygon


class GroundClass(StrEnum):
    """What became of the ground; of recovered ground, what it was before."""

    VEGETATION_CLEARING = "vegetation_clearing"
    BARE_GROUND = "bare_ground"
    EXCAVATION = "excavation"
    STOCKPILE = "stockpile"
    WATER = "water"
    ROAD = "road"
    BUILT = "built"
    OTHER = "other"


class Epoch(StrEnum):
    """When it became so, as far as the flights tell."""

    NEW = "new"
    STANDING = "standing"
    RECOVERED = "recovered"


@dataclass(frozen=True, kw_only=True, eq=False)
class Disturbance:
    """One piece of disturbed ground, disjoint from every other of the same inspection."""

    shape: Polygon | MultiPolygon
    """In the reference system of the analysis grid, exactly along its pixel edges."""

    ground_class: GroundClass

    epoch: Epoch

    strength: float
    """0-1: mean score inside, of the change or, for standing ground, of the bareness."""

    sturdy: bool
    """Whether it stays about the same at a looser and at a stricter threshold."""

    evidence: Mapping[str, float]
    """
    Measured numbers by name, means over the piece where not said otherwise.

    ``bareness, lightness, green_red, blue_yellow, roughness, grain`` each ``_before`` and
    ``_after`` (CIE Lab), ``bareness_limit``; ``change_score``, where a detector gave it
    ``differing_score`` of colour and structure too; where it names covers ``said_`` and each
    of `geo.detector.COVERS`, probabilities on the second date; ``compared_share, shadow_share,
    built_share, disturbed_before, beyond_threshold_share`` (0-1); where heights are known
    ``height_change_m`` and ``height_against_cleared_m``, of new pieces that are no track
    ``slope_inward`` (metres a metre, over their rim on the later surface) and ``step_up_m`` (over
    what lies around them); ``area_m2, border_m, width_m, elongation, solidity, compactness,
    core_share``.
    """
