"""A disturbance: one piece of ground that mining or building has changed, and what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shapely import MultiPolygon, Polygon


class GroundClass(StrEnum):
    """What became of the ground."""

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
    """Measured numbers by name; the names and units are those of `geo.evidence.Evidence`."""
